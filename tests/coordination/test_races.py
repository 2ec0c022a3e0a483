"""Two coordinators, one volunteer, the same moment: exactly one confirmation stands."""

import os
import threading
from datetime import timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from matching.coordination import queries
from matching.coordination.models import Placement
from matching.coordination.planning import plan_all
from matching.evaluation.invariants import count_violations
from matching.kernel import clock
from matching.kernel.actor import SYSTEM
from matching.people.accounts import AccountEntry, add_account
from tests import factories
from tests.live import Answer, Live, Visitor

ROUNDS = int(os.environ.get("RACE_ROUNDS", "20"))
LOGINS = ("race-one", "race-two")


@pytest.fixture
def coordinators(live: Live, live_session: Session) -> list[Visitor]:
    for login in LOGINS:
        roles = (("coordinator", None, None),)
        entry = AccountEntry(login, factories.PASSWORD, login, roles, demo=True)
        add_account(live_session, entry, SYSTEM, clock.now())
    live_session.commit()
    visitors = [Visitor(live.url) for _ in LOGINS]
    for visitor, login in zip(visitors, LOGINS, strict=True):
        assert visitor.sign_in(login, factories.PASSWORD).url.endswith("/desk")
    return visitors


def test_overlapping_confirmations_have_one_winner_and_the_other_gets_a_sentence(
    coordinators: list[Visitor], live_session: Session
) -> None:
    """BR-20."""
    tokens = [visitor.token("/desk/plan") for visitor in coordinators]
    pairs = [_pair(live_session, number) for number in range(ROUNDS)]
    plan_all(live_session, SYSTEM, clock.now())
    live_session.commit()
    for volunteer_id, need_ids in pairs:
        proposals = [_proposal(live_session, need_id, volunteer_id) for need_id in need_ids]
        answers = _at_once(coordinators, tokens, proposals)
        live_session.rollback()
        placed = live_session.scalar(
            select(func.count(Placement.id)).where(Placement.volunteer_id == volunteer_id)
        )
        assert sorted(answer.status for answer in answers) == [200, 409]
        assert placed == 1
        [loser] = [answer for answer in answers if answer.status == 409]
        assert "別の活動が決まりました" in loser.text
    assert not any(each["violations"] for each in count_violations(live_session, clock.now()))


def _pair(session: Session, number: int) -> tuple[int, list[int]]:
    """One volunteer and two needs for the same morning, in a village of their own."""
    lat, lon, now = 38.5 + number / 10, 141.5, clock.now()
    person = factories.volunteer(
        session,
        now,
        slots=tuple((day, 540, 720) for day in range(7)),
        max_distance_km=1.0,
        contact=factories.contact(lat=lat, lon=lon),
    )
    needs = [factories.need(session, now, location=(lat, lon)) for _ in LOGINS]
    return person.id, [need.id for need in needs]


def _proposal(session: Session, need_id: int, volunteer_id: int) -> int:
    [found] = [
        each.id
        for each in queries.list_candidates(session, need_id)
        if each.volunteer_id == volunteer_id
    ]
    return found


def _at_once(visitors: list[Visitor], tokens: list[str], proposals: list[int]) -> list[Answer]:
    day = clock.today() + timedelta(days=3)
    starts = ("09:00", "09:30")
    gate = threading.Barrier(len(visitors))
    answers: list[Answer] = []

    def confirm(place: int) -> None:
        fields = {"slot": f"{day}T{starts[place]}", "csrf_token": tokens[place]}
        gate.wait()
        answers.append(visitors[place].post(f"/desk/proposals/{proposals[place]}/confirm", fields))

    threads = [threading.Thread(target=confirm, args=(place,)) for place in range(len(visitors))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return answers

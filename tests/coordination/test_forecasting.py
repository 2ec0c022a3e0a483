"""Learning from answers: counted right, stored with proposals, blind to a person's declines."""

import random
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from matching.coordination import forecasting, queries
from matching.coordination.acceptance_models import AcceptanceVersion, ProposalChance
from matching.coordination.answers import read_answers, read_askings, read_reply_hours
from matching.coordination.models import Proposal
from matching.coordination.planning import plan_all
from matching.kernel.actor import SYSTEM
from matching.kernel.audit import Event
from matching.needs.models import Need
from matching.volunteers.models import Volunteer
from tests import factories


def asked(
    session: Session, who: Volunteer, need: Need | None, at: datetime, state: str
) -> Proposal:
    """One earlier offer with its answer three hours later."""
    answered = at + timedelta(hours=3) if state in {"accepted", "declined"} else None
    made = Proposal(
        volunteer_id=who.id,
        need_id=need.id if need else None,
        category_code="shopping",
        state=state,
        proposed_at=at,
        responded_at=answered,
    )
    session.add(made)
    session.flush()
    return made


def a_past(session: Session, now: datetime, answers: int) -> list[Volunteer]:
    """People who say yes four times out of ten."""
    dice = random.Random(3)
    people = [factories.volunteer(session, now) for _ in range(8)]
    for number in range(answers):
        state = dice.choices(["accepted", "declined", "no_response"], [40, 35, 25])[0]
        asked(session, people[number % 8], None, now - timedelta(days=answers - number), state)
    return people


def test_with_few_answers_the_prior_is_kept_and_says_so(session: Session, now: datetime) -> None:
    a_past(session, now, 10)
    version = forecasting.learn(session, SYSTEM, now)
    assert not version.learned
    assert version.answers == 10
    assert version.calibration == {}
    known = forecasting.known(session)
    assert known.version_id == version.id
    assert not known.model.learned


def test_a_learning_is_kept_whole_and_gives_the_same_forecasts_again(
    session: Session, now: datetime
) -> None:
    a_past(session, now, 160)
    version = forecasting.learn(session, SYSTEM, now)
    session.expire_all()
    assert version.learned
    assert version.people == 8
    assert sum(each["offers"] for each in version.calibration["bins"]) == version.answers
    known = forecasting.known(session)
    assert known.times.known == len(read_reply_hours(session, now))
    assert known.model.names[0] == "usual"
    event = session.scalars(select(Event).where(Event.action == "acceptance_learned")).one()
    assert event.details == {"answers": version.answers, "yeses": version.yeses}


def test_every_proposal_of_a_run_has_its_chance_and_the_version_it_is_from(
    session: Session, now: datetime
) -> None:
    a_past(session, now, 160)
    version = forecasting.learn(session, SYSTEM, now)
    need = factories.need(session, now)
    plan_all(session, SYSTEM, now)
    proposals = queries.list_candidates(session, need.id)
    rows = session.scalars(select(ProposalChance)).all()
    assert len(proposals) >= 5  # who said no this week rests
    assert {row.proposal_id for row in rows} == {each.id for each in proposals}
    assert {row.version_id for row in rows} == {version.id}
    assert all(0 < row.low < row.p < row.high < 1 for row in rows)


def test_load_and_own_yeses_are_counted_before_the_question_only(
    session: Session, now: datetime
) -> None:
    who = factories.volunteer(session, now)
    for days, state in ((400, "accepted"), (100, "accepted"), (20, "declined"), (10, "accepted")):
        asked(session, who, None, now - timedelta(days=days), state)
    answers = read_answers(session, now)
    assert [answer.yes for answer in answers] == [True, True, False, True]
    assert [answer.asking.own_yes for answer in answers] == [0, 1, 1, 1]
    assert [answer.asking.load for answer in answers] == [0, 0, 0, 0]
    need = factories.need(session, now)
    open_one = asked(session, who, need, now, "suggested")
    [asking] = read_askings(session, [open_one.id], now).values()
    assert (asking.own_yes, asking.load) == (2, 1)
    assert asking.lead_days == 3
    assert asking.km == pytest.approx(0.14, abs=0.02)
    assert (asking.weekday, asking.minutes) == (3, 540)


def test_what_was_decided_without_asking_is_no_answer(session: Session, now: datetime) -> None:
    factories.volunteer(session, now)
    factories.need(session, now)
    plan_all(session, SYSTEM, now)
    proposal = session.scalars(select(Proposal)).one()
    decided_by = factories.actor(session, "coordinator")
    proposal.state, proposal.decided_by_id = "accepted", decided_by.account_id
    session.flush()
    assert read_answers(session, now) == []


@pytest.mark.parametrize("declines", [1, 5, 30])
def test_declining_lowers_neither_score_nor_rank_nor_what_is_asked_of_the_forecast(
    session: Session, now: datetime, declines: int
) -> None:
    """Somebody who declined other kinds of help stands exactly where they stood."""
    people = [factories.volunteer(session, now) for _ in range(3)]
    need = factories.need(session, now)
    plan_all(session, SYSTEM, now)
    before = _standing(session, need, now)
    for number in range(declines):
        made = asked(session, people[0], None, now - timedelta(days=10 + number), "declined")
        made.category_code = "talk"
    session.flush()
    plan_all(session, SYSTEM, now)
    assert _standing(session, need, now) == before


def _standing(session: Session, need: Need, now: datetime) -> list[tuple[object, ...]]:
    found = queries.list_candidates(session, need.id)
    askings = read_askings(session, [each.id for each in found], now)
    return [(each.volunteer_id, each.score, each.rank, askings[each.id]) for each in found]


def test_there_is_one_newest_version(session: Session, now: datetime) -> None:
    assert forecasting.find_version(session) is None
    first = forecasting.learn(session, SYSTEM, now)
    second = forecasting.learn(session, SYSTEM, now + timedelta(days=1))
    assert forecasting.find_version(session) == second
    assert session.scalars(select(AcceptanceVersion.id)).all() == [first.id, second.id]

"""A wave for a need: the fewest people, within everybody's budget, by the deadline."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy.orm import Session

from matching.coordination import queries
from matching.coordination.models import Proposal
from matching.coordination.planning import plan_all
from matching.coordination.reply_windows import closing, rounds_until
from matching.coordination.waves import plan_wave
from matching.kernel import clock
from matching.kernel.actor import SYSTEM
from matching.needs.models import Need
from tests import factories

HOUR = timedelta(hours=1)


def planned(session: Session, now: datetime, people: int, **settings: object) -> Need:
    for _ in range(people):
        factories.volunteer(session, now)
    decide_by_on = settings.pop("decide_by_on", None)
    need = factories.need(session, now, **settings)
    need.decide_by_on = decide_by_on  # type: ignore[assignment]
    plan_all(session, SYSTEM, now)
    return need


def contacted(session: Session, proposal: Proposal, now: datetime) -> None:
    by = factories.actor(session, "coordinator")
    proposal.state, proposal.decided_by_id = "contacted", by.account_id
    proposal.offered_at, proposal.offer_channel = now, "phone"
    proposal.expires_at = now + 48 * HOUR
    session.flush()


def test_with_four_of_ten_saying_yes_five_are_asked_when_there_is_one_round(
    session: Session, now: datetime
) -> None:
    need = planned(session, now, 9, decide_by_on=clock.local_date(now) + timedelta(days=2))
    wave = plan_wave(session, need, now)
    ranked = queries.list_candidates(session, need.id)
    assert wave.round.rounds == 1
    assert [each.proposal.id for each in wave.asked] == [each.id for each in ranked[:5]]
    assert wave.chance == pytest.approx(1 - 0.6**5)
    assert wave.reached
    assert not wave.learned


def test_with_time_for_two_rounds_fewer_are_asked_now(session: Session, now: datetime) -> None:
    need = planned(
        session,
        now,
        9,
        start_on=clock.local_date(now) + timedelta(days=8),
        decide_by_on=clock.local_date(now) + timedelta(days=7),
    )
    wave = plan_wave(session, need, now)
    assert wave.round.rounds == 2
    assert len(wave.asked) == 3
    assert wave.at_once == 5
    assert wave.chance >= 0.9
    assert wave.round.answer_by < wave.round.deadline


def test_who_is_waited_for_counts_and_is_not_asked_again(session: Session, now: datetime) -> None:
    need = planned(session, now, 9, decide_by_on=clock.local_date(now) + timedelta(days=2))
    first = queries.list_candidates(session, need.id)[0]
    contacted(session, first, now)
    wave = plan_wave(session, need, now)
    assert wave.waiting == 1
    assert len(wave.asked) == 4
    assert first.id not in [each.proposal.id for each in wave.asked]


def test_nobody_is_asked_beyond_their_budget(session: Session, now: datetime) -> None:
    """BR-15: two open offers, or one's own limit; seven days of rest after a no to the same."""
    need = planned(session, now, 6)
    ranked = queries.list_candidates(session, need.id)
    busy, modest, resting = (each.volunteer for each in ranked[:3])
    modest.max_visits_per_week = 1
    offers = [(busy, "contacted"), (busy, "contacted"), (modest, "contacted")]
    by = factories.actor(session, "coordinator").account_id
    for who, state in offers:
        made = Proposal(volunteer_id=who.id, state=state, proposed_at=now, decided_by_id=by)
        session.add(made)
    session.add(
        Proposal(
            volunteer_id=resting.id,
            category_code="shopping",
            state="declined",
            proposed_at=now - timedelta(days=7),
            responded_at=now - timedelta(days=6),
        )
    )
    session.flush()
    wave = plan_wave(session, need, now)
    aside = {each.volunteer_id: why for each, why in wave.set_aside}
    assert aside == {busy.id: "open_offers", modest.id: "open_offers", resting.id: "resting"}
    assert aside.keys().isdisjoint(each.proposal.volunteer_id for each in wave.asked)


def test_a_coordinator_may_leave_somebody_out(session: Session, now: datetime) -> None:
    need = planned(session, now, 7)
    first = plan_wave(session, need, now).asked[0].proposal.volunteer_id
    again = plan_wave(session, need, now, avoid=[first])
    assert first not in [each.proposal.volunteer_id for each in again.asked]


def test_when_too_few_are_there_all_are_asked_and_it_says_so(
    session: Session, now: datetime
) -> None:
    need = planned(session, now, 2, headcount=2)
    wave = plan_wave(session, need, now)
    assert len(wave.asked) == 2
    assert not wave.reached
    assert wave.chance == pytest.approx(0.16)


def test_at_night_nobody_is_asked_before_eight(session: Session, now: datetime) -> None:
    need = planned(session, now, 6)
    night = now + 12 * HOUR  # nine in the evening in Japan
    wave = plan_wave(session, need, night)
    assert clock.local(wave.round.ask_at).hour == 8
    assert wave.round.ask_at > night


def test_an_emergency_is_answered_within_hours_and_a_near_deadline_asks_more(
    session: Session, now: datetime
) -> None:
    """BR-16."""
    day = clock.local_date(now)
    need = planned(session, now, 12, urgency="emergency", decide_by_on=day)
    wave = plan_wave(session, need, now)
    assert wave.round.answer_by == now + 4 * HOUR
    assert wave.round.rounds == 2
    late = plan_wave(session, need, now + 6 * HOUR)  # two hours and a quarter are left
    assert late.round.answer_by == closing(day)
    assert late.asked[0].in_time < wave.asked[0].in_time
    assert late.at_once > wave.at_once


@pytest.mark.parametrize(("days", "rounds"), [(1, 1), (2, 1), (4, 2), (30, 3)])
def test_rounds_fit_between_now_and_the_deadline(now: datetime, days: int, rounds: int) -> None:
    deadline = closing(clock.local_date(now) + timedelta(days=days))
    assert rounds_until("phone", "normal", now, deadline) == rounds

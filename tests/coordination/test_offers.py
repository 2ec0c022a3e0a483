"""Asking, answering, agreeing: the seat goes to the first yes, the next one waits kindly."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from matching.coordination import queries
from matching.coordination.agreeing import resident_agrees, resident_declines
from matching.coordination.answering import OVER, Answer, answer
from matching.coordination.cancelling import cancel
from matching.coordination.contacting import list_contacts
from matching.coordination.expiring import expire_offers
from matching.coordination.links import find_link, make_link
from matching.coordination.models import Placement, Proposal
from matching.coordination.offering import BUSY, RESTING, offer
from matching.coordination.placing import Choice
from matching.coordination.planning import plan_all
from matching.coordination.rules import answer_due_at
from matching.evaluation.invariants import count_violations
from matching.kernel import clock, tasks
from matching.kernel.actor import SYSTEM, Actor
from matching.kernel.errors import Conflict, Invalid, NotFound
from matching.kernel.outbox import OutboxJob
from matching.needs.models import Need
from tests import factories


@pytest.fixture
def coordinator(session: Session) -> Actor:
    return factories.actor(session, "coordinator")


Asked = Callable[..., tuple[Need, list[Proposal]]]


@pytest.fixture
def asked(session: Session, now: datetime, coordinator: Actor) -> Asked:
    """A need and the proposals of two volunteers who were asked for the same hour by phone."""

    def make(channel: str = "phone", **settings: object) -> tuple[Need, list[Proposal]]:
        for _ in range(2):
            factories.volunteer(session, now)
        need = factories.need(session, now, **settings)
        plan_all(session, SYSTEM, now)
        proposals = list(queries.list_candidates(session, need.id))
        for proposal in proposals:
            offer(session, proposal.id, [hour(now)], channel, coordinator, now)
        session.refresh(need)
        return need, proposals

    return make


def hour(now: datetime) -> Choice:
    return Choice(clock.local_date(now) + timedelta(days=3), 540)


def said(kind: str, **more: str) -> Answer:
    return Answer(kind, "phone", **more)


def messages(session: Session) -> list[str]:
    jobs = session.scalars(select(OutboxJob).where(OutboxJob.name == "message"))
    return [str(job.payload["kind"]) for job in jobs.all()]


def open_kinds(session: Session, actor: Actor) -> set[str]:
    return {task.kind for task in session.scalars(tasks.within_reach(actor))}


def test_a_yes_holds_the_seat_until_the_resident_agrees(
    session: Session, now: datetime, coordinator: Actor, asked: Asked
) -> None:
    """BR-03: the named coordinator who asked has decided; BR-19: nothing is disclosed before."""
    need, [first, _] = asked()
    answer(session, first.id, said("yes"), coordinator, now)
    [held] = queries.list_placements(session, need_id=need.id)
    session.refresh(need)
    assert (held.state, held.decided_by_id, need.state) == (
        "held",
        coordinator.account_id,
        "matched",
    )
    assert "tell_resident" in open_kinds(session, coordinator)
    resident_agrees(session, first.id, "phone", "お願いします", coordinator, now)
    session.refresh(held)
    assert (held.state, held.confirmed_at) == ("confirmed", now)
    assert "tell_resident" not in open_kinds(session, coordinator)
    session.commit()
    assert not any(each["violations"] for each in count_violations(session, now))


def test_the_second_yes_waits_in_the_queue_with_kind_words(
    session: Session, now: datetime, coordinator: Actor, asked: Asked
) -> None:
    need, [first, second] = asked()
    answer(session, first.id, said("yes"), coordinator, now)
    answer(session, second.id, said("yes"), coordinator, now)
    session.refresh(second)
    assert second.state == "waitlisted"
    assert messages(session) == ["may_come", "waitlisted"]
    assert len(queries.list_placements(session, need_id=need.id)) == 1


def test_nobody_is_asked_for_two_times_of_one_day(
    session: Session, now: datetime, coordinator: Actor
) -> None:
    factories.volunteer(session, now)
    need = factories.need(session, now)
    plan_all(session, SYSTEM, now)
    [proposal] = queries.list_candidates(session, need.id)
    with pytest.raises(Invalid):
        offer(session, proposal.id, [hour(now)] * 2, "phone", coordinator, now)
    assert proposal.state == "suggested"


def test_who_waits_comes_to_mind_when_a_seat_is_free_again(
    session: Session, now: datetime, coordinator: Actor, asked: Asked
) -> None:
    need, [first, second] = asked()
    for proposal in (first, second):
        answer(session, proposal.id, said("yes"), coordinator, now)
    [held] = queries.list_placements(session, need_id=need.id)
    cancel(session, held.id, "家庭の用事", coordinator, now)
    session.refresh(need)
    assert need.state == "matching"
    assert "waitlist" in open_kinds(session, coordinator)


def test_who_is_no_longer_needed_is_told_when_the_resident_has_agreed(
    session: Session, now: datetime, coordinator: Actor, asked: Asked
) -> None:
    _, [first, second] = asked()
    answer(session, first.id, said("yes"), coordinator, now)
    resident_agrees(session, first.id, "phone", "", coordinator, now)
    session.refresh(second)
    assert second.state == "cancelled"
    assert messages(session) == ["may_come", "confirmed", "not_needed"]
    with pytest.raises(Conflict) as refused:
        answer(session, second.id, said("yes"), coordinator, now)
    assert refused.value.sentence == OVER


def test_a_resident_may_say_no_to_the_person(
    session: Session, now: datetime, coordinator: Actor, asked: Asked
) -> None:
    need, [first, _] = asked()
    answer(session, first.id, said("yes"), coordinator, now)
    resident_declines(session, first.id, "phone", "知っている方なので", coordinator, now)
    session.refresh(need)
    session.refresh(first)
    assert (need.state, first.state) == ("matching", "cancelled")
    assert not queries.list_placements(session, need_id=need.id)


def test_two_who_know_each_other_need_no_second_yes(
    session: Session, now: datetime, coordinator: Actor
) -> None:
    factories.volunteer(session, now)
    resident: int | None = None
    for place in range(2):
        need = factories.need(session, now, start_on=_day(now, 3 + place))
        need.requester_id = resident = resident or need.requester_id
        session.flush()
        plan_all(session, SYSTEM, now)
        [proposal] = queries.list_candidates(session, need.id)
        choice = Choice(_day(now, 3 + place), 540)
        offer(session, proposal.id, [choice], "phone", coordinator, now)
        answer(session, proposal.id, said("yes"), coordinator, now)
        [placement] = queries.list_placements(session, need_id=need.id)
        if place == 0:
            resident_agrees(session, proposal.id, "phone", "", coordinator, now)
    assert placement.state == "confirmed"


def _day(now: datetime, days: int) -> date:
    return clock.local_date(now) + timedelta(days=days)


def test_a_no_keeps_its_reason_and_nothing_else(
    session: Session, now: datetime, coordinator: Actor, asked: Asked
) -> None:
    need, [first, _] = asked()
    answer(session, first.id, said("no", reason="distance", said="少し遠い"), coordinator, now)
    session.refresh(first)
    assert (first.state, first.decline_reason) == ("declined", "distance")
    [contact, *_] = list_contacts(session, need.id)
    assert (contact.outcome, contact.note_id is not None) == ("no", True)


def test_whoever_wants_to_talk_is_called(
    session: Session, now: datetime, coordinator: Actor, asked: Asked
) -> None:
    _, [first, _] = asked()
    answer(session, first.id, said("talk"), coordinator, now)
    assert "talk_wanted" in open_kinds(session, coordinator)


def test_three_calls_without_an_answer_are_enough(
    session: Session, now: datetime, coordinator: Actor, asked: Asked
) -> None:
    _, [first, _] = asked()
    for _ in range(3):
        answer(session, first.id, said("no_answer"), coordinator, now)
    session.refresh(first)
    assert first.state == "no_response"
    assert "offer_unanswered" in open_kinds(session, coordinator)


def test_a_late_yes_still_counts_while_the_seat_is_free(
    session: Session, now: datetime, coordinator: Actor, asked: Asked
) -> None:
    need, [first, _] = asked()
    late = now + timedelta(days=2, hours=9)
    assert expire_offers(session, late) == 2
    assert expire_offers(session, late) == 0
    session.refresh(first)
    assert first.state == "no_response"
    answer(session, first.id, said("yes"), coordinator, now)
    assert [each.state for each in queries.list_placements(session, need_id=need.id)] == ["held"]


def test_nobody_is_asked_for_a_third_thing_at_once(
    session: Session, now: datetime, coordinator: Actor
) -> None:
    """BR-15."""
    factories.volunteer(session, now)
    needs = [factories.need(session, now) for _ in range(3)]
    plan_all(session, SYSTEM, now)
    found = [queries.list_candidates(session, need.id)[0] for need in needs]
    for proposal in found[:2]:
        offer(session, proposal.id, [hour(now)], "phone", coordinator, now)
    with pytest.raises(Conflict) as refused:
        offer(session, found[2].id, [hour(now)], "phone", coordinator, now)
    assert refused.value.sentence == BUSY


def test_a_volunteer_answers_only_what_they_were_asked(
    session: Session, now: datetime, asked: Asked
) -> None:
    _, [first, second] = asked()
    mine = Actor(("volunteer",), person_id=first.volunteer.person_id)
    with pytest.raises(NotFound):
        answer(session, second.id, Answer("yes", "web"), mine, now)
    answer(session, first.id, Answer("yes", "web"), mine, now)
    assert session.scalars(select(Placement)).one().volunteer_id == first.volunteer_id


def test_an_answer_that_does_not_exist_is_refused(
    session: Session, now: datetime, coordinator: Actor, asked: Asked
) -> None:
    _, [first, _] = asked()
    with pytest.raises(Invalid):
        answer(session, first.id, said("maybe"), coordinator, now)


def test_a_message_leaves_by_itself_a_call_does_not(
    session: Session, now: datetime, asked: Asked
) -> None:
    asked(channel="mail")
    assert messages(session) == ["offer", "offer"]


def test_a_link_opens_its_own_offer_until_it_is_old(
    session: Session, now: datetime, asked: Asked
) -> None:
    _, [first, _] = asked()
    token = make_link(session, first, now)
    session.flush()
    assert find_link(session, token, now).proposal_id == first.id
    for wrong, moment in ((token + "x", now), (token, now + timedelta(days=30))):
        with pytest.raises(NotFound):
            find_link(session, wrong, moment)


@pytest.mark.parametrize(
    ("channel", "urgency", "asked_at", "due_at"),
    [
        # Monday 23 November 2026 is a holiday: two business days from Friday 20th are Wednesday.
        ("phone", "normal", (2026, 11, 20, 1), (2026, 11, 25, 8, 15)),
        ("mail", "normal", (2026, 11, 20, 1), (2026, 11, 26, 8, 15)),
        ("letter", "low", (2026, 12, 25, 1), (2027, 1, 7, 8, 15)),
        ("phone", "emergency", (2026, 11, 22, 15), (2026, 11, 22, 19)),
    ],
)
def test_an_answer_is_awaited_for_the_time_of_its_channel(
    channel: str, urgency: str, asked_at: tuple[int, ...], due_at: tuple[int, ...]
) -> None:
    """BR-16, with closing time 17:15 in Japan and the New Year's holidays."""
    at, due = (datetime(*parts, tzinfo=UTC) for parts in (asked_at, due_at))  # type: ignore[misc]
    assert answer_due_at(channel, urgency, at).astimezone(UTC) == due


def test_who_has_just_said_no_to_such_a_thing_is_not_asked_again(
    session: Session, now: datetime, coordinator: Actor
) -> None:
    """BR-15: the same kind of request rests for seven days, even on a proposal of before."""
    factories.volunteer(session, now)
    needs = [factories.need(session, now) for _ in range(2)]
    plan_all(session, SYSTEM, now)
    first, second = (queries.list_candidates(session, need.id)[0] for need in needs)
    offer(session, first.id, [hour(now)], "phone", coordinator, now)
    answer(session, first.id, said("no", reason="date"), coordinator, now)
    with pytest.raises(Conflict) as refused:
        offer(session, second.id, [hour(now)], "phone", coordinator, now)
    assert refused.value.sentence == RESTING

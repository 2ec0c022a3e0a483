"""A named coordinator confirms; nobody is booked twice and no seat is given twice."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from matching.coordination import queries
from matching.coordination.cancelling import cancel
from matching.coordination.confirming import confirm, confirm_planned
from matching.coordination.models import Placement, Proposal
from matching.coordination.placing import FULL, GONE, TAKEN, Choice
from matching.coordination.planning import plan_all
from matching.kernel import clock
from matching.kernel.actor import SYSTEM, Actor
from matching.kernel.audit import Event
from matching.kernel.errors import Conflict, Invalid, NotFound
from matching.needs.models import Need, NeedOccurrence
from tests import factories


@pytest.fixture
def coordinator(session: Session) -> Actor:
    return factories.actor(session, "coordinator")


def in_three_days(now: datetime, start_minutes: int = 540) -> Choice:
    return Choice(clock.local_date(now) + timedelta(days=3), start_minutes)


def only(session: Session, need: Need) -> Proposal:
    [proposal] = queries.list_candidates(session, need.id)
    return proposal


Planned = Callable[..., tuple[Need, Proposal]]


@pytest.fixture
def planned(session: Session, now: datetime) -> Planned:
    def make(**settings: object) -> tuple[Need, Proposal]:
        need = factories.need(session, now, **settings)
        plan_all(session, SYSTEM, now)
        return need, queries.list_candidates(session, need.id)[0]

    return make


def test_a_confirmed_visit_names_who_decided(
    session: Session, now: datetime, coordinator: Actor, planned: Planned
) -> None:
    """BR-03."""
    factories.volunteer(session, now)
    need, proposal = planned()
    placement = confirm(session, proposal.id, in_three_days(now), coordinator, now)
    session.refresh(need)
    session.refresh(proposal)
    assert (need.state, proposal.state) == ("matched", "accepted")
    assert placement.decided_by_id == coordinator.account_id
    assert proposal.decided_by_id == coordinator.account_id
    event = session.scalars(select(Event).where(Event.action == "placement_confirmed")).one()
    assert event.actor_id == coordinator.account_id
    occurrence = session.get_one(NeedOccurrence, placement.occurrence_id)
    session.refresh(occurrence)
    assert occurrence.filled == 1


def test_the_same_volunteer_cannot_take_overlapping_visits(
    session: Session, now: datetime, coordinator: Actor
) -> None:
    """BR-20."""
    factories.volunteer(session, now)
    one, other = factories.need(session, now), factories.need(session, now)
    plan_all(session, SYSTEM, now)
    first, second = only(session, one), only(session, other)
    confirm(session, first.id, in_three_days(now, 540), coordinator, now)
    with pytest.raises(Conflict) as refused:
        confirm(session, second.id, in_three_days(now, 570), coordinator, now)
    assert refused.value.sentence == TAKEN


def test_two_visits_need_the_way_between_them(
    session: Session, now: datetime, coordinator: Actor
) -> None:
    """BR-20: next door takes minutes too; the hour right after is refused, the later one not."""
    factories.volunteer(session, now)
    one, other = factories.need(session, now), factories.need(session, now)
    plan_all(session, SYSTEM, now)
    first, second = only(session, one), only(session, other)
    confirm(session, first.id, in_three_days(now, 540), coordinator, now)
    with pytest.raises(Conflict) as refused:
        confirm(session, second.id, in_three_days(now, 600), coordinator, now)
    assert refused.value.sentence in {TAKEN, GONE}
    assert confirm(session, second.id, in_three_days(now, 615), coordinator, now).id


def test_the_last_seat_is_given_once(session: Session, now: datetime, coordinator: Actor) -> None:
    for _ in range(2):
        factories.volunteer(session, now)
    need = factories.need(session, now)
    plan_all(session, SYSTEM, now)
    first, second = queries.list_candidates(session, need.id)
    confirm(session, first.id, in_three_days(now), coordinator, now)
    with pytest.raises(Conflict) as refused:
        confirm(session, second.id, in_three_days(now), coordinator, now)
    assert refused.value.sentence == FULL


def test_the_database_refuses_a_seat_too_many_by_itself(
    session: Session, now: datetime, coordinator: Actor, planned: Planned
) -> None:
    factories.volunteer(session, now)
    other = factories.volunteer(session, now)
    _, proposal = planned()
    placed = confirm(session, proposal.id, in_three_days(now), coordinator, now)
    values = {
        column.name: getattr(placed, column.name)
        for column in Placement.__table__.columns
        if column.name not in {"id", "proposal_id"}
    }
    taken = {placed.volunteer_id}
    free = other.id if other.id not in taken else proposal.volunteer_id
    session.add(Placement(**values | {"volunteer_id": free + 0 if free not in taken else other.id}))
    with pytest.raises(IntegrityError, match="seats"):
        session.flush()


def test_the_database_refuses_a_double_booking_by_itself(
    session: Session, now: datetime, coordinator: Actor, planned: Planned
) -> None:
    factories.volunteer(session, now)
    _, proposal = planned(headcount=3)
    placed = confirm(session, proposal.id, in_three_days(now), coordinator, now)
    other = factories.need(session, now)
    visit = NeedOccurrence(
        need_id=other.id,
        period_on=clock.local_date(now),
        starts_at=placed.starts_at + timedelta(minutes=62),
        ends_at=placed.ends_at + timedelta(minutes=62),
        headcount=1,
    )
    session.add(visit)
    session.flush()
    session.add(
        Placement(
            occurrence_id=visit.id,
            need_id=other.id,
            volunteer_id=placed.volunteer_id,
            state="confirmed",
            confirmed_at=now,
            starts_at=visit.starts_at,
            ends_at=visit.ends_at,
            busy=type(placed.busy)(visit.starts_at, visit.ends_at + timedelta(minutes=5)),
            decided_by_id=coordinator.account_id,
            decided_at=now,
        )
    )
    with pytest.raises(IntegrityError, match="double_booking"):
        session.flush()


def test_a_cancelled_visit_frees_the_seat_and_the_need_is_searched_again(
    session: Session, now: datetime, coordinator: Actor, planned: Planned
) -> None:
    factories.volunteer(session, now)
    need, proposal = planned()
    placement = confirm(session, proposal.id, in_three_days(now), coordinator, now)
    cancel(session, placement.id, "体調がすぐれない", coordinator, now)
    session.expire_all()
    assert session.get_one(NeedOccurrence, placement.occurrence_id).filled == 0
    assert need.state == "matching"
    plan_all(session, SYSTEM, now)
    again = only(session, need)
    assert confirm(session, again.id, in_three_days(now, 600), coordinator, now).state


def test_cancelling_needs_a_reason(
    session: Session, now: datetime, coordinator: Actor, planned: Planned
) -> None:
    factories.volunteer(session, now)
    _, proposal = planned()
    placement = confirm(session, proposal.id, in_three_days(now), coordinator, now)
    with pytest.raises(Invalid):
        cancel(session, placement.id, " ", coordinator, now)


def test_branch_staff_cannot_confirm_for_another_area(
    session: Session, now: datetime, planned: Planned
) -> None:
    factories.volunteer(session, now)
    _, proposal = planned()
    elsewhere = factories.actor(session, "branch_staff", area="hanaizumi")
    with pytest.raises(NotFound):
        confirm(session, proposal.id, in_three_days(now), elsewhere, now)


def test_a_series_stays_in_planning_until_every_visit_has_somebody(
    session: Session, now: datetime, coordinator: Actor, planned: Planned
) -> None:
    factories.volunteer(session, now)
    need, proposal = planned(recurrence="weekly")
    confirm(session, proposal.id, in_three_days(now), coordinator, now)
    session.refresh(need)
    assert need.state == "matching"


def test_people_who_come_together_share_one_time(
    session: Session, now: datetime, coordinator: Actor
) -> None:
    for _ in range(2):
        factories.volunteer(session, now)
    need = factories.need(session, now, headcount=2)
    plan_all(session, SYSTEM, now)
    first, second = queries.list_candidates(session, need.id)
    confirm(session, first.id, in_three_days(now, 540), coordinator, now)
    with pytest.raises((Invalid, Conflict)):
        confirm(session, second.id, in_three_days(now, 600), coordinator, now)
    session.expire_all()
    placed = confirm(session, second.id, in_three_days(now, 540), coordinator, now)
    session.refresh(need)
    assert need.state == "matched"
    assert placed.starts_at == clock.instant(clock.local_date(now) + timedelta(days=3), 540)


def test_a_series_is_confirmed_in_one_act(
    session: Session, now: datetime, coordinator: Actor, planned: Planned
) -> None:
    factories.volunteer(session, now, notice_days=0)
    need, proposal = planned(recurrence="weekly")
    visits = [slot for slot in proposal.slots if slot["planned"] is not None]
    placed = confirm_planned(session, proposal.id, coordinator, now)
    assert len(placed) == len(visits) >= 3
    assert len({placement.occurrence_id for placement in placed}) == len(placed)
    session.refresh(need)
    assert need.state == "matching"
    plan_all(session, SYSTEM, now)
    assert not any(each.planned for each in queries.list_candidates(session, need.id))


def test_a_suggestion_that_a_newer_run_replaced_can_still_be_confirmed(
    session: Session, now: datetime, coordinator: Actor, planned: Planned
) -> None:
    factories.volunteer(session, now)
    need, proposal = planned()
    plan_all(session, SYSTEM, now)
    session.refresh(proposal)
    assert proposal.state == "superseded"
    assert confirm(session, proposal.id, in_three_days(now), coordinator, now).id
    assert queries.list_candidates(session, need.id) == []

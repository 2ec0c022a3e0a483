"""An agreed visit moves: the same rows for all who come, both sides told, nobody booked twice."""

from datetime import datetime, timedelta

import icalendar
import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from matching.activities.leaving import leave
from matching.activities.rescheduling import Time, move_visit, say_yes
from matching.coordination.confirming import confirm
from matching.coordination.models import Placement
from matching.coordination.placing import Choice
from matching.coordination.planning import plan_all
from matching.coordination.queries import list_candidates
from matching.evaluation.invariants import count_violations
from matching.kernel import clock
from matching.kernel.actor import SYSTEM, Actor
from matching.kernel.errors import Conflict, Invalid
from matching.kernel.outbox import OutboxJob
from matching.messaging.icalendar_words import write
from matching.messaging.models import Message
from matching.messaging.telling import tell
from matching.needs.models import Need, NeedOccurrence
from matching.people.models import Person
from matching.volunteers.models import Volunteer
from tests import factories
from tests.activities.conftest import DAY, Kinds, confirmed

BOTH = ("volunteer", "requester")


def on_next_day(visit: Placement, start: int = 600, agreed: tuple[str, ...] = ()) -> Time:
    return Time(clock.local_date(visit.starts_at) + DAY, start, agreed)


def event(session: Session, visit: Placement, now: datetime) -> icalendar.Event:
    person_id = session.get_one(Volunteer, visit.volunteer_id).person_id
    feed = write(session, session.get_one(Person, person_id), "https://example.jp", now)
    [found] = icalendar.Calendar.from_ical(feed).walk("VEVENT")
    return found


def test_both_sides_are_told_once_and_calendars_show_the_change(
    session: Session, visit: Placement, coordinator: Actor, now: datetime, open_kinds: Kinds
) -> None:
    before = event(session, visit, now)
    [moved] = move_visit(session, visit.id, on_next_day(visit), coordinator, now)
    session.commit()
    assert moved.id == visit.id
    assert moved.starts_at == clock.instant(on_next_day(visit).on - DAY, 600)
    after = event(session, visit, now)
    assert after["uid"] == before["uid"] and after["sequence"] > before["sequence"]
    assert after["dtstart"].dt == moved.starts_at
    assert open_kinds() == {"ask_moved"}
    jobs = session.scalars(select(OutboxJob).where(OutboxJob.name == "message")).all()
    told = [job.payload for job in jobs if "changed" in job.payload["kind"]]
    assert {each["kind"] for each in told} == {"changed", "coming_changed"}
    for payload in (*told, *told):  # a job that runs twice tells once
        tell(session, payload, now, ("mail",))
    kinds = session.scalars(select(Message.kind).order_by(Message.kind)).all()
    assert kinds == ["changed", "coming_changed"]
    session.commit()
    assert [each for each in count_violations(session, now) if each["violations"]] == []
    first, second = session.scalars(select(NeedOccurrence).order_by(NeedOccurrence.id)).all()
    assert (first.filled, first.cancelled_at is None) == (0, False)
    assert (second.filled, second.cancelled_at is None) == (1, True)


def test_the_volunteer_answers_yes_or_leaves(
    session: Session,
    visit: Placement,
    coordinator: Actor,
    giver: Actor,
    now: datetime,
    open_kinds: Kinds,
) -> None:
    move_visit(session, visit.id, on_next_day(visit), coordinator, now)
    say_yes(session, visit.id, giver, now)
    assert open_kinds() == set()
    again = Time(clock.local_date(visit.starts_at), 630)
    move_visit(session, visit.id, again, coordinator, now)
    leave(session, visit.id, "その日は用事", giver, now)
    assert open_kinds() == {"tell_other_side", "find_substitute"}


def test_with_both_asked_before_nobody_is_asked_again(
    session: Session, visit: Placement, coordinator: Actor, now: datetime, open_kinds: Kinds
) -> None:
    move_visit(session, visit.id, on_next_day(visit, agreed=BOTH), coordinator, now)
    assert open_kinds() == set()


def test_all_who_come_move_together_or_nobody(
    session: Session, now: datetime, coordinator: Actor
) -> None:
    """BR-20."""
    people = [factories.volunteer(session, now) for _ in range(2)]
    need = factories.need(session, now, headcount=2)
    plan_all(session, SYSTEM, now)
    assert need.start_on is not None
    found = list_candidates(session, need.id)
    choice = Choice(need.start_on, 540)
    first, second = (confirm(session, each.id, choice, coordinator, now) for each in found)
    assert {first.volunteer_id, second.volunteer_id} == {each.id for each in people}
    assert len(move_visit(session, first.id, on_next_day(first), coordinator, now)) == 2
    assert first.starts_at == second.starts_at
    session.commit()
    on = clock.local_date(first.starts_at)
    busy = factories.need(session, now, start_on=on, duration_minutes=30)
    taken = confirmed(session, busy, coordinator, now)
    was = first.starts_at
    session.commit()
    to = Time(clock.local_date(taken.starts_at), 555)
    with pytest.raises(Conflict):
        move_visit(session, first.id, to, coordinator, now)
    session.rollback()
    assert session.get_one(Placement, first.id).starts_at == was


@pytest.mark.parametrize(("days", "start", "said"), [
    (0, 540, "いまと違う"), (-9, 540, "これから"),
])  # fmt: skip
def test_a_time_that_is_none_is_refused(
    session: Session,
    visit: Placement,
    coordinator: Actor,
    now: datetime,
    days: int,
    start: int,
    said: str,
) -> None:
    to = Time(clock.local_date(visit.starts_at) + days * DAY, start)
    with pytest.raises(Invalid, match=said):
        move_visit(session, visit.id, to, coordinator, now)


def test_what_has_begun_or_is_off_does_not_move(
    session: Session, visit: Placement, coordinator: Actor, giver: Actor, now: datetime
) -> None:
    with pytest.raises(Conflict, match="もう始まった"):
        move_visit(session, visit.id, on_next_day(visit), coordinator, visit.starts_at)
    leave(session, visit.id, "熱", giver, now)
    with pytest.raises(Conflict):
        move_visit(session, visit.id, on_next_day(visit), coordinator, now)
    with pytest.raises(Conflict):
        say_yes(session, visit.id, giver, now)


def test_a_series_keeps_its_week_and_does_not_run_into_the_next_one(
    session: Session, now: datetime, coordinator: Actor
) -> None:
    factories.volunteer(session, now)
    start = clock.local_date(now) + timedelta(days=7)
    need = factories.need(session, now, recurrence="weekly", start_on=start, end_on=None)
    first = confirmed(session, need, coordinator, now)
    plan_all(session, SYSTEM, now)
    [found] = list_candidates(session, need.id)
    second = confirm(session, found.id, Choice(start + 7 * DAY, 540), coordinator, now)
    with pytest.raises(Conflict, match="別の回"):
        move_visit(session, first.id, Time(start + 8 * DAY, 540), coordinator, now)
    move_visit(session, second.id, Time(start + 9 * DAY, 540), coordinator, now)
    assert session.get_one(Need, need.id).start_on == start

"""A visit begins, ends, is reported and verified; what is missing is asked for in time."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from matching.activities.models import Activity
from matching.activities.recording import (
    Report,
    check_in,
    check_out,
    report,
    verify,
)
from matching.activities.rules import (
    STATES,
    TRANSITIONS,
    counted_minutes,
    is_late_cancellation,
    same_business_day,
)
from matching.activities.watching import watch_visits
from matching.coordination.cancelling import cancel
from matching.coordination.models import Placement
from matching.kernel import clock, tasks
from matching.kernel.actor import Actor
from matching.kernel.errors import Conflict, Invalid, NotFound
from tests import factories
from tests.activities.conftest import DAY, Kinds


def test_a_visit_goes_from_checking_in_to_verified_hours(
    session: Session, visit: Placement, giver: Actor, coordinator: Actor, open_kinds: Kinds
) -> None:
    check_in(session, visit.id, "web", giver, visit.starts_at)
    check_out(session, visit.id, "web", giver, visit.ends_at)
    told = Report(60, "usual", said="灯油も見ました")
    report(session, visit.id, told, "web", giver, visit.ends_at)
    assert open_kinds() == {"verify_report"}
    activity = verify(session, visit.id, coordinator, visit.ends_at + DAY)
    session.refresh(visit)
    assert (activity.state, activity.minutes, visit.state) == ("verified", 60, "done")
    assert open_kinds() == set()


def test_checking_in_twice_changes_nothing(
    session: Session, visit: Placement, giver: Actor
) -> None:
    for minutes in (0, 5):
        moment = visit.starts_at + timedelta(minutes=minutes)
        activity = check_in(session, visit.id, "web", giver, moment)
    assert activity.checked_in_at == visit.starts_at


def test_a_visit_cannot_begin_days_before(
    session: Session, now: datetime, visit: Placement, giver: Actor
) -> None:
    with pytest.raises(Invalid, match="2時間前"):
        check_in(session, visit.id, "web", giver, now)


def test_nobody_writes_of_somebody_elses_visit(
    session: Session, now: datetime, visit: Placement
) -> None:
    other = factories.volunteer(session, now)
    stranger = factories.actor(session, "volunteer", person_id=other.person_id)
    with pytest.raises(NotFound):
        check_in(session, visit.id, "web", stranger, visit.starts_at)


def test_a_worry_in_a_report_is_looked_at_on_the_same_business_day(
    session: Session, visit: Placement, giver: Actor, coordinator: Actor
) -> None:
    """BR-26."""
    report(session, visit.id, Report(45, "worried"), "web", giver, visit.ends_at)
    [task] = [
        task
        for task in session.scalars(tasks.within_reach(coordinator))
        if task.kind == "report_concern"
    ]
    assert task.due_at == same_business_day(visit.ends_at)
    assert clock.local_date(task.due_at) == clock.local_date(visit.ends_at)


def test_an_accident_opens_its_own_task(
    session: Session, visit: Placement, giver: Actor, open_kinds: Kinds
) -> None:
    report(session, visit.id, Report(45, "usual", accident=True), "web", giver, visit.ends_at)
    assert "incident" in open_kinds()


def test_hours_are_verified_by_somebody_else(
    session: Session, visit: Placement, coordinator: Actor
) -> None:
    report(session, visit.id, Report(60, "good"), "phone", coordinator, visit.ends_at)
    with pytest.raises(Conflict, match="別の方"):
        verify(session, visit.id, coordinator, visit.ends_at)


@pytest.mark.parametrize("minutes", [0, -1, 721, 2**31])
def test_a_time_that_cannot_be_is_refused(
    session: Session, visit: Placement, giver: Actor, minutes: int
) -> None:
    with pytest.raises(Invalid, match="12時間"):
        report(session, visit.id, Report(minutes, "usual"), "web", giver, visit.ends_at)


def test_a_visit_that_was_cancelled_has_no_report(
    session: Session, now: datetime, visit: Placement, giver: Actor, coordinator: Actor
) -> None:
    cancel(session, visit.id, "雪", coordinator, now)
    with pytest.raises(Conflict, match="取りやめ"):
        report(session, visit.id, Report(60, "usual"), "web", giver, visit.ends_at)


def test_a_visit_that_does_not_begin_or_end_is_noticed(
    session: Session, visit: Placement, giver: Actor, open_kinds: Kinds
) -> None:
    assert watch_visits(session, visit.starts_at + timedelta(minutes=29)) == 0
    assert watch_visits(session, visit.starts_at + timedelta(minutes=30)) == 1
    assert open_kinds() == {"not_started"}
    check_in(session, visit.id, "phone", giver, visit.starts_at + timedelta(minutes=35))
    assert open_kinds() == set()
    assert watch_visits(session, visit.ends_at + timedelta(minutes=60)) == 1
    assert open_kinds() == {"not_returned"}
    check_out(session, visit.id, "phone", giver, visit.ends_at + timedelta(minutes=70))
    assert open_kinds() == set()


def test_a_missing_report_is_asked_for_then_called_for_then_given_up(
    session: Session, visit: Placement, coordinator: Actor, giver: Actor, open_kinds: Kinds
) -> None:
    """BR-25, also after a worker slept through it all."""
    assert watch_visits(session, visit.ends_at + 3 * DAY) == 1
    assert watch_visits(session, visit.ends_at + 4 * DAY) == 0
    assert watch_visits(session, visit.ends_at + 7 * DAY) == 1
    assert open_kinds() == {"report_missing"}
    assert watch_visits(session, visit.ends_at + 30 * DAY) == 1
    assert open_kinds() == set()
    assert session.scalars(select(Activity.state)).one() == "unreported"
    late = report(session, visit.id, Report(60, "usual"), "phone", giver, visit.ends_at + 31 * DAY)
    assert late.state == "reported"


def test_every_state_has_its_row_of_the_table() -> None:
    assert set(TRANSITIONS) == set(STATES)
    assert set().union(*TRANSITIONS.values()) <= set(STATES)


@pytest.mark.parametrize(("minutes", "counted"), [(1, 15), (22, 15), (23, 30), (60, 60), (67, 60)])
def test_time_is_counted_in_quarters(minutes: int, counted: int) -> None:
    assert counted_minutes(minutes) == counted


@pytest.mark.parametrize(("hours", "late"), [(23, True), (24, False), (0, True), (-1, False)])
def test_a_cancellation_of_the_last_day_is_late(hours: int, late: bool) -> None:
    """BR-24."""
    assert is_late_cancellation(timedelta(hours=hours)) is late


@pytest.mark.parametrize(
    ("at", "due_on"),
    [
        (datetime(2026, 11, 27, 7, 0, tzinfo=UTC), 27),  # Friday, four in the afternoon
        (datetime(2026, 11, 27, 8, 15, tzinfo=UTC), 30),  # closing time: Monday
        (datetime(2026, 11, 28, 1, 0, tzinfo=UTC), 30),
    ],
)
def test_the_same_business_day_ends_at_closing_time(at: datetime, due_on: int) -> None:
    assert clock.local_date(same_business_day(at)).day == due_on

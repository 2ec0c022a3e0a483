"""A visit that has not begun or nobody came back from: who is phoned next, what a call brings."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from matching.activities.alarming import alarms_of, take_call
from matching.activities.missing import not_met
from matching.activities.models import Activity
from matching.activities.queries import list_visits
from matching.activities.recording import check_in
from matching.activities.today import Board, read_board
from matching.activities.watching import watch_visits
from matching.coordination.models import Placement
from matching.evaluation.invariants import count_violations
from matching.kernel import clock, outbox, tasks
from matching.kernel.actor import Actor
from matching.kernel.errors import Conflict, Invalid
from matching.kernel.outbox import OutboxJob
from matching.kernel.tasks import Task
from matching.needs.models import Need
from tests import factories
from tests.activities.conftest import DAY, Kinds

MINUTE = timedelta(minutes=1)


def board(session: Session, visit: Placement, boss: Actor, now: datetime) -> Board:
    return read_board(session, clock.local_date(visit.starts_at), boss, now)


def alarm(session: Session, visit: Placement, now: datetime) -> tuple[str, str, datetime] | None:
    """Kind, whom to phone and when, of the one visit there is."""
    found = list_visits(session, since=visit.starts_at, until=visit.starts_at + DAY)
    told = alarms_of(session, found, now).get(visit.id)
    return (told.kind, told.next.whom, told.due_at) if told else None


def test_nobody_begins_and_the_calls_go_up_the_ladder(
    session: Session, visit: Placement, coordinator: Actor, open_kinds: Kinds
) -> None:
    assert alarm(session, visit, visit.starts_at + 29 * MINUTE) is None
    late = visit.starts_at + 30 * MINUTE
    assert alarm(session, visit, late) == ("not_started", "volunteer", late)
    watch_visits(session, late)
    take_call(session, visit.id, "not_started", "no_answer", coordinator, late)
    assert alarm(session, visit, late) == ("not_started", "resident", late + 15 * MINUTE)
    task = session.scalars(select(Task).where(Task.kind == "not_started")).one()
    assert (task.due_at, task.owner_id) == (late + 15 * MINUTE, coordinator.account_id)
    take_call(session, visit.id, "not_started", "later", coordinator, late + 15 * MINUTE)
    assert alarm(session, visit, late) == ("not_started", "resident", late + 45 * MINUTE)
    take_call(session, visit.id, "not_started", "begun", coordinator, late + 45 * MINUTE)
    assert "not_started" not in open_kinds()
    assert session.scalars(select(Activity.state)).one() == "checked_in"
    with pytest.raises(Conflict, match="もう確かめられて"):
        take_call(session, visit.id, "not_started", "begun", coordinator, late + 46 * MINUTE)


def test_who_is_not_coming_frees_the_seat_and_both_sides_are_dealt_with(
    session: Session, visit: Placement, coordinator: Actor, open_kinds: Kinds, now: datetime
) -> None:
    late = visit.starts_at + 40 * MINUTE
    for job in session.scalars(select(OutboxJob)):  # done in the days before
        outbox.finish(job, now)
    take_call(session, visit.id, "not_started", "not_coming", coordinator, late)
    assert session.scalars(select(Activity.state)).one() == "no_show"
    assert (visit.state, session.get_one(Need, visit.need_id).state) == ("cancelled", "matching")
    assert open_kinds() == {"tell_other_side", "find_substitute"}
    [(gone, state, full)] = board(session, visit, coordinator, late).off
    assert (gone.id, state, full) == (visit.id, "no_show", False)
    session.commit()
    assert not any(each["violations"] for each in count_violations(session, late))


def test_nobody_comes_back_and_the_police_is_the_last_to_be_asked(
    session: Session, visit: Placement, coordinator: Actor
) -> None:
    check_in(session, visit.id, "phone", coordinator, visit.starts_at)
    late = visit.ends_at + 60 * MINUTE
    called = []
    for _call in range(5):
        told = alarm(session, visit, late)
        assert told is not None
        called.append(told[1])
        take_call(session, visit.id, "not_returned", "no_answer", coordinator, late)
        late += 60 * MINUTE
    assert called == ["volunteer", "resident", "family", "police", "police"]
    take_call(session, visit.id, "not_returned", "home", coordinator, late)
    assert alarm(session, visit, late) is None
    assert session.scalars(select(Activity.state)).one() == "done"


@pytest.mark.parametrize(("kind", "result"), [("not_started", "home"), ("fire", "begun")])
def test_only_what_a_call_can_bring_is_taken(
    session: Session, visit: Placement, coordinator: Actor, kind: str, result: str
) -> None:
    with pytest.raises(Invalid, match="電話でわかったこと"):
        take_call(session, visit.id, kind, result, coordinator, visit.ends_at)


def test_each_visit_stands_in_one_place_of_the_board_and_the_mark_follows(
    session: Session, visit: Placement, coordinator: Actor
) -> None:
    starts = visit.starts_at
    moments = (starts - MINUTE, starts, starts + 30 * MINUTE)
    boards = [board(session, visit, coordinator, at) for at in moments]
    assert [(len(b.later), len(b.due), len(b.alarms)) for b in boards] == [
        (1, 0, 0),
        (0, 1, 0),
        (0, 0, 1),
    ]
    assert len({b.mark() for b in boards}) == 3
    assert boards[0].mark() == board(session, visit, coordinator, starts - 2 * MINUTE).mark()
    check_in(session, visit.id, "phone", coordinator, starts)
    assert len(board(session, visit, coordinator, starts).out) == 1
    elsewhere = factories.actor(session, "branch_staff", area="daito")
    assert board(session, visit, elsewhere, starts).out == []


def test_a_door_that_stays_closed_is_on_the_board_of_every_day_until_somebody_knows(
    session: Session, visit: Placement, coordinator: Actor
) -> None:
    row = not_met(session, visit.id, coordinator, visit.starts_at)
    later = read_board(
        session, clock.local_date(visit.starts_at + DAY), coordinator, visit.starts_at + DAY
    )
    assert [each.id for each in later.absences] == [row.id]
    assert board(session, visit, coordinator, visit.starts_at).alarms == []


def test_the_watch_and_the_board_speak_of_the_same_visits(
    session: Session, visit: Placement, coordinator: Actor
) -> None:
    late = visit.starts_at + 30 * MINUTE
    watch_visits(session, late)
    asked = {task.subject_id for task in session.scalars(tasks.within_reach(coordinator))}
    assert asked == {each[0].id for each, _alarm in board(session, visit, coordinator, late).alarms}

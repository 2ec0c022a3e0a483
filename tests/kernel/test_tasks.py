"""Tasks: one open task a subject, claimed, put off with a reason, closed by name."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy.orm import Session

from matching.kernel import tasks
from matching.kernel.errors import Conflict, Invalid
from tests import factories

SUBJECT = ("need", 7)


def _open(session: Session, now: datetime, kind: str = "talk_wanted", **more: str) -> None:
    tasks.open_task(session, kind, SUBJECT, now + timedelta(hours=4), now, **more)


def test_a_subject_has_one_open_task_of_a_kind(session: Session, now: datetime) -> None:
    boss = factories.actor(session, "coordinator")
    _open(session, now)
    _open(session, now)
    [task] = session.scalars(tasks.within_reach(boss))
    tasks.finish(session, task, "called", boss, now)
    _open(session, now)
    [again] = session.scalars(tasks.within_reach(boss))
    assert again.id != task.id


def test_a_kind_that_nobody_knows_is_refused(session: Session, now: datetime) -> None:
    with pytest.raises(KeyError):
        _open(session, now, kind="whatever")


def test_a_branch_sees_its_own_tasks_and_those_of_no_area(session: Session, now: datetime) -> None:
    branch = factories.actor(session, "branch_staff", area="hanaizumi")
    _open(session, now, area_code="hanaizumi")
    _open(session, now, kind="waitlist", area_code="daito")
    _open(session, now, kind="renewal")
    assert {task.kind for task in session.scalars(tasks.within_reach(branch))} == {
        "talk_wanted",
        "renewal",
    }


def test_putting_off_needs_a_reason_and_a_later_moment(session: Session, now: datetime) -> None:
    boss = factories.actor(session, "coordinator")
    _open(session, now)
    [task] = session.scalars(tasks.within_reach(boss))
    with pytest.raises(Invalid, match="理由"):
        tasks.snooze(session, task, now + timedelta(days=1), " ", boss, now)
    with pytest.raises(Invalid, match="これから"):
        tasks.snooze(session, task, now, "留守", boss, now)
    tasks.snooze(session, task, now + timedelta(days=1), "留守", boss, now)
    assert (task.due_at, task.owner_id) == (now + timedelta(days=1), boss.account_id)


def test_what_is_done_cannot_be_done_again(session: Session, now: datetime) -> None:
    boss = factories.actor(session, "coordinator")
    _open(session, now)
    [task] = session.scalars(tasks.within_reach(boss))
    tasks.close_tasks(session, SUBJECT, now)
    session.refresh(task)
    with pytest.raises(Conflict):
        tasks.finish(session, task, "called", boss, now)

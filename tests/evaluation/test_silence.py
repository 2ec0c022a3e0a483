"""Whatever waits has somebody responsible and a next day, or gets them without being asked."""

from datetime import date, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from matching.evaluation.invariants import count_violations
from matching.evaluation.silence import heal
from matching.kernel import tasks
from matching.needs.models import Need
from tests import factories

HOUR = timedelta(hours=1)


def violations(session: Session, now: datetime) -> dict[str, int]:
    return {each["code"]: each["violations"] for each in count_violations(session, now)}


def test_a_need_without_anybody_goes_to_the_branch_with_a_next_day(
    session: Session, now: datetime
) -> None:
    coordinator = factories.actor(session, "coordinator")
    branch = factories.actor(session, "branch_staff", area="ichinoseki")
    ours = factories.need(session, now, state="received")
    theirs = factories.need(session, now, state="received", area_code="daito")
    session.execute(Need.__table__.update().values(owner_id=None, next_action_on=None))
    assert violations(session, now + 2 * HOUR)["S1"] == 2
    assert heal(session, now) >= 2
    session.expire_all()
    assert (ours.owner_id, theirs.owner_id) == (branch.account_id, coordinator.account_id)
    assert ours.next_action_on == date(
        2026, 11, 26
    )  # three business days, for this Monday is a holiday
    assert violations(session, now + 2 * HOUR)["S1"] == 0
    assert heal(session, now) == 0


def test_who_applies_is_answered_within_three_business_days(
    session: Session, now: datetime
) -> None:
    boss = factories.actor(session, "coordinator")
    factories.volunteer(session, now, state="applicant")
    assert violations(session, now + 2 * HOUR)["S2"] == 1
    assert heal(session, now) == 1
    [task] = session.scalars(tasks.within_reach(boss)).all()
    assert (task.kind, task.due_at.date()) == ("registration", date(2026, 11, 26))
    assert violations(session, now + 2 * HOUR)["S2"] == 0


def test_a_referral_without_news_is_asked_about(session: Session, now: datetime) -> None:
    factories.actor(session, "coordinator")
    need = factories.need(session, now, state="referred")
    heal(session, now)
    week = now + timedelta(days=20)
    assert heal(session, week) == 1
    kinds = session.scalars(select(tasks.Task.kind).where(tasks.Task.subject_id == need.id)).all()
    assert kinds == ["referral_answer"]

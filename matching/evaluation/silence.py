"""Nobody waits in silence: whatever waits has somebody responsible and a next day, or gets them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from sqlalchemy import ColumnElement, exists, func, or_, select, update
from sqlalchemy.orm import InstrumentedAttribute, Session

from matching.activities.follow_models import FollowUp
from matching.activities.following import begin
from matching.activities.models import Activity
from matching.coordination.models import Placement
from matching.kernel import audit, tasks
from matching.kernel.actor import SYSTEM
from matching.kernel.clock import TOKYO, local_date
from matching.kernel.tasks import Task
from matching.needs.approval_models import NeedApproval
from matching.needs.approving import open_approval_task
from matching.needs.models import Need
from matching.needs.rules import PLANNED, answer_due_on
from matching.people.models import Account, Person, Role
from matching.places.calendar import CLOSES_AT, add_business_days
from matching.volunteers.models import Volunteer

WAITING = ("received", "triaging", "ready", "matching", "on_hold", "referred", "unmet")
NEXT: dict[str, str] = {
    "received": "見立てをする",
    "triaging": "見立てをする",
    "ready": "手伝う人を決める",
    "matching": "手伝う人を決める",
    "on_hold": "保留を見直す",
    "referred": "つないだ先の返事を確認する",
    "unmet": "もう一度さがすか、終わりにする",
}
APPLIED = ("applicant", "interviewed")
ANSWER_APPLICANT = 3  # business days
PATIENCE = timedelta(days=7)

# code, sentence, SQL that counts violations; what came in the last hour is still being healed,
# a sheet of that hour as well, whatever days its rows name
CHECKS: tuple[tuple[str, str, str], ...] = (
    (
        "S1",
        "every open need has somebody responsible and a next day, or a task",
        """
        SELECT count(*) FROM needs n
        WHERE n.state IN ('received', 'triaging', 'ready', 'matching', 'on_hold', 'referred',
                          'unmet')
          AND (n.owner_id IS NULL OR n.next_action_on IS NULL)
          AND n.received_at < :hour_ago
          AND NOT EXISTS (SELECT 1 FROM events e WHERE e.action = 'sheet_imported'
                          AND e.occurred_at > :hour_ago)
          AND EXISTS (SELECT 1 FROM roles r WHERE r.role IN
                      ('branch_staff', 'coordinator', 'center_manager'))
          AND NOT EXISTS (SELECT 1 FROM tasks t WHERE t.state = 'open'
                          AND t.subject_type = 'need' AND t.subject_id = n.id)
        """,
    ),
    (
        "S2",
        "every volunteer who applied waits for somebody",
        """
        SELECT count(*) FROM volunteers v
        WHERE v.state IN ('applicant', 'interviewed') AND v.created_at < :hour_ago
          AND NOT EXISTS (SELECT 1 FROM events e WHERE e.action = 'sheet_imported'
                          AND e.occurred_at > :hour_ago)
          AND NOT EXISTS (SELECT 1 FROM tasks t WHERE t.state = 'open'
                          AND t.kind = 'registration'
                          AND t.subject_type = 'volunteer' AND t.subject_id = v.id)
        """,
    ),
    (
        "S3",
        "every open concern is with somebody by name or on the worklist",
        """
        SELECT count(*) FROM concerns c
        WHERE c.state <> 'closed' AND c.raised_at < :hour_ago AND c.acknowledged_by_id IS NULL
          AND NOT EXISTS (SELECT 1 FROM tasks t WHERE t.state = 'open' AND t.kind = 'concern'
                          AND t.subject_type = 'concern' AND t.subject_id = c.id)
        """,
    ),
    (
        "S4",
        "every open accident, complaint and search for somebody not met has a task",
        """
        SELECT (SELECT count(*) FROM incidents c WHERE c.state <> 'closed' AND NOT EXISTS (
                  SELECT 1 FROM tasks t WHERE t.state = 'open' AND t.subject_type = 'incident'
                  AND t.subject_id = c.id))
             + (SELECT count(*) FROM complaints c WHERE c.state <> 'closed' AND NOT EXISTS (
                  SELECT 1 FROM tasks t WHERE t.state = 'open' AND t.subject_type = 'complaint'
                  AND t.subject_id = c.id))
             + (SELECT count(*) FROM absences c WHERE c.found IS NULL AND NOT EXISTS (
                  SELECT 1 FROM tasks t WHERE t.state = 'open' AND t.subject_type = 'absence'
                  AND t.subject_id = c.id))
        """,
    ),
    (
        "S5",
        "nobody is on a visit that is over and forgotten: told, asked for, or given up",
        """
        SELECT count(*) FROM placements p LEFT JOIN activities a ON a.placement_id = p.id
        WHERE p.state = 'confirmed' AND p.ends_at < :hour_ago - interval '31 days'
          AND p.ends_at > :hour_ago - interval '399 days'
          AND coalesce(a.state, 'confirmed') IN ('confirmed', 'checked_in', 'done', 'interrupted')
        """,
    ),
    (
        "S6",
        "who holds a place in a queue waits for a need that still goes on",
        """
        SELECT count(*) FROM proposals p JOIN needs n ON n.id = p.need_id
        WHERE p.state IN ('waitlisted', 'contacted')
          AND n.state IN ('closed', 'withdrawn', 'declined', 'duplicate', 'completed')
        """,
    ),
    (
        "S8",
        "what waits for a manager's approval is on the worklist",
        """
        SELECT count(*) FROM need_approvals a JOIN needs n ON n.id = a.need_id
        WHERE a.state = 'asked' AND a.asked_at < :hour_ago AND n.state IN ('ready', 'matching')
          AND NOT EXISTS (SELECT 1 FROM tasks t WHERE t.state = 'open' AND t.kind = 'approval'
                          AND t.subject_type = 'need' AND t.subject_id = n.id)
        """,
    ),
)


def heal(session: Session, now: datetime) -> int:
    """Give owners and next days where they lack, and open missing tasks; returns how many."""
    count = _give_owners(session, now) + _give_days(session, now)
    count += _ask_for_applicants(session, now) + _ask_again(session, now)
    count += _plan_first_calls(session) + _ask_for_approvals(session, now)
    return count


def _give_owners(session: Session, now: datetime) -> int:
    """A need without anybody goes to who is responsible for its area; without staff, to nobody."""
    today, count = local_date(now), 0
    bare = select(Need.area_code).where(Need.state.in_(WAITING), Need.owner_id.is_(None)).distinct()
    for area in session.scalars(bare).all():
        owner = _responsible_for(session, area, today)
        if owner is None:
            continue
        here = Need.area_code == area if area is not None else Need.area_code.is_(None)
        changed = session.execute(
            update(Need)
            .where(Need.state.in_(WAITING), Need.owner_id.is_(None), here)
            .values(owner_id=owner, version=Need.version + 1)
            .execution_options(synchronize_session=False)
        )
        given = int(changed.rowcount)  # type: ignore[attr-defined]
        audit.record(session, SYSTEM, now, "owners_given", "need", None, owner=owner, count=given)
        count += given
    return count


def _responsible_for(session: Session, area: str | None, today: date) -> int | None:
    """The branch's own staff first, then coordinators, then managers; the longest there of them."""
    ranks = {"branch_staff": 0, "coordinator": 1, "center_manager": 2}
    rows = session.execute(
        select(Role.role, Account.id)
        .join(Account, Account.id == Role.account_id)
        .where(Role.role.in_(ranks), Account.disabled_at.is_(None))
        .where(or_(Role.area_code.is_(None), Role.area_code == area))
        .where(Role.starts_on <= today, or_(Role.ends_on.is_(None), Role.ends_on >= today))
    ).all()
    found = sorted((ranks[role], account_id) for role, account_id in rows)
    return found[0][1] if found else None


def _give_days(session: Session, now: datetime) -> int:
    """An open need without a next day gets the day by which its urgency wants one."""
    today = local_date(now)
    rows = session.execute(
        select(Need.id, Need.state, Need.urgency)
        .where(Need.state.in_(WAITING), Need.next_action_on.is_(None))
        .order_by(Need.id)
    ).all()
    for need_id, state, urgency in rows:
        session.execute(
            update(Need)
            .where(Need.id == need_id)
            .values(
                next_action_on=answer_due_on(urgency, today),
                next_action=func.coalesce(Need.next_action, NEXT[state]),
                version=Need.version + 1,
            )
            .execution_options(synchronize_session=False)
        )
    if rows:
        audit.record(session, SYSTEM, now, "next_days_given", "need", None, count=len(rows))
    return len(rows)


def _ask_for_applicants(session: Session, now: datetime) -> int:
    """Somebody who applied is answered within three business days."""
    found = session.execute(
        select(Volunteer.id, Volunteer.created_at, Person.area_code)
        .join(Person, Person.id == Volunteer.person_id)
        .where(Volunteer.state.in_(APPLIED), ~_has_task("volunteer", Volunteer.id, "registration"))
        .order_by(Volunteer.id)
    ).all()
    return sum(
        tasks.open_task(
            session,
            "registration",
            ("volunteer", volunteer_id),
            _closing_time(add_business_days(local_date(created_at), ANSWER_APPLICANT)),
            now,
            area_code=area,
        )
        for volunteer_id, created_at, area in found
    )


def _ask_again(session: Session, now: datetime) -> int:
    """A need whose next day passed a week ago is asked about; a referred one, for its answer."""
    late = local_date(now) - PATIENCE
    count = 0
    for state, kind in (("referred", "referral_answer"), ("on_hold", "placement_review")):
        found = session.execute(
            select(Need.id, Need.area_code, Need.owner_id)
            .where(Need.state == state, Need.next_action_on < late)
            .where(~_has_task("need", Need.id, kind))
            .order_by(Need.id)
        ).all()
        count += sum(
            tasks.open_task(
                session, kind, ("need", need_id), now, now, area_code=area, owner_id=owner
            )
            for need_id, area, owner in found
        )
    return count


def _plan_first_calls(session: Session) -> int:
    """A pair that has met and has no call planned gets its first one."""
    met = (
        select(Placement)
        .join(Activity, Activity.placement_id == Placement.id)
        .join(Need, Need.id == Placement.need_id)
        .where(Activity.state.in_(("reported", "verified")), Need.state != "closed")
        .where(
            ~exists().where(
                FollowUp.need_id == Placement.need_id,
                FollowUp.volunteer_id == Placement.volunteer_id,
            )
        )
        .order_by(Placement.starts_at)
        .limit(500)
    )
    found: Sequence[Placement] = session.scalars(met).all()
    for placement in found:
        begin(session, placement)
    return len(found)


def _ask_for_approvals(session: Session, now: datetime) -> int:
    """What a manager has to approve stays on the worklist until they have."""
    waiting = session.scalars(
        select(Need)
        .join(NeedApproval, NeedApproval.need_id == Need.id)
        .where(NeedApproval.state == "asked", Need.state.in_(PLANNED))
        .where(~_has_task("need", Need.id, "approval"))
    ).all()
    return sum(open_approval_task(session, need, now) for need in waiting)


def _has_task(subject: str, number: InstrumentedAttribute[int], kind: str) -> ColumnElement[bool]:
    return exists().where(
        Task.state == "open",
        Task.kind == kind,
        Task.subject_type == subject,
        Task.subject_id == number,
    )


def _closing_time(day: date) -> datetime:
    return datetime.combine(day, CLOSES_AT, TOKYO)

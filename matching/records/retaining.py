"""Retention: what has served its purpose goes by itself, with a dry run that tells first."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import ColumnElement, Select, delete, exists, func, or_, select, update
from sqlalchemy.orm import InstrumentedAttribute, Session

from config import Retention
from matching.activities.group_models import GroupMember, GroupVisit
from matching.coordination.models import Placement
from matching.evacuation.holding import purge_due
from matching.kernel import audit
from matching.kernel.actor import Actor
from matching.kernel.outbox import OutboxJob
from matching.kernel.replies import Reply
from matching.needs.models import Need, NeedNote
from matching.needs.sheet import NeedSheet
from matching.people.legal_holds import LegalHold
from matching.people.models import Account, Person, WelfareCommissioner
from matching.records.erasing import (
    ERASED,
    blank_need,
    erase,
    hindrances,
    remove_notes,
    write_ledger,
)
from matching.volunteers.models import Volunteer

ENDED = ("completed", "closed", "referred", "declined", "withdrawn", "unmet", "duplicate")
AT_ONCE = 200
Due = Callable[[Session, datetime], Sequence[int]]


def due(session: Session, periods: Retention, now: datetime) -> dict[str, list[int]]:
    """Return by kind the numbers of what has been kept long enough; a period of 0 keeps for ever.

    `details` are needs, `group_names` lists of groups, `persons` people, `jobs` done jobs; the rest
    are forms' replies.
    """
    found = {
        "details": _needs_with_details(periods.details_days, now),
        "group_names": _named_lists(periods.details_days, now),
        "persons": _persons(periods, now),
        "jobs": _done_jobs(periods.jobs_days, now),
    }
    return {
        kind: list(session.scalars(query)) if query is not None else []
        for kind, query in found.items()
    }


def retain(
    session: Session, periods: Retention, data_dir: Path, actor: Actor, now: datetime
) -> dict[str, int]:
    """Let go of a part of what is due, oldest first; returns what went. Repeat until nothing did.

    Whom something open or held keeps is passed over, and looked at again another day.
    """
    found = due(session, periods, now)
    counts = {
        "details": _shred_details(session, found["details"][:AT_ONCE]),
        "group_names": _forget_names(session, found["group_names"][:AT_ONCE]),
        "persons": _erase_some(session, found["persons"], data_dir, actor, now),
        "evacuation": purge_due(session, now),
        "jobs": _delete(session, delete(OutboxJob).where(OutboxJob.id.in_(found["jobs"]))),
        "replies": _forget_replies(session, periods.jobs_days, now),
    }
    if any(counts.values()):
        audit.record(session, actor, now, "retained", "database", None, **counts)
    return counts


def _before(days: int, now: datetime) -> datetime:
    return now - timedelta(days=days)


def _ended_before(days: int, now: datetime) -> ColumnElement[bool]:
    """Needs that ended, by whatever is known of it, before the period began."""
    last_visit = (
        select(func.max(Placement.ends_at)).where(Placement.need_id == Need.id).scalar_subquery()
    )
    known = func.greatest(Need.received_at, Need.closed_at, last_visit, Need.end_on, Need.start_on)
    return Need.state.in_(ENDED) & (known < _before(days, now))


def _unheld(person_id: InstrumentedAttribute[int]) -> ColumnElement[bool]:
    return ~exists().where(LegalHold.person_id == person_id, LegalHold.ended_at.is_(None))


def _needs_with_details(days: int, now: datetime) -> Select[int] | None:
    if not days:
        return None
    notes = exists().where(NeedNote.need_id == Need.id)
    told = or_(
        notes,
        exists().where(NeedSheet.need_id == Need.id),
        Need.proxy_name.is_not(None),
        *(
            getattr(Need, f"{name}_token").is_not(None)
            for name in ("address", "note", "proxy_phone")
        ),
    )
    return (
        select(Need.id)
        .where(_ended_before(days, now), told, _unheld(Need.requester_id))
        .order_by(Need.id)
    )


def _named_lists(days: int, now: datetime) -> Select[int] | None:
    """Lists of groups whose visit is long over: how many came stays, who they were goes."""
    if not days:
        return None
    named = exists().where(GroupMember.group_visit_id == GroupVisit.id, GroupMember.name != ERASED)
    return (
        select(GroupVisit.id)
        .join(Placement, Placement.id == GroupVisit.placement_id)
        .join(Need, Need.id == Placement.need_id)
        .where(Placement.ends_at < _before(days, now), named, _unheld(Need.requester_id))
        .order_by(GroupVisit.id)
    )


def _persons(periods: Retention, now: datetime) -> Select[int] | None:
    """People of whom nothing is left that anybody needs: no help asked or given for long."""
    if not (periods.names_days and periods.volunteers_days):
        return None
    asked = exists().where(Need.requester_id == Person.id, ~_ended_before(periods.names_days, now))
    long_ago = _before(periods.volunteers_days, now)
    last = func.greatest(Volunteer.last_active_on, Volunteer.registered_on, Volunteer.created_at)
    gone = Volunteer.state.in_(("withdrawn", "applicant", "paused"))
    helps = exists().where(Volunteer.person_id == Person.id, ~(gone & (last < long_ago)))
    account = exists().where(Account.person_id == Person.id, Account.disabled_at.is_(None))
    duty = exists().where(WelfareCommissioner.person_id == Person.id)
    return (
        select(Person.id)
        .where(Person.name != ERASED, Person.created_at < _before(periods.names_days, now))
        .where(~asked, ~helps, ~account, ~duty, _unheld(Person.id))
        .order_by(Person.id)
    )


def _done_jobs(days: int, now: datetime) -> Select[int] | None:
    if not days:
        return None
    return select(OutboxJob.id).where(
        OutboxJob.state == "done", OutboxJob.done_at < _before(days, now)
    )


def _shred_details(session: Session, numbers: Sequence[int]) -> int:
    needs = session.scalars(select(Need).where(Need.id.in_(numbers)).with_for_update()).all()
    for need in needs:
        blank_need(need)
    remove_notes(session, numbers)
    return len(needs)


def _forget_names(session: Session, numbers: Sequence[int]) -> int:
    session.execute(
        update(GroupMember)
        .where(GroupMember.group_visit_id.in_(numbers))
        .values(name=ERASED, enrolled_on=None)
    )
    return len(numbers)


def _erase_some(
    session: Session, numbers: Sequence[int], data_dir: Path, actor: Actor, now: datetime
) -> int:
    count = 0
    for number in numbers:
        person = session.get_one(Person, number)
        if not hindrances(session, person, now):
            erase(session, person, actor, now)
            write_ledger(data_dir, number, now)
            count += 1
        if count == AT_ONCE:
            break
    return count


def _forget_replies(session: Session, days: int, now: datetime) -> int:
    if not days:
        return 0
    return _delete(session, delete(Reply).where(Reply.created_at < _before(days, now)))


def _delete(session: Session, statement: object) -> int:
    return int(session.execute(statement).rowcount)  # type: ignore[call-overload]

"""Dealing with what went wrong: step by step, each by name, with words and a next deadline."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, contains_eager

from matching.activities.case_models import Complaint, Incident
from matching.activities.case_rules import (
    COMPLAINT_DAYS,
    COMPLAINT_KINDS,
    COMPLAINT_STEPS,
    INCIDENT_DAYS,
    INCIDENT_KINDS,
    INCIDENT_STEPS,
    SEVERITIES,
    TOLD,
    insurer_must_hear,
    next_step_due_at,
)
from matching.coordination.models import Placement
from matching.kernel import audit, tasks, transitions
from matching.kernel.actor import Actor
from matching.kernel.errors import Conflict, Invalid, NotFound
from matching.needs.models import Need
from matching.needs.noting import note_down
from matching.needs.queries import get_need, known_to

STALE = "この記録は、もう先に進んでいます。画面を開き直してたしかめてください。"
NO_WORDS = "何があったか、何をしたかを入力してください。"
NO_KIND = "どんなことかを選んでください。"
NO_SEVERITY = "程度を選んでください。"
INSURER_FIRST = "保険の窓口に知らせてから、終わりにしてください。"

Case = Incident | Complaint


@dataclass(frozen=True)
class Book:
    """How one sort of case goes: its table, its steps and its days."""

    model: Any  # the class of the table
    steps: Mapping[str, frozenset[str]]
    days: Mapping[str, int]


BOOKS: Mapping[str, Book] = {
    "incident": Book(Incident, INCIDENT_STEPS, INCIDENT_DAYS),
    "complaint": Book(Complaint, COMPLAINT_STEPS, COMPLAINT_DAYS),
}


@dataclass(frozen=True)
class Step:
    """What somebody did next: the state it leads to, and what was done in words."""

    after: str
    said: str
    severity: str | None = None


def open_incident(
    session: Session, placement: Placement, kind: str, actor: Actor, now: datetime
) -> Incident | None:
    """Open an incident of a visit, to be looked at the same business day (BR-26).

    One that is open for the visit and kind already stays as it is; then there is none to return.
    """
    if kind not in INCIDENT_KINDS:
        raise Invalid(NO_KIND, field="kind")
    known = select(Incident.id).where(
        Incident.placement_id == placement.id, Incident.kind == kind, Incident.state != "closed"
    )
    if session.scalar(known):
        return None
    row = Incident(
        placement_id=placement.id,
        need_id=placement.need_id,
        kind=kind,
        state="reported",
        opened_at=now,
        opened_by_id=actor.account_id,
        owner_id=session.get_one(Need, placement.need_id).owner_id,
        due_at=next_step_due_at(INCIDENT_DAYS, "reported", now),
    )
    session.add(row)
    session.flush()
    _ask(session, "incident", row, now)
    audit.record(session, actor, now, "incident_opened", "incident", row.id, kind=kind)
    return row


def open_complaint(
    session: Session, reference: str, kind: str, said: str, actor: Actor, now: datetime
) -> Complaint:
    """Take a complaint down; whoever types it is responsible until it is handed on."""
    if kind not in COMPLAINT_KINDS:
        raise Invalid(NO_KIND, field="kind")
    need = get_need(session, reference, actor)
    _write(session, need.id, said, actor, now)
    row = Complaint(
        need_id=need.id,
        kind=kind,
        state="received",
        opened_at=now,
        opened_by_id=actor.account_id,
        owner_id=actor.account_id,
        due_at=next_step_due_at(COMPLAINT_DAYS, "received", now),
    )
    session.add(row)
    session.flush()
    _ask(session, "complaint", row, now)
    audit.record(session, actor, now, "complaint_opened", "complaint", row.id, kind=kind)
    return row


def advance(
    session: Session, sort: str, case_id: int, step: Step, actor: Actor, now: datetime
) -> Case:
    """Take the next step of a case, by name and in words; its next deadline follows from it."""
    book, row = BOOKS[sort], get_case(session, sort, case_id, actor)
    _check(row, step)
    graded = isinstance(row, Incident) and step.severity
    columns = {"severity": step.severity} if graded else {}
    _write(session, row.need_id, step.said, actor, now)
    transitions.move(
        session,
        row,
        book.steps,
        step.after,
        STALE,
        owner_id=actor.account_id,
        due_at=next_step_due_at(book.days, step.after, now),
        closed_at=now if step.after == "closed" else None,
        **columns,
    )
    tasks.close_tasks(session, (sort, row.id), now)
    if step.after != "closed":
        _ask(session, sort, row, now)
    audit.record(session, actor, now, f"{sort}_advanced", sort, row.id, state=step.after)
    return row


def tell(session: Session, case_id: int, whom: str, actor: Actor, now: datetime) -> None:
    """Write down that somebody has been told of an incident; the first time counts."""
    if whom not in TOLD:
        raise Invalid("だれに知らせたかを選んでください。", field="whom")
    row = get_case(session, "incident", case_id, actor)
    if getattr(row, f"{whom}_told_at") is None:
        setattr(row, f"{whom}_told_at", now)
        row.version += 1
        audit.record(session, actor, now, "incident_told", "incident", row.id, whom=whom)


def _check(row: Case, step: Step) -> None:
    if not isinstance(row, Incident):
        return
    severity = step.severity or row.severity
    if severity is None or severity not in SEVERITIES:
        raise Invalid(NO_SEVERITY, field="severity")
    unsaid = insurer_must_hear(row.kind, severity) and row.insurer_told_at is None
    if step.after == "closed" and unsaid:
        raise Conflict(INSURER_FIRST, code="insurer")


def _write(session: Session, need_id: int, said: str, actor: Actor, now: datetime) -> None:
    if not said.strip():
        raise Invalid(NO_WORDS, field="said")
    note_down(session, need_id, "note", said, actor, now)


def _ask(session: Session, sort: str, row: Case, now: datetime) -> None:
    area = session.scalar(select(Need.area_code).where(Need.id == row.need_id))
    tasks.open_task(
        session,
        sort,
        (sort, row.id),
        row.due_at or now,
        now,
        area_code=area,
        owner_id=row.owner_id,
    )


def get_case(session: Session, sort: str, case_id: int, actor: Actor) -> Case:
    """Return a case with its need; raises NotFound, also out of reach."""
    model = BOOKS[sort].model
    row: Case | None = session.scalar(
        select(model)
        .join(Need, Need.id == model.need_id)
        .where(model.id == case_id, known_to(actor))
        .options(contains_eager(model.need).joinedload(Need.requester))
        .with_for_update(of=model)
        .execution_options(populate_existing=True)
    )
    if row is None:
        raise NotFound
    return row


def list_cases(session: Session, sort: str, actor: Actor) -> Sequence[Case]:
    """Return the cases within reach: open ones by deadline, then those closed last."""
    model = BOOKS[sort].model
    found = (
        select(model)
        .join(Need, Need.id == model.need_id)
        .where(known_to(actor))
        .options(contains_eager(model.need).joinedload(Need.requester))
        .order_by(model.due_at.asc().nulls_last(), model.id.desc())
        .limit(200)
    )
    rows: Sequence[Case] = session.scalars(found).all()
    return rows

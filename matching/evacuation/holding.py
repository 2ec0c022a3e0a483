"""Holding the city's list: only in a disaster, only for a time, only for who is named (BR-33)."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import Select, delete, select
from sqlalchemy.orm import Session

from matching.evacuation.models import (
    EvacuationLine,
    EvacuationList,
    EvacuationRead,
    EvacuationReader,
)
from matching.evacuation.rules import (
    BASES,
    MOST_DAYS,
    MOST_LETTERS,
    MOST_LINES,
    PURPOSES,
    SHOWN,
    lines_of,
)
from matching.kernel import audit
from matching.kernel.actor import SYSTEM, Actor
from matching.kernel.errors import Conflict, Invalid, NotFound
from matching.noticeboard.switching import mode_of, newest

DISASTER = "disaster"
NOT_NOW = "名簿の写しをあずかれるのは、災害の体制のあいだだけです。"
NO_NAME = "名前と、渡した課の名前を、100文字までで入力してください。"
NO_BASIS = "どの根拠で渡されたかを選んでください。"
NO_DAYS = "あずかる日数は、1日から30日までで入力してください。"
NO_LINES = "名簿の中身を、1人1行、2,000行までで入力してください（1行は1,000文字まで）。"
NO_PURPOSE = "何のために見るかを選んでください。"


@dataclass(frozen=True)
class Copy:
    """A copy as it is handed over; its text never leaves the form and the sealed rows."""

    title: str
    handed_by: str
    basis: str
    days: int
    text: str = field(repr=False)
    readers: Collection[int] = ()


def take_in(session: Session, copy: Copy, actor: Actor, now: datetime) -> EvacuationList:
    """Take a copy in for at most thirty days; who takes it in may read it, and those named."""
    if mode_of(newest(session)) != DISASTER:
        raise Conflict(NOT_NOW, code="state")
    lines = _checked(copy)
    if actor.account_id is None:
        raise NotFound
    row = EvacuationList(
        title=copy.title.strip(),
        handed_by=copy.handed_by.strip(),
        basis=copy.basis,
        count=len(lines),
        digest=hashlib.sha256("\n".join(lines).encode()).hexdigest(),
        received_at=now,
        received_by_id=actor.account_id,
        expires_at=now + timedelta(days=copy.days),
    )
    session.add(row)
    session.flush()
    for number in sorted({actor.account_id, *copy.readers}):
        session.add(EvacuationReader(list_id=row.id, account_id=number))
    for line in lines:
        session.add(EvacuationLine(list_id=row.id, body=line))
    audit.record(
        session, actor, now, "evacuation_taken_in", "evacuation_list", row.id,
        count=row.count, basis=row.basis, days=copy.days,
    )  # fmt: skip
    return row


def _checked(copy: Copy) -> list[str]:
    if not all(1 <= len(each.strip()) <= 100 for each in (copy.title, copy.handed_by)):
        raise Invalid(NO_NAME, field="title")
    if copy.basis not in BASES:
        raise Invalid(NO_BASIS, field="basis")
    if not 1 <= copy.days <= MOST_DAYS:
        raise Invalid(NO_DAYS, field="days")
    lines = lines_of(copy.text)
    if not 1 <= len(lines) <= MOST_LINES or max(map(len, lines)) > MOST_LETTERS:
        raise Invalid(NO_LINES, field="text")
    return lines


def read(
    session: Session, list_id: int, purpose: str, words: str, actor: Actor, now: datetime
) -> list[str]:
    """Return the lines with some words, at most two hundred; each look is written down (BR-34).

    Only while the disaster lasts, before the copy's time is over, and for who is named.
    """
    row = get_list(session, list_id, actor)
    if purpose not in PURPOSES:
        raise Invalid(NO_PURPOSE, field="purpose")
    if not is_open(session, row, now):
        raise Conflict(NOT_NOW, code="state")
    rows = session.scalars(
        select(EvacuationLine).where(EvacuationLine.list_id == row.id).order_by(EvacuationLine.id)
    )
    wanted = words.split()
    bodies = (each.body for each in rows)
    found = [body for body in bodies if all(word in body for word in wanted)][:SHOWN]
    seen = EvacuationRead(
        list_id=row.id, read_at=now, read_by_id=actor.account_id, purpose=purpose, shown=len(found)
    )
    session.add(seen)
    audit.record(
        session, actor, now, "evacuation_read", "evacuation_list", row.id,
        purpose=purpose, shown=len(found),
    )  # fmt: skip
    return found


def get_list(session: Session, list_id: int, actor: Actor) -> EvacuationList:
    """Return a copy for who is named on it; for everybody else it is not there."""
    found = session.scalar(_own(actor).where(EvacuationList.id == list_id))
    if found is None:
        raise NotFound
    return found


def lists_of(session: Session, actor: Actor) -> Sequence[EvacuationList]:
    """Return the copies an actor is named on, newest first, those that are gone too."""
    return session.scalars(_own(actor).order_by(EvacuationList.id.desc())).all()


def _own(actor: Actor) -> Select[EvacuationList]:
    own = select(EvacuationReader.list_id).where(EvacuationReader.account_id == actor.account_id)
    return select(EvacuationList).where(EvacuationList.id.in_(own))


def reads_of(session: Session, list_id: int) -> Sequence[EvacuationRead]:
    """Return every look at a copy, the first one first."""
    looked = select(EvacuationRead).where(EvacuationRead.list_id == list_id)
    return session.scalars(looked.order_by(EvacuationRead.id)).all()


def purge(session: Session, list_id: int, actor: Actor, now: datetime) -> EvacuationList:
    """Destroy a copy that has done its work; what stays is the certificate."""
    row = get_list(session, list_id, actor)
    if row.purged_at is None:
        _destroy(session, row, "closed", actor, now)
    return row


def purge_due(session: Session, now: datetime) -> int:
    """Destroy the copies whose time, or whose disaster, is over; returns how many."""
    rows = session.scalars(
        select(EvacuationList).where(EvacuationList.purged_at.is_(None)).with_for_update()
    ).all()
    over = [(row, ending) for row in rows if (ending := _ending(session, row, now))]
    for row, ending in over:
        _destroy(session, row, ending, SYSTEM, now)
    return len(over)


def is_open(session: Session, row: EvacuationList, now: datetime) -> bool:
    """Whether a copy may be read: it is there, its time runs, and so does the disaster."""
    return row.purged_at is None and _ending(session, row, now) is None


def _ending(session: Session, row: EvacuationList, now: datetime) -> str | None:
    if row.expires_at <= now:
        return "expired"
    return None if mode_of(newest(session)) == DISASTER else "over"


def _destroy(
    session: Session, row: EvacuationList, ending: str, actor: Actor, now: datetime
) -> None:
    session.execute(delete(EvacuationLine).where(EvacuationLine.list_id == row.id))
    row.purged_at, row.purged_by_id, row.ending = now, actor.account_id, ending
    audit.record(
        session, actor, now, "evacuation_purged", "evacuation_list", row.id,
        count=row.count, ending=ending,
    )  # fmt: skip

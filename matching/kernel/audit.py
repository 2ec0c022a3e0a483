"""The audit trail: who did what to which row and when; ids only, append only, chained."""

from __future__ import annotations

import hashlib
import itertools
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, NamedTuple

from sqlalchemy import CheckConstraint, ColumnElement, Index, event, select, text, update
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, Session, SessionTransaction, mapped_column

from matching.kernel.actor import Actor
from matching.kernel.clock import instant
from matching.kernel.database import Base, Identified


class Event(Identified, Base):
    """One thing that happened; the database refuses to change or remove it.

    `place` numbers the events in the order of their commits, and `digest` covers an event and
    the digest before it: who changes, removes or inserts a row breaks the chain from there on.
    """

    __tablename__ = "events"
    occurred_at: Mapped[datetime]
    actor_id: Mapped[int | None]
    actor_role: Mapped[str | None]
    action: Mapped[str]
    subject_type: Mapped[str]
    subject_id: Mapped[int | None]
    details: Mapped[dict[str, Any]] = mapped_column(JSONB, default=dict)
    place: Mapped[int | None] = mapped_column(unique=True)
    digest: Mapped[str | None]
    __table_args__ = (
        CheckConstraint("(place IS NULL) = (digest IS NULL)", name="chained"),
        Index("ix_events_subject", "subject_type", "subject_id", "id"),
        Index("ix_events_occurred_at", "occurred_at"),
    )


class AuditHead(Base):
    """The end of the chain: one row, held by who appends until the commit."""

    __tablename__ = "audit_head"
    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    place: Mapped[int]
    digest: Mapped[str]
    __table_args__ = (CheckConstraint("id = 1", name="one_row"),)


class Link(NamedTuple):
    """Where a chain stands: the number of its last event and that one's digest."""

    place: int
    digest: str

    @property
    def written(self) -> str:
        """The anchor that people keep on paper, to tell later whether the past is the same."""
        return f"{self.place}:{self.digest}"


START = Link(0, "0" * 64)
COLUMNS = ("occurred_at", "actor_id", "actor_role", "action", "subject_type", "subject_id",
           "details")  # fmt: skip


def follow(link: Link, told: Mapping[str, Any]) -> Link:
    """Return the link of an event (its columns by name) that comes after another."""
    facts = {name: told[name] for name in COLUMNS}
    facts["occurred_at"] = facts["occurred_at"].astimezone(UTC).isoformat()
    written = json.dumps(
        [link.place + 1, link.digest, facts],
        ensure_ascii=False,
        sort_keys=True,
        separators=(",", ":"),
    )
    return Link(link.place + 1, hashlib.sha256(written.encode()).hexdigest())


@event.listens_for(Session, "after_flush")
def _note_new(session: Session, _context: Any) -> None:
    fresh = [row for row in session.new if isinstance(row, Event)]
    if fresh:
        session.info.setdefault("unchained", []).extend(row.id for row in fresh)


@event.listens_for(Session, "after_soft_rollback")
def _forget_new(session: Session, undone: SessionTransaction) -> None:
    """What only a savepoint undid is not found any more when the rest is chained."""
    if not undone.nested:
        session.info.pop("unchained", None)


@event.listens_for(Session, "before_commit")
def _chain(session: Session) -> None:
    """Append the events of this transaction to the chain, as the last thing before the commit.

    The head is held last of all rows, so that use cases that write events early never wait for
    each other crosswise.
    """
    if session.in_nested_transaction():
        return
    session.flush()
    numbers = session.info.pop("unchained", [])
    if numbers:
        chain(session, numbers)


def chain(session: Session, numbers: Iterable[int]) -> None:
    """Give events their places at the end of the chain, in the order of their numbers."""
    head = session.execute(
        select(AuditHead.place, AuditHead.digest).where(AuditHead.id == 1).with_for_update()
    ).one()
    link = Link(*head)
    waiting = select(Event.__table__).where(Event.id.in_(list(numbers)), Event.place.is_(None))
    for row in session.connection().execute(waiting.order_by(Event.id)).mappings().all():
        link = follow(link, dict(row))
        session.execute(
            text("UPDATE events SET place = :place, digest = :digest WHERE id = :id"),
            {"place": link.place, "digest": link.digest, "id": row["id"]},
        )
    session.execute(
        update(AuditHead).where(AuditHead.id == 1).values(place=link.place, digest=link.digest)
    )


def record(
    session: Session,
    actor: Actor,
    now: datetime,
    action: str,
    subject_type: str,
    subject_id: int | None,
    **details: Any,
) -> None:
    """Write one event in the transaction of the change; `details` hold ids, codes and counts."""
    session.add(
        Event(
            occurred_at=now,
            actor_id=actor.account_id,
            actor_role=actor.role,
            action=action,
            subject_type=subject_type,
            subject_id=subject_id,
            details=details,
        )
    )


@dataclass(frozen=True)
class Wanted:
    """Which events somebody looks for; what is None or empty does not matter."""

    actor_id: int | None = None
    action: str = ""
    subject_type: str = ""
    subject_id: int | None = None
    start: datetime | None = None
    end: datetime | None = None

    def conditions(self) -> list[ColumnElement[bool]]:
        """What an event must fulfil."""
        same = ("actor_id", "action", "subject_type", "subject_id")
        told = {name: value for name in same if (value := getattr(self, name)) not in (None, "")}
        found = [getattr(Event, name) == value for name, value in told.items()]
        if self.start is not None:
            found.append(Event.occurred_at >= self.start)
        if self.end is not None:
            found.append(Event.occurred_at < self.end)
        return found


EVERYTHING = Wanted()


def list_events(
    session: Session, *, before: int | None, limit: int, wanted: Wanted = EVERYTHING
) -> Sequence[Event]:
    """Return events, newest first, from below an id on."""
    found = select(Event).where(*wanted.conditions()).order_by(Event.id.desc()).limit(limit)
    return session.scalars(found.where(Event.id < before) if before else found).all()


def kinds(session: Session) -> tuple[Sequence[str], Sequence[str]]:
    """Return the actions and the types of subjects that occur, by name."""
    actions = session.scalars(select(Event.action).distinct().order_by(Event.action)).all()
    types = session.scalars(select(Event.subject_type).distinct().order_by(Event.subject_type))
    return actions, types.all()


def head(session: Session) -> Link:
    """Return the end of the chain."""
    return Link(*session.execute(select(AuditHead.place, AuditHead.digest)).one())


class Verdict(NamedTuple):
    """What a look at the whole chain found; `broken_at` is the place of the first bad event."""

    events: int
    head: str
    broken_at: int | None
    reason: str


def verify(session: Session, anchor: Link | None = None) -> Verdict:
    """Follow the chain from its start and compare its end with the head that is kept.

    An `anchor` kept elsewhere shows whether even a chain that fits itself was written anew.
    """
    link, count = START, 0
    found = select(Event.__table__).order_by(Event.place.nulls_last(), Event.id)
    with session.connection().execute(found.execution_options(yield_per=5000)) as rows:
        for row in rows.mappings():
            count += 1
            expected = follow(link, dict(row))
            wrong = _wrong(row["place"], row["digest"], expected)
            if not wrong and anchor and expected.place == anchor.place and expected != anchor:
                wrong = "the chain is not the one of the anchor"
            if wrong:
                return Verdict(count, link.digest, expected.place, wrong)
            link = expected
    if head(session) != link or (anchor and link.place < anchor.place):
        return Verdict(count, link.digest, link.place + 1, "the end of the chain is missing")
    return Verdict(count, link.digest, None, "")


def tail_trouble(session: Session, most: int) -> str:
    """Follow the last events only, from the newest back; returns what is wrong, or ""."""
    newest = select(Event.__table__).where(Event.place.is_not(None)).order_by(Event.place.desc())
    rows = session.connection().execute(newest.limit(most + 1)).mappings().all()
    end = Link(rows[0]["place"], rows[0]["digest"]) if rows else START
    if head(session) != end:
        return "the end of the chain is missing"
    for before, row in itertools.pairwise(reversed(rows)):
        expected = follow(Link(before["place"], before["digest"]), dict(row))
        if wrong := _wrong(row["place"], row["digest"], expected):
            return f"{wrong} at place {expected.place}"
    return ""


def _wrong(place: int | None, digest: str | None, expected: Link) -> str:
    if place is None:
        return "an event is outside the chain"
    if place != expected.place:
        return "an event is missing"
    return "an event was changed" if digest != expected.digest else ""


def list_between(
    session: Session, first_on: datetime | None, last_on: datetime | None
) -> Sequence[Event]:
    """Return the events of some local days, in the order of the chain."""
    found = select(Event).order_by(Event.place.nulls_last(), Event.id)
    if first_on is not None:
        found = found.where(Event.occurred_at >= instant(first_on.date(), 0))
    if last_on is not None:
        found = found.where(Event.occurred_at < instant(last_on.date(), 24 * 60))
    return session.scalars(found).all()


def as_told(row: Event) -> dict[str, Any]:
    """Return an event as it is written into an export."""
    told = {name: getattr(row, name) for name in ("place", *COLUMNS, "digest")}
    return told | {"occurred_at": row.occurred_at.isoformat()}

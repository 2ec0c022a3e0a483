"""Taking a sheet into the service: one transaction, every row added, changed, kept or refused."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Protocol

import psycopg
from sqlalchemy import exc, text
from sqlalchemy.orm import Session

from matching.interchange.reading import SheetReading
from matching.interchange.sheets import SheetKind
from matching.interchange.storing.commissioners import CommissionerStore
from matching.interchange.storing.groups import GroupStore
from matching.interchange.storing.needs import NeedStore
from matching.interchange.storing.proposals import ProposalStore
from matching.interchange.storing.tally import Entry, Tally
from matching.interchange.storing.volunteers import VolunteerStore
from matching.kernel import audit, outbox
from matching.kernel.actor import Actor
from matching.kernel.errors import Invalid

Progress = Callable[[int, int], None]
"""Told now and then: rows decided, rows in all."""

# What the tables do not take; rows are copied past the layer that wraps the driver's own errors.
_NOT_TAKEN = (exc.IntegrityError, exc.DataError, psycopg.IntegrityError, psycopg.DataError)
_ROWS_BETWEEN_NEWS = 1000
_LOCK = 7_013_001  # one import at a time; the number has no other meaning


class Store(Protocol):
    """What takes the rows of one kind of sheet."""

    def __init__(self, session: Session, actor: Actor, now: datetime, tally: Tally) -> None: ...

    def load(self, entries: Sequence[Entry]) -> None:
        """Read all that the rows may mean."""

    def take(self, entry: Entry) -> None:
        """Decide what becomes of one row."""

    def write(self) -> None:
        """Write what was decided."""


_STORES: dict[SheetKind, type[Store]] = {
    "volunteers": VolunteerStore,
    "needs": NeedStore,
    "groups": GroupStore,
    "commissioners": CommissionerStore,
    "proposals": ProposalStore,
}
_SUBJECTS: dict[SheetKind, str] = {
    "volunteers": "volunteer",
    "needs": "need",
    "groups": "volunteer_group",
    "commissioners": "commissioner",
    "proposals": "proposal",
}
_CHANGES_THE_PLAN = ("volunteers", "needs")


def import_reading(
    session: Session,
    reading: SheetReading,
    actor: Actor,
    now: datetime,
    *,
    progress: Progress | None = None,
) -> Tally:
    """Take what a file said; its refused rows are counted with those refused here."""
    entries = list(map(Entry, reading.lines, reading.records))
    tally = _import(session, reading.kind, entries, actor, now, progress)
    tally.refused = sorted([*tally.refused, *reading.refused])
    tally.problems = sorted([*reading.problems, *tally.problems], key=lambda p: p.line)
    return tally


def import_records(
    session: Session,
    kind: SheetKind,
    records: Iterable[Mapping[str, str]],
    actor: Actor,
    now: datetime,
) -> Tally:
    """Take records of canonical text; they count as lines from 1."""
    return _import(session, kind, list(map(Entry._make, enumerate(records, 1))), actor, now, None)


def _import(
    session: Session,
    kind: SheetKind,
    entries: Sequence[Entry],
    actor: Actor,
    now: datetime,
    progress: Progress | None,
) -> Tally:
    try:
        return _store(session, kind, entries, actor, now, progress)
    except _NOT_TAKEN:
        session.rollback()
        # Not chained: the driver's words repeat the row, and with it what is told of a person.
        raise Invalid(
            "保存できない値の行があるため、この表は1行も取り込んでいません。"
            "長すぎる文字、前後が逆の日や時刻、重なった番号がないか確かめ、"
            "いくつかに分けて取り込み直してください。",
            code="sheet_not_stored",
        ) from None


def _store(
    session: Session,
    kind: SheetKind,
    entries: Sequence[Entry],
    actor: Actor,
    now: datetime,
    progress: Progress | None,
) -> Tally:
    tally = Tally()
    session.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _LOCK})
    session.flush()
    store = _STORES[kind](session, actor, now, tally)
    store.load(entries)
    for count, entry in enumerate(entries, 1):
        store.take(entry)
        if progress is not None and (count % _ROWS_BETWEEN_NEWS == 0 or count == len(entries)):
            progress(count, len(entries))
    store.write()
    session.expire_all()
    audit.record(
        session,
        actor,
        now,
        "sheet_imported",
        _SUBJECTS[kind],
        None,
        created=tally.created,
        updated=tally.updated,
        unchanged=tally.unchanged,
        refused=len(tally.refused),
    )
    if kind in _CHANGES_THE_PLAN and tally.created + tally.updated:
        outbox.plan_soon(session, now)
    return tally

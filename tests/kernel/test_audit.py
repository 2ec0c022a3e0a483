"""The chain of the audit trail: in order of commits, and broken by whoever touches a row."""

from collections.abc import Iterator
from datetime import datetime

import pytest
from sqlalchemy import Engine, select, text
from sqlalchemy.exc import DatabaseError
from sqlalchemy.orm import Session

from matching.kernel import audit
from matching.kernel.actor import SYSTEM
from matching.kernel.audit import Event


@pytest.fixture
def written(session: Session, now: datetime) -> Iterator[Session]:
    for number in range(5):
        audit.record(session, SYSTEM, now, "tried", "need", number, count=number)
        session.commit()
    yield session


@pytest.fixture
def unguarded(engine: Engine) -> Iterator[Session]:
    """A superuser who takes the triggers away first."""
    with Session(engine) as other:
        other.execute(text("ALTER TABLE events DISABLE TRIGGER USER"))
        yield other


def test_events_follow_each_other_without_a_gap(written: Session) -> None:
    assert list(written.scalars(select(Event.place).order_by(Event.id))) == [1, 2, 3, 4, 5]
    found = audit.verify(written)
    assert (found.events, found.broken_at) == (5, None)


def test_what_was_undone_is_not_in_the_chain(session: Session, now: datetime) -> None:
    audit.record(session, SYSTEM, now, "tried", "need", 1)
    session.flush()
    session.rollback()
    audit.record(session, SYSTEM, now, "tried", "need", 2)
    session.commit()
    assert audit.verify(session).events == 1


def test_a_savepoint_does_not_end_the_chain_early(session: Session, now: datetime) -> None:
    audit.record(session, SYSTEM, now, "tried", "need", 1)
    with session.begin_nested():
        audit.record(session, SYSTEM, now, "tried", "need", 2)
    session.commit()
    assert audit.verify(session).broken_at is None


def test_a_savepoint_that_is_undone_leaves_the_rest_in_the_chain(
    session: Session, now: datetime
) -> None:
    audit.record(session, SYSTEM, now, "tried", "need", 1)
    session.flush()
    undone = session.begin_nested()
    audit.record(session, SYSTEM, now, "tried", "need", 2)
    session.flush()
    undone.rollback()
    session.commit()
    found = audit.verify(session)
    assert (found.events, found.broken_at) == (1, None)


def test_a_chain_written_anew_does_not_fit_its_anchor(written: Session) -> None:
    kept = audit.head(written)
    assert audit.verify(written, kept).broken_at is None
    other = audit.Link(3, "f" * 64)
    assert audit.verify(written, other).broken_at == 3
    longer = audit.Link(kept.place + 2, "f" * 64)
    assert audit.verify(written, longer).broken_at == kept.place + 1


@pytest.mark.parametrize(
    ("crime", "place", "reason"),
    [
        ("UPDATE events SET action = 'other' WHERE place = 3", 3, "changed"),
        ("UPDATE events SET details = '{}' WHERE place = 5", 5, "changed"),
        ("DELETE FROM events WHERE place = 2", 2, "missing"),
        ("DELETE FROM events WHERE place = 5", 5, "end of the chain"),
        (
            "UPDATE events SET place = 9 - place WHERE place IN (4, 5)",
            4,
            "changed",
        ),
    ],
)
def test_the_first_bad_event_is_named(
    written: Session, unguarded: Session, crime: str, place: int, reason: str
) -> None:
    unguarded.execute(text("ALTER TABLE events DROP CONSTRAINT uq_events_place"))
    unguarded.execute(text(crime))
    unguarded.commit()
    found = audit.verify(written)
    assert found.broken_at == place
    assert reason in found.reason


@pytest.mark.parametrize(
    "crime",
    [
        "UPDATE events SET action = 'x'",
        "UPDATE events SET place = 77, digest = 'x' WHERE place = 1",
        "DELETE FROM events",
        "TRUNCATE events",
    ],
)
def test_the_database_refuses_to_change_an_event(written: Session, crime: str) -> None:
    with pytest.raises(DatabaseError, match="append only"):
        written.execute(text(crime))
    written.rollback()


def test_an_event_keeps_ids_only_and_goes_out_as_it_was(written: Session) -> None:
    [first, *_] = audit.list_between(written, None, None)
    told = audit.as_told(first)
    assert (told["place"], told["action"], told["details"]) == (1, "tried", {"count": 0})

"""Who waits for whom: one planning run at a time, one writer of proposals at a time."""

from __future__ import annotations

from sqlalchemy import text
from sqlalchemy.orm import Session

PLANNING, PROPOSALS = 7_330_002, 7_330_003


def one_run_at_a_time(session: Session) -> None:
    """Wait for a planning run that is under way, until the end of the transaction."""
    _lock(session, PLANNING)


def lock_proposals(session: Session) -> None:
    """Be the only one who writes proposals and placements, until the end of the transaction.

    Taken before any row of them is, so that a run that replaces hundreds of suggestions and a
    coordinator who confirms one cannot wait for each other.
    """
    _lock(session, PROPOSALS)


def _lock(session: Session, number: int) -> None:
    session.execute(text("SELECT pg_advisory_xact_lock(:number)"), {"number": number})

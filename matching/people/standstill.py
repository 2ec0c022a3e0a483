"""Standstill: people whom nothing reaches for now, and why."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import Select, false, select, text, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from matching.kernel.actor import Actor
from matching.people.trust_models import PersonHold, SafeguardingMember

MANAGER = "center_manager"
RUNNING = PersonHold.ended_at.is_(None)


def held_people() -> Select[int]:
    """Select everybody on hold."""
    return select(PersonHold.person_id).where(RUNNING)


def held(session: Session, person_ids: Iterable[int]) -> dict[int, set[str]]:
    """Return those of some people who are on hold, each with the reasons."""
    found: dict[int, set[str]] = {}
    rows = select(PersonHold.person_id, PersonHold.reason).where(
        RUNNING, PersonHold.person_id.in_(list(person_ids))
    )
    for person_id, reason in session.execute(rows):
        found.setdefault(person_id, set()).add(reason)
    return found


def begin(session: Session, person_id: int, reason: str, actor: Actor, now: datetime) -> None:
    """Put a person on hold for a reason of `rules.HOLDS`; twice is once."""
    session.execute(
        insert(PersonHold)
        .values(
            person_id=person_id,
            reason=reason,
            started_at=now,
            started_by_id=actor.account_id,
        )
        .on_conflict_do_nothing(
            index_elements=[PersonHold.person_id, PersonHold.reason],
            index_where=text("ended_at IS NULL"),
        )
    )


def end(session: Session, person_id: int, reason: str, actor: Actor, now: datetime) -> None:
    """Take a person's hold for a reason back."""
    session.execute(
        update(PersonHold)
        .where(RUNNING, PersonHold.person_id == person_id, PersonHold.reason == reason)
        .values(ended_at=now, ended_by_id=actor.account_id)
    )


def is_insider(session: Session, actor: Actor) -> bool:
    """Tell whether somebody belongs to the safeguarding group: managers and those they named."""
    if MANAGER in actor.roles:
        return True
    return actor.account_id is not None and (
        session.get(SafeguardingMember, actor.account_id) is not None
    )


def hidden_from(actor: Actor) -> Select[int]:
    """Select the people of whom an actor may only know that something is being arranged."""
    found = select(PersonHold.person_id).where(RUNNING, PersonHold.reason == "safeguarding")
    if MANAGER in actor.roles:
        return found.where(false())
    member = select(SafeguardingMember.account_id).where(
        SafeguardingMember.account_id == actor.account_id
    )
    return found.where(~member.exists())

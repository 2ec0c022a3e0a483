"""Wishing: whether somebody would rather be helped by strangers, and who knows whom (T3)."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from matching.kernel import audit
from matching.kernel.actor import Actor
from matching.kernel.errors import Invalid
from matching.kernel.outbox import plan_soon
from matching.people.trust_models import Acquaintance, Wish

SAME_PERSON = "同じ方です。番号をたしかめてください。"


def wish(
    session: Session, person_id: int, strangers_only: bool, actor: Actor, now: datetime
) -> None:
    """Keep a person's wish; the next run follows it."""
    found = session.get(Wish, person_id) or Wish(person_id=person_id)
    found.no_acquaintances = strangers_only
    found.recorded_at, found.recorded_by_id = now, actor.account_id
    session.add(found)
    audit.record(session, actor, now, "wished", "person", person_id, strangers=strangers_only)
    plan_soon(session, now)


def strangers_only(session: Session, person_id: int) -> bool:
    """Tell whether a person wants to be helped by nobody they know."""
    found = session.get(Wish, person_id)
    return found is not None and found.no_acquaintances


def know_each_other(
    session: Session, one: int, other: int, relation: str, actor: Actor, now: datetime
) -> None:
    """Keep that two people know each other; said twice is once."""
    if one == other:
        raise Invalid(SAME_PERSON, field="reference")
    low, high = sorted((one, other))
    session.execute(
        insert(Acquaintance)
        .values(
            person_id=low,
            other_person_id=high,
            relation=relation,
            created_at=now,
            created_by_id=actor.account_id,
        )
        .on_conflict_do_nothing(
            index_elements=[Acquaintance.person_id, Acquaintance.other_person_id]
        )
    )
    audit.record(session, actor, now, "acquainted", "person", one, other=other)
    plan_soon(session, now)

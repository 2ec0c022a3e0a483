"""Disclosures: who saw whose contact or confidential data, when, at what stage and what for."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, select
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, Session, mapped_column

from matching.kernel.actor import Actor
from matching.kernel.database import Base, Identified

# Looking again within this time is the same look.
SAME_LOOK = timedelta(minutes=15)
CONTACT = ("name", "phone", "address")


class Disclosure(Identified, Base):
    """One showing of somebody's L2 or L3 data; never changed or removed.

    `person_id` is whose data it was, `account_id` who saw it, in which `role`; a volunteer sees
    it on the ground of the person's consent, which the database looks at again.
    """

    __tablename__ = "disclosures"
    disclosed_at: Mapped[datetime]
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"))
    role: Mapped[str]
    person_id: Mapped[int] = mapped_column(ForeignKey("persons.id"))
    object_type: Mapped[str]
    object_id: Mapped[int]
    fields: Mapped[list[str]] = mapped_column(ARRAY(String))
    stage: Mapped[str]
    purpose: Mapped[str]
    consent_id: Mapped[int | None] = mapped_column(ForeignKey("consents.id"))
    __table_args__ = (
        CheckConstraint("stage IN ('L2', 'L3')", name="stage"),
        CheckConstraint("cardinality(fields) > 0", name="fields"),
        Index("ix_disclosures_person", "person_id", "id"),
        Index("ix_disclosures_account", "account_id", "disclosed_at"),
    )


def note_disclosure(
    session: Session,
    actor: Actor,
    person_id: int,
    subject: tuple[str, int],
    purpose: str,
    now: datetime,
    *,
    stage: str = "L3",
    fields: Sequence[str] = CONTACT,
    consent_id: int | None = None,
    role: str | None = None,
    every: bool = False,
) -> None:
    """Write down that somebody is shown a person's data, in the transaction that shows it.

    `role` is the one in which they saw it; with `every`, looking again is written down again.
    """
    if actor.account_id is None or actor.person_id == person_id:
        return
    if not every and _seen_just_now(session, actor, person_id, subject, fields, now):
        return
    session.add(
        Disclosure(
            disclosed_at=now,
            account_id=actor.account_id,
            role=role or actor.role,
            person_id=person_id,
            object_type=subject[0],
            object_id=subject[1],
            fields=list(fields),
            stage=stage,
            purpose=purpose,
            consent_id=consent_id,
        )
    )


def _seen_just_now(
    session: Session,
    actor: Actor,
    person_id: int,
    subject: tuple[str, int],
    fields: Sequence[str],
    now: datetime,
) -> bool:
    recent = select(Disclosure.id).where(
        Disclosure.account_id == actor.account_id,
        Disclosure.person_id == person_id,
        Disclosure.object_type == subject[0],
        Disclosure.object_id == subject[1],
        Disclosure.fields.contains(list(fields)),
        Disclosure.disclosed_at > now - SAME_LOOK,
    )
    return session.scalar(recent.limit(1)) is not None


def seen_of(session: Session, person_id: int, limit: int = 100) -> Sequence[Disclosure]:
    """Return who saw a person's data, newest first."""
    return session.scalars(
        select(Disclosure)
        .where(Disclosure.person_id == person_id)
        .order_by(Disclosure.id.desc())
        .limit(limit)
    ).all()


def seen_by(
    session: Session, account_id: int, start: datetime, end: datetime
) -> Sequence[Disclosure]:
    """Return what an account was shown in a span of time, oldest first."""
    return session.scalars(
        select(Disclosure)
        .where(Disclosure.account_id == account_id)
        .where(Disclosure.disclosed_at >= start, Disclosure.disclosed_at < end)
        .order_by(Disclosure.id)
    ).all()

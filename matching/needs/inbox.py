"""A partner's in-box: what was handed to their desk, seen, taken on, answered or handed back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from matching.catalogue.referrals import REFERRAL_BY_CODE
from matching.kernel import audit
from matching.kernel.actor import Actor
from matching.kernel.errors import Conflict, Invalid, NotFound
from matching.needs.inbox_models import DeskMember, ReferralReceipt
from matching.needs.models import Need
from matching.needs.queries import lock_need
from matching.needs.referral_models import Referral
from matching.needs.referring import LATE, Step, advance
from matching.people.models import Account, Person
from matching.people.queries import consent_state
from matching.people.standstill import held

HANDED = ("handed_over", "accepted", "followed_up")
OVER = ("returned", "closed")
ANSWERS = ("accepted", "returned", "followed_up")
KEPT = timedelta(days=90)
NO_DESK = "窓口を選んでください。"
NOT_SEEN = "先に「受け取りました」を押してください。"


@dataclass(frozen=True)
class Item:
    """One referral as its desk knows it; the person's contacts only where `open` says so."""

    referral: Referral
    need: Need
    receipt: ReferralReceipt | None
    open: bool


def seat(session: Session, account_id: int, desk: str, actor: Actor, now: datetime) -> None:
    """Let an account answer for a desk; an empty code takes it away."""
    if session.get(Account, account_id) is None:
        raise NotFound
    if desk and desk not in REFERRAL_BY_CODE:
        raise Invalid(NO_DESK, field="desk")
    row = session.get(DeskMember, account_id)
    if row is not None:
        session.delete(row)
        session.flush()
    if desk:
        session.add(DeskMember(account_id=account_id, desk_code=desk))
    audit.record(session, actor, now, "desk_seated", "account", account_id, desk=desk)


def desk_of(session: Session, account_id: int | None) -> str | None:
    """Return the desk for which an account answers."""
    row = session.get(DeskMember, account_id) if account_id is not None else None
    return row.desk_code if row else None


def inbox(session: Session, actor: Actor, now: datetime) -> list[Item]:
    """Return what was handed to the actor's desk, oldest first, and what ended lately."""
    desk = desk_of(session, actor.account_id)
    if desk is None:
        return []
    rows = session.scalars(
        select(Referral)
        .where(Referral.desk_code == desk, Referral.handed_at.is_not(None))
        .where(Referral.state.in_(HANDED) | (Referral.handed_at > now - KEPT))
        .order_by(Referral.handed_at, Referral.id)
    ).all()
    return [_item(session, row) for row in rows]


def get_item(session: Session, referral_id: int, actor: Actor) -> Item:
    """Return a referral that was handed to the actor's desk; anything else is not there."""
    row = session.get(Referral, referral_id)
    desk = desk_of(session, actor.account_id)
    if row is None or desk is None or row.desk_code != desk or row.handed_at is None:
        raise NotFound
    return _item(session, row)


def _item(session: Session, row: Referral) -> Item:
    need = session.scalars(
        select(Need).where(Need.id == row.need_id).options(joinedload(Need.requester))
    ).one()
    receipt = session.scalar(select(ReferralReceipt).where(ReferralReceipt.referral_id == row.id))
    return Item(row, need, receipt, _may_know(session, row, need))


def _may_know(session: Session, row: Referral, need: Need) -> bool:
    """Who was taken on, agreed to it and is not on hold; nobody before and nobody afterwards."""
    agreed = consent_state(session, need.requester_id, "share_with_agency") == "given"
    return (
        row.state in {"accepted", "followed_up"}
        and agreed
        and not held(session, {need.requester_id})
    )


def contacts_of(session: Session, referral_id: int, actor: Actor, now: datetime) -> Person:
    """Return the person of a referral that the desk took on, for as long as they agree."""
    item = get_item(session, referral_id, actor)
    if not item.open:
        raise NotFound
    return item.need.requester


def see(session: Session, referral_id: int, actor: Actor, now: datetime) -> None:
    """Say that a referral has arrived; a second time changes nothing."""
    item = get_item(session, referral_id, actor)
    if item.receipt is None:
        session.add(
            ReferralReceipt(referral_id=referral_id, seen_at=now, seen_by_id=actor.account_id)
        )
        audit.record(session, actor, now, "referral_seen", "need", item.need.id)


def answer(session: Session, referral_id: int, step: Step, actor: Actor, now: datetime) -> Referral:
    """Take a referral on, say what became of it, or hand it back; the centre stays its owner."""
    item = get_item(session, referral_id, actor)
    if step.state not in ANSWERS:
        raise Invalid(NO_DESK, field="state")
    if item.receipt is None:
        raise Conflict(NOT_SEEN, code="state")
    need = lock_need(session, item.need.id)
    session.refresh(item.referral)
    owner = item.referral.owner_id
    if item.referral.version != step.version:
        raise Conflict(LATE, code="state")
    row = advance(session, item.referral, need, step, actor, now, owner_id=owner)
    if step.state != "followed_up":
        item.receipt.decided_at, item.receipt.decided_by_id = now, actor.account_id
    return row


def receipts_of(session: Session, referrals: Sequence[int]) -> dict[int, ReferralReceipt]:
    """Return what desks did with some referrals, by their number."""
    rows = select(ReferralReceipt).where(ReferralReceipt.referral_id.in_(referrals))
    return {row.referral_id: row for row in session.scalars(rows)}

"""Claiming and paying back what a visit cost, and the ledger of money taken shopping."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload

from matching.activities.expense_models import CashEntry, ExpenseClaim, ExpenseTerms
from matching.activities.expense_rules import (
    CASH_FOR,
    MOST_KM,
    PAYERS,
    RECEIPT_FROM,
    TRANSITIONS,
    allowed_kinds,
    fuel_yen,
)
from matching.activities.queries import get_visit
from matching.activities.recording import NOT_AGREED
from matching.activities.rules import same_business_day
from matching.coordination.models import Placement
from matching.coordination.queries import pair_told_of
from matching.kernel import audit, tasks, transitions
from matching.kernel.actor import Actor
from matching.kernel.clock import local_date
from matching.kernel.errors import Conflict, Invalid, NotFound
from matching.volunteers.models import Volunteer

NO_KIND = "何にかかったお金かを選んでください。送迎では、ガソリン代・通行料・駐車料だけです。"
NO_KM = "走った距離を、1から300までの数字（km）で入力してください。"
NO_YEN = "金額を、1円から決まりの上限までの数字で入力してください。"
NO_RECEIPT = "領収書が必要です。領収書があるときは、印をつけてください。"
TWICE = "この活動のこの費用は、もう受け付けています。"
NOT_BEGUN = "費用は、活動の日から入力できます。"
OWN = "申し出た方とは別の方が確認してください。"
STALE = "この費用は、もう先に進んでいます。画面を開き直してたしかめてください。"
NO_CASH = "お金を預かるのは、買い物の活動だけです。"
UNBALANCED = "預かった金額から使った金額を引くと、返した金額になるようにしてください。"


@dataclass(frozen=True)
class Outlay:
    """What somebody laid out: a distance for fuel, else an amount; `payer` pays it back."""

    kind: str
    km: float | None = None
    yen: int | None = None
    receipt: bool = False
    payer: str = "centre"


@dataclass(frozen=True)
class Cash:
    """Money taken along to the shop."""

    taken: int
    spent: int
    returned: int
    receipt: bool


def terms_on(session: Session, day: date) -> ExpenseTerms:
    """Return the centre's amounts as valid on a day."""
    return session.scalars(
        select(ExpenseTerms)
        .where(ExpenseTerms.valid_from <= day)
        .order_by(ExpenseTerms.valid_from.desc())
        .limit(1)
    ).one()


def claim(
    session: Session, placement_id: int, outlay: Outlay, actor: Actor, now: datetime
) -> ExpenseClaim:
    """Claim an outlay for a visit from its day on (BR-22); staff are asked to look at it."""
    placement = _visit(session, placement_id, actor, now)
    yen = _amount(session, placement, outlay)
    row = _row(session, placement, outlay, yen, actor, now)
    tasks.open_task(
        session,
        "expense",
        ("placement", placement.id),
        same_business_day(now),
        now,
        area_code=placement.need.area_code,
        owner_id=placement.need.owner_id,
    )
    audit.record(session, actor, now, "expense_claimed", "expense", row.id, kind=row.kind, yen=yen)
    return row


def _row(
    session: Session, placement: Placement, outlay: Outlay, yen: int, actor: Actor, now: datetime
) -> ExpenseClaim:
    """Make the claim, or mend the one that was given back."""
    values = {
        "km": outlay.km if outlay.kind == "fuel" else None,
        "yen": yen,
        "receipt": outlay.receipt,
        "payer": outlay.payer,
        "claimed_at": now,
        "claimed_by_id": actor.account_id,
    }
    known = session.scalars(
        select(ExpenseClaim)
        .where(ExpenseClaim.placement_id == placement.id, ExpenseClaim.kind == outlay.kind)
        .order_by(ExpenseClaim.state == "returned")
    ).all()
    if known and known[-1].state == "returned":
        blank = {"decided_at": None, "decided_by_id": None}
        transitions.move(session, known[-1], TRANSITIONS, "claimed", STALE, **values, **blank)
        return known[-1]
    if known and outlay.kind != "materials":
        raise Conflict(TWICE, code="twice")
    row = ExpenseClaim(placement_id=placement.id, kind=outlay.kind, state="claimed", **values)
    session.add(row)
    session.flush()
    return row


def _visit(session: Session, placement_id: int, actor: Actor, now: datetime) -> Placement:
    placement, _activity = get_visit(session, placement_id, actor)
    if placement.state not in {"confirmed", "done"}:
        raise Conflict(NOT_AGREED, code="cancelled")
    if local_date(now) < local_date(placement.starts_at):
        raise Invalid(NOT_BEGUN, field="kind")
    return placement


def _amount(session: Session, placement: Placement, outlay: Outlay) -> int:
    terms = terms_on(session, local_date(placement.starts_at))
    if outlay.kind not in allowed_kinds(placement.need.category_code):
        raise Invalid(NO_KIND, field="kind")
    if outlay.payer not in PAYERS:
        raise Invalid(NO_KIND, field="payer")
    if outlay.kind == "fuel":
        if outlay.km is None or not 0 < outlay.km <= MOST_KM:
            raise Invalid(NO_KM, field="km")
        return fuel_yen(outlay.km, terms.yen_per_km)
    if outlay.yen is None or not 1 <= outlay.yen <= terms.most_yen:
        raise Invalid(NO_YEN, field="yen")
    if outlay.kind in RECEIPT_FROM and not outlay.receipt:
        raise Invalid(NO_RECEIPT, field="receipt")
    return outlay.yen


def decide(
    session: Session, claim_id: int, after: str, actor: Actor, now: datetime
) -> ExpenseClaim:
    """Approve, return or pay a claim; never by who made it."""
    row = session.scalar(
        select(ExpenseClaim)
        .join(Placement, Placement.id == ExpenseClaim.placement_id)
        .where(ExpenseClaim.id == claim_id, pair_told_of(actor, Placement))
        .options(joinedload(ExpenseClaim.placement).joinedload(Placement.need))
        .execution_options(populate_existing=True)
    )
    if row is None:
        raise NotFound
    if row.claimed_by_id is not None and row.claimed_by_id == actor.account_id:
        raise Conflict(OWN, code="two_people")
    if after == "claimed":  # claimed again by whom it is for, never by who decides
        raise Conflict(STALE, code="state")
    transitions.move(
        session, row, TRANSITIONS, after, STALE, decided_at=now, decided_by_id=actor.account_id
    )
    left = select(func.count(ExpenseClaim.id)).where(
        ExpenseClaim.placement_id == row.placement_id, ExpenseClaim.state == "claimed"
    )
    if not session.scalar(left):
        tasks.close_tasks(session, ("placement", row.placement_id), now, kinds=("expense",))
    audit.record(session, actor, now, "expense_decided", "expense", row.id, state=after)
    return row


def keep_cash(
    session: Session, placement_id: int, cash: Cash, actor: Actor, now: datetime
) -> CashEntry:
    """Write the ledger line of a shopping visit (BR-23): capped, balanced, with its receipt."""
    placement = _visit(session, placement_id, actor, now)
    if placement.need.category_code not in CASH_FOR:
        raise Invalid(NO_CASH, field="taken")
    most = terms_on(session, local_date(placement.starts_at)).most_cash_yen
    if not 1 <= cash.taken <= most or min(cash.spent, cash.returned) < 0:
        raise Invalid(NO_YEN, field="taken")
    if cash.taken != cash.spent + cash.returned:
        raise Invalid(UNBALANCED, field="returned")
    if cash.spent and not cash.receipt:
        raise Invalid(NO_RECEIPT, field="receipt")
    if session.scalar(select(CashEntry.id).where(CashEntry.placement_id == placement.id)):
        raise Conflict(TWICE, code="twice")
    row = CashEntry(
        placement_id=placement.id,
        taken_yen=cash.taken,
        spent_yen=cash.spent,
        returned_yen=cash.returned,
        receipt=cash.receipt,
        written_at=now,
        written_by_id=actor.account_id,
    )
    session.add(row)
    session.flush()
    audit.record(session, actor, now, "cash_kept", "placement", placement.id, yen=cash.taken)
    return row


def claims_of(session: Session, placement_id: int) -> Sequence[ExpenseClaim]:
    """Return what was claimed for a visit, oldest first."""
    return session.scalars(
        select(ExpenseClaim)
        .where(ExpenseClaim.placement_id == placement_id)
        .order_by(ExpenseClaim.id)
    ).all()


def cash_of(session: Session, placement_id: int) -> CashEntry | None:
    """Return the ledger line of a visit."""
    return session.scalar(select(CashEntry).where(CashEntry.placement_id == placement_id))


def list_claims(session: Session, actor: Actor) -> Sequence[ExpenseClaim]:
    """Return the claims within reach that still want a decision or a payment, oldest first."""
    found = (
        select(ExpenseClaim)
        .join(Placement, Placement.id == ExpenseClaim.placement_id)
        .where(ExpenseClaim.state.in_(("claimed", "approved", "returned")))
        .where(pair_told_of(actor, Placement))
        .options(
            joinedload(ExpenseClaim.placement).joinedload(Placement.need),
            joinedload(ExpenseClaim.placement)
            .joinedload(Placement.volunteer)
            .joinedload(Volunteer.person),
        )
        .order_by(ExpenseClaim.claimed_at, ExpenseClaim.id)
        .limit(200)
    )
    return session.scalars(found).all()

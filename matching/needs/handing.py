"""Who has a need in hand, and when it comes up again; for one need or many at once."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime

from sqlalchemy.orm import Session

from matching.kernel import audit
from matching.kernel.actor import Actor
from matching.kernel.clock import local_date
from matching.kernel.errors import Conflict, Invalid
from matching.kernel.outbox import plan_soon
from matching.needs.models import Need
from matching.needs.noting import note_down

ENDED = ("completed", "closed", "withdrawn", "duplicate", "declined", "unmet")
OVER = "もう終わっている困りごとです。"
SAME_OWNER = "もうこの方が担当しています。"
SAME_DAY = "もうこの日になっています。"
CHANGED = "たしかめているあいだに、ほかの方が変えました。"
NO_REASON = "あとにする理由を入力してください。"
PAST = "きょうより後の日を選んでください。"


def why_not_assign(need: Need, owner_id: int) -> str:
    """Return why a need cannot be put into somebody's hands, or ""."""
    if need.state in ENDED:
        return OVER
    return SAME_OWNER if need.owner_id == owner_id else ""


def why_not_put_off(need: Need, until_on: date) -> str:
    """Return why a need cannot be put off to a day, or ""."""
    if need.state in ENDED:
        return OVER
    return SAME_DAY if need.next_action_on == until_on else ""


def assign(
    session: Session, need: Need, owner_id: int, version: int, actor: Actor, now: datetime
) -> None:
    """Put a need into somebody's hands; raises Conflict where that makes no sense any more."""
    _check(why_not_assign(need, owner_id), need, version)
    _change(session, need, "need_assigned", {"owner_id": owner_id}, actor, now)


def put_off(
    session: Session,
    need: Need,
    until_on: date,
    reason: str,
    version: int,
    actor: Actor,
    now: datetime,
) -> None:
    """Let a need come up again on a later day, for a reason that stays in its story."""
    check_wait(until_on, reason, now)
    _check(why_not_put_off(need, until_on), need, version)
    note_down(session, need.id, "note", reason, actor, now)
    _change(session, need, "need_put_off", {"next_action_on": until_on}, actor, now)


def check_wait(until_on: date, reason: str, now: datetime) -> None:
    """Refuse to put something off without a reason or to a day that is over."""
    if not reason.strip():
        raise Invalid(NO_REASON, field="reason")
    if until_on <= local_date(now):
        raise Invalid(PAST, field="until_on")


def _check(why_not: str, need: Need, version: int) -> None:
    if need.version != version:
        raise Conflict(CHANGED, code="stale_version")
    if why_not:
        raise Conflict(why_not, code="state")


def _change(
    session: Session,
    need: Need,
    action: str,
    columns: Mapping[str, object],
    actor: Actor,
    now: datetime,
) -> None:
    for name, value in columns.items():
        setattr(need, name, value)
    need.version += 1
    audit.record(session, actor, now, action, "need", need.id)
    plan_soon(session, now)

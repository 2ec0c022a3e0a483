"""Leaving: a volunteer cannot come; the other side is called, a substitute is sought."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from matching.activities.queries import get_visit
from matching.activities.recording import STALE, open_activity
from matching.activities.rules import TRANSITIONS, is_late_cancellation
from matching.coordination.cancelling import take_back
from matching.coordination.locking import lock_proposals
from matching.kernel import tasks, transitions
from matching.kernel.actor import Actor
from matching.kernel.errors import Conflict, Invalid
from matching.needs.queries import lock_need

BEGUN = "もう始まった活動です。お電話でお知らせください。"
NO_REASON = "ひとことでよいので、理由を入力してください。"


def leave(session: Session, placement_id: int, reason: str, actor: Actor, now: datetime) -> None:
    """Take oneself off a visit that has not begun (BR-24).

    Within the last day the other side is phoned and a substitute sought before anything else.
    """
    if not reason.strip():
        raise Invalid(NO_REASON, field="reason")
    lock_proposals(session)
    placement, _known = get_visit(session, placement_id, actor)
    if placement.state not in {"held", "confirmed"} or placement.starts_at <= now:
        raise Conflict(BEGUN if placement.starts_at <= now else STALE, code="state")
    activity = open_activity(session, placement)
    transitions.move(session, activity, TRANSITIONS, "cancelled_by_volunteer", STALE)
    need = lock_need(session, placement.need_id)
    take_back(session, placement, need, reason.strip(), actor, now)
    kinds = ["tell_other_side"]
    if is_late_cancellation(placement.starts_at - now):
        kinds.append("find_substitute")
    for kind in kinds:
        tasks.open_task(
            session,
            kind,
            ("placement", placement.id),
            now,
            now,
            area_code=need.area_code,
            owner_id=need.owner_id,
        )

"""Completing: a need for one visit is over when everybody on it has told how it went."""

from __future__ import annotations

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from matching.coordination.models import Placement
from matching.kernel import transitions
from matching.needs.queries import lock_need
from matching.needs.rules import TRANSITIONS

STALE = "この困りごとは、もう変わっています。画面を開き直してたしかめてください。"


def complete_if_over(session: Session, need_id: int) -> None:
    """Complete a need for one visit when everybody on it has reported."""
    need = lock_need(session, need_id)
    if need.state not in {"matched", "in_progress"}:
        return
    open_seats = select(func.count(Placement.id)).where(
        Placement.need_id == need_id, Placement.state.in_(("held", "confirmed"))
    )
    if not session.scalar(open_seats):
        transitions.move(session, need, TRANSITIONS, "completed", STALE)

"""Taking a triage back while nobody was asked or told because of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Self

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from matching.coordination.models import Proposal
from matching.kernel import audit, outbox, tasks, transitions, undo
from matching.kernel.actor import Actor
from matching.kernel.errors import Conflict
from matching.needs.approving import find_approval
from matching.needs.models import Need
from matching.needs.queries import lock_need
from matching.needs.rules import TRANSITIONS

SAFE = ("accept", "accept_with_conditions", "hold", "decline")  # the others tell or ask somebody
UNSEEN = ("suggested", "superseded")
NEXT = "見立て"
ASKED = "もうどなたかにお願いしているため、元に戻せません。次にすることを選んでください。"


@dataclass(frozen=True)
class Stood:
    """How a need stood before its triage."""

    owner_id: int | None
    next_action_on: date | None
    urgency: str

    @classmethod
    def of(cls, need: Need) -> Self:
        """Remember how a need stands."""
        return cls(need.owner_id, need.next_action_on, need.urgency)

    def offer(
        self, session: Session, need: Need, outcome: str, actor: Actor, now: datetime
    ) -> int | None:
        """Offer to take the triage back; None where a desk or a manager was asked by it."""
        session.refresh(need)
        if outcome not in SAFE or find_approval(session, need.id) is not None:
            return None
        day = self.next_action_on.isoformat() if self.next_action_on else None
        before = {"owner_id": self.owner_id, "next_action_on": day, "urgency": self.urgency}
        return undo.offer(session, "triage", need.id, need.version, actor, now, **before)


def take_back(session: Session, taken: undo.Undo, actor: Actor, now: datetime) -> None:
    """Bring a need back to before its triage; raises Conflict once somebody was asked."""
    need = lock_need(session, taken.subject_id)
    if need.version != taken.version:
        raise Conflict(undo.CHANGED, code="stale_version")
    asked = exists().where(Proposal.need_id == need.id, Proposal.state.not_in(UNSEEN))
    if session.scalar(select(asked)):
        raise Conflict(ASKED, code="state")
    before, day = taken.before, taken.before["next_action_on"]
    transitions.move(
        session,
        need,
        TRANSITIONS,
        "triaging",
        undo.CHANGED,
        owner_id=before["owner_id"],
        next_action=NEXT,
        next_action_on=date.fromisoformat(day) if day else None,
        urgency=before["urgency"],
    )
    tasks.close_tasks(session, ("need", need.id), now, kinds=("site_check",))
    audit.record(session, actor, now, "triage_undone", "need", need.id)
    outbox.plan_soon(session, now)

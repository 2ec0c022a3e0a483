"""A task as it was before somebody took it over, put it off or closed it."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from matching.kernel import undo
from matching.kernel.actor import Actor
from matching.kernel.errors import Conflict
from matching.kernel.tasks import Task


class Stood:
    """How a task stood before an act."""

    def __init__(self, task: Task) -> None:
        self.owner_id, self.due_at = task.owner_id, task.due_at

    def offer(self, session: Session, task: Task, actor: Actor, now: datetime) -> int:
        """Offer to undo what was just done to the task."""
        session.refresh(task)
        due_at = self.due_at.isoformat()
        owner = self.owner_id
        return undo.offer(
            session, "task", task.id, task.version, actor, now, owner_id=owner, due_at=due_at
        )


def restore(session: Session, taken: undo.Undo) -> None:
    """Bring a task back to how it stood; raises Conflict where it went on or was asked anew."""
    task = session.scalar(select(Task).where(Task.id == taken.subject_id).with_for_update())
    if task is None or task.version != taken.version:
        raise Conflict(undo.CHANGED, code="stale_version")
    try:
        with session.begin_nested():
            task.state, task.done_at, task.done_by_id, task.outcome = "open", None, None, None
            task.owner_id = taken.before["owner_id"]
            task.due_at = datetime.fromisoformat(taken.before["due_at"])
            task.version += 1
    except IntegrityError as error:  # the same was asked for again meanwhile
        raise Conflict(undo.CHANGED, code="state") from error

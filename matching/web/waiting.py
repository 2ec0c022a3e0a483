"""How much waits at the desk: open tasks by kind, and requests that nobody has looked at."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from matching.kernel import tasks
from matching.kernel.actor import Actor
from matching.kernel.tasks import Task
from matching.kernel.visibility import visible
from matching.needs.models import Need
from matching.needs.queries import told_of
from matching.needs.rules import PREVIEWED
from matching.people.sight import concealed_from
from matching.web.task_subjects import about_tasks

EVERY_TASK = "*"
UNTRIAGED = "untriaged"  # needs, beside the kinds of tasks


def waiting(session: Session, actor: Actor) -> Mapping[str, int]:
    """Return counts by kind of task, for every task, and of needs before their triage."""
    told = _tasks(session, actor)
    seen = visible(Need, actor, "need.read") & told_of(actor)
    before = select(func.count()).select_from(Need).where(Need.state.in_(PREVIEWED), seen)
    return told | {EVERY_TASK: sum(told.values()), UNTRIAGED: session.scalar(before) or 0}


def _tasks(session: Session, actor: Actor) -> dict[str, int]:
    """Count as the worklist shows: what is about somebody concealed is not in the count either."""
    found = tasks.within_reach(actor)
    if session.scalar(select(concealed_from(actor).exists())):
        rows = session.scalars(found.limit(tasks.MOST)).all()
        known = about_tasks(session, rows, actor)
        return dict(Counter(task.kind for task in rows if task.id in known))
    counted = found.with_only_columns(Task.kind, func.count()).order_by(None).group_by(Task.kind)
    return {row[0]: row[1] for row in session.execute(counted)}

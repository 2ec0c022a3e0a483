"""Tasks on the worklist: what each is about, and claiming, putting off and closing it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from flask import Blueprint, flash, redirect, request, url_for
from flask_babel import lazy_gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from matching.kernel import clock, replies, task_undo, tasks
from matching.kernel.actor import Actor
from matching.kernel.database import transaction
from matching.kernel.errors import Invalid, NotFound
from matching.kernel.tasks import Task
from matching.messaging import handling
from matching.people.models import Account
from matching.places.calendar import OPENS_AT, add_business_days
from matching.places.reference import AREA_BY_CODE
from matching.web.access import access, current_actor
from matching.web.forms import accept
from matching.web.registers import gettext, place
from matching.web.surroundings import machine_time, moment
from matching.web.task_subjects import About, about_tasks
from matching.web.undoing import done as done_with_undo

Act = Callable[[Session, Task, Actor, datetime], None]
pages = Blueprint("tasks", __name__)

TONES = {"safety": "danger", "answers": "info"}
NUMBER = "<int:task_id>"
TOLD = "told"
BY_HAND = ("tell_by_phone", "send_letter")
SNOOZES = {"today": _("今日の午後に"), "tomorrow": _("次の開館日に"), "week": _("5開館日あとに")}


def task_groups(session: Session, actor: Actor, now: datetime) -> list[dict[str, Any]]:
    """Return the open tasks within reach in the groups of the worklist."""
    found = session.scalars(tasks.within_reach(actor).limit(tasks.MOST)).all()
    about = about_tasks(session, found, actor)
    found = [task for task in found if task.id in about]
    names = _owners(session, found)
    return [
        {
            "title": gettext(title),
            "tone": TONES.get(group, "warning"),
            "items": [
                _item(task, about[task.id], names, now)
                for task in found
                if tasks.KINDS[task.kind].group == group
            ],
        }
        for group, title in tasks.GROUPS.items()
    ]


def _item(task: Task, about: About, names: Mapping[int, str], now: datetime) -> dict[str, Any]:
    kind = tasks.KINDS[task.kind]
    area = AREA_BY_CODE.get(task.area_code or "")
    return {
        "id": task.id,
        "closes": task.kind not in tasks.END_WITH_SUBJECT,
        "version": task.version,
        "title": about.title,
        "href": about.href,
        "area": place(area.name) if area else gettext("全域"),
        "deadline": moment(task.due_at),
        "deadline_iso": machine_time(task.due_at),
        "overdue": task.due_at < now,
        "owner": names.get(task.owner_id or 0) or gettext("まだいません"),
        "next_action": gettext(kind.label),
    }


def _owners(session: Session, found: Sequence[Task]) -> Mapping[int, str]:
    ids = {task.owner_id for task in found if task.owner_id}
    rows = session.execute(select(Account.id, Account.display_name).where(Account.id.in_(ids)))
    return {row[0]: row[1] for row in rows}


@pages.post(f"/desk/tasks/{NUMBER}/claim")
@access("task.handle")
def claim(task_id: int) -> Response:
    """Take a task over by name."""
    return _change(task_id, "claim", lambda work, task, actor, now: tasks.claim(
        work, task, actor, now
    ))  # fmt: skip


@pages.post(f"/desk/tasks/{NUMBER}/snooze")
@access("task.handle")
def snooze(task_id: int) -> Response:
    """Put a task off, with a reason."""
    until, reason = request.form.get("until", ""), request.form.get("reason", "")[:200]
    if until not in SNOOZES:
        raise Invalid(gettext("いつまであとにするかを選んでください。"), field="until")

    def act(work: Session, task: Task, actor: Actor, now: datetime) -> None:
        tasks.snooze(work, task, later(until, now), reason, actor, now)

    return _change(task_id, "snooze", act)


@pages.post(f"/desk/tasks/{NUMBER}/done")
@access("task.handle")
def done(task_id: int) -> Response:
    """Close a task by name; a call or letter that was asked for has then been made."""

    def act(work: Session, task: Task, actor: Actor, now: datetime) -> None:
        if task.kind in BY_HAND:
            handling.told(work, task.subject_id, actor, now)
        else:
            tasks.finish(work, task, "done", actor, now)

    return _change(task_id, "done", act)


def later(until: str, now: datetime) -> datetime:
    """Return when a task that is put off comes back: this afternoon or when the centre opens."""
    today = clock.local_date(now)
    if until == "today":
        afternoon = clock.instant(today, 15 * 60)
        return afternoon if afternoon > now else now + timedelta(hours=2)
    day = add_business_days(today, 5 if until == "week" else 1)
    return clock.instant(day, OPENS_AT.hour * 60 + OPENS_AT.minute)


def _change(task_id: int, kind: str, act: Act) -> Response:
    """Do something to a task; what told nobody can be undone."""
    actor, now = current_actor(), clock.now()
    with transaction() as work:

        def once() -> str:
            task = work.scalar(tasks.within_reach(actor).where(Task.id == task_id))
            if task is None or not about_tasks(work, [task], actor):
                raise NotFound
            stood = task_undo.Stood(task)
            act(work, task, actor, now)
            told = kind == "done" and task.kind in BY_HAND
            return TOLD if told else str(stood.offer(work, task, actor, now))

        offered = replies.once(work, accept(f"task-{kind}"), now, once)
    if offered == TOLD:
        flash(
            gettext("伝えたことを記録しました。まちがいのときは、もう一度ご連絡を。"),
            "success",
        )
    else:
        done_with_undo(gettext("記録しました。"), offered)
    return redirect(url_for("desk.worklist"))

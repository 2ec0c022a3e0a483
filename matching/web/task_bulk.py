"""Tasks many at once: taken over or put off, after a look at what would happen."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from flask import Blueprint, render_template, request
from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict

from matching.kernel import clock, tasks
from matching.kernel.actor import Actor
from matching.kernel.database import db, transaction
from matching.kernel.errors import Conflict, Invalid, NotFound
from matching.kernel.tasks import Task
from matching.web.access import access, current_actor
from matching.web.bulk import MOST, Act, Line, do_once, sent_rows, show_preview, show_refused
from matching.web.forms import whole
from matching.web.registers import gettext
from matching.web.surroundings import moment
from matching.web.task_subjects import about_tasks
from matching.web.tasks import SNOOZES, later

pages = Blueprint("task_bulk", __name__)
NO_ROWS = "仕事を選んでください。"
NO_ACT = "何をするかを選んでください。"
MINE = "もうあなたが担当しています。"
NO_REASON = "あとにする理由を入力してください。"


class Wish:
    """What was asked for: to take over, or to put off until a moment for a reason."""

    def __init__(self, typed: MultiDict[str, str], now: datetime) -> None:
        self.act, self.until = typed.get("act", ""), typed.get("until", "")
        self.reason = typed.get("reason", "").strip()[:200]
        if self.act not in {"claim", "snooze"} or (
            self.act == "snooze" and self.until not in SNOOZES
        ):
            raise Invalid(NO_ACT, field="act")
        if self.act == "snooze" and not self.reason:
            raise Invalid(NO_REASON, field="reason")
        self.due_at = later(self.until, now) if self.act == "snooze" else now

    def why_not(self, task: Task, actor: Actor) -> str:
        """Return why a task is left out, or ""."""
        mine = self.act == "claim" and task.owner_id == actor.account_id
        return MINE if mine else ""

    def will(self) -> str:
        """Say what happens to each."""
        if self.act == "claim":
            return gettext("あなたの担当にします。")
        return gettext("%(at)sまで、あとにします。", at=moment(self.due_at))

    def do(self, work: Session, actor: Actor, now: datetime) -> Act:
        """Return what is done to one task, by its number."""

        def act(number: str, version: int) -> None:
            task = work.scalar(tasks.within_reach(actor).where(Task.id == int(number)))
            if task is None or not about_tasks(work, [task], actor):
                raise NotFound
            if task.version != version or self.why_not(task, actor):
                raise Conflict(tasks.STALE, code="stale_version")
            if self.act == "claim":
                tasks.claim(work, task, actor, now)
            else:
                tasks.snooze(work, task, self.due_at, self.reason, actor, now)

        return act

    def fields(self) -> dict[str, str]:
        """Return what the confirmed preview sends back."""
        asked = {"act": self.act, "until": self.until, "reason": self.reason}
        return {name: value for name, value in asked.items() if value}


@pages.get("/desk/tasks/bulk")
@access("task.handle")
def preview() -> Any:
    """Show what would happen to each chosen task; nothing has happened yet."""
    session, actor = db.session(), current_actor()
    try:
        wish = Wish(request.args, clock.now())
        lines = _lines(session, actor, wish)
    except Invalid as refused:
        return show_refused(refused, "/desk")
    return show_preview(lines, wish.fields(), "/desk/tasks/bulk", "/desk")


def _lines(session: Session, actor: Actor, wish: Wish) -> list[Line]:
    picked = {number for each in request.args.getlist("task")[:MOST] if (number := whole(each))}
    if not picked:
        raise Invalid(NO_ROWS, field="task")
    found = session.scalars(tasks.within_reach(actor).where(Task.id.in_(picked)).limit(MOST)).all()
    about, will = about_tasks(session, found, actor), wish.will()
    return [
        Line(
            str(task.id),
            task.version,
            f"{about[task.id].title} {gettext(tasks.KINDS[task.kind].label)}",
            about[task.id].href,
            will,
            gettext(why) if (why := wish.why_not(task, actor)) else "",
        )
        for task in found
        if task.id in about
    ]


@pages.post("/desk/tasks/bulk")
@access("task.handle")
def confirmed() -> str:
    """Do it to each of them; sent twice it is done once."""
    actor, now = current_actor(), clock.now()
    rows = [(key, version) for key, version in sent_rows() if whole(key)]
    wish = Wish(request.form, now)
    with transaction() as work:
        outcome = do_once(work, "task-bulk", now, rows, wish.do(work, actor, now))
    titles = _titles(db.session(), {int(key) for key, _version in rows}, actor)
    return render_template(
        "desk/bulk_done.html",
        done=[titles.get(int(key), {"title": key}) for key in outcome.done],
        left=[titles.get(int(key), {"title": key}) | {"why": why} for key, why in outcome.left],
        back="/desk",
    )


def _titles(session: Session, numbers: set[int], actor: Actor) -> dict[int, dict[str, str]]:
    found = session.scalars(tasks.within_reach(actor).where(Task.id.in_(numbers))).all()
    about = about_tasks(session, found, actor)
    return {number: {"title": each.title, "href": each.href} for number, each in about.items()}

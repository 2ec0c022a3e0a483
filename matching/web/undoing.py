"""The button 「元に戻す」 beside what was just done, and what it does."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import NamedTuple

from flask import Blueprint, flash, redirect
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from matching.coordination import untriaging
from matching.kernel import clock, replies, task_undo, undo
from matching.kernel.actor import Actor
from matching.kernel.database import transaction
from matching.kernel.errors import NotFound
from matching.kernel.permissions import may
from matching.needs.models import Need
from matching.noticeboard import publishing
from matching.volunteers import unchanging
from matching.web.access import access, current_actor
from matching.web.forms import accept
from matching.web.registers import gettext

pages = Blueprint("undoing", __name__)
Reverse = Callable[[Session, undo.Undo, Actor, datetime], str]


class Kind(NamedTuple):
    """What may be undone by whom, and how; `reverse` returns the page to go to."""

    action: str
    reverse: Reverse


def done(text: str, undo_id: int | str | None) -> None:
    """Say that something was done, with a button to undo it where that is offered."""
    told = {"text": text, "undo": int(undo_id)} if undo_id else text
    flash(told, "success")  # type: ignore[arg-type]


@pages.post("/undo/<int:undo_id>")
@access("undo.own")
def take(undo_id: int) -> Response:
    """Undo one's own last act; sent twice it is undone once."""
    actor, now = current_actor(), clock.now()
    with transaction() as work:

        def once() -> str:
            taken = undo.take(work, undo_id, actor, now)
            kind = KINDS[taken.kind]
            if not may(actor, kind.action):
                raise NotFound
            return kind.reverse(work, taken, actor, now)

        page = replies.once(work, accept("undo"), now, once)
    flash(gettext("元に戻しました。"), "success")
    return redirect(page or "/")


def _task(work: Session, taken: undo.Undo, _actor: Actor, _now: datetime) -> str:
    task_undo.restore(work, taken)
    return "/desk"


def _notice(work: Session, taken: undo.Undo, actor: Actor, now: datetime) -> str:
    publishing.restore(work, taken.subject_id, taken.version, actor, now)
    return "/admin/notices"


def _triage(work: Session, taken: undo.Undo, actor: Actor, now: datetime) -> str:
    untriaging.take_back(work, taken, actor, now)
    return f"/desk/needs/{work.get_one(Need, taken.subject_id).reference}"


def _availability(work: Session, taken: undo.Undo, actor: Actor, now: datetime) -> str:
    unchanging.bring_back(work, taken, actor, now)
    return "/my/availability"


KINDS: Mapping[str, Kind] = {
    "task": Kind("task.handle", _task),
    "notice": Kind("notice.manage", _notice),
    "triage": Kind("need.triage", _triage),
    "availability": Kind("my.availability", _availability),
}

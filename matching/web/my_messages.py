"""My in-box: what the centre told me, once each, whatever way it went; and by LINE if I like."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, current_app, flash, redirect, render_template, url_for
from sqlalchemy import select, update
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from matching.kernel import clock
from matching.kernel.database import db, transaction
from matching.kernel.errors import NotFound
from matching.messaging import linking, occasions, queries
from matching.messaging.hook_models import LineFriend
from matching.messaging.models import Message
from matching.messaging.rules import KINDS
from matching.web.access import access, current_actor
from matching.web.registers import gettext, language
from matching.web.surroundings import moment

pages = Blueprint("my_messages", __name__)


@pages.get("/my/messages")
@access("my.read")
def show() -> str:
    """Show my messages, newest first; looking marks nothing as read."""
    session, person_id = db.session(), current_actor().person_id
    found = queries.in_box(session, person_id, clock.now()) if person_id else []
    return render_template(
        "my/messages.html",
        messages=[_line(session, message) for message in found],
        line_ready="line" in current_app.extensions["musubi"].gateways.ready,
        linked=person_id is not None and _linked(session, person_id),
    )


def _line(session: Session, message: Message) -> dict[str, Any]:
    occasion = occasions.of_message(session, message)
    words = occasions.words_for(session, occasion, clock.now(), language())
    return {
        "at": moment(message.due_at),
        "subject": words.subject,
        "lines": words.lines,
        "facts": words.facts,
        "new": message.read_at is None,
        "href": _href(message) if occasions.is_news(session, occasion, clock.now()) else None,
        "answer": message.kind in ("offer", "offer_reminder"),
    }


def _href(message: Message) -> str | None:
    if message.kind in ("offer", "offer_reminder"):
        return "/my/offers"
    if message.placement_id is not None and KINDS[message.kind].to == "volunteer":
        return f"/my/activities/{message.placement_id}"
    return "/my/activities" if message.kind == "confirmed" else None


def _linked(session: Session, person_id: int) -> bool:
    found = select(LineFriend.id).where(
        LineFriend.person_id == person_id, LineFriend.unfollowed_at.is_(None)
    )
    return session.scalar(found) is not None


@pages.post("/my/messages/read")
@access("my.answer")
def read() -> Response:
    """Say that I have read them all."""
    now = clock.now()
    with transaction() as work:
        work.execute(
            update(Message)
            .where(Message.person_id == _me(), Message.due_at <= now, Message.read_at.is_(None))
            .values(read_at=now)
        )
    return redirect(url_for("my_messages.show"))


@pages.post("/my/messages/line")
@access("my.answer")
def code() -> str:
    """Give me a code to send by LINE."""
    with transaction() as work:
        made = linking.make_code(work, _me(), current_actor(), clock.now())
    return render_template("my/line.html", code=made)


@pages.post("/my/messages/line/stop")
@access("my.answer")
def stop() -> Response:
    """Take LINE back."""
    with transaction() as work:
        linking.unlink(work, _me(), current_actor(), clock.now())
    flash(gettext("LINEをやめました。"), "success")
    return redirect(url_for("my_messages.show"))


def _me() -> int:
    person_id = current_actor().person_id
    if person_id is None:
        raise NotFound
    return person_id

"""Messages at the desk: told by phone or letter, tried again, looked over; what each kind says."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from flask import Blueprint, current_app, flash, redirect, render_template, request, url_for
from flask_babel import lazy_gettext as _
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

import config as settings
from matching.coordination import queries as coordination
from matching.kernel import clock
from matching.kernel.actor import Actor
from matching.kernel.database import db, transaction
from matching.kernel.permissions import may
from matching.kernel.typed import LARGEST_ROW
from matching.messaging import handling, occasions, previewing, queries
from matching.messaging.models import Message
from matching.messaging.rules import BY_HAND, CHANNELS, GATEWAYS, STATES
from matching.needs import queries as needs
from matching.people.disclosures import note_disclosure
from matching.people.models import Person
from matching.volunteers import queries as volunteers
from matching.web.access import access, current_actor
from matching.web.messages_view import attempt_lines, message_line, message_lines
from matching.web.registers import gettext
from matching.web.sending import once
from matching.web.surroundings import moment

pages = Blueprint("messages", __name__)

NUMBER = "<int:number>"
MOST, LAST = 50, LARGEST_ROW
NOTED = _("記録しました。")
Act = Callable[[Session, int, Actor, datetime], Message]


@pages.get("/admin/messages")
@access("message.manage")
def board() -> str:
    """Show what waits, what is stuck and what left, and how the gateways are."""
    session, actor = db.session(), current_actor()
    counts = queries.count_by_state(session, actor)
    usual = "parked" if counts.get("parked") else "waiting"
    state = request.args.get("state", usual)
    state = state if state in STATES else usual
    before = min(request.args.get("before", 0, type=int), LAST) or None
    found = queries.list_messages(session, actor, state, MOST, before)
    return render_template(
        "admin/messages.html",
        lines=message_lines(session, found),
        next_href=f"?state={state}&before={found[-1].id}" if len(found) == MOST else None,
        tabs_items=[
            {
                "label": gettext(label),
                "href": f"?state={code}",
                "current": code == state,
                "count": counts.get(code, 0),
            }
            for code, label in STATES.items()
        ],
        gateways=_gateways(session),
    )


def _gateways(session: Session) -> list[dict[str, Any]]:
    config: settings.Config = current_app.extensions["musubi"]
    pauses = {pause.channel: pause for pause in queries.pauses(session)}
    return [
        {
            "label": gettext(CHANNELS[code]),
            "ready": code in config.gateways.ready,
            "pause": moment(pauses[code].until_at) if code in pauses else None,
            "since": moment(pauses[code].since_at) if code in pauses else None,
            "reason": pauses[code].reason if code in pauses else "",
        }
        for code in GATEWAYS
    ]


@pages.get("/admin/messages/texts")
@access("message.manage")
def texts() -> str:
    """Show what each kind says, in each register and by each way."""
    return render_template("admin/message_texts.html", kinds=previewing.all_kinds())


@pages.get("/desk/messages")
@access("message.handle")
def about() -> str:
    """Show what was told about one need, or to one volunteer."""
    session, actor = db.session(), current_actor()
    if number := request.args.get("need"):
        need = needs.get_need(session, number, actor)
        found, title, back = (
            queries.list_of_need(session, need.id),
            need.reference,
            f"/desk/needs/{need.reference}",
        )
    else:
        volunteer = volunteers.get_volunteer(
            session, request.args.get("volunteer", ""), coordination.volunteers_within(actor)
        )
        found, title, back = (
            queries.list_of_person(session, volunteer.person_id),
            volunteer.person.name,
            f"/desk/volunteers/{volunteer.reference}",
        )
    return render_template(
        "desk/messages.html", lines=message_lines(session, found), title=title, back=back
    )


@pages.get(f"/desk/messages/{NUMBER}")
@access("message.handle")
def show(number: int) -> str:
    """Show what to say, to whom, and what was tried; a look at a number is written down."""
    with transaction() as work:
        message = queries.get_message(work, number, current_actor())
        note_disclosure(
            work,
            current_actor(),
            message.person_id,
            ("message", message.id),
            "coordination",
            clock.now(),
        )
        occasion = occasions.of_message(work, message)
        person = work.get_one(Person, message.person_id)
        open_ = message.state in {"waiting", "parked"}
        return render_template(
            "desk/message.html",
            message=message,
            line=message_line(message, person.name),
            person=person,
            words=occasions.words_for(work, occasion, clock.now()),
            news=occasions.is_news(work, occasion, clock.now()),
            need=occasion.need,
            attempts=attempt_lines(work, message.id),
            by_hand=open_ and message.channel in BY_HAND,
            open=open_,
        )


@pages.get(f"/desk/messages/{NUMBER}/letter")
@access("message.handle")
def letter(number: int) -> str:
    """Show a message as a letter or fax of one A4 page, in large type."""
    with transaction() as work:
        actor = current_actor()
        message = queries.get_message(work, number, actor)
        person = work.get_one(Person, message.person_id)
        note_disclosure(
            work, actor, person.id, ("message", message.id), "coordination", clock.now()
        )
        words = occasions.words_for(work, occasions.of_message(work, message), clock.now())
        return render_template(
            "print/letter.html", person=person, words=words, today=clock.today(), message=message
        )


@pages.post(f"/desk/messages/{NUMBER}/told")
@access("message.handle")
def told(number: int) -> Response:
    """Write down that it was told, or that the letter is on its way."""
    return _once(number, "message-told", handling.told)


@pages.post(f"/desk/messages/{NUMBER}/retry")
@access("message.handle")
def retry(number: int) -> Response:
    """Try once more what could not be sent."""
    return _once(number, "message-retry", handling.retry)


@pages.post(f"/desk/messages/{NUMBER}/call")
@access("message.handle")
def call(number: int) -> Response:
    """Phone instead."""
    return _once(number, "message-call", handling.call_instead)


@pages.post(f"/desk/messages/{NUMBER}/let-go")
@access("message.handle")
def let_go(number: int) -> Response:
    """Decide that it need not be told any more."""
    return _once(number, "message-let-go", handling.let_go)


def _once(number: int, kind: str, act: Act) -> Response:
    once(kind, lambda work, actor, now: act(work, number, actor, now))
    flash(str(NOTED), "success")
    if request.form.get("from") == "board" and may(current_actor(), "message.manage"):
        return redirect(url_for("messages.board"))
    return redirect(url_for("messages.show", number=number))

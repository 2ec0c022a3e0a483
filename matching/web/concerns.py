"""「気になる・心配」: what to do first, and a concern raised in two clicks from any page."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for
from flask_babel import lazy_gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from matching.activities.queries import get_visit
from matching.catalogue.referrals import REFERRAL_BY_CODE, ReferralDesk
from matching.kernel import clock, replies
from matching.kernel.actor import Actor
from matching.kernel.database import transaction
from matching.kernel.errors import Invalid, NotFound
from matching.kernel.permissions import DESK
from matching.kernel.visibility import visible
from matching.needs.models import Need
from matching.needs.queries import get_need, list_of_commissioner, list_of_person
from matching.safeguarding.raising import Worry, raise_concern
from matching.safeguarding.rules import DESKS, IN_DANGER, LONGEST, TARGETS
from matching.volunteers.models import Volunteer
from matching.volunteers.queries import get_volunteer
from matching.web.access import access, current_actor
from matching.web.forms import accept
from matching.web.refusals import said
from matching.web.registers import gettext, language, word

pages = Blueprint("concerns", __name__)


@pages.get("/concern")
@access("concern.raise")
def new() -> str:
    """Say what to do first, and take the worry on the same page."""
    return _page(request.args.get("about", "")[:60])


def _page(about: str, body: str = "", target: str = "", errors: Any = ()) -> str:
    return render_template(
        "concerns/new.html",
        about=about,
        body=body,
        chosen=target,
        errors=errors,
        now=[_desk(REFERRAL_BY_CODE[code]) for code in IN_DANGER],
        targets=[
            {
                "code": code,
                "label": gettext(label),
                "desks": [_desk(REFERRAL_BY_CODE[desk]) for desk in DESKS[code]],
            }
            for code, label in TARGETS.items()
        ],
    )


def _desk(desk: ReferralDesk) -> dict[str, str]:
    return {"label": word(desk), "when": _when(desk), "number": desk.short_number}


def _when(desk: ReferralDesk) -> str:
    return "" if language() == "en" else gettext(desk.when)


@pages.post("/concern")
@access("concern.raise")
def send() -> Any:
    """Keep the worry; who raised it hears that it arrived, and no more."""
    actor, now = current_actor(), clock.now()
    about, body = request.form.get("about", "")[:60], request.form.get("body", "")[:LONGEST]
    target = request.form.get("target", "") or "other"
    try:
        with transaction() as work:
            worry = Worry(
                body=body,
                target=target,
                in_danger=request.form.get("in_danger") == "yes",
                about=_known(work, about, actor),
            )
            replies.once(
                work,
                accept("concern"),
                now,
                lambda: str(raise_concern(work, worry, actor, now).id),
            )
    except Invalid as refused:
        error = {"href": f"#{refused.field or 'body'}", "text": said(refused)}
        return _page(about, body, target, [error]), 422
    return redirect(url_for("concerns.received"))


@pages.get("/concern/received")
@access("concern.raise")
def received() -> str | Response:
    """Thank, and say what happens and what not to do."""
    return render_template("concerns/received.html")


def _known(session: Session, about: str, actor: Actor) -> tuple[str, int] | None:
    """The row that is meant, if this reader may know of it; a worry is kept in any case."""
    kind, _colon, shown = about.partition(":")
    find = {"need": _need, "volunteer": _volunteer, "visit": _visit}.get(kind)
    if find is None:
        return None
    try:
        return find(session, shown, actor)
    except NotFound:
        return None


def _need(session: Session, reference: str, actor: Actor) -> tuple[str, int] | None:
    if not DESK.isdisjoint(actor.roles):
        return "need", get_need(session, reference, actor).id
    mine = [*list_of_commissioner(session, actor)]
    if actor.person_id is not None:
        mine += list_of_person(session, actor.person_id)
    return next((("need", need.id) for need in mine if need.reference == reference), None)


def _volunteer(session: Session, reference: str, actor: Actor) -> tuple[str, int] | None:
    if DESK.isdisjoint(actor.roles):
        return None
    return "volunteer", get_volunteer(
        session, reference, visible(Volunteer, actor, "volunteer.read")
    ).id


def _visit(session: Session, number: str, actor: Actor) -> tuple[str, int] | None:
    if not number.isascii() or not number.isdigit() or len(number) > 18:
        return None
    return "placement", get_visit(session, int(number), actor)[0].id


def about_words(session: Session, about_type: str | None, about_id: int | None) -> str:
    """Name what a concern is about by its number, for the safeguarding group."""
    if about_type == "need":
        return session.scalar(select(Need.reference).where(Need.id == about_id)) or ""
    return f"{about_type} {about_id}" if about_type else str(_("決まっていません"))

"""Referrals and case conferences on the need page: opened, moved on, answered, closed."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

from flask import Blueprint, flash, redirect, request, url_for
from flask_babel import lazy_gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session

from matching.catalogue.referrals import REFERRAL_BY_CODE
from matching.kernel import clock, replies
from matching.kernel.actor import Actor
from matching.kernel.database import transaction
from matching.kernel.errors import Invalid
from matching.needs.models import Need
from matching.needs.queries import get_need
from matching.needs.referral_models import (
    REFERRAL_MOVES,
    REFERRAL_STATES,
    CaseConference,
    Referral,
)
from matching.needs.referring import (
    Step,
    conferences_of,
    get_referral,
    move_referral,
    record_conference,
    refer,
    referrals_of,
)
from matching.people.models import Account
from matching.web.access import access, current_actor
from matching.web.forms import accept, whole
from matching.web.intake_view import desk_line
from matching.web.refusals import said
from matching.web.registers import gettext
from matching.web.surroundings import day

pages = Blueprint("referrals", __name__)

NUMBER = "<int:referral_id>"
Act = Callable[[Session, Actor, datetime], str]
TONES = {"accepted": "done", "followed_up": "done", "closed": "neutral", "returned": "warning"}
MOVES = {
    "consented": _("ご本人の同意をもらった"),
    "handed_over": _("窓口に伝えた"),
    "accepted": _("引き受けてもらった"),
    "returned": _("戻された"),
    "followed_up": _("その後をたしかめた"),
    "closed": _("終わりにする"),
}


def referral_rows(session: Session, need: Need) -> list[dict[str, Any]]:
    """Return the referrals of a need as its page shows them."""
    return [_row(session, each) for each in referrals_of(session, need.id)]


def _row(session: Session, referral: Referral) -> dict[str, Any]:
    owner = session.get(Account, referral.owner_id) if referral.owner_id else None
    return {
        "id": referral.id,
        "version": referral.version,
        "desk": desk_line(referral.desk_code),
        "state": gettext(REFERRAL_STATES[referral.state]),
        "tone": TONES.get(referral.state, "waiting"),
        "answer": referral.answer,
        "owner": owner.display_name if owner else "",
        "next_on": day(referral.next_on) if referral.state != "closed" else "",
        "overdue": referral.state != "closed" and referral.next_on < clock.today(),
        "moves": [
            (code, str(MOVES[code])) for code in MOVES if code in REFERRAL_MOVES[referral.state]
        ],
    }


def conference_rows(session: Session, need: Need) -> list[dict[str, str]]:
    """Return the case conferences about a need as its page shows them."""
    return [
        {
            "on": day(each.held_on),
            "attended": each.attended,
            "found": each.found,
            "next_on": day(each.next_on),
        }
        for each in conferences_of(session, need.id)
    ]


def desk_choices(session: Session, need: Need) -> list[tuple[str, str]]:
    """Return the desks to which a need is not being handed already."""
    open_now = set(
        session.scalars(
            select(Referral.desk_code).where(
                Referral.need_id == need.id, Referral.state != "closed"
            )
        )
    )
    return [(code, desk_line(code)) for code in REFERRAL_BY_CODE if code not in open_now]


def _once(kind: str, act: Act, back: str | None = None) -> Any:
    actor, now = current_actor(), clock.now()
    try:
        with transaction() as work:
            reference = replies.once(work, accept(kind), now, lambda: act(work, actor, now))
    except Invalid as refused:
        flash(said(refused), "error")
        return redirect(back or request.referrer or url_for("desk.worklist"))
    flash(gettext("記録しました。"), "success")
    return redirect(url_for("needs.show", reference=reference, _anchor="referrals"))


def _day(name: str) -> date | None:
    try:
        return date.fromisoformat(request.form.get(name, ""))
    except ValueError:
        return None


def _text(name: str, longest: int) -> str:
    return request.form.get(name, "").replace("\x00", "").strip()[:longest]


@pages.post("/desk/needs/<reference>/referrals")
@access("need.refer")
def opened(reference: str) -> Any:
    """Begin to hand a need to the desks that were ticked."""

    def act(work: Session, actor: Actor, now: datetime) -> str:
        need = get_need(work, reference, actor)
        refer(work, need, request.form.getlist("desks"), _day("next_on"), actor, now)
        return need.reference

    return _once("refer", act, url_for("needs.show", reference=reference))


@pages.post(f"/desk/referrals/{NUMBER}")
@access("need.refer")
def moved(referral_id: int) -> Any:
    """Write down what happened with a referral, by one of its buttons."""

    def act(work: Session, actor: Actor, now: datetime) -> str:
        get_referral(work, referral_id, actor)
        state = request.form.get("state", "")
        if state not in MOVES:
            raise Invalid(str(_("どうなったかを選んでください。")), field="state")
        step = Step(state, _text("said", 2000), _day("next_on"), whole(request.form.get("version")))
        found = move_referral(work, referral_id, step, actor, now)
        return work.scalar(select(Need.reference).where(Need.id == found.need_id)) or ""

    return _once("referral", act)


@pages.post("/desk/needs/<reference>/conference")
@access("need.refer")
def conference(reference: str) -> Any:
    """Keep what a case conference found."""

    def act(work: Session, actor: Actor, now: datetime) -> str:
        need = get_need(work, reference, actor)
        today = clock.local_date(now)
        talk = CaseConference(
            need_id=need.id,
            held_on=_day("held_on") or today,
            attended=_text("attended", 500),
            found=_text("found", 4000),
            next_on=_day("next_on") or today,
            recorded_at=now,
            recorded_by_id=actor.account_id,
        )
        record_conference(work, need, talk, actor, now)
        return need.reference

    return _once("conference", act, url_for("needs.show", reference=reference))

"""The safeguarding inbox: its own page with its own rights, for managers and those they named."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import lazy_gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from matching.catalogue.referrals import REFERRAL_BY_CODE
from matching.kernel import audit, clock
from matching.kernel.actor import Actor
from matching.kernel.database import db, transaction
from matching.people.models import Account, Person
from matching.people.standstill import MANAGER
from matching.people.trust_models import SafeguardingMember
from matching.safeguarding import handling, queries
from matching.safeguarding.hints import hints_in
from matching.safeguarding.models import (
    Concern,
    ConcernDecision,
    ConcernReport,
)
from matching.safeguarding.raising import involve
from matching.safeguarding.rules import (
    ACKNOWLEDGE_WITHIN,
    DECISIONS,
    DESKS,
    METHODS,
    PARTS,
    STATES,
    TARGETS,
)
from matching.web.access import access, current_actor
from matching.web.concerns import about_words
from matching.web.forms import whole
from matching.web.registers import gettext, word
from matching.web.sending import once
from matching.web.surroundings import moment

pages = Blueprint("safeguarding", __name__)

NUMBER = "<int:concern_id>"
TONES = {"reported": "danger", "acknowledged": "warning", "closed": "neutral"}


@pages.get("/desk/safeguarding")
@access("safeguarding.read")
def inbox() -> str:
    """Show the concerns that are open, who is on the phone list, and the year's counts."""
    session, actor, now = db.session(), current_actor(), clock.now()
    found = queries.list_concerns(session, actor)
    over = queries.list_concerns(session, actor, closed=True)
    names = _names(session)
    counts = queries.counts_by_target(session, actor, clock.today())
    return render_template(
        "desk/safeguarding.html",
        concerns=[_line(session, concern, now) for concern in found],
        closed=[_line(session, concern, now) for concern in over],
        phones=[names.get(each, "") for each in queries.phone_list(session, clock.today())],
        members=[
            {
                "id": member.account_id,
                "name": names.get(member.account_id, ""),
                "place": member.place,
            }
            for member in session.scalars(
                select(SafeguardingMember).order_by(SafeguardingMember.place)
            )
        ],
        counts=[
            {"label": gettext(TARGETS[target]), "count": count} for target, count in counts.items()
        ],
        manager=MANAGER in actor.roles,
    )


def _line(session: Session, concern: Concern, now: datetime) -> dict[str, Any]:
    return {
        "id": concern.id,
        "label": gettext(STATES[concern.state]),
        "tone": TONES[concern.state],
        "raised": moment(concern.raised_at),
        "target": gettext(TARGETS[concern.target]),
        "about": about_words(session, concern.about_type, concern.about_id),
        "in_danger": concern.in_danger,
        "late": concern.state == "reported" and now - concern.raised_at > ACKNOWLEDGE_WITHIN,
    }


def _names(session: Session) -> dict[int, str]:
    rows = session.execute(select(Account.id, Account.display_name))
    return {row[0]: row[1] for row in rows}


@pages.get(f"/desk/safeguarding/{NUMBER}")
@access("safeguarding.read")
def show(concern_id: int) -> str:
    """Show a concern in full; that it was read is in the trail."""
    with transaction() as work:
        actor, now = current_actor(), clock.now()
        concern = queries.get_concern(work, concern_id, actor)
        audit.record(work, actor, now, "concern_read", "concern", concern.id)
        names = _names(work)
        return render_template(
            "desk/concern.html",
            line=_line(work, concern, now),
            concern=concern,
            hints=hints_in(concern.body),
            people=_people(work, concern.id),
            raised_by=names.get(concern.raised_by_id or 0, ""),
            taken_by=names.get(concern.acknowledged_by_id or 0, ""),
            reports=_reports(work, concern.id, names),
            decisions=_decisions(work, concern.id, names),
            desks=[word(REFERRAL_BY_CODE[code]) for code in DESKS[concern.target]],
            methods={code: gettext(label) for code, label in METHODS.items()},
            choices={code: gettext(label) for code, label in DECISIONS.items()},
            parts={code: gettext(label) for code, label in PARTS.items()},
            manager=MANAGER in actor.roles,
            now=clock.local(now).strftime("%Y-%m-%dT%H:%M"),
        )


def _people(session: Session, concern_id: int) -> list[dict[str, Any]]:
    parts = {row.person_id: row.part for row in queries.people_of(session, concern_id)}
    found = session.scalars(select(Person).where(Person.id.in_(parts)).order_by(Person.id))
    return [
        {
            "id": person.id,
            "name": person.name,
            "part": gettext(PARTS[parts[person.id]]),
            "phone": person.phone or person.mobile,
        }
        for person in found
    ]


def _reports(session: Session, concern_id: int, names: dict[int, str]) -> list[dict[str, Any]]:
    found = session.scalars(
        select(ConcernReport)
        .where(ConcernReport.concern_id == concern_id)
        .order_by(ConcernReport.told_at, ConcernReport.id)
    )
    return [
        {
            "at": moment(each.told_at),
            "desk": each.desk,
            "method": gettext(METHODS[each.method]),
            "by": names.get(each.told_by_id, ""),
            "answer": each.answer,
            "next_step": each.next_step,
        }
        for each in found
    ]


def _decisions(session: Session, concern_id: int, names: dict[int, str]) -> list[dict[str, Any]]:
    found = session.scalars(
        select(ConcernDecision)
        .where(ConcernDecision.concern_id == concern_id)
        .order_by(ConcernDecision.id)
    )
    return [
        {
            "at": moment(each.decided_at),
            "decision": gettext(DECISIONS[each.decision]),
            "by": names.get(each.decided_by_id, ""),
            "reason": each.reason,
        }
        for each in found
    ]


def _back(concern_id: int, sentence: Any) -> Response:
    flash(str(sentence), "success")
    return redirect(url_for("safeguarding.show", concern_id=concern_id))


@pages.post(f"/desk/safeguarding/{NUMBER}/acknowledge")
@access("safeguarding.read")
def acknowledge(concern_id: int) -> Response:
    """Take a concern up by name."""
    once("acknowledge", lambda work, who, now: handling.acknowledge(work, concern_id, who, now))
    return _back(concern_id, _("あなたが担当になりました。"))


@pages.post(f"/desk/safeguarding/{NUMBER}/report")
@access("safeguarding.read")
def report(concern_id: int) -> Response:
    """Write down that a desk was told."""
    form = request.form
    told = handling.Told(
        told_at=_instant(form.get("told_at", "")),
        desk=form.get("desk", ""),
        method=form.get("method", ""),
        answer=form.get("answer", ""),
        next_step=form.get("next_step", ""),
    )
    once("told", lambda work, who, now: handling.log_report(work, concern_id, told, who, now))
    return _back(concern_id, _("記録しました。"))


def _instant(typed: str) -> datetime:
    """Read the local moment of a form; what cannot be read means now."""
    try:
        return datetime.fromisoformat(typed).replace(tzinfo=clock.TOKYO)
    except ValueError:
        return clock.now()


@pages.post(f"/desk/safeguarding/{NUMBER}/people")
@access("safeguarding.read")
def add_person(concern_id: int) -> Response:
    """Add somebody whom the concern touches, by the number of their need or registration."""
    named, part = request.form.get("reference", ""), request.form.get("part", "suspected")

    def act(work: Session, who: Actor, now: datetime) -> None:
        concern = queries.get_concern(work, concern_id, who)
        person_id = queries.person_by_reference(work, named, who)
        involve(work, concern, {person_id: part if part in PARTS else "suspected"}, who, now)

    once("involve", act)
    return _back(concern_id, _("加えました。この方への連絡も止まりました。"))


@pages.post(f"/desk/safeguarding/{NUMBER}/decide")
@access("safeguarding.read")
def decide(concern_id: int) -> Response:
    """Go on with the standstill, or end it, with the reason."""
    decision, reason = request.form.get("decision", ""), request.form.get("reason", "")
    once(
        "decide",
        lambda work, who, now: handling.decide(work, concern_id, decision, reason, who, now),
    )
    return _back(concern_id, _("判断を記録しました。"))


@pages.post("/desk/safeguarding/members")
@access("safeguarding.manage")
def name_member() -> Response:
    """Name somebody beside the managers, with a place on the phone list."""
    login, place = request.form.get("login", ""), whole(request.form.get("place"))
    number = place if 0 < place < 1000 else 1
    once("member", lambda work, who, now: handling.name_member(work, login, number, who, now))
    return redirect(url_for("safeguarding.inbox"))


@pages.post("/desk/safeguarding/members/<int:account_id>/drop")
@access("safeguarding.manage")
def drop_member(account_id: int) -> Response:
    """Take somebody off the list."""
    once("drop", lambda work, who, now: handling.drop_member(work, account_id, who, now))
    return redirect(url_for("safeguarding.inbox"))

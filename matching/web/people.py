"""A person's page for staff: consents in their words, who speaks for them, whom they never meet."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import lazy_gettext as _
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from matching.cells.dates import read_date
from matching.coordination import blocking, guarding
from matching.coordination.moving_on import move_on
from matching.coordination.withdrawing import take_word
from matching.kernel import clock, replies
from matching.kernel.actor import Actor
from matching.kernel.database import db, transaction
from matching.kernel.errors import Invalid
from matching.people import likeness, representing, shielding, wishing
from matching.people.consenting import Word
from matching.people.models import Person
from matching.safeguarding.queries import person_by_reference
from matching.web.access import access, current_actor
from matching.web.forms import accept, whole
from matching.web.people_view import page_of, within_sight
from matching.web.refusals import said
from matching.web.registers import gettext

pages = Blueprint("people", __name__)

NUMBER = "<int:person_id>"
DONE = _("記録しました。")
Act = Callable[[Session, Person, Actor, datetime], object]


@pages.get(f"/desk/people/{NUMBER}")
@access("person.read")
def show(person_id: int) -> str:
    """Show what a person agreed to, who speaks for them and what protects them."""
    with transaction() as work:
        person = within_sight(work, person_id, current_actor())
        return render_template("desk/person.html", **page_of(work, person, current_actor()))


def _once(person_id: int, kind: str, act: Act) -> Response | tuple[str, int]:
    """Do something once for a person within sight; a refusal keeps what was typed."""
    actor, now = current_actor(), clock.now()
    try:
        with transaction() as work:
            person = within_sight(work, person_id, actor)

            def acted() -> str:
                act(work, person, actor, now)
                return "done"

            replies.once(work, accept(kind), now, acted)
    except Invalid as refused:
        return _again(person_id, kind, refused), 422
    flash(str(DONE), "success")
    return redirect(url_for("people.show", person_id=person_id))


def _again(person_id: int, kind: str, refused: Invalid) -> str:
    session = db.session()
    person = within_sight(session, person_id, current_actor())
    typed = {name: value for name, value in request.form.items() if name != "csrf_token"}
    error = {"href": f"#{kind}", "text": said(refused)}
    context = page_of(session, person, current_actor())
    return render_template(
        "desk/person.html", **context | {"errors": [error], "typed": typed, "tried": kind}
    )


def _text(name: str, longest: int = 200) -> str:
    return request.form.get(name, "").replace("\0", "").strip()[:longest]


def _day(name: str) -> date | None:
    """Read a date in any of the ways people write it; raises Invalid for anything else."""
    typed = _text(name)
    if not typed:
        return None
    cell = read_date(typed)
    if not cell.read or not cell.text:
        raise Invalid(gettext("日付を読み取れませんでした。"), field=name)
    return date.fromisoformat(cell.text)


@pages.post(f"/desk/people/{NUMBER}/consent")
@access("person.trust")
def consent(person_id: int) -> Any:
    """Record a person's word on their behalf: on paper or by word of mouth, with a witness."""

    def act(work: Session, person: Person, actor: Actor, now: datetime) -> None:
        word = Word(
            purpose=_text("purpose"),
            state=_one_of("state", ("given", "refused", "withdrawn", "requested")),
            method=_one_of("method", ("paper", "oral")),
            agreed_on=_day("agreed_on"),
            expires_on=_day("expires_on"),
            witness=_text("witness") or None,
            receiver=_text("receiver") or None,
            representation_id=whole(request.form.get("representation")) or None,
        )
        take_word(work, person.id, word, actor, now)

    return _once(person_id, "consent", act)


def _one_of(name: str, known: tuple[str, ...]) -> str:
    typed = _text(name)
    if typed not in known:
        raise Invalid(gettext("選んでください。"), field=name)
    return typed


@pages.post(f"/desk/people/{NUMBER}/representation")
@access("person.trust")
def represent(person_id: int) -> Any:
    """Record who speaks for a person."""

    def act(work: Session, person: Person, actor: Actor, now: datetime) -> None:
        knows: Mapping[str, bool] = {"yes": True, "no": False}
        authority = representing.Authority(
            authority=_text("authority"),
            name=_text("name"),
            relation=_text("relation") or None,
            phone=_text("phone", 40) or None,
            scope=_text("scope", 2000),
            purposes=tuple(request.form.getlist("purposes"))[:10],
            document_seen_on=_day("document_seen_on"),
            supervised_since=_day("supervised_since"),
            person_knows=knows.get(_text("person_knows")),
            starts_on=_day("starts_on") or clock.local_date(now),
            ends_on=_day("ends_on"),
        )
        representing.represent(work, person.id, authority, actor, now)

    return _once(person_id, "representation", act)


@pages.post(f"/desk/people/{NUMBER}/representation/<int:number>/end")
@access("person.trust")
def end_representation(person_id: int, number: int) -> Any:
    """End somebody's speaking for a person."""
    return _once(
        person_id,
        "end",
        lambda work, person, who, now: representing.end_representation(
            work, person.id, number, who, now
        ),
    )


@pages.post(f"/desk/people/{NUMBER}/guardian")
@access("person.trust")
def guardian(person_id: int) -> Any:
    """Record a guardian's consent to a minor's helping, or that it was taken back."""

    def act(work: Session, person: Person, actor: Actor, now: datetime) -> None:
        if _text("kind") == "withdraw":
            guarding.withdraw(work, person.id, actor, now)
            return
        word = representing.Guardian(
            name=_text("name"),
            relation=_text("relation"),
            phone=_text("phone", 40),
            method=_one_of("method", ("paper", "oral")),
            agreed_on=_day("agreed_on") or clock.local_date(now),
            scope=_text("scope", 2000),
        )
        guarding.agree(work, person.id, word, actor, now)

    return _once(person_id, "guardian", act)


@pages.post(f"/desk/people/{NUMBER}/block")
@access("person.trust")
def block(person_id: int) -> Any:
    """Keep a person and somebody else apart from now on."""

    def act(work: Session, person: Person, actor: Actor, now: datetime) -> None:
        other_id = person_by_reference(work, _text("reference", 40), actor)
        blocking.block(work, person.id, other_id, _text("reason", 1000), actor, now)

    return _once(person_id, "block", act)


@pages.post(f"/desk/people/{NUMBER}/blocks/<int:number>/remove")
@access("block.remove")
def unblock(person_id: int, number: int) -> Any:
    """Let two people meet again; who sits there proves who they are first."""

    def act(work: Session, person: Person, actor: Actor, now: datetime) -> None:
        blocking.unblock(work, person.id, number, _text("reason", 1000), actor, now)

    return _once(person_id, "unblock", act)


@pages.post(f"/desk/people/{NUMBER}/wish")
@access("person.trust")
def wish(person_id: int) -> Any:
    """Keep whether a person would rather be helped by strangers."""
    only = _text("no_acquaintances") == "yes"
    return _once(
        person_id,
        "wish",
        lambda work, person, who, now: wishing.wish(work, person.id, only, who, now),
    )


@pages.post(f"/desk/people/{NUMBER}/acquaintance")
@access("person.trust")
def acquaintance(person_id: int) -> Any:
    """Keep that two people know each other."""

    def act(work: Session, person: Person, actor: Actor, now: datetime) -> None:
        other_id = person_by_reference(work, _text("reference", 40), actor)
        relation = _one_of("relation", ("family", "acquaintance"))
        wishing.know_each_other(work, person.id, other_id, relation, actor, now)

    return _once(person_id, "acquaintance", act)


@pages.post(f"/desk/people/{NUMBER}/registration")
@access("person.trust")
def registration(person_id: int) -> Any:
    """Say whether a held registration is the blocked person."""
    same = _text("decision") == "same"
    return _once(
        person_id,
        "registration",
        lambda work, person, who, now: likeness.decide_likeness(
            work, person.id, same=same, actor=who, now=now
        ),
    )


@pages.post(f"/desk/people/{NUMBER}/moved-on")
@access("person.trust")
def moved_on(person_id: int) -> Any:
    """Stop everything for somebody who died or moved away (BR-37)."""
    return _once(
        person_id,
        "moved",
        lambda work, person, who, now: move_on(work, person.id, _text("why"), who, now),
    )


@pages.post(f"/desk/people/{NUMBER}/shield")
@access("person.shield")
def shield(person_id: int) -> Any:
    """Shield a person, or take the shield away."""

    def act(work: Session, person: Person, actor: Actor, now: datetime) -> None:
        if _text("kind") == "remove":
            shielding.unshield(work, person.id, actor, now)
            return
        logins = _text("keepers", 500).replace("、", ",").split(",")
        shielding.shield(
            work, person.id, _text("reason", 2000), logins, actor, now, _text("meeting_point")
        )

    return _once(person_id, "shield", act)

"""Programs that open every link of a mail and send every form they find change nothing."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Any
from urllib.parse import urljoin, urlsplit

from bs4 import BeautifulSoup
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import delete, select, text
from sqlalchemy.orm import Session

from matching.coordination.agreeing import resident_agrees
from matching.coordination.answering import Answer, answer
from matching.coordination.cancelling import cancel
from matching.coordination.links import make_link
from matching.coordination.models import Proposal
from matching.kernel import outbox
from matching.kernel.actor import Actor
from matching.kernel.database import Base
from matching.kernel.outbox import OutboxJob
from matching.messaging import feeding
from matching.messaging.accounts import reset_parcel
from matching.messaging.models import Message
from matching.messaging.rules import KINDS
from matching.messaging.sending import Post
from matching.needs.models import Need
from matching.people import tickets
from matching.people.accounts import AccountEntry, add_account
from matching.people.models import Person
from tests import factories
from tests.factories import PASSWORD
from tests.messaging.scenes import asked, work
from tests.messaging.smtp_sink import Sink, body_of

LINK = re.compile(r"https://musubi\.example\.jp(/\S+)")
# How far two people have come when each kind of message leaves.
STAGES = {
    **dict.fromkeys(("offer", "offer_reminder"), "asked"),
    **dict.fromkeys(
        (
            *("confirmed", "coming", "changed", "coming_changed", "coming_elsewhere"),
            *("visit_reminder", "report_reminder"),
        ),
        "settled",
    ),
    **dict.fromkeys(("called_off", "coming_off", "cancelled"), "off"),
    "may_come": "held",
    "waitlisted": "waitlisted",
    "not_needed": "over",
    "thanks": "done",
}
# A browser's session is no change of ours, nor is the count of tries that guards the doors.
LEFT_OUT = {"login_sessions", "limit_spends", "allowances", "limits"}


def digest(session: Session) -> dict[str, Any]:
    session.rollback()
    return {
        table.name: session.execute(
            text(f"SELECT md5(string_agg(t::text, '|' ORDER BY t::text)) FROM {table.name} t")  # noqa: S608
        ).scalar()
        for table in Base.metadata.sorted_tables
        if table.name not in LEFT_OUT
    }


def links_of(sink: Sink) -> set[str]:
    return {link for mail in sink.mails for link in LINK.findall(body_of(mail))}


def scan(client: FlaskClient, path: str) -> int:
    """Open a page in every way, then send each of its forms once a button; returns how many."""
    client.head(path)
    client.options(path)
    page = client.get(path, follow_redirects=True)
    assert page.status_code < 500
    sent = 0
    for form in BeautifulSoup(page.data, "html.parser").select("form[method=post]"):
        action = urljoin(f"http://localhost{path}", str(form.get("action", path)))
        fields = {
            str(field["name"]): str(field.get("value") or "yes")
            for field in form.select("[name]")
            if field["name"] != "csrf_token"
        }
        buttons = [
            {str(each["name"]): str(each.get("value", ""))} for each in form.select("button[name]")
        ] or [{}]
        for button in buttons:
            answer_ = client.post(urlsplit(action).path, data=fields | button)
            assert answer_.status_code in (400, 403, 404, 405), (path, action, answer_.status_code)
            sent += 1
    return sent


def pair(session: Session, now: datetime, boss: Actor, stage: str) -> dict[str, int]:
    """Two people with mail addresses at a stage of their story; returns what a job would name."""
    proposal = asked(session, now, boss)
    assert proposal.need_id is not None
    need = session.get_one(Need, proposal.need_id)
    session.get_one(Person, need.requester_id).email = f"r{need.id}@example.jp"
    if stage in {"asked", "waitlisted"}:
        proposal.state = "contacted" if stage == "asked" else stage
        return {"proposal": proposal.id}
    answer(session, proposal.id, Answer("no" if stage == "over" else "yes", "phone"), boss, now)
    if stage in {"held", "over"}:
        return {"proposal": proposal.id}
    [visit] = resident_agrees(session, proposal.id, "phone", "", boss, now)
    if stage == "off":
        cancel(session, visit.id, "雪", boss, now)
    elif stage == "done":
        visit.state = "done"
    return {"placement": visit.id}


def every_kind(session: Session, now: datetime, boss: Actor, post: Post) -> set[str]:
    """Have every kind of message of the product sent by mail; returns those that went."""
    for stage in sorted(set(STAGES.values())):
        about = pair(session, now, boss, stage)
        session.execute(delete(OutboxJob))
        for kind in (each for each in KINDS if STAGES[each] == stage):
            outbox.enqueue(session, "message", {"kind": kind, **about}, now)
        session.commit()
        work(session, now, post, ("mail",))
    return set(session.scalars(select(Message.kind).where(Message.state == "sent")))


def other_doors(session: Session, now: datetime, boss: Actor, post: Post) -> set[str]:
    """Links that come by other ways: letters, short messages, calendars, papers."""
    entry = AccountEntry("x@example.jp", PASSWORD, "x", (("volunteer", None, None),))
    account = add_account(session, entry, boss, now)
    session.flush()
    session.refresh(account, ["roles"])
    reset = tickets.mint(session, account, "reset", boss, now)
    letter = tickets.mint(session, account, "activation", boss, now)
    waiting = session.scalars(select(Proposal).where(Proposal.state == "contacted")).first()
    assert waiting is not None
    short = make_link(session, waiting, now, short=True)
    person = factories.volunteer(session, now).person_id
    feed = feeding.make(session, "x", factories.actor(session, "volunteer", person_id=person), now)
    session.commit()
    link = f"{post.base_url}/reset/{reset.token}"
    post.gateways["mail"].hand_over(reset_parcel("r", "x@example.jp", link, "ja"))
    fixed = {"/my/messages", "/my/calendar", "/partner", "/find", "/needs/new?all=1"}
    return fixed | {f"/activate/{letter.token}", f"/a/{short}", f"/calendar/{feed}.ics"}


def test_opening_every_link_and_sending_every_form_without_its_token_changes_nothing(
    app: Flask, session: Session, now: datetime, coordinator: Actor, sink: Sink, post: Post
) -> None:
    """T16, A9: a look is no answer, and an answer needs the token of the page it stands on.

    A kind of message that has no stage here fails, and so does one that is not sent.
    """
    assert every_kind(session, now, coordinator, post) == set(KINDS)
    links = other_doors(session, now, coordinator, post) | links_of(sink)
    answers = [link for link in links if link.startswith("/answer/")]
    assert len(answers) == 2 and any(link.startswith("/reset/") for link in links)
    before = digest(session)
    sent = sum(scan(app.test_client(), link) for link in sorted(links))
    assert sent >= 6
    assert digest(session) == before

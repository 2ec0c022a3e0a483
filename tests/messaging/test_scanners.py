"""Programs that open every link of a mail and send every form they find change nothing."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urljoin, urlsplit

from bs4 import BeautifulSoup
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from matching.coordination.agreeing import resident_agrees
from matching.coordination.answering import Answer, answer
from matching.coordination.cancelling import cancel
from matching.coordination.models import Placement
from matching.kernel.actor import Actor
from matching.kernel.database import Base
from matching.messaging.accounts import reset_parcel
from matching.messaging.reminding import remind
from matching.messaging.sending import Post
from matching.people import tickets
from matching.people.accounts import AccountEntry, add_account
from tests.factories import PASSWORD
from tests.messaging.scenes import asked, work
from tests.messaging.smtp_sink import Sink, body_of

LINK = re.compile(r"https://musubi\.example\.jp(/\S+)")
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


def test_opening_every_link_and_sending_every_form_without_its_token_changes_nothing(
    app: Flask, session: Session, now: datetime, coordinator: Actor, sink: Sink, post: Post
) -> None:
    """T16, A9: a look is no answer, and an answer needs the token of the page it stands on."""
    offered = asked(session, now, coordinator, email="offered@example.jp")
    settled = asked(session, now, coordinator, email="settled@example.jp")
    called_off = asked(session, now, coordinator, email="off@example.jp")
    for proposal in (settled, called_off):
        answer(session, proposal.id, Answer("yes", "phone"), coordinator, now)
        resident_agrees(session, proposal.id, "phone", "", coordinator, now)
    number = session.scalars(
        select(Placement.id).where(Placement.proposal_id == called_off.id)
    ).one()
    cancel(session, number, "雪", coordinator, now)
    assert offered.expires_at is not None
    session.commit()
    work(session, now, post)
    near_end = offered.expires_at - timedelta(hours=8)  # nine in the morning of the last day
    remind(session, near_end, ("mail",))
    session.commit()
    work(session, near_end, post)
    account = add_account(
        session,
        AccountEntry("x@example.jp", PASSWORD, "x", (("volunteer", None, None),)),
        coordinator,
        now,
    )
    session.flush()
    session.refresh(account, ["roles"])
    reset = tickets.mint(session, account, "reset", coordinator, now)
    letter = tickets.mint(session, account, "activation", coordinator, now)
    session.commit()
    link = f"{post.base_url}/reset/{reset.token}"
    post.gateways["mail"].hand_over(reset_parcel("r", "x@example.jp", link, "ja"))
    links = links_of(sink) | {f"/activate/{letter.token}", "/my/messages", "/my/calendar"}
    assert sum(link.startswith("/answer/") for link in links) == 2
    assert any(link.startswith("/my") for link in links)
    before = digest(session)
    sent = sum(scan(app.test_client(), link) for link in sorted(links))
    assert sent >= 6
    assert digest(session) == before

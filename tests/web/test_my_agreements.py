"""A resident agrees on her own page to who would come, and nobody else can do it for her."""

from datetime import datetime

import pytest
from bs4 import BeautifulSoup
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from matching.coordination.answering import Answer, answer
from matching.coordination.models import Placement, Proposal
from matching.kernel.actor import SYSTEM
from matching.kernel.outbox import OutboxJob
from matching.needs.models import Need
from matching.people.accounts import AccountEntry, add_account
from tests import factories
from tests.factories import PASSWORD
from tests.messaging.scenes import asked
from tests.web.browsing import sign_in, token


@pytest.fixture
def proposal(session: Session, now: datetime) -> Proposal:
    """A volunteer has said yes; the resident has an account and has not been asked yet."""
    coordinator = factories.actor(session, "coordinator")
    made = asked(session, now, coordinator, channel="phone", name="山田 太郎")
    need = session.get_one(Need, made.need_id)
    for login, role, person in (
        ("hana", "requester", need.requester_id),
        ("other", "requester", None),
    ):
        entry = AccountEntry(login, PASSWORD, login, ((role, None, None),), person)
        add_account(session, entry, SYSTEM, now)
    answer(session, made.id, Answer("yes", "phone"), coordinator, now)
    session.commit()
    return made


def states(session: Session) -> list[str]:
    session.rollback()
    session.expire_all()
    return list(session.scalars(select(Placement.state)))


def say(client: FlaskClient, proposal: Proposal, kind: str) -> int:
    fields = {"csrf_token": token(client, "/my/calendar"), "kind": kind}
    return client.post(f"/my/agreements/{proposal.id}", data=fields).status_code


def test_she_is_told_sees_who_would_come_and_says_yes_once(
    app: Flask, session: Session, now: datetime, proposal: Proposal
) -> None:
    kinds = [
        job.payload["kind"]
        for job in session.scalars(select(OutboxJob).where(OutboxJob.name == "message"))
    ]
    assert "may_come" in kinds
    hana = app.test_client()
    sign_in(hana, "hana")
    page = BeautifulSoup(hana.get("/my").data, "html.parser")
    form = page.select_one(f"form[action='/my/agreements/{proposal.id}']")
    assert form is not None
    assert "山田 太郎" in page.get_text()
    assert say(hana, proposal, "perhaps") == 422
    assert states(session) == ["held"]
    assert say(hana, proposal, "yes") == 302
    assert states(session) == ["confirmed"]
    assert "この方がうかがってもよいですか" not in hana.get("/my").get_data(as_text=True)
    assert say(hana, proposal, "yes") == 409


def test_her_no_frees_the_seat_and_blames_nobody(
    app: Flask, session: Session, proposal: Proposal
) -> None:
    hana = app.test_client()
    sign_in(hana, "hana")
    assert say(hana, proposal, "no") == 302
    assert states(session) == ["cancelled"]


def test_nobody_else_answers_for_her(app: Flask, session: Session, proposal: Proposal) -> None:
    """Not yours is not there; the desk types her word on its own page."""
    desk = factories.actor(session, "coordinator")
    session.commit()
    for login in ("other", desk.display_name):
        client = app.test_client()
        sign_in(client, login)
        assert say(client, proposal, "yes") == 404
    assert states(session) == ["held"]

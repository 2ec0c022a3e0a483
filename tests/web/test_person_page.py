"""Consents in their words, given and taken back; a person's page for staff; a second look."""

from datetime import date, datetime, timedelta

import pytest
from bs4 import BeautifulSoup
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from matching.coordination.planning import plan_all
from matching.coordination.queries import list_candidates
from matching.coordination.withdrawing import expire_consents
from matching.kernel import clock
from matching.kernel.actor import SYSTEM
from matching.needs.models import Need
from matching.people import standstill
from matching.people.accounts import AccountEntry, add_account
from matching.people.models import Block, Consent
from matching.people.purposes import PURPOSES, TEXTS, text_of
from matching.people.queries import consent_state, newest_consent
from matching.people.trust_models import GuardianConsent, RevealRequest, Shield
from matching.volunteers.models import Volunteer
from tests import factories
from tests.factories import PASSWORD
from tests.web.browsing import hidden, sign_in


def signed_in(app: Flask, session: Session, role: str, person_id: int | None = None) -> FlaskClient:
    entry = AccountEntry(role, PASSWORD, role, ((role, None, None),), person_id=person_id)
    add_account(session, entry, SYSTEM, clock.now())
    session.commit()
    client = app.test_client()
    sign_in(client, role)
    return client


@pytest.fixture
def need(session: Session, now: datetime) -> Need:
    made = factories.need(session, now)
    session.commit()
    return made


@pytest.fixture
def desk(app: Flask, session: Session) -> FlaskClient:
    return signed_in(app, session, "coordinator")


def send(client: FlaskClient, person_id: int, what: str, **fields: str) -> int:
    own = f"/desk/people/{person_id}"
    data = hidden(client, own, f"{own}/{what}") | fields
    return client.post(f"{own}/{what}", data=data).status_code


def test_every_purpose_shows_its_full_words_and_no_box_is_ticked(
    app: Flask, session: Session, now: datetime
) -> None:
    helper = factories.volunteer(session, now, consents=())
    me = signed_in(app, session, "volunteer", helper.person_id)
    page = BeautifulSoup(me.get("/my/consents").data, "html.parser")
    words = page.get_text()
    assert all(text_of(purpose) in words for purpose in PURPOSES)
    boxes = page.select("input[name=agree]")
    assert len(boxes) == len(PURPOSES) == len(TEXTS["2026-11"])
    assert not [box for box in boxes if box.has_attr("checked")]


def test_without_the_tick_nothing_is_agreed(app: Flask, session: Session, now: datetime) -> None:
    helper = factories.volunteer(session, now, consents=())
    me = signed_in(app, session, "volunteer", helper.person_id)
    page = BeautifulSoup(me.get("/my/consents").data, "html.parser")
    form = page.select_one("input[value=statistics]").find_parent("form")  # type: ignore[union-attr]
    data = {str(each["name"]): str(each["value"]) for each in form.select("[type=hidden]")}  # type: ignore[union-attr]
    assert me.post("/my/consents", data=data).status_code == 422
    assert consent_state(session, helper.person_id, "statistics") is None
    assert me.post("/my/consents", data=data | {"agree": "yes"}).status_code == 302
    session.expire_all()
    given = newest_consent(session, helper.person_id, "statistics")
    assert (given.state, given.method, given.text_version) == ("given", "web", "2026-11")  # type: ignore[union-attr]


def test_a_spoken_consent_needs_who_was_there(
    desk: FlaskClient, session: Session, need: Need
) -> None:
    said = {"purpose": "photo_publication", "state": "given", "method": "oral"}
    assert send(desk, need.requester_id, "consent", **said) == 422
    assert consent_state(session, need.requester_id, "photo_publication") is None
    said |= {"witness": "試験 立子", "agreed_on": "令和8年11月20日"}
    assert send(desk, need.requester_id, "consent", **said) == 302
    session.expire_all()
    kept = newest_consent(session, need.requester_id, "photo_publication")
    assert kept is not None
    assert (kept.state, kept.witness, kept.agreed_on) == ("given", "試験 立子", date(2026, 11, 20))
    assert kept.recorded_by_id is not None


@pytest.mark.parametrize(
    ("authority", "fields", "status"),
    [
        ("family_assist", {}, 422),
        ("commissioner_contact", {}, 422),
        ("statutory_guardian", {"document_seen_on": "2026-11-01"}, 302),
    ],
)
def test_only_who_is_entitled_agrees_for_somebody(
    desk: FlaskClient,
    session: Session,
    need: Need,
    authority: str,
    fields: dict[str, str],
    status: int,
) -> None:
    """BR-04."""
    told = {"authority": authority, "name": "試験 代子"}
    assert send(desk, need.requester_id, "representation", **told, **fields) == 302
    page = BeautifulSoup(desk.get(f"/desk/people/{need.requester_id}").data, "html.parser")
    [speaker] = [o["value"] for o in page.select("#c-speaker option") if o["value"]]
    said = {
        "purpose": "statistics", "state": "given", "method": "paper",
        "representation": str(speaker),
    }  # fmt: skip
    assert send(desk, need.requester_id, "consent", **said) == status
    said |= {"state": "refused"}  # for a no it is enough to be known as who speaks
    assert send(desk, need.requester_id, "consent", **said) == 302
    said |= {"representation": str(int(speaker) + 99)}
    assert send(desk, need.requester_id, "consent", **said) == 422


def test_a_guardian_without_papers_is_not_recorded(desk: FlaskClient, need: Need) -> None:
    told = {"authority": "statutory_guardian", "name": "試験 代子"}
    assert send(desk, need.requester_id, "representation", **told) == 422
    told |= {"authority": "curator", "document_seen_on": "2026-11-01"}
    assert send(desk, need.requester_id, "representation", **told) == 422


def test_a_consent_for_a_time_ends_by_itself(
    desk: FlaskClient, session: Session, need: Need, now: datetime
) -> None:
    factories.volunteer(session, now)
    said = {
        "purpose": "coordination_use", "state": "given", "method": "paper",
        "expires_on": "2026-11-24",
    }  # fmt: skip
    assert send(desk, need.requester_id, "consent", **said) == 302
    plan_all(session, SYSTEM, now)
    assert len(list_candidates(session, need.id)) == 1
    assert expire_consents(session, now + timedelta(days=1)) == 0
    assert expire_consents(session, now + timedelta(days=2)) == 1
    assert consent_state(session, need.requester_id, "coordination_use") == "expired"
    assert list_candidates(session, need.id) == []


def test_a_guardians_word_opens_and_closes_a_minors_helping(
    desk: FlaskClient, session: Session, now: datetime
) -> None:
    """BR-10."""
    young = factories.volunteer(
        session, now, contact=factories.contact(birth_on=date(2010, 6, 1)), categories=("shopping",)
    )
    session.commit()
    said = {"name": "試験 親子", "phone": "0191000001", "method": "paper", "kind": "agree"}
    assert send(desk, young.person_id, "guardian", **said) == 302
    session.expire_all()
    assert session.get_one(Volunteer, young.id).guardian_consent_until == date(2027, 3, 31)
    assert send(desk, young.person_id, "guardian", kind="withdraw") == 302
    session.expire_all()
    assert session.get_one(Volunteer, young.id).guardian_consent_until is None
    assert session.scalars(select(GuardianConsent.withdrawn_at)).one() is not None


def test_an_adult_needs_no_guardian(
    app: Flask, session: Session, desk: FlaskClient, need: Need
) -> None:
    assert b'id="guardians"' not in desk.get(f"/desk/people/{need.requester_id}").data


def test_blocking_from_the_page_and_taking_it_back_asks_for_the_reason(
    desk: FlaskClient, session: Session, need: Need, now: datetime
) -> None:
    helper = factories.volunteer(session, now)
    session.commit()
    told = {"reference": helper.reference.lower(), "reason": "行き違い"}
    assert send(desk, need.requester_id, "block", **told) == 302
    made = session.scalars(select(Block)).one()
    own = f"blocks/{made.id}/remove"
    assert send(desk, need.requester_id, own, reason="") == 422
    assert send(desk, need.requester_id, own, reason="誤解") == 302
    session.expire_all()
    assert session.scalars(select(Block)).all() == []


def test_the_page_stops_everything_for_somebody_who_moved(
    desk: FlaskClient, session: Session, need: Need
) -> None:
    assert send(desk, need.requester_id, "moved-on", why="") == 422
    assert send(desk, need.requester_id, "moved-on", why="moved") == 302
    assert standstill.held(session, [need.requester_id]) == {need.requester_id: {"moved"}}


def test_a_shielded_person_is_seen_by_the_named_alone(
    app: Flask, session: Session, desk: FlaskClient, need: Need
) -> None:
    boss = signed_in(app, session, "center_manager")
    said = {"keepers": "center_manager", "reason": "避難中", "kind": "set"}
    assert send(boss, need.requester_id, "shield", **said) == 302
    assert session.scalars(select(Shield.meeting_point)).one() == "ボランティアセンター"
    name = session.get_one(Need, need.id).reference
    for path in (f"/desk/people/{need.requester_id}", f"/desk/needs/{name}"):
        assert desk.get(path).status_code == 404, path
        assert boss.get(path).status_code == 200, path
    assert name not in desk.get("/desk").get_data(as_text=True)
    assert name in boss.get("/desk").get_data(as_text=True)


def test_more_than_three_keepers_are_refused(
    app: Flask, session: Session, desk: FlaskClient, need: Need
) -> None:
    boss = signed_in(app, session, "center_manager")
    said = {"keepers": "a,b,c,d", "reason": "避難中", "kind": "set"}
    assert send(boss, need.requester_id, "shield", **said) == 422


def test_a_second_look_decides_on_one_more_contact(
    app: Flask, session: Session, desk: FlaskClient, need: Need, now: datetime
) -> None:
    helper = factories.volunteer(session, now)
    actor = factories.actor(session, "volunteer", person_id=helper.person_id)
    asked = RevealRequest(
        account_id=actor.account_id, person_id=need.requester_id, state="asked", asked_at=now
    )
    session.add(asked)
    session.commit()
    own = f"/desk/reveals/{asked.id}"
    answer = desk.post(own, data=hidden(desk, own, own) | {"decision": "agree"})
    assert answer.status_code == 302
    session.expire_all()
    assert session.scalars(select(RevealRequest.state)).one() == "agreed"


def test_other_roles_find_no_such_page(app: Flask, session: Session, need: Need) -> None:
    volunteer = signed_in(app, session, "volunteer")
    clerk = signed_in(app, session, "intake_clerk")
    own = f"/desk/people/{need.requester_id}"
    assert volunteer.get(own).status_code == 404
    assert clerk.get(own).status_code == 200
    assert "会わせない方を加える" not in clerk.get(own).get_data(as_text=True)
    assert session.scalars(select(Consent.id)).all()

"""Which field of whom leaves the service at which stage to whom, against a table by hand.

Pages, calls, sheets, calendar and messages are read as they leave, and searched for the marks that
every field of every household bears.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from itertools import product

import psycopg
import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine, create_engine, select
from sqlalchemy.orm import Session

import config as settings
from matching.interchange.exporting import EXPORT_KINDS, export_sheet
from matching.kernel import clock
from matching.kernel.actor import Actor
from matching.messaging import feeding, occasions
from matching.messaging.registers import LOCALES
from matching.messaging.rules import KINDS
from matching.messaging.words import chat_text, mail_page, mail_text, sms_text
from matching.people.disclosures import Disclosure
from tests.conftest import MANY, NOW, named, pointed
from tests.databases import copied
from tests.matrix.field_oracle import FIELDS, IN_SHEETS, NOT_IN_SHEETS, OF_HELPER, seen
from tests.matrix.oracle import ROUTES, WHO
from tests.matrix.stages import HELPER, READERS, STAGES, City, build, marks_of
from tests.web.browsing import come_in, token

AT_THE_DESK = ("center_manager", "coordinator", "branch_staff", "intake_clerk")
SEARCHES = ("/desk/needs?q=名札", "/desk/search?q=名札", "/desk/search?q=助手",
            "/desk/activities?span=week", "/desk/plan?since=yesterday")  # fmt: skip
MOST_TELLING = ("done", "confirmed", "concern", "shielded")  # for who sees nothing at all
ROLE_OF = {name: role for name, role, *_rest in READERS}


@pytest.fixture(scope="module")
def url(
    migrated_app: Flask, admin: psycopg.Connection, template_name: str, config: settings.Config
) -> Iterator[str]:
    with copied(admin, template_name, f"{template_name}_fields") as name:
        yield named(config.database_url, name)


@pytest.fixture(scope="module")
def city_engine(url: str) -> Engine:
    """One for all tests: what it has compiled once serves them all."""
    return create_engine(url, query_cache_size=MANY)


@pytest.fixture(scope="module")
def city(migrated_app: Flask, city_engine: Engine) -> City:
    """Lived through once; every test only reads, and what one reveals is not taken back."""
    with pointed(migrated_app, city_engine) as engine, Session(engine) as session:
        return build(session, NOW)


@pytest.fixture
def session(migrated_app: Flask, city_engine: Engine, city: City) -> Iterator[Session]:
    clock.freeze(NOW)
    with pointed(migrated_app, city_engine) as engine, Session(engine) as session:
        yield session


def lists_of(role: str) -> Iterable[str]:
    """Every page and call without a number that the role may open."""
    for line in ROUTES.strip().splitlines():
        method, rule, who, _kind = line.split()
        if method == "GET" and "<" not in rule and role in WHO.get(who, ()):
            yield rule
    yield from SEARCHES if role in AT_THE_DESK else ()


def deep(city: City, stage: str) -> Iterable[str]:
    """The pages of one household, whoever may open them."""
    need, visit = city.needs[stage], city.visits.get(stage)
    yield from (f"/desk/needs/{need}", f"/desk/needs/{need}/brief", f"/api/v1/needs/{need}")
    yield from (f"/desk/people/{city.people[stage]}", f"/desk/messages?need={need}")
    if stage in city.proposals:
        yield f"/desk/proposals/{city.proposals[stage]}"
    if visit is not None:
        yield from (f"/desk/activities/{visit}", f"/my/activities/{visit}")


def shut(role: str, path: str) -> bool:
    """The desk is for those who work at it: `test_routes.py` tries its doors for all the others."""
    return path.startswith("/desk") and role not in AT_THE_DESK


def text_of(client: FlaskClient, path: str, bearer: str) -> str:
    headers = {"Authorization": f"Bearer {bearer}"} if path.startswith("/api/") else {}
    answer = client.get(path, headers=headers)
    assert answer.status_code < 500, path
    if answer.status_code != 200:
        return ""
    if answer.is_json:
        return json.dumps(answer.json, ensure_ascii=False)
    return answer.get_data(as_text=True)


def found_in(text: str, marks: Mapping[str, tuple[str, ...]]) -> set[str]:
    return {field for field, ways in marks.items() if any(way in text for way in ways)}


def pages_of(app: Flask, city: City, reader: str) -> tuple[FlaskClient, str]:
    """Everything a reader can open without asking to see anything covered."""
    client, role = app.test_client(), ROLE_OF[reader]
    come_in(client, city.accounts[reader])
    paths = [*lists_of(role), f"/desk/volunteers/{city.helper}"]
    stages = STAGES if FIELDS[reader] else MOST_TELLING
    paths += [path for stage in stages for path in deep(city, stage) if not shut(role, path)]
    paths += ["/desk/safeguarding/1"] if role == "center_manager" else []
    return client, "\n".join(text_of(client, path, city.tokens[reader]) for path in paths)


@pytest.mark.parametrize("reader", ROLE_OF)
def test_each_reader_sees_the_fields_of_the_table_and_no_others(
    migrated_app: Flask, session: Session, city: City, reader: str
) -> None:
    client, read = pages_of(migrated_app, city, reader)
    allowed = seen(reader)
    wrong = {}
    for stage in STAGES:
        shown, covered = allowed.get(stage, (set(), set()))
        found = found_in(read, marks_of(stage))
        if found != shown:
            wrong[stage] = {"too much": found - shown, "lacks": shown - found}
        if covered and (lacks := covered - _asked_to_see(client, city, stage, ROLE_OF[reader])):
            wrong[stage] = {"not told when asked": lacks}
    own = set(OF_HELPER.get(reader, "").split())
    if (found := found_in(read, HELPER)) != own:
        wrong["helper"] = {"too much": found - own, "lacks": own - found}
    assert not wrong


def _asked_to_see(client: FlaskClient, city: City, stage: str, role: str) -> set[str]:
    fields = {"csrf_token": token(client, "/account/password"), "purpose": "follow_up"}
    path = f"/my/activities/{city.visits[stage]}/reveal"
    if role in AT_THE_DESK:
        path = f"/desk/needs/{city.needs[stage]}/contacts"
    answer = client.post(path, data=fields)
    return found_in(answer.get_data(as_text=True), marks_of(stage))


def test_nothing_is_told_by_asking_where_it_is_not_covered(
    migrated_app: Flask, session: Session, city: City
) -> None:
    """Nobody but who comes, and not after the time, a no, a concern, a cancelling or a shield."""
    for reader in ("helper", "other helper", "resident", "proxy", "commissioner", "coordinator"):
        client = migrated_app.test_client()
        come_in(client, city.accounts[reader])
        fields = {"csrf_token": token(client, "/account/password")}
        for stage, visit in city.visits.items():
            if seen(reader).get(stage, (set(), set()))[1]:
                continue
            answer = client.post(f"/my/activities/{visit}/reveal", data=fields)
            assert answer.status_code == 404, (reader, stage)
            assert found_in(answer.get_data(as_text=True), marks_of(stage)) == set()


def test_each_asking_is_written_down(session: Session, city: City) -> None:
    """The helper asked for each visit that was covered, in the test above, or did not yet."""
    looked = select(Disclosure.person_id).where(Disclosure.account_id == city.accounts["helper"])
    covered = {city.people[stage] for stage, (_shown, more) in seen("helper").items() if more}
    assert set(session.scalars(looked)) in (set(), covered)


def test_a_commissioner_hears_the_result_unless_the_person_says_no(
    migrated_app: Flask, session: Session, city: City
) -> None:
    client = migrated_app.test_client()
    come_in(client, city.accounts["commissioner"])
    assert client.get("/commissioner").get_data(as_text=True).count("知らせないことを選んで") == 1
    bearer = {"Authorization": f"Bearer {city.tokens['commissioner']}"}
    for stage, told in (("confirmed", True), ("untold", False)):
        answer = client.get(f"/api/v1/needs/{city.needs[stage]}", headers=bearer)
        assert ("state" in answer.json, "status" in answer.json) == (told, told)


def test_sheets_leave_out_who_must_not_be_found(session: Session, city: City) -> None:
    boss = Actor(("coordinator",), city.accounts["coordinator"])
    for kind in EXPORT_KINDS:
        written = export_sheet(session, kind, "utf-8-sig", boss, NOW).content.decode("utf-8-sig")
        for stage in STAGES:
            found = found_in(written, marks_of(stage))
            assert found <= (set() if stage in NOT_IN_SHEETS else IN_SHEETS), (kind, stage)
        assert not found_in(written, HELPER) or kind != "needs"


def test_calendars_bear_no_mark_of_anybody(
    migrated_app: Flask, session: Session, city: City
) -> None:
    """T17: a feed is read by whoever has its address."""
    people = {"helper": city.helper_person, "resident": city.people["confirmed"]}
    for reader, person_id in people.items():
        who = Actor((ROLE_OF[reader],), city.accounts[reader], person_id)
        path = f"/calendar/{feeding.make(session, '電話', who, NOW)}.ics"
        session.commit()
        read = migrated_app.test_client().get(path)
        assert read.status_code == 200
        unfolded = read.get_data(as_text=True).replace("\r\n ", "")
        assert "BEGIN:VEVENT" in unfolded
        assert _marked(unfolded) == set(), reader
        assert found_in(unfolded, HELPER) == set()


def test_messages_call_the_reader_by_name_and_name_nobody_else(
    session: Session, city: City
) -> None:
    """T24: mail, LINE and short messages of every kind, at every stage, in every register."""
    abouts = [{"proposal": each} for each in city.proposals.values()]
    abouts += [{"placement": each} for each in city.visits.values()]
    for kind, about, register in product(KINDS, abouts, LOCALES):
        occasion = occasions.find(session, kind, about)
        words = occasions.words_for(session, occasion, NOW, register)
        link = "https://musubi.example.jp/answer/x"
        read = "\n".join(way(words, link) for way in (mail_text, mail_page, chat_text, sms_text))
        reader = occasion.person_id
        allowed = {(stage, "name") for stage, who in city.people.items() if who == reader}
        assert _marked(read) <= allowed, (kind, about, read)
        named = {"helper_name"} if reader == city.helper_person else set()
        assert found_in(read, HELPER) <= named, (kind, about, read)


def _marked(text: str) -> set[tuple[str, str]]:
    return {(stage, field) for stage in STAGES for field in found_in(text, marks_of(stage))}

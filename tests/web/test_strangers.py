"""A flood of forms without an account is stopped, and nobody else is (T21)."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator

import pytest
import redis
from bs4 import BeautifulSoup
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session

import config as settings
from matching.coordination.models import Proposal
from matching.needs.models import Need
from matching.volunteers.models import Volunteer
from tests import factories
from tests.web import test_registering
from tests.web.browsing import sign_in, token
from tests.web.test_asking import GOOD

FEW = 2


@pytest.fixture(autouse=True)
def few(app: Flask, config: settings.Config) -> Iterator[None]:
    """Two forms an hour from one address, six from one network, forty from everybody."""
    app.extensions["musubi"] = dataclasses.replace(config, strangers_per_hour=FEW)
    yield
    app.extensions["musubi"] = config


@pytest.fixture
def form(client: FlaskClient) -> dict[str, str]:
    return {**GOOD, "csrf_token": token(client, "/needs/new")}


def file(client: FlaskClient, form: dict[str, str], address: str = "192.0.2.1", **m: str) -> int:
    where = {"REMOTE_ADDR": address}
    answer = client.post("/needs/new", data={**form, **m}, environ_overrides=where)
    return answer.status_code


def filed(session: Session) -> int:
    session.rollback()
    return session.scalar(select(func.count(Need.id))) or 0


def test_one_address_is_stopped_and_its_neighbour_is_not(
    client: FlaskClient, form: dict[str, str], session: Session
) -> None:
    assert [file(client, form) for _ in range(FEW + 3)] == [302] * FEW + [429] * 3
    assert file(client, form, "192.0.2.2") == 302
    assert file(client, form, "2001:db8::1") == 302
    assert filed(session) == FEW + 2


def test_one_network_is_stopped_and_the_town_is_not(
    client: FlaskClient, form: dict[str, str], session: Session
) -> None:
    answers = [file(client, form, f"192.0.2.{number}") for number in range(1, 12)]
    assert answers == [302] * (3 * FEW) + [429] * 5
    assert file(client, form, "198.51.100.1") == 302
    assert filed(session) == 3 * FEW + 1


def test_a_flood_from_everywhere_is_stopped_while_the_desk_goes_on(
    client: FlaskClient, form: dict[str, str], session: Session
) -> None:
    answers = [file(client, form, f"10.{number}.0.1") for number in range(20 * FEW + 5)]
    assert answers.count(302) == 20 * FEW
    assert filed(session) == 20 * FEW
    assert session.scalar(select(func.count(Proposal.id))) == 0
    clerk = factories.actor(session, "intake_clerk")
    session.commit()
    sign_in(client, clerk.display_name)
    assert client.get("/desk").status_code == 200
    form["csrf_token"] = token(client, "/needs/new")
    assert file(client, form, "10.0.0.1", channel="phone") == 302


def test_a_flushed_broker_forgives_nothing(
    client: FlaskClient, form: dict[str, str], config: settings.Config
) -> None:
    assert [file(client, form) for _ in range(FEW + 1)][-1] == 429
    redis.Redis.from_url(config.redis_url).flushall()
    assert file(client, form) == 429


def test_what_is_refused_or_sent_twice_does_not_count(
    client: FlaskClient, form: dict[str, str], session: Session
) -> None:
    assert [file(client, form, title="") for _ in range(10)] == [422] * 10
    assert [file(client, form, request_key="once") for _ in range(10)] == [302] * 10
    assert filed(session) == 1


def test_the_page_has_the_phone_number_and_everything_typed(
    client: FlaskClient, form: dict[str, str]
) -> None:
    assert [file(client, form) for _ in range(FEW)] == [302] * FEW
    where = {"REMOTE_ADDR": "192.0.2.1"}
    fields = {**form, "request_key": "again"}
    answer = client.post("/needs/new", data=fields, environ_overrides=where)
    assert answer.status_code == 429
    assert int(answer.headers["Retry-After"]) > 0
    page = BeautifulSoup(answer.data, "html.parser")
    assert page.select_one('main a[href="tel:0191000001"]')
    again = page.select_one('main form[action="/needs/new"]')
    assert again is not None
    kept = {str(field["name"]): str(field.get("value")) for field in again.select("input")}
    assert {**GOOD, "request_key": "again"}.items() <= kept.items()
    elsewhere = client.post("/needs/new", data=kept)
    assert elsewhere.location == "/needs/received"


def test_applications_have_an_allowance_of_their_own(
    client: FlaskClient, form: dict[str, str], session: Session
) -> None:
    for _ in range(FEW):
        assert file(client, form, "127.0.0.1") == 302
    answers = [test_registering.send(client).status_code for _ in range(FEW + 2)]
    assert answers == [302] * FEW + [429] * 2
    assert session.scalar(select(func.count(Volunteer.id))) == FEW

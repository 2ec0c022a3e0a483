"""While the database is away every page is kind, and what needs no database still answers."""

import psycopg
import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import create_engine

from matching.kernel.database import db
from tests.conftest import named

PAGES = ("/", "/needs/new", "/login", "/desk", "/my", "/nothing/here", "/desk/needs/R8-0001")


@pytest.fixture
def away(app: Flask, client: FlaskClient, admin: psycopg.Connection) -> FlaskClient:
    """A client with a session of before; then the server no longer knows the database."""
    client.get("/needs/new")
    with app.app_context():
        gone = named(db.engine.url.render_as_string(hide_password=False), "no_such_database")
        db.engines[None] = create_engine(gone)
    return client


@pytest.mark.parametrize("path", PAGES)
def test_every_page_says_kindly_that_it_will_be_back(away: FlaskClient, path: str) -> None:
    answer = away.get(path)
    assert answer.status_code == (404 if path == "/nothing/here" else 503)
    if answer.status_code == 503:
        assert answer.headers["Retry-After"]
    assert "0191-00-0001" in answer.get_data(as_text=True)
    assert "default-src 'self'" in answer.headers["Content-Security-Policy"]


def test_without_a_session_it_is_just_as_kind(app: Flask, away: FlaskClient) -> None:
    for path in ("/", "/needs/new", "/login"):
        assert app.test_client().get(path).status_code == 503, path


def test_a_form_sent_meanwhile_is_not_lost_in_a_crash(away: FlaskClient) -> None:
    assert away.post("/needs/new", data={"title": "雪かき"}).status_code in {400, 503}


def test_static_files_and_the_process_itself_answer(away: FlaskClient) -> None:
    assert away.get("/healthz").status_code == 200
    with away.get("/static/js/app.js") as file:
        assert file.status_code == 200
    assert away.get("/readyz").status_code == 503

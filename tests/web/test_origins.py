"""Strange names get no page, other sites' forms change nothing, headers are everywhere."""

from __future__ import annotations

import dataclasses
import io
from collections.abc import Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient
from gunicorn.http.errors import InvalidChunkSize
from sqlalchemy import func, select
from sqlalchemy.orm import Session

import config as settings
from matching.api.problems import of_failure
from matching.app import create_app
from matching.needs.models import Need
from matching.web.entering import safe_next
from matching.web.origins import hostname, trusted
from tests.web.browsing import token
from tests.web.test_asking import GOOD

STRANGERS = (
    "evil.test",
    "127.0.0.1.evil.test",
    "localhost.evil.test:80",
    "evil.test:80@localhost",
    "localhost@evil.test",
    "ｌｏｃａｌｈｏｓｔ.evil",
    "[::2]",
    "[::1",
    "10.0.0.1",
    "a..b",
    "a" * 64,
    "",
)


@pytest.mark.parametrize("host", STRANGERS)
def test_another_name_is_refused_on_every_kind_of_page(client: FlaskClient, host: str) -> None:
    for path in ("/", "/login", "/nothing/here", "/healthz", "/api/v1/areas", "/static/js/app.js"):
        with client.get(path, environ_overrides={"HTTP_HOST": host}) as answer:
            assert answer.status_code == 400, path
            assert host == "" or host not in answer.get_data(as_text=True)


def test_names_of_ours_are_answered(client: FlaskClient) -> None:
    for host in ("localhost", "localhost:8000", "LOCALHOST.", "127.0.0.1:1", "[::1]:8000"):
        assert client.get("/", headers={"Host": host}).status_code == 200, host


def test_a_configured_name_is_ours_and_its_neighbours_are_not(config: settings.Config) -> None:
    public = dataclasses.replace(
        config, base_url="https://Musubi.example.jp:8443", trusted_hosts=("old.example.jp",)
    )
    for name in ("musubi.example.jp", "old.example.jp", "localhost"):
        assert trusted(name, public), name
    for name in ("example.jp", "x.musubi.example.jp", "", "0.0.0.0", "192.0.2.7"):  # noqa: S104
        assert not trusted(name, public), name
    anywhere = dataclasses.replace(public, bind="0.0.0.0")  # noqa: S104
    assert trusted("192.0.2.7", anywhere)
    assert not trusted("192.0.2.7.evil.test", anywhere)
    assert not trusted("", anywhere)
    assert hostname("Musubi.Example.JP.:8443") == "musubi.example.jp"


FOREIGN = (
    {"Origin": "https://evil.test"},
    {"Origin": "http://localhost.evil.test"},
    {"Origin": "http://localhost:81"},
    {"Origin": "https://localhost"},
    {"Origin": "null"},
    {"Origin": ""},
    {"Sec-Fetch-Site": "cross-site"},
    {"Sec-Fetch-Site": "same-site"},
    {"Sec-Fetch-Site": "cross-site", "Origin": "http://localhost"},
    {"Sec-Fetch-Site": "same-origin", "Origin": "https://evil.test"},
)


@pytest.mark.parametrize("headers", FOREIGN)
def test_a_form_of_another_site_is_refused_even_with_a_token(
    client: FlaskClient, session: Session, headers: dict[str, str]
) -> None:
    fields = {**GOOD, "csrf_token": token(client, "/needs/new")}
    answer = client.post("/needs/new", data=fields, headers=headers)
    assert answer.status_code == 403
    assert str(GOOD["requester_name"]) not in answer.get_data(as_text=True)
    assert session.scalar(select(func.count(Need.id))) == 0


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Origin": "http://localhost"},
        {"Origin": "http://localhost", "Sec-Fetch-Site": "same-origin"},
        {"Origin": "null", "Sec-Fetch-Site": "same-origin"},
        {"Sec-Fetch-Site": "none"},
    ],
)
def test_our_own_form_is_taken(client: FlaskClient, headers: dict[str, str]) -> None:
    fields = {**GOOD, "csrf_token": token(client, "/needs/new")}
    assert client.post("/needs/new", data=fields, headers=headers).status_code == 302


@pytest.fixture
def https(app: Flask, config: settings.Config) -> Iterator[FlaskClient]:
    """The same database behind a proxy that speaks https."""
    public = dataclasses.replace(config, base_url="https://musubi.example.jp", trusted_proxies=1)
    secure = create_app(public)
    from matching.kernel.database import db

    with app.app_context():
        engine = db.engine
    with secure.app_context():
        db.engines[None] = engine
    yield secure.test_client()


BEHIND = {"X-Forwarded-Proto": "https", "X-Forwarded-For": "192.0.2.1"}


def test_over_https_cookies_are_bound_to_the_host_and_plain_ones_are_gone(
    https: FlaskClient,
) -> None:
    answer = https.get(
        "/needs/new",
        base_url="https://musubi.example.jp",
        headers=BEHIND | {"X-Forwarded-Host": "musubi.example.jp"},
    )
    cookies = answer.headers.getlist("Set-Cookie")
    assert cookies
    for cookie in cookies:
        assert cookie.startswith("__Host-musubi=")
        assert {"Secure", "HttpOnly", "Path=/"} <= set(cookie.split("; "))
        assert "Domain" not in cookie
    assert answer.headers["Strict-Transport-Security"] == "max-age=63072000; includeSubDomains"


def test_a_name_that_only_a_client_wrote_into_a_forwarded_header_is_refused(
    https: FlaskClient,
) -> None:
    answer = https.get("/", headers=BEHIND | {"X-Forwarded-Host": "evil.test"})
    assert answer.status_code == 400
    assert "evil.test" not in answer.get_data(as_text=True)


EVERYWHERE = (
    ("GET", "/", 200),
    ("GET", "/my", 302),
    ("GET", "/nothing/here", 404),
    ("TRACE", "/", 405),
    ("DELETE", "/login", 405),
    ("POST", "/login", 400),
    ("GET", "/static/js/app.js", 200),
    ("GET", "/static/nothing.js", 404),
    ("GET", "/healthz", 200),
    ("GET", "/api/v1/areas", 401),
    ("GET", "/api/v1/nothing", 404),
    ("OPTIONS", "/", 200),
    ("HEAD", "/", 200),
    ("GET", "/.well-known/security.txt", 200),
)


@pytest.mark.parametrize(("method", "path", "status"), EVERYWHERE)
def test_headers_are_on_every_answer(
    client: FlaskClient, method: str, path: str, status: int
) -> None:
    with client.open(path, method=method) as answer:
        assert answer.status_code == status
        assert_guarded(answer.headers)
        assert status < 400 or answer.headers["Cache-Control"] == "no-store"


def assert_guarded(headers: object) -> None:
    found = dict(headers)  # type: ignore[call-overload]
    policy = found["Content-Security-Policy"]
    assert "unsafe" not in policy
    for rule in ("object-src 'none'", "base-uri 'none'", "frame-ancestors 'none'"):
        assert rule in policy
    assert found["X-Content-Type-Options"] == "nosniff"
    assert found["X-Frame-Options"] == "DENY"
    assert found["Referrer-Policy"] in {"same-origin", "no-referrer"}
    assert "Access-Control-Allow-Origin" not in found
    assert "Server" not in found or "Werkzeug" not in found["Server"]


def test_a_body_in_broken_pieces_is_refused_and_no_failure_of_ours(client: FlaskClient) -> None:
    class Pieces(io.BytesIO):
        def read(self, size: int | None = -1) -> bytes:
            raise InvalidChunkSize(b"zz")

    answer = client.post(
        "/login",
        input_stream=Pieces(b"login=x"),
        content_type="application/x-www-form-urlencoded",
        headers={"Transfer-Encoding": "chunked"},
        environ_overrides={"wsgi.input_terminated": True},
    )
    assert answer.status_code == 400
    assert of_failure(InvalidChunkSize(b"zz")).status == 400


def test_headers_are_on_answers_to_what_is_too_large(client: FlaskClient) -> None:
    answer = client.post("/needs/new", data={"title": "あ" * 3_000_000})
    assert answer.status_code == 413
    assert_guarded(answer.headers)


OTHER_PLACES = (
    "//evil.test",
    "///evil.test",
    "/\\evil.test",
    "\\\\evil.test",
    "\\/evil.test",
    "https:evil.test",
    "https://evil.test",
    "HTTPS:/evil.test",
    "//evil.test/%2f..",
    "／／evil.test",
    "/／evil.test",
    "／/evil.test",
    "/＼evil.test",
    "/\t/evil.test",
    "/\n/evil.test",
    "/\r\nLocation: https://evil.test",
    " //evil.test",
    "/ /evil.test",
    "/\u3000/evil.test",
    "/\u200b/evil.test\u202e",
    "/\x00/evil.test",
    "//localhost@evil.test",
    "javascript:alert(1)",
    "data:text/html,x",
    "evil.test",
    ".evil.test",
    "@evil.test",
    "?//evil.test",
    "",
)


@pytest.mark.parametrize("target", OTHER_PLACES)
def test_no_address_leads_to_another_site(client: FlaskClient, target: str) -> None:
    assert safe_next(target) is None
    answer = client.get("/preferences", query_string={"next": target, "language": "en"})
    assert answer.location == "/"


def test_addresses_of_ours_are_followed(client: FlaskClient) -> None:
    for target in ("/", "/my", "/desk/needs?state=ready&area=花泉", "/my?next=//evil.test"):
        assert safe_next(target) == target


def test_figures_are_for_this_machine_and_not_for_who_comes_through_it(client: FlaskClient) -> None:
    assert client.get("/metrics").status_code == 200
    for name in ("X-Forwarded-For", "Forwarded", "Via"):
        assert client.get("/metrics", headers={name: "192.0.2.1"}).status_code == 404
    far = {"REMOTE_ADDR": "192.0.2.1"}
    assert client.get("/metrics", environ_overrides=far).status_code == 404

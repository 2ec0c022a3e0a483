"""No route without declared access; every role meets exactly the pages of its duty."""

import pytest
from bs4 import BeautifulSoup
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from matching.app import create_app
from matching.kernel import clock
from matching.kernel.actor import SYSTEM
from matching.kernel.permissions import ROLES
from matching.people.accounts import AccountEntry, add_account
from matching.web import access
from tests.factories import PASSWORD
from tests.web.browsing import sign_in, token

# Written by hand, apart from the permission table: page, and who may open it.
EVERYONE = {"public", *ROLES}
STAFF = {"center_manager", "coordinator", "branch_staff"}
DESK = {*STAFF, "intake_clerk"}
PAGES = {
    "/": EVERYONE,
    "/privacy": EVERYONE,
    "/accessibility": EVERYONE,
    "/login": EVERYONE,
    "/needs/new": EVERYONE,
    "/register/volunteer": EVERYONE,
    "/healthz": EVERYONE,
    "/readyz": EVERYONE,
    "/contact": EVERYONE,
    "/styleguide": EVERYONE,
    "/my": set(ROLES),
    "/my/offers": set(ROLES),
    "/my/activities": set(ROLES),
    "/my/calendar": set(ROLES),
    "/my/messages": set(ROLES),
    "/admin/messages": {"center_manager", "coordinator"},
    "/commissioner": {"welfare_commissioner"},
    "/reports": {*STAFF, "city_officer"},
    "/admin": {"center_manager", "system_admin"},
    "/admin/weights": {"center_manager", "coordinator"},
    "/admin/audit": {"center_manager", "auditor"},
    "/desk": DESK,
    "/desk/intake": DESK,
    "/find": EVERYONE,
    "/desk/activities": DESK,
    "/desk/volunteers": DESK,
    "/desk/plan": STAFF,
    "/desk/fairness": STAFF,
}


def test_every_route_declares_its_access(migrated_app: Flask) -> None:
    access.require_declarations(migrated_app)


def test_a_route_without_access_stops_the_start(migrated_app: Flask) -> None:
    app = create_app(migrated_app.extensions["musubi"])
    app.add_url_rule("/forgotten", "forgotten", lambda: "")
    with pytest.raises(RuntimeError, match="forgotten"):
        access.require_declarations(app)


@pytest.mark.parametrize("role", sorted(ROLES))
def test_each_role_opens_its_pages_and_no_others(
    client: FlaskClient, session: Session, role: str
) -> None:
    entry = AccountEntry("somebody", PASSWORD, "誰か", ((role, None, None),))
    add_account(session, entry, SYSTEM, clock.now())
    session.commit()
    sign_in(client, "somebody")
    opened = {path for path in PAGES if client.get(path, follow_redirects=True).status_code == 200}
    assert opened == {path for path, roles in PAGES.items() if role in roles}


def test_who_is_not_signed_in_is_asked_to(client: FlaskClient) -> None:
    for path, roles in PAGES.items():
        answer = client.get(path)
        assert answer.status_code == (200 if "public" in roles else 302), path


def test_an_unknown_number_looks_like_a_forbidden_one(
    client: FlaskClient, session: Session
) -> None:
    entry = AccountEntry("helper", PASSWORD, "手伝い", (("volunteer", None, None),))
    add_account(session, entry, SYSTEM, clock.now())
    session.commit()
    sign_in(client, "helper")
    shown = []
    for path in ("/desk/needs/R8-0001", "/nothing/here"):
        answer = client.get(path)
        assert answer.status_code == 404
        page = BeautifulSoup(answer.data, "html.parser")
        page.select_one(".reference__id").string = ""  # type: ignore[union-attr]
        shown.append(str(page.main))
    assert shown[0] == shown[1]


def test_no_page_that_is_only_read_writes(
    client: FlaskClient, session: Session, migrated_app: Flask
) -> None:
    """A GET changes nothing but the session's own row and the record of who read names."""
    readers = {
        rule.rule
        for rule in migrated_app.url_map.iter_rules()
        if rule.methods and "GET" in rule.methods and "<" not in rule.rule
    }
    entry = AccountEntry("boss", PASSWORD, "長", (("center_manager", None, None),))
    add_account(session, entry, SYSTEM, clock.now())
    session.commit()
    sign_in(client, "boss")
    before = _counts(session)
    for rule in sorted(readers):
        assert client.get(rule).status_code < 500, rule
    assert _counts(session) == before


def _counts(session: Session) -> dict[str, int]:
    from sqlalchemy import func, select

    from matching.kernel.database import Base

    session.rollback()
    return {
        table.name: session.scalar(select(func.count()).select_from(table)) or 0
        for table in Base.metadata.sorted_tables
        if table.name != "login_sessions"
    }


def test_signing_out_needs_the_token(client: FlaskClient, session: Session) -> None:
    entry = AccountEntry("boss", PASSWORD, "長", (("center_manager", None, None),))
    add_account(session, entry, SYSTEM, clock.now())
    session.commit()
    sign_in(client, "boss")
    assert client.post("/logout").status_code == 400
    assert client.post("/logout", data={"csrf_token": token(client, "/my")}).status_code == 302

"""Accounts for tests of signing in: real ones, with a phone that shows codes."""

from __future__ import annotations

from datetime import timedelta

import pyotp
from bs4 import BeautifulSoup
from flask.testing import FlaskClient
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from matching.kernel import clock
from matching.kernel.actor import SYSTEM
from matching.people.accounts import AccountEntry, add_account
from matching.people.models import Account
from tests.factories import PASSWORD
from tests.web.browsing import token


def account(session: Session, login: str, *roles: str, password: str = PASSWORD) -> Account:
    """A real account, not one for demonstrations."""
    held = tuple((role, None, None) for role in roles)
    made = add_account(session, AccountEntry(login, password, login, held), SYSTEM, clock.now())
    session.commit()
    return made


def post(client: FlaskClient, path: str, page: str | None = None, **fields: str) -> TestResponse:
    """Send a form, with the token of a page that has one."""
    return client.post(path, data={"csrf_token": token(client, page or path), **fields})


def knock(client: FlaskClient, login: str, password: str = PASSWORD) -> TestResponse:
    """Bring name and password, and nothing more."""
    return post(client, "/login", login=login, password=password)


class Phone:
    """An authenticator app."""

    def __init__(self, secret: str) -> None:
        self.app = pyotp.TOTP(secret)

    def code(self, steps: int = 0) -> str:
        """What it shows now, or some steps away from now."""
        return self.app.at(clock.now() + timedelta(seconds=30 * steps))


def enrol(client: FlaskClient) -> tuple[Phone, list[str]]:
    """Add an app to the account that is signed in; gives the phone and the spare codes."""
    page = BeautifulSoup(client.get("/account/factors/app").data, "html.parser")
    phone = Phone(page.select_one(".secret").get_text().replace(" ", ""))  # type: ignore[union-attr]
    fields = {
        "csrf_token": str(page.select_one("[name=csrf_token]")["value"]),  # type: ignore[index]
        "code": phone.code(-1),
    }
    answer = client.post("/account/factors/app", data=fields)
    assert answer.status_code == 200, answer.location
    shown = BeautifulSoup(answer.data, "html.parser").select(".recovery-codes code")
    return phone, [code.get_text() for code in shown]

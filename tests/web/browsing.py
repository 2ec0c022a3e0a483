"""What a browser does in tests: read a form's hidden fields, sign in."""

from __future__ import annotations

from bs4 import BeautifulSoup
from flask.testing import FlaskClient
from sqlalchemy import update
from werkzeug.test import TestResponse

from matching.kernel.database import db
from matching.people.models import Account
from matching.web.entering import enter
from tests.factories import PASSWORD


def hidden(client: FlaskClient, path: str, action: str | None = None) -> dict[str, str]:
    """The hidden fields of a page's form: the one that is sent to `action` (default: the page)."""
    page = BeautifulSoup(client.get(path).data, "html.parser")
    [form] = [
        form
        for form in page.find_all("form", {"method": "post"})
        if form.get("action", path) == (action or path)
    ]
    fields = form.find_all("input", {"type": "hidden"})
    return {str(field["name"]): str(field.get("value", "")) for field in fields}


def token(client: FlaskClient, path: str) -> str:
    """A CSRF token of this client's session."""
    page = BeautifulSoup(client.get(path).data, "html.parser")
    field = page.find("input", {"name": "csrf_token"})
    assert field is not None, f"{path} has no form"
    return str(field["value"])


def sign_in(
    client: FlaskClient, login: str, password: str = PASSWORD, *, demo: bool = True
) -> TestResponse:
    """Sign in through the form; by default as a demo account, which needs no second factor."""
    if demo:
        with client.application.app_context():
            db.session.execute(update(Account).where(Account.login == login).values(demo=True))
            db.session.commit()
    if client.get("/login").status_code == 302:  # somebody is still signed in here
        client.delete_cookie("musubi")
    data = {"login": login, "password": password, "csrf_token": token(client, "/login")}
    return client.post("/login", data=data)


def come_in(client: FlaskClient, account_id: int) -> None:
    """Begin the session of an account as if it had just proved itself: no form, no password."""
    app = client.application
    with app.test_request_context("/login"):
        welcome = enter(account_id, None)
        assert welcome is not None, "no role within its term"
        made = app.process_response(welcome)  # type: ignore[arg-type]
    for cookie in made.headers.getlist("Set-Cookie"):
        name, _, value = cookie.partition(";")[0].partition("=")
        client.set_cookie(name, value)

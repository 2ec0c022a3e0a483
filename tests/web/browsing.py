"""What a browser does in tests: read a form's hidden fields, sign in."""

from __future__ import annotations

from bs4 import BeautifulSoup
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

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


def sign_in(client: FlaskClient, login: str, password: str = PASSWORD) -> TestResponse:
    """Sign in through the form."""
    data = {"login": login, "password": password, "csrf_token": token(client, "/login")}
    return client.post("/login", data=data)

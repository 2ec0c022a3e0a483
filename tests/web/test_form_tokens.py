"""The form token: other characters in every answer, one secret, and nothing else opens a form."""

import secrets

import pytest
from flask.testing import FlaskClient

from matching.web.form_tokens import masked, unmasked
from tests.web.browsing import token

PATH = "/needs/new"


def test_each_answer_shows_another_token_and_all_of_them_are_taken(client: FlaskClient) -> None:
    shown = [token(client, PATH) for _ in range(5)]
    with client.session_transaction() as session:
        secret = session["csrf_token"]
    assert len(set(shown)) == 5
    assert {unmasked(each).decode() for each in shown} == {secret}
    for each in shown:
        assert client.post(PATH, data={"csrf_token": each}).status_code != 400
        for size in range(8, len(secret)):
            assert secret[:size] not in client.get(PATH).text


def test_what_is_no_token_of_this_session_opens_no_form(client: FlaskClient) -> None:
    good = token(client, PATH)
    with client.session_transaction() as session:
        secret = session["csrf_token"]
    strange = masked(secrets.token_hex(20).encode())
    for bad in ("", "x", "令", secret, strange, good[:-4], "AAAA" + good, "=" * 90, good[::-1]):
        assert client.post(PATH, data={"csrf_token": bad}).status_code == 400, bad
    assert client.post(PATH).status_code == 400


@pytest.mark.parametrize("shown", ["", "a", "AAA", "é", "AAAA", "A" * 1000, "_-_-"])
def test_any_text_has_something_or_nothing_under_its_mask(shown: str) -> None:
    assert isinstance(unmasked(shown), bytes)


def test_two_masks_of_one_secret_share_nothing_of_it() -> None:
    one, other = masked(b"secret" * 7), masked(b"secret" * 7)
    assert one != other
    assert unmasked(one) == unmasked(other) == b"secret" * 7

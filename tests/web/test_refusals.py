"""Refusals are told in the reader's register, with the values that belong to them."""

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from matching.activities import grouping
from matching.kernel.errors import Invalid
from matching.web.refusals import said
from tests import factories
from tests.web.browsing import sign_in


@pytest.mark.parametrize(
    ("language", "words"), [("ja", "3人までです"), ("en", "3 people"), ("ja-easy", "3人")]
)
def test_a_sentence_with_a_number_is_told_in_each_register(
    migrated_app: Flask, language: str, words: str
) -> None:
    refused = Invalid(grouping.TOO_MANY, values={"count": 3})
    with migrated_app.test_request_context(headers={"Cookie": f"language={language}"}):
        assert words in said(refused)
    assert "%(" not in refused.sentence


def test_an_address_that_is_not_there_is_told_within_the_readers_own_menu(
    client: FlaskClient, session: Session
) -> None:
    visitor = client.get("/nothing/here")
    assert visitor.status_code == 404 and "ログインが必要な" in visitor.text
    boss = factories.actor(session, "coordinator")
    session.commit()
    sign_in(client, boss.display_name)
    told = client.get("/nothing/here")
    assert told.status_code == 404 and "ログアウト" in told.text
    assert 'href="/desk"' in told.text and "ログインが必要な" not in told.text

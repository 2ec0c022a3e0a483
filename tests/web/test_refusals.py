"""Refusals are told in the reader's register, with the values that belong to them."""

import pytest
from flask import Flask

from matching.activities import grouping
from matching.kernel.errors import Invalid
from matching.web.refusals import said


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

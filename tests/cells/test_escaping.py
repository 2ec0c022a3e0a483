"""A cell that a spreadsheet might run is written so that it is only read."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matching.cells.escaping import escape_cell, unescape_cell

SIGNS = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠", "−")


@pytest.mark.parametrize("sign", SIGNS)
def test_every_sign_that_starts_a_formula_gets_an_apostrophe(sign: str) -> None:
    assert escape_cell(f"{sign}1+1") == f"'{sign}1+1"


@pytest.mark.parametrize(
    "text", ["", "-", "－", "ーー", "佐藤", "1+1=2", "a@example.jp", "'90年代", "<b>", '"x"', " =1"]
)
def test_harmless_text_stays(text: str) -> None:
    assert escape_cell(text) == text


def test_text_that_already_looks_escaped_is_escaped_again() -> None:
    assert escape_cell("'=1") == "''=1"
    assert escape_cell("''=1") == "'''=1"


@given(st.text(alphabet=[*SIGNS, "'", "1", "佐", " ", "ー"], max_size=8))
def test_every_text_comes_back(text: str) -> None:
    assert unescape_cell(escape_cell(text)) == text


@given(st.text(max_size=20))
def test_no_written_cell_starts_a_formula(text: str) -> None:
    written = escape_cell(text)
    assert not written.startswith(("=", "+", "@", "\t", "\r")) or set(written) <= set("-－−ー–—")

"""What nobody types is left out, everything else stays as it was typed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matching.kernel.typed import cleaned, row_number


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("a\x00b\x1b[31m\x7f\x85", "ab[31m"),
        ("\ud800x\udfff", "x"),
        ("\u202eevil\u2066\u2069", "evil"),
        ("一行目\r\n二行目\u2028三行目\r", "一行目\n二行目\n三行目\r"),
        ("\r\r\n", "\n"),
        ("\ta b\u3000c", "\ta b\u3000c"),
        ("か\u3099 葛\U000e0100 👩‍👩‍👧 﨑", "か\u3099 葛\U000e0100 👩‍👩‍👧 﨑"),
    ],
)
def test_only_what_no_key_writes_goes(typed: str, kept: str) -> None:
    assert cleaned(typed) == kept


def test_a_number_of_a_row_fits_the_column() -> None:
    assert [row_number(text) for text in ("7", "0007", "9" * 18)] == [7, 7, 10**18 - 1]
    for text in ("", "9" * 19, "-1", "7 ", "７", "٣", "1e3"):
        assert row_number(text) is None


@given(st.text(alphabet=st.characters()) | st.text(alphabet="\r\n\u2028\x00\ufeffa"))
def test_cleaning_twice_changes_nothing_more(typed: str) -> None:
    once = cleaned(typed)
    assert cleaned(once) == once
    once.encode()

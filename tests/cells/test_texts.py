"""Free text stays as typed; ids have one spelling."""

import pytest

from matching.cells.texts import read_identifier, read_text


@pytest.mark.parametrize(
    ("typed", "text"),
    [
        ("=SUM(A1)", "=SUM(A1)"),
        ("\t=1", "\t=1"),
        ("\r=1", "\r=1"),
        ("　坂は不可　", "坂は不可"),
        ("上\r\n下", "上\n下"),
        ("①㈱ ～ﾃｽﾄ", "①㈱ ～ﾃｽﾄ"),
    ],
)
def test_text_is_stored_as_typed_but_for_the_spaces_at_its_ends(typed: str, text: str) -> None:
    assert read_text(typed) == (text, "", True, ())


@pytest.mark.parametrize(
    ("typed", "identifier"),
    [
        ("0012", "0012"),
        ("Ｖ００１２", "V0012"),
        ('="0012"', "0012"),
        ("R8-花-0012", "R8-花-0012"),
        (" 12 ", "12"),
        ("", ""),
    ],
)
def test_an_id_keeps_its_zeros_and_loses_its_width(typed: str, identifier: str) -> None:
    assert read_identifier(typed) == (identifier, "", True, ())


@pytest.mark.parametrize("typed", ["同上", "1.0E+05", "〃", "x" * 65, "a;b", "<b>", "-1"])
def test_what_cannot_be_an_id_is_left_unread(typed: str) -> None:
    assert read_identifier(typed) == ("", "id_invalid", False, ())

"""One person, many ways of writing the same name."""

import pytest

from matching.people.login_names import login_key


@pytest.mark.parametrize(
    ("typed", "key"),
    [
        ("Tanaka@Example.JP ", "tanaka@example.jp"),
        ("ｔａｎａｋａ＠ｅｘａｍｐｌｅ．ｊｐ", "tanaka@example.jp"),
        ("０１９１−００−１２３４", "0191001234"),
        ("0191-00-1234", "0191001234"),
        ("(0191) 00-1234", "0191001234"),
        ("+81 90 0000 1234", "09000001234"),
        ("Ｖ－００１２", "v0012"),
        ("v0012", "v0012"),
        ("branch-hanaizumi", "branch-hanaizumi"),
        ("branchーhanaizumi", "branchーhanaizumi"),
        ("helper-1", "helper-1"),
    ],
)
def test_a_name_is_the_same_in_every_writing(typed: str, key: str) -> None:
    assert login_key(typed) == key


@pytest.mark.parametrize("typed", ["Ａ＠ｂ．ｊｐ", "0191001234", "V-7", "ー", "", "x" * 5000, "İ"])
def test_folding_twice_changes_nothing(typed: str) -> None:
    assert login_key(login_key(typed)) == login_key(typed)

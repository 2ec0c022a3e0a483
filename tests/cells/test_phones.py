"""Telephone numbers become domestic digits; e-mail addresses are checked kindly."""

import pytest

from matching.cells.phones import read_email, read_phone


@pytest.mark.parametrize(
    "typed",
    [
        "0191-00-5678",
        "０１９１－００－５６７８",
        "0191(00)5678",
        "（0191）00−5678",
        "0191 00 5678",
        "0191ー00ー5678",
        "TEL:0191-00-5678",
        "電話0191-00-5678",
        "+81 191 00 5678",
        "+81-(0)191-00-5678",
        "0081191005678",
        "0191005678",
    ],
)
def test_one_number_has_one_spelling(typed: str) -> None:
    assert read_phone(typed) == ("0191005678", "", True, ())


@pytest.mark.parametrize(
    ("typed", "digits", "code"),
    [
        ("191005678", "0191005678", "phone_leading_zero_restored"),
        ("9000005678", "09000005678", "phone_leading_zero_restored"),
        ("090-0000-5678（長女）", "09000005678", "phone_note"),
        ("0191-00-5678/090-0000-5678", "0191005678", "phone_more_than_one"),
        ("自宅0191-00-5678、携帯090-0000-5678", "0191005678", "phone_more_than_one"),
        ("なし、090-0000-5678", "09000005678", "phone_more_than_one"),
    ],
)
def test_a_number_with_something_beside_it_is_read_and_marked(
    typed: str, digits: str, code: str
) -> None:
    cell = read_phone(typed)
    assert (cell.text, cell.code) == (digits, code)


@pytest.mark.parametrize(
    "typed", ["0191-00-5678 内線34", "0191-00-5678(内34)", "0191005678 ext.34"]
)
def test_an_extension_is_kept_beside_the_number(typed: str) -> None:
    cell = read_phone(typed)
    assert (cell.text, dict(cell.more)) == ("0191005678", {"phone_extension": "34"})


@pytest.mark.parametrize("typed", ["同上", "9.1E+09", "00-5678", "119", "0191-00-567", "娘の携帯"])
def test_what_is_no_number_is_left_unread(typed: str) -> None:
    assert read_phone(typed) == ("", "phone_invalid", False, ())


@pytest.mark.parametrize("typed", ["", "なし", "電話なし", "-", "無"])
def test_no_telephone_is_no_problem(typed: str) -> None:
    assert read_phone(typed) == ("", "", True, ())


@pytest.mark.parametrize(
    ("typed", "address"),
    [
        ("taro@Example.JP", "taro@example.jp"),
        ("ｔａｒｏ＠ｅｘａｍｐｌｅ．ｊｐ", "taro@example.jp"),
        ("taro..yamada.@docomo.example.jp", "taro..yamada.@docomo.example.jp"),
        (" mailto:taro@example.jp ", "taro@example.jp"),
        ("なし", ""),
    ],
)
def test_an_address_is_read(typed: str, address: str) -> None:
    assert read_email(typed) == (address, "", True, ())


@pytest.mark.parametrize(
    "typed",
    ["taro@example,jp", "taro", "@example.jp", "a@b", "太郎@example.jp", "a" * 300 + "@x.jp"],
)
def test_what_is_no_address_is_left_unread(typed: str) -> None:
    assert read_email(typed) == ("", "email_invalid", False, ())

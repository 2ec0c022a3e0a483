"""Telephone numbers as domestic digits, with extension; e-mail addresses."""

import re

from matching.cells.cell import EMPTY, NONE_WORDS, Cell, plain, squeeze, unread

MOBILES = ("070", "080", "090")
_SIMPLE = re.compile(r"0\d{1,4}-\d{1,4}-\d{3,4}", re.ASCII)
_NONE = NONE_WORDS | {"電話なし", "0", "ー"}
_NOTE = re.compile(r"\((?!\d+\))[^()]*\)")
_EXTENSION = re.compile(r"\(?(?:内線?|EXT\.?|X)[:.]?(\d{1,6})\)?$", re.I)
_LABEL = re.compile(r"^(?:TEL|FAX|PHONE|電話(?:番号)?|携帯(?:電話)?|自宅|固定電話?|℡)[:.]?", re.I)
_BETWEEN = re.compile(r"[/、,;\n]|または|又は|もしくは|(?<=\d)(?=FAX)", re.I)
_JOINTS = re.compile(r"[-().ー~]")
_COUNTRY = re.compile(r"^(?:\+|00)810?")
_NATIONAL = re.compile(r"0[1-9]\d{8}|0[5789]0\d{8}|0800\d{7}")
_LOST_ZERO = re.compile(r"[1-9]\d{8}|[5789]0\d{8}")


def read_phone(text: str) -> Cell:
    """Ten or eleven domestic digits; `more` may hold the extension; of several the first."""
    if _SIMPLE.fullmatch(text):
        digits = text.replace("-", "")
        if _NATIONAL.fullmatch(digits):
            return Cell(digits)
    if squeeze(text) in _NONE:
        return EMPTY
    cells = [_one(part) for part in _BETWEEN.split(plain(text)) if part.strip()]
    usable = [cell for cell in cells if cell.text]
    if not usable:
        return unread("phone_invalid")
    more_than_one = len(cells) > 1
    return usable[0]._replace(code="phone_more_than_one") if more_than_one else usable[0]


def _one(part: str) -> Cell:
    text = squeeze(part)
    extension = _EXTENSION.search(text)
    if extension is not None:
        text = text[: extension.start()]
    bare = _NOTE.sub("", text)
    digits = _JOINTS.sub("", _LABEL.sub("", bare))
    cell = _national(_COUNTRY.sub("0", digits))
    if cell.text and bare != text and not cell.code:
        cell = cell._replace(code="phone_note")
    if cell.text and extension is not None:
        cell = cell._replace(more=(("phone_extension", extension[1]),))
    return cell


def _national(digits: str) -> Cell:
    if _NATIONAL.fullmatch(digits):
        return Cell(digits)
    if _LOST_ZERO.fullmatch(digits):
        return Cell("0" + digits, "phone_leading_zero_restored")
    return unread("phone_invalid")


_EMAIL = re.compile(
    r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@(?:[A-Za-z0-9-]{1,63}\.)+[A-Za-z]{2,63}"
)


def read_email(text: str) -> Cell:
    """An address; the double dots of old carrier addresses are accepted."""
    folded = squeeze(text).removeprefix("mailto:")
    if folded in NONE_WORDS:
        return EMPTY
    if len(folded) > 254 or not _EMAIL.fullmatch(folded):
        return unread("email_invalid")
    local, _, domain = folded.rpartition("@")
    return Cell(f"{local}@{domain.lower()}")


def landline_and_mobile(number: str | None) -> tuple[str | None, str | None]:
    """Return a number in the place where its kind is kept: (landline, None) or (None, mobile)."""
    if number and number.startswith(MOBILES):
        return None, number
    return number, None

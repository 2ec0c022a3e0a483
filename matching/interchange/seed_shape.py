"""The shape of a seed file: which lists and fields it may have, and what each of them holds."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from typing import Any

from matching.interchange.sheets import SheetKind

Seed = Mapping[str, list[dict[str, Any]]]
Row = dict[str, Any]

LONGEST, MOST = 2000, 10**12

# list -> its fields; a star marks those that must be there
SHAPE: Mapping[str, str] = {
    "areas": "code* name* kana lat lon",
    "districts": "code* area* name* kana lat lon",
    "people": "id* name* name_kana birth_date gender phone mobile email address area district "
    "lat lon consents",
    "volunteers": "",  # the columns of the volunteers' sheet
    "needs": "",  # the columns of the needs' sheet
    "accounts": "login* password* role roles name person area district starts_on ends_on demo totp",
    "blocks": "person* other* reason",
}
SHEETS: Mapping[str, SheetKind] = {"volunteers": "volunteers", "needs": "needs"}
ROLE_FIELDS = {"role", "area", "district", "starts_on", "ends_on"}


# What a field holds that is no text.
KINDS: Mapping[str, str] = {
    "lat": "number", "lon": "number", "demo": "flag", "consents": "texts", "roles": "roles",
    "id": "cell",
}  # fmt: skip


class SeedError(Exception):
    """The file cannot be used; the text names the place in it and what to do."""


def read_seed(given: Any) -> Seed:
    """Check the shape of a seed; raises SeedError naming the first place that is wrong."""
    if not isinstance(given, dict):
        raise SeedError("the file must hold one object of lists.")
    for name, rows in given.items():
        if name not in SHAPE:
            raise SeedError(f"{name}: unknown; known are {', '.join(SHAPE)}.")
        if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
            raise SeedError(f"{name}: must be a list of objects.")
        for place, row in enumerate(rows):
            _check(f"{name}[{place}]", SHAPE[name], row)
    return {name: given.get(name, []) for name in SHAPE}


def _check(where: str, shape: str, row: Row) -> None:
    for field, value in row.items():
        _check_value(f"{where}.{field}", KINDS.get(field, "text") if shape else "cell", value)
    if not shape:
        return
    fields = shape.split()
    unknown = set(row) - {field.rstrip("*") for field in fields}
    if unknown:
        raise SeedError(f"{where}.{min(unknown)}: unknown field.")
    for field in fields:
        if field.endswith("*") and not row.get(field[:-1]):
            raise SeedError(f"{where}.{field[:-1]}: must be there.")


def _check_value(where: str, kind: str, value: Any) -> None:
    if kind == "roles":
        if not isinstance(value, list) or not all(isinstance(each, dict) for each in value):
            raise SeedError(f"{where}: must be a list of objects.")
        for place, role in enumerate(value):
            _check(f"{where}[{place}]", "role* area district starts_on ends_on", role)
        return
    listed = isinstance(value, list) and kind in {"texts", "cell"}
    for each in value if listed else [value]:
        if not _fits(kind, each):
            raise SeedError(f"{where}: must be {EXPECTED[kind]}.")


EXPECTED = {
    "text": "a text of at most 2000 letters, without control letters",
    "texts": "a list of texts",
    "number": "a number of degrees",
    "flag": "true or false",
    "cell": "a text, a number, true or false, or a list of these",
}


def _fits(kind: str, value: Any) -> bool:
    if value is None:
        return kind != "texts"
    if kind == "number":
        return not isinstance(value, bool) and isinstance(value, int | float) and abs(value) <= 180
    if kind == "flag":
        return isinstance(value, bool)
    if kind == "cell" and isinstance(value, bool | int | float):
        return abs(value) < MOST
    return isinstance(value, str) and len(value) <= LONGEST and not _unwritable(value)


def _unwritable(text: str) -> bool:
    return any(unicodedata.category(letter) in {"Cc", "Cs"} for letter in text)

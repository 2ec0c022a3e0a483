"""JSON in the column names of the sheets: read by the readers of the sheets, written typed."""

from __future__ import annotations

from collections.abc import Container, Mapping
from datetime import date
from typing import Any

from matching.api.problems import Refused, wrong
from matching.interchange.columns import Column
from matching.interchange.limits import TEXT_CHARACTERS
from matching.interchange.problems import problem
from matching.interchange.rowchecks import check_row
from matching.interchange.sheets import SheetKind, columns_of

TYPES: Mapping[str, dict[str, Any]] = {
    "text": {"type": ["string", "null"]},
    "codes": {"type": "array", "items": {"type": "string"}},
    "areas": {"type": "array", "items": {"type": "string"}},
    "integer": {"type": ["integer", "null"]},
    "decimal": {"type": ["number", "null"]},
    "flag": {"type": ["boolean", "null"]},
}
LISTS = ("weekdays", "availability")
NUMBERS = ("integer", "decimal", "flag")
LONGEST_LIST = 400
LONGEST_TEXT = 2000


def schema_of(kind: SheetKind) -> dict[str, dict[str, Any]]:
    """Return the JSON schema of each column of a sheet."""
    return {
        column.name: _type(column) | {"description": column.heading}
        for column in columns_of(kind)
        if not column.extra
    }


def _type(column: Column) -> dict[str, Any]:
    return TYPES["codes"] if _is_list(column) else TYPES[column.shape]


def typed(kind: SheetKind, record: Mapping[str, str]) -> dict[str, Any]:
    """Return a record as JSON values; what is not known is null, or an empty list."""
    return {
        column.name: _value(column, record.get(column.name, ""))
        for column in columns_of(kind)
        if column.name in record
    }


def _value(column: Column, text: str) -> Any:
    if _is_list(column):
        return text.split(";") if text else []
    if not text:
        return None
    if column.shape == "flag":
        return text == "1"
    return {"integer": int, "decimal": float}.get(column.shape, str)(text)


def record_from(
    kind: SheetKind, body: Mapping[str, Any], *, beside: tuple[str, ...] = ()
) -> dict[str, str]:
    """Read a body into a record of canonical text; raises Refused naming every wrong field.

    `beside` are names that the call itself understands.
    """
    columns = {column.name: column for column in columns_of(kind)}
    errors: list[dict[str, str]] = []
    record: dict[str, str] = {}
    for name, value in body.items():
        if name in beside:
            continue
        if name not in columns:
            errors.append({"field": name, "detail": "There is no such field."})
            continue
        text, wrong = _read(columns[name], value)
        record[name] = text
        if wrong:
            errors.append({"field": name, "detail": wrong})
    for name, code, refuses, sent in check_row(kind, record):
        if refuses or not record.get(name):
            errors.append({"field": name, "detail": _sentence(columns[name], code, sent)})
    if errors:
        raise Refused(422, "Some fields cannot be used.", code="fields", errors=errors)
    return record


def _read(column: Column, value: Any) -> tuple[str, str]:
    text = _text(column, value)
    if text is None:
        return "", "Send a value of the type that the description names."
    if not text:
        return "", ""
    cell = column.read(text.replace("\0", ""))
    most = TEXT_CHARACTERS.get(column.name)
    if most is not None and len(cell.text) > most:
        return "", _sentence(column, "text_too_long", f"{most:,}")
    if not cell.read or cell.code in {"codes_unknown", "category_unknown"}:
        return "", _sentence(column, cell.code, text)
    return cell.text, ""


def _text(column: Column, value: Any) -> str | None:
    """The value as a cell would hold it; None where a column cannot have such a value."""
    if value is None or isinstance(value, str):
        return value or ""
    if isinstance(value, bool):
        return str(int(value)) if column.shape == "flag" else None
    if isinstance(value, int | float):
        return str(value)[:60] if column.shape in NUMBERS else None
    if isinstance(value, list) and _is_list(column) and len(value) <= LONGEST_LIST:
        return ";".join(value) if all(isinstance(each, str) for each in value) else None
    return None


def _is_list(column: Column) -> bool:
    return column.name in LISTS or column.shape in {"codes", "areas"}


def _sentence(column: Column, code: str, raw: str) -> str:
    return problem(0, column.heading, code, raw, field=column.name).text


def line_of(body: Mapping[str, Any], name: str) -> str:
    """Return a text of a body; raises Refused for anything else or a very long one."""
    value = body.get(name)
    if value is not None and (not isinstance(value, str) or len(value) > LONGEST_TEXT):
        raise wrong(name, "Send a text of at most 2,000 characters.")
    return value or ""


def day_of(body: Mapping[str, Any], name: str) -> date | None:
    """Return a day of a body, None where it is not told; raises Refused for anything else."""
    value = body.get(name)
    try:
        return None if value is None else date.fromisoformat(value)
    except (TypeError, ValueError):
        raise wrong(name, "Send a day as 2026-11-23.") from None


def code_of(body: Mapping[str, Any], name: str, codes: Container[str], default: str = "") -> str:
    """Return one of our codes out of a body; raises Refused for anything else."""
    value = body.get(name, default)
    if not isinstance(value, str) or value not in codes:
        raise wrong(name, "Choose one of the values that the description lists.")
    return value

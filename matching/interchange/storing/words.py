"""Words of a sheet that no column can hold: kept in the note, once, under their heading."""

from __future__ import annotations

from collections.abc import Mapping

from matching.interchange.sheets import SheetKind, columns_of

_OWN_COLUMN = frozenset(("category_text",))
_BESIDE = {"phone_extension": "内線", "age": "年齢"}


def note_with_words(kind: SheetKind, record: Mapping[str, str], kept: str | None) -> str | None:
    """The note that a record leads to; `kept` is the present one, None when it has none."""
    note = record.get("note") or kept or ""
    lines = [note] if note else []
    lines += [words for words in _words(kind, record) if words not in note.split("\n")]
    return "\n".join(lines) or None


def _words(kind: SheetKind, record: Mapping[str, str]) -> list[str]:
    headings = {f"{column.name}_text": column.heading for column in columns_of(kind)} | _BESIDE
    return [
        f"（{headings[name]}：{' '.join(text.split())}）"
        for name, text in record.items()
        if text and name in headings and name not in _OWN_COLUMN and not _is_told(name, record)
    ]


def _is_told(name: str, record: Mapping[str, str]) -> bool:
    return name == "age" and bool(record.get("birth_date"))

"""The report of an import: counts, problems and, for a trial, what was read."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from matching.interchange.columns import Column
from matching.interchange.reading import SheetReading
from matching.interchange.sheets import columns_of
from matching.interchange.storing.tally import Tally

_BESIDE = ("phone_extension",)


def report_of(reading: SheetReading, tally: Tally, *, with_records: bool) -> dict[str, Any]:
    """The report as JSON knows it; `records` only on demand, for they name people."""
    report: dict[str, Any] = {
        "rows": reading.rows,
        "created": tally.created,
        "updated": tally.updated,
        "unchanged": tally.unchanged,
        "refused": len(tally.refused),
        "encoding": reading.encoding,
        "columns": reading.columns,
        "problems": [
            {
                "line": found.line,
                "column": found.column,
                "code": found.code,
                "severity": found.severity,
                "text": found.text,
            }
            for found in tally.problems
        ],
    }
    if with_records:
        report["records"] = _records(reading)
    return report


def _records(reading: SheetReading) -> list[dict[str, Any]]:
    columns = {column.name: column for column in columns_of(reading.kind)}
    return [
        {"line": line, **_values(reading, line, record, columns)}
        for line, record in zip(reading.lines, reading.records, strict=True)
    ]


def _values(
    reading: SheetReading, line: int, record: Mapping[str, str], columns: Mapping[str, Column]
) -> dict[str, Any]:
    told = {
        name: None if (line, name) in reading.unread else _value(columns[name], text)
        for name, text in record.items()
        if name in columns
    }
    return told | {name: record[name] for name in _BESIDE if record.get(name)}


def _value(column: Column, text: str) -> Any:
    if column.shape in ("codes", "areas"):
        return [part for part in text.replace("、", ";").split(";") if part]
    if not text:
        return "" if column.shape == "text" else None
    if column.shape == "integer":
        return int(text)
    if column.shape == "decimal":
        return float(text)
    return text == "1" if column.shape == "flag" else text

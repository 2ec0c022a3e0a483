"""The yearly pack as files: a workbook, a CSV for each table, a page to print, a PDF."""

from __future__ import annotations

import csv
import html
from collections.abc import Sequence
from pathlib import Path

from openpyxl import Workbook
from openpyxl.styles import Font

from matching.cells.escaping import escape_cell
from matching.evaluation.years import Table
from matching.interchange.yearpaper import write_paper

STYLE = (
    "body{font-family:sans-serif;line-height:1.6;margin:2em}table{border-collapse:collapse;"
    "margin:.5em 0 2em}th,td{border:1px solid #888;padding:.2em .8em;text-align:left}"
    "td.number{text-align:right}section{break-inside:avoid}@page{size:A4}"
)


def write_pack(tables: Sequence[Table], title: str, folder: Path, name: str) -> list[Path]:
    """Write the tables into a folder in every form; returns the files."""
    folder.mkdir(parents=True, exist_ok=True)
    return [
        _workbook(tables, folder / f"{name}.xlsx"),
        *(_sheet(table, folder / f"{name}-{table.code}.csv") for table in tables),
        _page(tables, title, folder / f"{name}.html"),
        write_paper(tables, title, folder / f"{name}.pdf"),
    ]


def _workbook(tables: Sequence[Table], path: Path) -> Path:
    book = Workbook()
    book.remove(book.worksheets[0])
    for table in tables:
        sheet = book.create_sheet(table.title[:31].replace("/", "・"))
        sheet.append([table.title])
        sheet.append([table.definition])
        sheet.append(list(table.columns))
        sheet["A1"].font = sheet["A3"].font = Font(bold=True)
        for row in table.rows:
            sheet.append([_cell(value) for value in row])
        sheet.column_dimensions["A"].width = 30
    book.save(path)
    return path


def _sheet(table: Table, path: Path) -> Path:
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(table.columns)
        writer.writerows([_cell(value) for value in row] for row in table.rows)
    return path


def _cell(value: str | int | float) -> str | int | float:
    return escape_cell(value) if isinstance(value, str) else value


def _page(tables: Sequence[Table], title: str, path: Path) -> Path:
    parts = [
        f'<!DOCTYPE html><html lang="ja"><head><meta charset="utf-8"><title>{html.escape(title)}'
        f"</title><style>{STYLE}</style></head><body><h1>{html.escape(title)}</h1>"
    ]
    for table in tables:
        head = "".join(f'<th scope="col">{html.escape(each)}</th>' for each in table.columns)
        rows = "".join(f"<tr>{''.join(map(_td, row))}</tr>" for row in table.rows)
        parts.append(
            f"<section><h2>{html.escape(table.title)}</h2><p>{html.escape(table.definition)}</p>"
            f"<table><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table></section>"
        )
    path.write_text("".join(parts) + "</body></html>", "utf-8")
    return path


def _td(value: str | int | float) -> str:
    kind = "" if isinstance(value, str) else ' class="number"'
    return f"<td{kind}>{html.escape(str(value))}</td>"

"""The yearly pack on A4: every table with its definition, ready to hand in."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from pathlib import Path

from reportlab.lib.colors import HexColor
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import Flowable, KeepTogether, Paragraph, SimpleDocTemplate, Spacer
from reportlab.platypus import Table as Grid

from matching.evaluation.years import Row, Table

FONT = "HeiseiKakuGo-W5"
INK, SOFT, LINE = HexColor("#1f1b20"), HexColor("#5c5560"), HexColor("#b9b0bd")
WIDTH = A4[0] - 40 * mm
KEPT_WHOLE = 25
"""Rows up to which a table stays on one page."""


def _style(name: str, size: float, after: float = 0) -> ParagraphStyle:
    return ParagraphStyle(
        name, fontName=FONT, fontSize=size, leading=size * 1.6, spaceAfter=after, wordWrap="CJK"
    )


TITLE, HEAD = _style("title", 18, 6 * mm), _style("head", 13, 1 * mm)
CELL, SMALL = _style("cell", 9), _style("small", 9, 2 * mm)
NUMBER = ParagraphStyle("number", parent=CELL, alignment=2)


def write_paper(tables: Sequence[Table], title: str, path: Path) -> Path:
    """Write the tables as a PDF with page numbers; the same tables give the same bytes."""
    pdfmetrics.registerFont(UnicodeCIDFont(FONT))
    paper = SimpleDocTemplate(
        str(path), pagesize=A4, title=title, invariant=1,
        leftMargin=20 * mm, rightMargin=20 * mm, topMargin=18 * mm, bottomMargin=18 * mm,
    )  # fmt: skip
    story: list[Flowable] = [Paragraph(escape(title), TITLE)]
    for table in tables:
        parts = [
            Paragraph(escape(table.title), HEAD),
            Paragraph(escape(table.definition), SMALL),
            _grid(table),
        ]
        story += [KeepTogether(parts)] if len(table.rows) <= KEPT_WHOLE else parts
        story.append(Spacer(0, 8 * mm))
    paper.build(story, onFirstPage=_number, onLaterPages=_number)
    return path


def _grid(table: Table) -> Grid:
    heads = [
        Paragraph(escape(each), NUMBER if place else CELL)
        for place, each in enumerate(table.columns)
    ]
    rows = [heads, *map(_row, table.rows)]
    first = WIDTH * (1 if len(table.columns) == 1 else 0.4)
    rest = (WIDTH - first) / max(1, len(table.columns) - 1)
    return Grid(
        rows,
        colWidths=[first, *[rest] * (len(table.columns) - 1)],
        repeatRows=1,
        style=[
            ("LINEBELOW", (0, 0), (-1, 0), 1, INK),
            ("LINEBELOW", (0, 1), (-1, -1), 0.4, LINE),
            ("VALIGN", (0, 0), (-1, -1), "TOP"),
        ],
    )


def _row(row: Row) -> list[Paragraph]:
    return [
        Paragraph(escape(str(value)), NUMBER if place else CELL) for place, value in enumerate(row)
    ]


def _number(page: Canvas, paper: SimpleDocTemplate) -> None:
    page.setFont(FONT, 9)
    page.setFillColor(SOFT)
    page.drawCentredString(A4[0] / 2, 10 * mm, str(paper.page))

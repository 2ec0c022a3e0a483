"""The certificate on paper: A4, Japanese type, a code and its square to scan."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from io import BytesIO

import segno
from reportlab.lib.colors import HexColor
from reportlab.lib.pagesizes import A4
from reportlab.lib.units import mm
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen.canvas import Canvas

# Type that every reader brings along: nothing to install, every kanji of Adobe-Japan1.
SERIF, SANS = "HeiseiMin-W3", "HeiseiKakuGo-W5"
INK, SOFT, LINE = HexColor("#1f1b20"), HexColor("#5c5560"), HexColor("#b9b0bd")
LEFT, RIGHT = 25 * mm, A4[0] - 25 * mm


@dataclass(frozen=True)
class Paper:
    """Every word on the paper, ready to print; `rows` are kind of help, visits, time."""

    title: str
    name: str
    lead: str
    heads: tuple[str, str, str]
    rows: Sequence[tuple[str, str, str]]
    total: tuple[str, str, str]
    issued: str
    centre: Sequence[str]
    code: str
    address: str
    note: str


def draw(paper: Paper) -> bytes:
    """Return the certificate as PDF."""
    for font in (SERIF, SANS):
        pdfmetrics.registerFont(UnicodeCIDFont(font))
    buffer = BytesIO()
    page = Canvas(buffer, pagesize=A4, invariant=1)
    page.setTitle(paper.title)
    page.setFillColor(INK)
    page.setFont(SERIF, 26)
    page.drawCentredString(A4[0] / 2, 255 * mm, paper.title)
    page.setFont(SERIF, 18)
    page.drawString(LEFT, 225 * mm, paper.name)
    _lines(page, paper.lead, 205 * mm, SERIF, 12)
    bottom = _table(page, paper, 172 * mm)
    _foot(page, paper, min(bottom - 18 * mm, 90 * mm))
    _check(page, paper)
    page.showPage()
    page.save()
    return buffer.getvalue()


def _lines(page: Canvas, text: str, top: float, font: str, size: float) -> None:
    """Write text of any length, broken where the line is full, as Japanese is."""
    page.setFont(font, size)
    line, at = "", top
    for letter in text:
        if pdfmetrics.stringWidth(line + letter, font, size) > RIGHT - LEFT:
            page.drawString(LEFT, at, line)
            line, at = "", at - size * 1.7
        line += letter
    page.drawString(LEFT, at, line)


def _table(page: Canvas, paper: Paper, top: float) -> float:
    at = top
    page.setStrokeColor(LINE)
    for place, row in enumerate([paper.heads, *paper.rows, paper.total]):
        page.setFont(SANS if place in {0, len(paper.rows) + 1} else SERIF, 11)
        page.drawString(LEFT + 2 * mm, at, row[0])
        page.drawRightString(LEFT + 115 * mm, at, row[1])
        page.drawRightString(RIGHT - 2 * mm, at, row[2])
        page.line(LEFT, at - 2.5 * mm, RIGHT, at - 2.5 * mm)
        at -= 8 * mm
    return at


def _foot(page: Canvas, paper: Paper, top: float) -> None:
    page.setFont(SERIF, 12)
    page.drawString(LEFT, top, paper.issued)
    for place, line in enumerate(paper.centre):
        page.drawRightString(RIGHT, top - (8 + 7 * place) * mm, line)


def _check(page: Canvas, paper: Paper) -> None:
    """The code, where to type it, and the same as a square to scan."""
    matrix = segno.make(paper.address, error="m", micro=False).matrix
    side = 24 * mm / len(matrix)
    page.setFillColor(INK)
    for row, line in enumerate(matrix):
        for column, dark in enumerate(line):
            if dark:
                page.rect(LEFT + column * side, 46 * mm - row * side, side, side, stroke=0, fill=1)
    page.setFillColor(SOFT)
    page.setFont(SANS, 9)
    for place, told in enumerate((paper.note, paper.code, paper.address)):
        page.drawString(LEFT + 30 * mm, (42 - 6 * place) * mm, told)

"""Easy Japanese: a reading in round brackets behind kanji becomes ruby, where HTML has room for it.

Catalogues and tables write 手伝（てつだ）う, which reads well in titles, lists of choices and
attributes and drawings, where no markup may stand.
"""

from __future__ import annotations

import re

from flask import Response

from matching.web.registers import language

READING = re.compile(r"([一-鿿々]+)（([ぁ-ゖー]+)）")
RUBY = r"<ruby>\1<rp>（</rp><rt>\2</rt><rp>）</rp></ruby>"
TAG = re.compile(r"(<[^>]*>)")
ONLY_TEXT = re.compile(r"</?(?:title|desc|text|option|textarea|script|style)\b")


def add_ruby(response: Response) -> Response:
    """Write the readings of a page in easy Japanese above the kanji."""
    if response.mimetype == "text/html" and language() == "ja-easy":
        response.set_data(with_ruby(response.get_data(as_text=True)))
    return response


def with_ruby(html: str) -> str:
    """Return the HTML with ruby in its text; tags, and elements that hold only text, stay."""
    pieces = TAG.split(html)
    closed = True
    for place, piece in enumerate(pieces):
        if place % 2:
            closed = piece.startswith("</") if ONLY_TEXT.match(piece) else closed
        elif closed and READING.search(piece):
            # One element, as the text was one piece: buttons and headings set gaps between pieces.
            pieces[place] = f"<span>{READING.sub(RUBY, piece)}</span>"
    return "".join(pieces)

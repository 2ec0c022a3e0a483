"""Many rows at once: looked over first, then each done by itself, and told what came of it."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from flask import render_template, request
from sqlalchemy.orm import Session

from matching.kernel import replies
from matching.kernel.errors import DomainError, Invalid
from matching.web.forms import accept, give_back
from matching.web.refusals import said

MOST = 200
Act = Callable[[str, int], None]  # does it to the row of this key and version


class Line(NamedTuple):
    """One row of a preview: what would happen to it, or why it is left out."""

    key: str
    version: int
    title: str
    href: str
    will: str
    left_out: str = ""


class Outcome(NamedTuple):
    """What came of an act on many rows: those done, and those left with the sentence why."""

    done: Sequence[str]
    left: Sequence[tuple[str, str]]

    def kept(self) -> str:
        """Write it down for a form that is sent twice; keys and sentences only."""
        return json.dumps(self._asdict(), ensure_ascii=False)


def read_kept(kept: str) -> Outcome:
    """Read an outcome that was written down."""
    told: dict[str, Any] = json.loads(kept)
    return Outcome(told["done"], [(key, sentence) for key, sentence in told["left"]])


def show_preview(
    lines: Sequence[Line], fields: Mapping[str, Any], sends_to: str, back: str, more: int = 0
) -> str:
    """Show what would happen to each row; `more` were found beyond what one act takes."""
    return render_template(
        "desk/bulk.html",
        lines=[line for line in lines if not line.left_out],
        left=[line for line in lines if line.left_out],
        more=more,
        fields=fields,
        sends_to=sends_to,
        back=back,
        key=give_back(),
    )


def show_refused(refused: Invalid, back: str) -> tuple[str, int]:
    """Show why nothing can be done with what was chosen."""
    return render_template("desk/bulk.html", sentence=said(refused), lines=[], back=back), 422


def sent_rows() -> list[tuple[str, int]]:
    """Return the rows that a confirmed preview sends back, each with the version it showed."""
    rows = []
    for typed in request.form.getlist("row")[:MOST]:
        key, _sign, version = typed.rpartition(":")
        if key and version.isascii() and version.isdigit() and len(version) < 18:
            rows.append((key, int(version)))
    return rows


def do_once(
    work: Session, form: str, now: datetime, rows: Iterable[tuple[str, int]], act: Act
) -> Outcome:
    """Do an act to the rows of a confirmed preview; sent twice it is done once."""
    kept = replies.once(work, accept(form), now, lambda: each(work, rows, act).kept())
    return read_kept(kept)


def each(work: Session, rows: Iterable[tuple[str, int]], act: Act) -> Outcome:
    """Do an act to every row by itself; one that is refused stops none of the others."""
    done, left = [], []
    for key, version in rows:
        try:
            with work.begin_nested():
                act(key, version)
            done.append(key)
        except DomainError as refused:
            left.append((key, said(refused)))
    return Outcome(done, left)

"""Many rows at once: looked over first, then each done by itself, and told what came of it."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Sequence
from typing import Any, NamedTuple

from flask import request
from sqlalchemy.orm import Session

from matching.kernel.errors import DomainError
from matching.web.refusals import said

MOST = 200


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


def sent_rows() -> list[tuple[str, int]]:
    """Return the rows that a confirmed preview sends back, each with the version it showed."""
    rows = []
    for typed in request.form.getlist("row")[:MOST]:
        key, _sign, version = typed.rpartition(":")
        if key and version.isascii() and version.isdigit() and len(version) < 18:
            rows.append((key, int(version)))
    return rows


def each(
    work: Session, rows: Iterable[tuple[str, int]], act: Callable[[str, int], None]
) -> Outcome:
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

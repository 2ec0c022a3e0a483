"""Pages of a list: a cursor names the last row that was given, not a place in the list."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from flask import request
from sqlalchemy import Select
from sqlalchemy.orm import Session

from matching.api.calls import Reply
from matching.api.problems import Refused
from matching.kernel.typed import row_number

Row = TypeVar("Row")
MOST, USUAL = 200, 50

QUERY = {
    "limit": {"type": "integer", "minimum": 1, "maximum": MOST, "default": USUAL},
    "cursor": {"type": "string", "maxLength": 100},
}


def page_of(
    session: Session,
    found: Select[Row],
    column: Any,
    write: Callable[[Any], dict[str, Any]],
) -> Reply:
    """Return the rows after the cursor in the order of `column` (their number)."""
    limit, after = _limit(), _after()
    if after is not None:
        found = found.where(column > after)
    rows: Sequence[Any] = session.scalars(found.order_by(column).limit(limit + 1)).unique().all()
    shown = rows[:limit]
    more = len(rows) > limit
    return Reply(
        {
            "items": [write(row) for row in shown],
            "next_cursor": _cursor(shown[-1].id) if more else None,
        }
    )


def _limit() -> int:
    given = request.args.get("limit", str(USUAL))
    limit = row_number(given) or 0
    if not 1 <= limit <= MOST:
        raise Refused(422, f"limit must be a whole number from 1 to {MOST}.", code="limit")
    return limit


def _after() -> int | None:
    given = request.args.get("cursor")
    if given is None:
        return None
    try:
        number = row_number(base64.urlsafe_b64decode(given.encode()).decode("ascii"))
    except (ValueError, binascii.Error):
        number = None
    if number is None:
        raise Refused(422, "cursor must be the next_cursor of an earlier answer.", code="cursor")
    return number


def _cursor(number: int) -> str:
    return base64.urlsafe_b64encode(str(number).encode()).decode()

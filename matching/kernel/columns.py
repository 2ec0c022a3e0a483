"""Column types that cannot hold a value of the wrong kind."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import DateTime, Dialect, String
from sqlalchemy.types import TypeDecorator

from matching.kernel.typed import cleaned


class UtcInstant(TypeDecorator[datetime]):
    """An instant: refuses a naive datetime, gives back aware UTC."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is not None and value.tzinfo is None:
            raise ValueError("an instant needs its time zone")
        return value

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        return value.astimezone(UTC) if value is not None else None


class CleanText(TypeDecorator[str]):
    """Text as typed, without control characters and their like."""

    impl = String
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Dialect) -> str | None:
        return cleaned(str(value)) if value is not None else None


def one_of(column: str, values: Iterable[str]) -> str:
    """Return the SQL condition that a column holds one of our own codes."""
    return f"{column} IN ({', '.join(repr(value) for value in values)})"

"""Structured logs: events with ids and counts, never a name, phone, address or typed text."""

from __future__ import annotations

import logging
import sys
import traceback
from collections.abc import MutableMapping
from pathlib import Path
from typing import Any

import structlog

# What may appear: everything else is dropped before it is written.
ALLOWED = frozenset(
    {
        *(
            "event",
            "level",
            "timestamp",
            "process",
            "pid",
            "error",
            "error_id",
            "where",
            "reason",
            "kind",
        ),
        *("method", "path", "status", "seconds", "count", "attempt"),
        *("job", "job_id", "run_id", "need_id", "volunteer_id", "placement_id", "account_id"),
    }
)


def keep_allowed(
    _logger: Any, _method: str, event: MutableMapping[str, Any]
) -> MutableMapping[str, Any]:
    """Drop every key that is not known to be free of personal data."""
    return {key: value for key, value in event.items() if key in ALLOWED}


def configure(level: str) -> None:
    """Send one JSON line per event to standard error."""
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            keep_allowed,
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(getattr(logging, level)),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=True,
    )


def logger() -> Any:
    """Return the logger of the service."""
    return structlog.get_logger()


def where(error: BaseException) -> str:
    """Return the frames an error came through, innermost last, without any value."""
    frames = traceback.extract_tb(error.__traceback__)[-6:]
    return " > ".join(f"{Path(frame.filename).name}:{frame.lineno}" for frame in frames)

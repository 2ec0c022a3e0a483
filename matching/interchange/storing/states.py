"""What a sheet's status means for a need: where a new one begins, and what a sheet may move."""

from __future__ import annotations

from datetime import date

FIRST_STATES = {
    "": "ready",
    "open": "ready",
    "partly_filled": "matching",
    "on_hold": "on_hold",
    "matched": "matched",
    "done": "completed",
    "cancelled": "withdrawn",
}
# A state of the desk -> what a sheet calls it.
SHEET_STATUS = {
    "received": "open",
    "triaging": "open",
    "ready": "open",
    "matching": "open",
    "on_hold": "on_hold",
    "matched": "matched",
    "in_progress": "matched",
    "completed": "done",
    "closed": "done",
    "withdrawn": "cancelled",
    "referred": "cancelled",
    "declined": "cancelled",
    "unmet": "cancelled",
    "duplicate": "cancelled",
}
_WAITING = ("received", "triaging", "ready")


def state_of_new_need(status: str, start_on: date | None) -> str:
    """Where a need of a sheet begins; one without a day waits for it."""
    state = FIRST_STATES[status]
    return "on_hold" if state in ("ready", "matching") and start_on is None else state


def state_of_known_need(
    present: str, status: str, known_start: date | None, told_start: date | None
) -> tuple[str, bool]:
    """The state after a sheet spoke, and whether it asked for more than a sheet may change.

    A sheet may stop what nobody is placed on yet, and release what only waited for its day;
    all else is the desk's decision.
    """
    meant = SHEET_STATUS[present]
    if status in ("", meant) or (status == "partly_filled" and meant == "open"):
        return present, False
    if present in _WAITING and status in ("on_hold", "cancelled"):
        return FIRST_STATES[status], False
    if present == "on_hold" and status == "open" and known_start is None and told_start:
        return "ready", False
    return present, True

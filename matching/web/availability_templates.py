"""Ready-made weeks for the availability grid, and the seasons of the fields as days off."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from flask_babel import lazy_gettext as _

WEEKDAYS, WEEKEND = range(5), (5, 6)
ALL_BANDS = ("morning", "afternoon", "evening")
TEMPLATES: Mapping[str, Any] = {
    "weekday_mornings": _("平日の午前"),
    "weekday_afternoons": _("平日の午後"),
    "weekends": _("土曜日と日曜日"),
    "fields_off": _("田植えと稲刈りの時期は休む"),
    "clear": _("印をすべて消す"),
}
# Planting and harvest of rice here, first and last day; who farms otherwise changes the lines.
SEASONS = (((5, 1), (5, 31)), ((9, 20), (10, 20)))


def apply(code: str, chosen: Sequence[str], off: str, today: date) -> tuple[list[str], str]:
    """Return boxes and days off after a template; an unknown one changes nothing."""
    boxes = {
        "weekday_mornings": [f"{day}-morning" for day in WEEKDAYS],
        "weekday_afternoons": [f"{day}-afternoon" for day in WEEKDAYS],
        "weekends": [f"{day}-{band}" for day in WEEKEND for band in ALL_BANDS],
    }
    if code == "clear":
        return [], off
    if code == "fields_off":
        lines = [line for line in off.splitlines() if line.strip()]
        return list(chosen), "\n".join(dict.fromkeys([*lines, *seasons_from(today)]))
    return sorted({*chosen, *boxes.get(code, [])}), off


def seasons_from(today: date) -> list[str]:
    """Return the next seasons of the fields as lines of a first and a last day."""
    lines = []
    for first, last in SEASONS:
        year = today.year + (date(today.year, *last) < today)
        lines.append(f"{date(year, *first).isoformat()}～{date(year, *last).isoformat()}")
    return lines

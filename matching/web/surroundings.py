"""What every page shows around its own content: centre, language, text size, who reads."""

from __future__ import annotations

import secrets
from datetime import date, datetime
from typing import Any
from urllib.parse import quote

from flask import Flask, request, session
from flask_babel import format_date
from flask_babel import lazy_gettext as _

from matching.cells.writing import hyphened_phone
from matching.kernel import clock
from matching.kernel.database import db
from matching.kernel.permissions import DESK, ROLES
from matching.places import wareki
from matching.places.reference import AREA_BY_CODE, DISTRICT_BY_CODE
from matching.safeguarding.queries import waiting_for
from matching.web.access import current_actor
from matching.web.entering import first_page
from matching.web.registers import babel_locale as babel_locale
from matching.web.registers import gettext, language, place, weekday, word
from matching.web.ruby import add_ruby
from matching.web.sessions import OFFICE

CENTRE = {
    "name": _("一関市ボランティアセンター"),
    "phone": "0191-00-0001",
    "hours": _("月〜金 8:30〜17:15"),
}
TEXT_SIZES = ("standard", "large", "largest")

# What the pages of a family are about, and the part of their address that tells which.
SHOWN_BY = {
    "needs": ("need", "reference"),
    "desk": ("volunteer", "reference"),
    "visits": ("visit", "placement_id"),
    "my_visits": ("visit", "placement_id"),
}


def text_size() -> str:
    """Return the chosen text size."""
    chosen = request.cookies.get("text_size", "")
    return chosen if chosen in TEXT_SIZES else "standard"


def surroundings() -> dict[str, Any]:
    """Return the variables of the base template."""
    actor = current_actor()
    shown = None
    if actor.account_id:
        hats = gettext("・").join(gettext(ROLES[role]) for role in actor.roles)
        quiet = int(OFFICE[0].total_seconds()) if session.get("office") else 0
        shown = {
            "display_name": actor.display_name,
            "role_label": hats,
            "quiet_seconds": quiet,
        }
    return {
        "centre": CENTRE,
        "current_actor": shown,
        "at_desk": not DESK.isdisjoint(actor.roles),
        "language": language(),
        "text_size": text_size(),
        "keys_off": request.cookies.get("keys") == "off",
        "request_key": lambda: secrets.token_urlsafe(16),
        "first_page": first_page(actor) if shown else "/",
        "concern_href": concern_href(),
        "concerns_waiting": lambda: waiting_for(db.session(), actor.account_id or 0),
    }


def concern_href() -> str:
    """Return where a worry about what the page shows is told: two clicks from here (BR-02)."""
    kind, part = SHOWN_BY.get(request.blueprint or "", ("", ""))
    number = (request.view_args or {}).get(part)
    return f"/concern?about={kind}:{quote(str(number))}" if number else "/concern"


def register_filters(app: Flask) -> None:
    """Give templates the ways we write dates, times and places, and pages their readings."""
    app.add_template_filter(day, "day")
    app.add_template_filter(clock_time, "clock_time")
    app.add_template_filter(moment, "moment")
    app.add_template_filter(machine_time, "machine_time")
    app.add_template_filter(minutes, "minutes")
    app.add_template_filter(hyphened_phone, "phone")
    app.add_template_filter(gettext, "translate")
    app.add_template_filter(place, "place")
    app.add_template_filter(reach, "reach")
    app.add_template_filter(weekday, "weekday")
    app.add_template_filter(word, "word")
    app.after_request(add_ruby)


def reach(code: str) -> str:
    """Write where a role counts: an area, a district, or everywhere."""
    found = DISTRICT_BY_CODE.get(code) or AREA_BY_CODE.get(code)
    return place(found.name) if found else gettext("全域")


def day(value: date | None) -> str:
    """Write a date: 2026年11月23日（月）, 2026年11月23日 げつようび, Mon 23 November 2026."""
    if value is None:
        return ""
    if language() == "ja":
        return wareki.format_date(value)
    return format_date(value, "EEE d MMMM y") if language() == "en" else _easy(value, "y年")


def short_day(value: date) -> str:
    """Write a date without its year: 11月23日（月）, 11月23日 げつようび, Mon 23 November."""
    if language() == "ja":
        return wareki.format_short_date(value)
    return format_date(value, "EEE d MMMM") if language() == "en" else _easy(value)


def _easy(value: date, year: str = "") -> str:
    return f"{format_date(value, f'{year}M月d日')} {weekday(value.weekday())}ようび"


def clock_time(value: datetime) -> str:
    """Write the time of an instant as 14:05, on Japan's clock."""
    return f"{clock.local(value):%H:%M}"


def moment(value: datetime | None) -> str:
    """Write an instant as date and time on Japan's clock."""
    return f"{day(clock.local_date(value))} {clock_time(value)}" if value else ""


def machine_time(value: datetime) -> str:
    """Write an instant for the `datetime` attribute, which knows no millionths of a second."""
    return value.isoformat(timespec="seconds")


def minutes(value: int | None) -> str:
    """Write minutes past midnight as 09:00."""
    return f"{value // 60:02d}:{value % 60:02d}" if value is not None else ""

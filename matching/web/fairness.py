"""Fairness at the desk: who is not asked, how load is spread, who waits; by name, to act on it."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, render_template
from flask_babel import lazy_gettext as _

from matching.evaluation import fairness
from matching.evaluation.fairness import Waiting
from matching.kernel import clock
from matching.kernel.database import db
from matching.kernel.permissions import only_areas
from matching.people.sight import concealed_from
from matching.places.reference import AREA_BY_CODE
from matching.volunteers.models import Volunteer
from matching.web.access import access, current_actor
from matching.web.registers import gettext, place
from matching.web.surroundings import day
from matching.web.waves_view import percent

pages = Blueprint("fairness", __name__)
MOST_NAMES = 50
LANGUAGES = {"ja": _("日本語"), "ja-easy": _("やさしい日本語"), "en": _("英語")}


@pages.get("/desk/fairness")
@access("fairness.read")
def show() -> str:
    """Show who is never asked and who waits, within the reader's area."""
    session, now, today = db.session(), clock.now(), clock.today()
    actor = current_actor()
    areas, concealed = only_areas(actor), set(session.scalars(concealed_from(actor)))
    unasked = [
        each
        for each in fairness.unasked(session, today, areas)
        if each.volunteer.person_id not in concealed
    ]
    spread = fairness.spread(session, today, areas)
    fresh = fairness.newcomers(session, today, areas)
    waiting = fairness.waiting_residents(session, now, areas)
    return render_template(
        "desk/fairness.html",
        areas=[_area(code) for code in sorted(areas or ())],
        unasked=[_person(each.volunteer) | {"last": _last(each)} for each in unasked[:MOST_NAMES]],
        unasked_count=len(unasked),
        people=spread.people,
        visits=spread.visits,
        gini=f"{spread.gini:.2f}",
        top=percent(spread.top),
        bands=[
            {"label": _visits(low, high), "count": count, "share": count / max(spread.people, 1)}
            for low, high, count in spread.bands
        ],
        fresh=fresh,
        newcomers=[
            _person(who) | {"days": days}
            for who, days in fresh.waiting[:MOST_NAMES]
            if who.person_id not in concealed
        ],
        groups=[
            (_("地域"), [_line(each, _area(each.group)) for each in waiting["area"]]),
            (_("対象の方の年代"), [_line(each, _age(each.group)) for each in waiting["age"]]),
            (_("ことば"), [_line(each, _language(each.group)) for each in waiting["language"]]),
        ],
    )


def _person(volunteer: Volunteer) -> dict[str, Any]:
    area = AREA_BY_CODE.get(volunteer.person.area_code or "")
    return {
        "reference": volunteer.reference,
        "name": volunteer.person.name,
        "area": place(area.name) if area else gettext("市外・不明"),
    }


def _last(each: fairness.Unasked) -> str:
    return day(each.last_on) if each.last_on else gettext("一度もありません")


def _visits(low: int, high: int | None) -> str:
    if high is None:
        return gettext("%(low)s回以上", low=low)
    if low == high:
        return gettext("%(low)s回", low=low)
    return gettext("%(low)s〜%(high)s回", low=low, high=high)


def _line(waiting: Waiting, label: str) -> dict[str, Any]:
    return {
        "label": label,
        "count": waiting.count,
        "median": f"{waiting.median_days:g}",
        "long": waiting.long,
    }


def _area(code: str) -> str:
    area = AREA_BY_CODE.get(code)
    return place(area.name) if area else gettext("市外・不明")


def _age(band: str) -> str:
    low, _dash, high = band.partition("-")
    if not low:
        return gettext("わかりません")
    if not high:
        return gettext("%(low)s歳以上", low=low)
    return gettext("%(low)s〜%(high)s歳", low=low, high=high)


def _language(code: str) -> str:
    return str(LANGUAGES.get(code, code))

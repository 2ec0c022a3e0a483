"""The open needs of the season: what is asked for today, by whom and where."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime

from matching.local.city.cast import (
    HOME_DISTRICT,
    PARTNER_GROUP,
    PARTNER_GROUP_KANA,
    RESIDENT,
    RESIDENT_AGE,
)
from matching.local.city.columns import NEED_COLUMNS
from matching.local.city.destinations import destination_of
from matching.local.city.draw import Draw
from matching.local.city.requesters import Requester, Requesters
from matching.local.city.scheduling import schedule
from matching.local.city.templates import (
    CAST_NEEDS,
    Template,
    seasonal_weights,
    templates_of,
)
from matching.places.calendar import era_of, fiscal_year_of
from matching.places.tables import AREAS, DISTRICTS, District

OPEN_NEEDS = 60
ON_HOLD_EVERY = 20  # one need in so many waits for its date


class NeedDesk:
    """Writes intake sheets for today's open needs."""

    def __init__(self, draw: Draw, requesters: Requesters, today: date) -> None:
        self._draw = draw
        self._requesters = requesters
        self._today = today

    def cast_needs(self, volunteer: Mapping[str, str]) -> dict[str, dict[str, str]]:
        """Return the needs behind demonstration logins, by login; the volunteer asks too."""
        people = self._requesters
        resident = people.named(RESIDENT, RESIDENT_AGE, CAST_NEEDS["resident"], HOME_DISTRICT)
        filed = people.filed_by_first_commissioner(CAST_NEEDS["commissioner"], HOME_DISTRICT)
        partner = people.body(HOME_DISTRICT)
        names = {"requester_name": PARTNER_GROUP, "requester_kana": PARTNER_GROUP_KANA}
        requesters = {
            "resident": resident,
            "volunteer": people.registered(volunteer, CAST_NEEDS["volunteer"], HOME_DISTRICT),
            "commissioner": filed,
            "partner": Requester(partner.columns | names, partner.home),
        }
        return {login: self._row(CAST_NEEDS[login], who) for login, who in requesters.items()}

    def seasonal(
        self, count: int, already: Sequence[Mapping[str, str]] = ()
    ) -> list[dict[str, str]]:
        """Return that many needs, shared among categories by season and among all areas.

        Needs that are there `already` count towards the share of their category.
        """
        rows = []
        templates = _seasonal_templates(self._draw, count + len(already), self._today.month)
        for need in already:
            templates.remove(next(t for t in templates if t.category == need["category"]))
        for place, template in enumerate(templates):
            area = AREAS[place % len(AREAS)].code if place < 2 * len(AREAS) else ""
            row = self.write(template, self._district(template, area))
            rows.append(_waiting(row) if place % ON_HOLD_EVERY == ON_HOLD_EVERY - 1 else row)
        return rows

    def write(self, template: Template, district: str) -> dict[str, str]:
        """Return an open need of somebody who lives in the district."""
        return self._row(template, self._requesters.draw_for(template, district))

    def anywhere(self, template: Template) -> dict[str, str]:
        """Return an open need of somebody in a district drawn by demand."""
        return self.write(template, self._district(template))

    def _row(self, template: Template, requester: Requester) -> dict[str, str]:
        dates = schedule(self._draw, template, requester.columns["channel"], self._today)
        row = content(template, requester) | dates.columns(self._today)
        return row | {"status": "open"}

    def _district(self, template: Template, area_code: str = "") -> str:
        districts = [d for d in DISTRICTS if area_code in ("", d.area_code)]
        weights = [_demand(template, district) for district in districts]
        return self._draw.weighted(districts, weights).code


def content(template: Template, requester: Requester) -> dict[str, str]:
    """Return the columns of a need that do not depend on dates."""
    row = dict.fromkeys(NEED_COLUMNS, "") | requester.columns
    if template.destination:
        row |= destination_of(template.destination, requester.home.area_code).columns()
    return row | {
        "category": template.category,
        "title": template.title,
        "required_skills": template.skills,
        "headcount": str(template.headcount),
        "time_from": template.time_from,
        "time_to": template.time_to,
        "duration_minutes": str(template.minutes),
        "recurrence": template.recurrence,
        "gender_preference": template.gender,
        "car_needed": "1" if template.car else "0",
        "note": template.note,
    }


def number_by_intake(rows: Sequence[dict[str, str]]) -> None:
    """Give every need its number: the fiscal year in Japanese count, then the order of intake."""
    counters: dict[int, int] = {}
    for row in sorted(rows, key=lambda row: row["received_at"]):
        year = fiscal_year_of(datetime.fromisoformat(row["received_at"]).date())
        counters[year] = counters.get(year, 0) + 1
        era, era_year = era_of(date(year, 12, 31))
        row["need_id"] = f"{era.letter}{era_year}-{counters[year]:04d}"


def _seasonal_templates(draw: Draw, count: int, month: int) -> list[Template]:
    """Share `count` among the categories of the month by largest remainder, in mixed order."""
    weights = seasonal_weights(month)
    total = sum(weights.values())
    exact = {code: count * weight / total for code, weight in weights.items()}
    shares = {code: int(share) for code, share in exact.items()}
    by_remainder = sorted(exact, key=lambda code: shares[code] - exact[code])
    for code in by_remainder[: count - sum(shares.values())]:
        shares[code] += 1
    return draw.shuffled([t for code, share in shares.items() for t in _several(draw, code, share)])


def _several(draw: Draw, code: str, count: int) -> list[Template]:
    """Take every template of a category once before any is used again."""
    taken: list[Template] = []
    while len(taken) < count:
        taken += draw.shuffled(templates_of(code))
    return taken[:count]


def _waiting(row: dict[str, str]) -> dict[str, str]:
    """Turn a need into one whose day is not settled yet."""
    undated = dict.fromkeys(("start_date", "end_date", "decide_by"), "")
    return row | undated | {"status": "on_hold", "note": row["note"] + "。日にちは相談中"}


def _demand(template: Template, district: District) -> float:
    snow = district.snow_class if template.category == "snow_removal" else 1
    return district.residents_thousand_estimate * snow

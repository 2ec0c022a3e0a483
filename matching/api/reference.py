"""Areas, categories and statistics by program."""

from __future__ import annotations

from typing import Any

from matching.api.calls import Call, Reply, operation
from matching.catalogue.reference import CATEGORIES
from matching.evaluation import figures
from matching.kernel.clock import local_date
from matching.places.calendar import fiscal_year_of
from matching.places.reference import AREAS, DISTRICTS


@operation("GET", "/areas", "my.read", "Areas with their districts", tag="reference", answer="page")
def areas(_call: Call) -> Reply:
    """Return the areas of the city."""
    return Reply({"items": [_area(area) for area in AREAS], "next_cursor": None})


def _area(area: Any) -> dict[str, Any]:
    within = [each for each in DISTRICTS if each.area_code == area.code]
    return {
        "code": area.code,
        "name": area.name,
        "districts": [{"code": each.code, "name": each.name} for each in within],
    }


@operation("GET", "/categories", "my.read", "Kinds of help", tag="reference", answer="page")
def categories(_call: Call) -> Reply:
    """Return the kinds of help, with the word of each register."""
    items = [
        {"code": each.code, "name": each.label, "name_en": each.english} for each in CATEGORIES
    ]
    return Reply({"items": items, "next_cursor": None})


@operation(
    "GET",
    "/statistics",
    "report.read",
    "This fiscal year by area and by kind of help",
    tag="reference",
    answer="statistics",
)
def statistics(call: Call) -> Reply:
    """Return counts; one that could point at somebody is null for outsiders (BR-35)."""
    year = fiscal_year_of(local_date(call.now))
    hide = "city_officer" in call.actor.roles
    by_area = figures.needs_by_area(call.session, year)
    by_category = figures.needs_by_category(call.session, year)
    return Reply(
        {
            "fiscal_year": year,
            "by_area": figures.counted(
                [(area.code, by_area.get(area.code, figures.NOTHING)) for area in AREAS], hide=hide
            ),
            "by_category": figures.counted(list(by_category.items()), hide=hide),
            "small_numbers_hidden": hide,
        }
    )

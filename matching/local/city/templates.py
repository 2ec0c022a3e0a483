"""What residents typically ask for, in the words of an intake sheet."""

from dataclasses import dataclass
from functools import cache

from matching.catalogue.categories import SHEET_CATEGORIES
from matching.local.city.names import rows


@dataclass(frozen=True, slots=True)
class Template:
    """A need without the person, place and dates."""

    category: str
    title: str
    minutes: int
    headcount: int
    recurrence: str
    weekdays: tuple[str, ...]
    time_from: str
    time_to: str
    skills: str
    car: bool
    destination: str  # kind of place to go to, or empty
    gender: str
    household: str
    ages: tuple[int, int] | None  # of the person supported; None for a body
    note: str
    gate: str = ""  # for a need that nobody can meet: what shuts everybody out


def _template(row: dict[str, str]) -> Template:
    low, _, high = row["ages"].partition("-")
    return Template(
        category=row["category"],
        title=row["title"],
        minutes=int(row["minutes"]),
        headcount=int(row["headcount"]),
        recurrence=row["recurrence"],
        weekdays=tuple(filter(None, row["weekdays"].split(";"))),
        time_from=row["time_from"],
        time_to=row["time_to"],
        skills=row["skills"],
        car=row["car"] == "1",
        destination=row["destination"],
        gender=row["gender"],
        household=row["household"],
        ages=(int(low), int(high)) if low else None,
        note=row["note"],
        gate=row.get("gate", ""),
    )


TEMPLATES: tuple[Template, ...] = tuple(_template(row) for row in rows("need_templates.csv"))
UNREACHABLE: tuple[Template, ...] = tuple(_template(row) for row in rows("unreachable_needs.csv"))
CAST_NEEDS: dict[str, Template] = {row["role"]: _template(row) for row in rows("cast_needs.csv")}


@cache
def templates_of(category: str) -> tuple[Template, ...]:
    """List the templates of one category."""
    return tuple(template for template in TEMPLATES if template.category == category)


def seasonal_weights(month: int) -> dict[str, float]:
    """Return how often each category with a template is asked for in that month (1 to 12)."""
    return {
        category.code: category.months[month - 1]
        for category in SHEET_CATEGORIES
        if templates_of(category.code)
    }

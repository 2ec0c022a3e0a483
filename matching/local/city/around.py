"""The needs of the days around today: some were met this week, some will be met tomorrow."""

from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta

from matching.local.city.cast import HOME_DISTRICT
from matching.local.city.needs import NeedDesk
from matching.local.city.templates import Template, templates_of
from matching.places.calendar import business_day_on_or_after

ASKED_DAYS = 16  # before today; they came in on the next day of work


@dataclass(frozen=True, slots=True)
class Errand:
    """One visit beside the volunteer who signs in: what, on which days from today, and when."""

    category: str
    title: str
    days: tuple[int, int]  # first and last possible one
    time_from: str
    time_to: str


ERRANDS = (
    Errand("shopping", "食料品と灯油の買い物", (-4, -4), "09:30", "11:30"),
    Errand("talk", "話し相手になってほしい", (-3, -3), "13:00", "15:00"),
    Errand("garbage", "可燃ごみを集積所まで出してほしい", (-1, -1), "06:30", "08:30"),
    Errand("shopping", "米と調味料の買い物", (0, 0), "09:30", "11:30"),
    Errand("talk", "囲碁の相手をお願いしたい", (0, 0), "14:00", "16:00"),
    Errand("shopping", "日用品の買い物", (2, 2), "13:30", "15:30"),
    Errand("shopping", "薬の受け取りと買い物", (4, 7), "09:30", "11:30"),
)
UNREAD = (
    Errand("cleaning", "押し入れの片付け", (6, 12), "09:00", "12:00"),
    Errand("talk", "話を聞いてほしい", (8, 14), "09:00", "12:00"),
)


def errands(desk: NeedDesk, today: date) -> list[dict[str, str]]:
    """Write the intake sheets of the errands, in their order."""
    return [_row(desk, errand, place, today) for place, errand in enumerate(ERRANDS)]


def unread(desk: NeedDesk, today: date) -> list[dict[str, str]]:
    """Write what was asked for just now and nobody has read."""
    return [_row(desk, errand, place, today) for place, errand in enumerate(UNREAD)]


def _row(desk: NeedDesk, errand: Errand, place: int, today: date) -> dict[str, str]:
    first, last = ((today + timedelta(days=each)).isoformat() for each in errand.days)
    received = business_day_on_or_after(today - timedelta(days=ASKED_DAYS))
    return desk.write(_once(errand), HOME_DISTRICT) | {
        "received_at": f"{datetime.combine(received, time(9, 10 + place)):%Y-%m-%d %H:%M}",
        "start_date": first,
        "end_date": last,
        "weekdays": "",
        "decide_by": received.isoformat(),
        "urgency": "normal",
    }


def _once(errand: Errand) -> Template:
    """Take a template of the category that anybody can do alone, for a single day."""
    found = next(
        each
        for each in templates_of(errand.category)
        if each.headcount == 1 and each.gender == "any" and each.skills in {"", "driving"}
    )
    return replace(
        found,
        title=errand.title,
        recurrence="once",
        weekdays=(),
        time_from=errand.time_from,
        time_to=errand.time_to,
    )

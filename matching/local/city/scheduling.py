"""When a need came in, when it may be met and by when somebody must be found."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from matching.local.city.draw import Draw
from matching.local.city.templates import Template
from matching.places.calendar import is_business_day, weekday_code

URGENCY_SHARES = {"emergency": 2, "high": 20, "normal": 66, "low": 12}
BODY_URGENCY_SHARES = {"normal": 80, "low": 20}
SNOW_URGENCY_SHARES = {"emergency": 6, "high": 34, "normal": 55, "low": 5}
# Days from today to the first possible day.
LEAD_DAYS = {"emergency": (1, 1), "high": (2, 5), "normal": (3, 14), "low": (7, 20)}
# Days since the need came in.
WAITED_DAYS = {"emergency": (1, 2), "high": (1, 6), "normal": (1, 16), "low": (3, 25)}
SERIES_DAYS = {"weekly": (28, 56, 84), "biweekly": (56, 84), "monthly": (84, 150)}


@dataclass(frozen=True, slots=True)
class Dates:
    """The dates of a need, as its row wants them."""

    received_at: datetime  # local
    urgency: str
    start: date
    end: date
    weekdays: tuple[str, ...]

    def columns(self, today: date) -> dict[str, str]:
        """Return the sheet columns of the dates."""
        return {
            "received_at": self.received_at.strftime("%Y-%m-%d %H:%M"),
            "urgency": self.urgency,
            "start_date": self.start.isoformat(),
            "end_date": self.end.isoformat(),
            "weekdays": ";".join(self.weekdays),
            "decide_by": max(today, self.start - timedelta(days=1)).isoformat(),
        }


def schedule(draw: Draw, template: Template, channel: str, today: date) -> Dates:
    """Draw the dates of a need that is open today."""
    urgency = _urgency(draw, template)
    earliest = today + timedelta(days=draw.between(*LEAD_DAYS[urgency]))
    start = _first_fitting(earliest, template.weekdays)
    return Dates(
        received_at=received(draw, today, WAITED_DAYS[urgency], channel),
        urgency=urgency,
        start=start,
        end=start + timedelta(days=_span(draw, template)),
        weekdays=template.weekdays,
    )


def received(draw: Draw, today: date, waited: tuple[int, int], channel: str) -> datetime:
    """Draw an instant of intake before today: office hours, or any waking hour on the web."""
    day = today - timedelta(days=draw.between(*waited))
    if channel == "web":
        return datetime.combine(day, time(draw.between(6, 22), draw.between(0, 59)))
    while not is_business_day(day):
        day -= timedelta(days=1)
    return datetime.combine(day, time(8, 30)) + timedelta(minutes=draw.between(0, 510))


def _urgency(draw: Draw, template: Template) -> str:
    shares = SNOW_URGENCY_SHARES if template.category == "snow_removal" else URGENCY_SHARES
    if template.ages is None:
        shares = BODY_URGENCY_SHARES
    # Somebody who needs help at once does not wait for a weekday.
    possible = [code for code in shares if code != "emergency" or not template.weekdays]
    return draw.weighted(possible, [shares[code] for code in possible])


def _first_fitting(day: date, weekdays: tuple[str, ...]) -> date:
    while weekdays and weekday_code(day) not in weekdays:
        day += timedelta(days=1)
    return day


def _span(draw: Draw, template: Template) -> int:
    """Days between the first and the last possible day."""
    if template.recurrence != "once":
        return draw.one(SERIES_DAYS[template.recurrence])
    if template.category in ("transport", "sign_language", "interpretation"):
        return 0
    return draw.one((0, 3, 7, 10))

"""What a year came to, in the figures by which ways of choosing are compared."""

from collections import Counter
from dataclasses import dataclass
from datetime import date, timedelta
from statistics import mean, median

from .running import Year

WINDOW_DAYS = 90


@dataclass(frozen=True)
class Figures:
    """A year in numbers; shares lie between 0 and 1."""

    needs: int
    offers: int
    yes_per_offer: float
    filled_seats: float
    needs_with_a_visit: float
    median_days_to_first_visit: float
    mean_days_to_first_visit: float
    asked_per_need_helped: float
    offered_something_in_90_days: float
    gini_of_visits: float


def figures_of(year: Year) -> Figures:
    """Return the figures of a year."""
    first: dict[str, date] = {}
    for place in year.held:
        first[place.need_id] = min(place.on, first.get(place.need_id, place.on))
    waits = [(on - year.received[need_id]).days for need_id, on in first.items()]
    visits = Counter(place.volunteer_id for place in year.held)
    yes = sum(answer.yes for _, _, answer in year.offers)
    return Figures(
        needs=len(year.received),
        offers=len(year.offers),
        yes_per_offer=yes / len(year.offers),
        filled_seats=len(year.held) / sum(year.seats.values()),
        needs_with_a_visit=len(first) / len(year.received),
        median_days_to_first_visit=median(waits),
        mean_days_to_first_visit=mean(waits),
        asked_per_need_helped=len(year.offers) / len(first),
        offered_something_in_90_days=_offered(year),
        gini_of_visits=gini([visits[who] for who in available(year)]),
    )


def available(year: Year) -> list[str]:
    """Return who is active and has said when they are free."""
    given = (volunteer.given for volunteer in year.centre.volunteers)
    return [v.volunteer_id for v in given if v.status == "active" and v.availability]


def _offered(year: Year) -> float:
    """Return the share of available people asked at least once, mean over whole windows."""
    who, days = set(available(year)), [on for on, _, _ in year.offers]
    start, shares = min(days), []
    while start <= max(days) - timedelta(days=WINDOW_DAYS - 1) or not shares:
        end = start + timedelta(days=WINDOW_DAYS)
        asked = {offer.volunteer_id for on, offer, _ in year.offers if start <= on < end}
        shares.append(len(asked & who) / len(who))
        start = end
    return mean(shares)


def gini(values: list[int]) -> float:
    """Return how unevenly something is shared: 0 for evenly, towards 1 for all with one."""
    total, count = sum(values), len(values)
    if not total:
        return 0.0
    ranked = sum(place * value for place, value in enumerate(sorted(values), start=1))
    return (2 * ranked) / (count * total) - (count + 1) / count

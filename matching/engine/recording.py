"""Counting past offers into what the score looks at."""

from collections.abc import Iterable, Mapping
from datetime import date

import numpy as np

from matching.engine.arrays import Ints
from matching.engine.inputs import PastOffer
from matching.engine.problem import NO_LIMIT, Records
from matching.engine.weights import Weights

RECENT_DAYS = 90
REST_DAYS = 60
BUSY_OFFERS = 6
UNREPORTED = 3
NEWCOMER_VISITS = 3


def make_records(
    history: Iterable[PastOffer],
    volunteer_index: Mapping[str, int],
    today: date,
    weights: Weights,
) -> Records:
    """Return the counts per volunteer; a declined offer leaves no trace."""
    size = len(volunteer_index)
    since = np.full(size, NO_LIMIT, dtype=np.int64)
    recent, completed, unreported = (np.zeros(size, dtype=np.int64) for _ in range(3))
    together: dict[str, dict[int, int]] = {}
    for offer in history:
        number = volunteer_index.get(offer.volunteer_id)
        if number is None or offer.response == "declined":
            continue
        days = max((today - offer.offered_on).days, 0)
        since[number] = min(since[number], days)
        recent[number] += days <= RECENT_DAYS
        if offer.outcome == "completed":
            completed[number] += 1
            unreported[number] += offer.reported is False
            if offer.satisfied is not False:
                pairs = together.setdefault(offer.person_id, {})
                pairs[number] = pairs.get(number, 0) + 1
    shares = {
        "fairness": _fairness(since, recent),
        "reporting": _down(unreported, UNREPORTED),
        "newcomer": _down(completed, NEWCOMER_VISITS),
    }
    points = {name: weights.points[name] * part // whole for name, (part, whole) in shares.items()}
    return Records(recent, together, points, shares)


def _fairness(since: Ints, recent: Ints) -> tuple[Ints, int]:
    """Half for the time since the last offer, half for few offers lately."""
    rested, free = np.minimum(since, REST_DAYS), np.maximum(BUSY_OFFERS - recent, 0)
    return rested * BUSY_OFFERS + free * REST_DAYS, 2 * REST_DAYS * BUSY_OFFERS


def _down(count: Ints, limit: int) -> tuple[Ints, int]:
    return np.maximum(limit - count, 0), limit

"""Counting past offers into what the score looks at."""

from collections.abc import Iterable, Mapping
from datetime import date

import numpy as np

from matching.engine.inputs import PastOffer
from matching.engine.problem import NO_LIMIT, Records

RECENT_DAYS = 90


def make_records(
    history: Iterable[PastOffer], volunteer_index: Mapping[str, int], today: date
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
    return Records(since, recent, completed, unreported, together)

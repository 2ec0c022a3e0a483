"""When a person could come: every day and start at which somebody passes all gates of a need."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np

from matching.engine.eligibility import sift
from matching.engine.problem import Problem


@dataclass(frozen=True, slots=True)
class PossibleSlot:
    """One visit on one day with the starts a person could make, minutes past midnight, in order."""

    visit: int  # numbered from 1
    on: date
    starts: tuple[int, ...]
    duration_minutes: int


def possible_slots(
    problem: Problem, need_id: str, volunteer_ids: Sequence[str]
) -> dict[str, tuple[PossibleSlot, ...]]:
    """Return for each volunteer the slots of a need in order of time; nothing for the excluded."""
    ask = problem.asks[problem.need_index[need_id]]
    known = [problem.volunteer_index[volunteer_id] for volunteer_id in volunteer_ids]
    sifted = sift(problem, ask, np.array(sorted(known), dtype=np.int64))
    found: dict[str, tuple[PossibleSlot, ...]] = dict.fromkeys(volunteer_ids, ())
    for row, volunteer in enumerate(sifted.who.tolist()):
        starts: dict[tuple[int, int], list[int]] = {}
        for option in np.flatnonzero(sifted.options[row]).tolist():
            key = int(ask.visit[option]) + 1, int(ask.day[option])
            starts.setdefault(key, []).append(int(ask.start[option]))
        found[problem.volunteer_id(volunteer)] = tuple(
            PossibleSlot(visit, problem.date_of(day), tuple(times), ask.duration)
            for (visit, day), times in sorted(starts.items())
        )
    return found


def visits_of(problem: Problem, need_id: str) -> int:
    """Return how many visits of a need the horizon holds; none when its days lie outside."""
    return problem.asks[problem.need_index[need_id]].visits

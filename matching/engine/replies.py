"""How long people take to answer: the share of answers that are in after some hours."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

USUAL_HALF_HOURS = 24.0  # as long as few answers are known, half are in after a day
USUAL_WEIGHT = 20.0
STEPS = 20


class ReplyTimes(NamedTuple):
    """Hours between asking and answering: how many are known, and their quantiles."""

    known: int
    hours: tuple[float, ...]


def reply_times(hours: Sequence[float]) -> ReplyTimes:
    """Sum up how long answers took; times below zero are no answers."""
    known = np.array([value for value in hours if value >= 0], dtype=np.float64)
    if not len(known):
        return ReplyTimes(0, ())
    steps = np.quantile(known, np.linspace(0, 1, STEPS + 1))
    return ReplyTimes(len(known), tuple(steps.round(2).tolist()))


def share_within(times: ReplyTimes, hours: float) -> float:
    """Return the share of answers that are in after so many hours, smoothed by the usual."""
    usual = 1.0 - 0.5 ** (max(hours, 0.0) / USUAL_HALF_HOURS)
    share = 0.0
    if times.known:
        shares = np.linspace(0, 1, len(times.hours))
        share = float(np.interp(hours, times.hours, shares, left=0.0, right=1.0))
    weighted = share * times.known + usual * USUAL_WEIGHT
    return float(weighted / (times.known + USUAL_WEIGHT))

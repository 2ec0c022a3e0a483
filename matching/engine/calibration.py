"""Whether forecasts keep their word: predictions for people left out, against what came of them."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from matching.engine.acceptance import (
    PRIOR_CHANCE,
    AcceptanceModel,
    Answer,
    enough,
    forecast,
    learn,
    prior_model,
)
from matching.engine.arrays import Floats

FOLDS, BINS = 5, 5
SPREADS = (0.1, 0.25, 0.5, 1.0)  # how far effects may move; the data choose


class Bin(NamedTuple):
    """Offers with alike forecasts: how many, the mean forecast, the share of yeses."""

    offers: int
    forecast: float
    observed: float


@dataclass(frozen=True, slots=True)
class Calibration:
    """How forecasts for people the model had not seen compare with their answers.

    `log_loss` and `brier` are means per offer; the others are those of a forecast that always
    says the prior, and one that always says the overall share of yeses.
    """

    bins: tuple[Bin, ...]
    gap: float
    log_loss: float
    brier: float
    log_loss_prior: float
    log_loss_share: float


def train(answers: Sequence[Answer]) -> tuple[AcceptanceModel, Calibration | None]:
    """Learn with the spread that forecasts left-out people best; the prior when data are few."""
    if not enough(answers):
        return prior_model(answers), None
    yes = np.array([answer.yes for answer in answers], dtype=np.float64)
    tried = [(held_out(answers, spread), spread) for spread in SPREADS]
    best, spread = min(tried, key=lambda each: (_log_loss(each[0], yes), each[1]))
    return learn(answers, spread), calibrate(best, yes)


def held_out(answers: Sequence[Answer], spread: float) -> Floats:
    """Forecast each answer by a model that saw none of that person's."""
    people = {who: number for number, who in enumerate(sorted({each.who for each in answers}))}
    fold = np.array([people[answer.who] % FOLDS for answer in answers])
    found = np.zeros(len(answers))
    for left_out in range(FOLDS):
        there = np.flatnonzero(fold == left_out).tolist()
        rest = [answers[place] for place in np.flatnonzero(fold != left_out).tolist()]
        chances = forecast(learn(rest, spread), [answers[place].asking for place in there])
        found[there] = [chance.p for chance in chances]
    return found


def calibrate(chances: Floats, yes: Floats) -> Calibration:
    """Compare forecasts with answers, in bins of equal size from the least to the most likely."""
    order = np.argsort(chances, kind="stable")
    bins = tuple(
        Bin(len(part), float(chances[part].mean()), float(yes[part].mean()))
        for part in np.array_split(order, BINS)
        if len(part)
    )
    gap = sum(each.offers * abs(each.forecast - each.observed) for each in bins) / len(yes)
    return Calibration(
        bins=bins,
        gap=gap,
        log_loss=_log_loss(chances, yes),
        brier=float(((chances - yes) ** 2).mean()),
        log_loss_prior=_log_loss(np.full(len(yes), PRIOR_CHANCE), yes),
        log_loss_share=_log_loss(np.full(len(yes), yes.mean()), yes),
    )


def _log_loss(chances: Floats, yes: Floats) -> float:
    safe = np.clip(chances, 1e-9, 1 - 1e-9)
    return float(-(yes * np.log(safe) + (1 - yes) * np.log(1 - safe)).mean())

"""How likely somebody says yes: a forecast learned from all answers, never a mark against a person.

What is asked, how far, when, how soon and how busy somebody is may move the forecast, and a
person's own yeses may raise it. A person's own declines are no input: they count only as one
of all the answers from which the effects of kind, distance and time are learned, and an effect
of a kind is learned only where enough different people answered. The score never sees any of it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from matching.engine.arrays import Floats
from matching.engine.logistic import Posterior, fit_logistic, sigmoid

PRIOR_CHANCE = 0.40  # of proposals are accepted, as long as our own answers are too few
FEWEST_ANSWERS, FEWEST_OF_A_KIND = 60, 12
PEOPLE_FOR_A_KIND, ANSWERS_FOR_A_KIND = 5, 15
INTERCEPT_SD = 0.75
SURE = 1.645  # the interval holds the chance with 90 %
DIGITS = 6  # more than a forecast is worth, and the same on every machine
USUAL_KM, USUAL_LEAD_DAYS, HALF_KNOWN_YESES, MOST_LOAD = 5.0, 7.0, 4.0, 8

EFFECTS = ("distance", "weekend", "afternoon", "evening", "lead", "load", "own_yes")


@dataclass(frozen=True, slots=True, kw_only=True)
class Asking:
    """What somebody is asked; `None` means not known and counts as usual.

    `load` counts what they agreed to in the last 30 days, `own_yes` the offers they accepted in
    the last year. There is no field for declines.
    """

    category: str = ""
    km: float | None = None
    weekday: int | None = None
    minutes: int | None = None
    lead_days: int | None = None
    load: int = 0
    own_yes: int = 0


class Answer(NamedTuple):
    """One answered (or unanswered) offer; `who` only groups the answers of one person."""

    who: str
    asking: Asking
    yes: bool


class Chance(NamedTuple):
    """The chance of a yes, with the interval that holds it with 90 %."""

    p: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class AcceptanceModel:
    """What was learned: names and posterior of the coefficients, and from how much.

    `learned` is false while there are too few answers; every forecast is then the prior.
    """

    categories: tuple[str, ...]
    posterior: Posterior
    answers: int
    yeses: int
    spread: float
    learned: bool

    @property
    def names(self) -> tuple[str, ...]:
        """The coefficients in their order."""
        return ("usual", *EFFECTS, *(f"category:{code}" for code in self.categories))


def enough(answers: Sequence[Answer]) -> bool:
    """Tell whether there are answers enough, of both kinds, to learn from."""
    yeses = sum(answer.yes for answer in answers)
    fewest = min(yeses, len(answers) - yeses)
    return len(answers) >= FEWEST_ANSWERS and fewest >= FEWEST_OF_A_KIND


def prior_model(answers: Sequence[Answer] = ()) -> AcceptanceModel:
    """Return the forecast for a centre that has too few answers: four of ten, and not sure."""
    mean, precision = _prior(0, 1.0)
    posterior = Posterior(mean, np.diag(1.0 / precision))
    return AcceptanceModel((), posterior, len(answers), _yeses(answers), 0.0, False)


def learn(answers: Sequence[Answer], spread: float) -> AcceptanceModel:
    """Fit the forecast; `spread` is how far an effect may be expected to move the log-odds."""
    categories = known_categories(answers)
    mean, precision = _prior(len(EFFECTS) + len(categories), spread)
    rows = design([answer.asking for answer in answers], categories)
    yes = np.array([answer.yes for answer in answers], dtype=np.float64)
    posterior = fit_logistic(rows, yes, mean, precision)
    return AcceptanceModel(categories, posterior, len(answers), _yeses(answers), spread, True)


def forecast(model: AcceptanceModel, askings: Sequence[Asking]) -> list[Chance]:
    """Return the chance of a yes for each asking."""
    rows = design(askings, model.categories)
    if not model.learned:
        rows = rows[:, :1]
    odds = rows @ model.posterior.mean
    doubt = SURE * np.sqrt(np.einsum("ij,jk,ik->i", rows, model.posterior.covariance, rows))
    bounds = [sigmoid(values).round(DIGITS) for values in (odds, odds - doubt, odds + doubt)]
    return [Chance(*each) for each in np.stack(bounds, axis=1).tolist()]


def known_categories(answers: Sequence[Answer]) -> tuple[str, ...]:
    """Return the kinds with enough answers by enough people to have an effect of their own."""
    people: dict[str, list[str]] = {}
    for answer in answers:
        people.setdefault(answer.asking.category, []).append(answer.who)
    return tuple(
        code
        for code, who in sorted(people.items())
        if code and len(who) >= ANSWERS_FOR_A_KIND and len(set(who)) >= PEOPLE_FOR_A_KIND
    )


def design(askings: Sequence[Asking], categories: Sequence[str]) -> Floats:
    """Return one row a time: the usual, the effects in order, then the kinds."""
    place: Mapping[str, int] = {code: number for number, code in enumerate(categories)}
    rows = np.zeros((len(askings), 1 + len(EFFECTS) + len(categories)))
    for row, asking in zip(rows, askings, strict=True):
        row[: 1 + len(EFFECTS)] = (1.0, *_effects(asking))
        if asking.category in place:
            row[1 + len(EFFECTS) + place[asking.category]] = 1.0
    return rows


def _effects(asking: Asking) -> tuple[float, ...]:
    """Zero stands for the usual, so that what is not known moves nothing."""
    minutes = asking.minutes
    return (
        _against(asking.km, USUAL_KM),
        float(asking.weekday is not None and asking.weekday >= 5),
        float(minutes is not None and 12 * 60 <= minutes < 17 * 60),
        float(minutes is not None and minutes >= 17 * 60),
        _against(asking.lead_days, USUAL_LEAD_DAYS),
        min(asking.load, MOST_LOAD) / MOST_LOAD,
        asking.own_yes / (asking.own_yes + HALF_KNOWN_YESES),
    )


def _against(value: float | None, usual: float) -> float:
    return 0.0 if value is None else float(np.log((1.0 + max(value, 0.0)) / (1.0 + usual)))


def _prior(effects: int, spread: float) -> tuple[Floats, Floats]:
    mean, precision = np.zeros(1 + effects), np.full(1 + effects, spread**-2)
    mean[0], precision[0] = np.log(PRIOR_CHANCE / (1 - PRIOR_CHANCE)), INTERCEPT_SD**-2
    return mean, precision


def _yeses(answers: Sequence[Answer]) -> int:
    return sum(answer.yes for answer in answers)

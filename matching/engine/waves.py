"""Offer waves: the fewest people to ask now so that the seats are filled with a wanted chance."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from matching.engine.arrays import Floats

ROUNDING = 1e-12


@dataclass(frozen=True, slots=True)
class Wave:
    """Whom to ask now (places in the order of candidates) and how likely it is enough.

    `surplus` is the chance that more people say yes than there are seats: they must be thanked.
    """

    asked: tuple[int, ...]
    chance: float
    surplus: float
    reached: bool


def count_chances(chances: Sequence[float]) -> Floats:
    """Return the chance of exactly 0, 1, 2, … yeses (Poisson-binomial, by convolution)."""
    found = np.ones(1)
    for chance in chances:
        found = np.convolve(found, (1.0 - chance, chance))
    return found


def chance_of_at_least(chances: Sequence[float], seats: int) -> float:
    """Return the chance that at least so many say yes."""
    if seats <= 0:
        return 1.0
    return float(min(count_chances(chances)[seats:].sum(), 1.0))


def smallest_wave(
    chances: Sequence[float],
    seats: int,
    target: float,
    *,
    waiting: Sequence[float] = (),
    most: int | None = None,
) -> Wave:
    """Return the fewest people who reach the target, those ranked first wherever there is a choice.

    `chances` are in the order of the ranking; `waiting` are those asked earlier whose answer is
    still out. Of all smallest groups that reach the target it is the first in that order. When
    even `most` people do not reach it, they are those with the best chance.
    """
    for chance in (*chances, *waiting, target):
        if not 0.0 <= chance <= 1.0:
            raise ValueError(f"A chance lies between 0 and 1, not {chance}.")
    limit = len(chances) if most is None else min(most, len(chances))
    likeliest = sorted(range(len(chances)), key=lambda place: (-chances[place], place))
    for size in range(limit + 1):
        if _reaches(chances, likeliest[:size], waiting, seats, target):
            return _wave(
                chances, _first_in_rank(chances, size, waiting, seats, target), waiting, seats, True
            )
    return _wave(chances, sorted(likeliest[:limit]), waiting, seats, False)


def share_of_target(target: float, rounds: int) -> float:
    """Return what one of several rounds must reach so that all together reach the target."""
    return float(1.0 - (1.0 - target) ** (1.0 / rounds))


def chance_by_rounds(
    chances: Sequence[float], seats: int, target: float, rounds: int, waiting: Sequence[float] = ()
) -> float:
    """Return the chance to fill the seats by asking a smallest wave in each round that is left.

    Every round asks those not yet asked, for the seats still open, as `smallest_wave` would.
    """
    wave = smallest_wave(chances, seats, share_of_target(target, rounds), waiting=waiting)
    if rounds == 1:
        return wave.chance
    asked = set(wave.asked)
    rest = [chance for place, chance in enumerate(chances) if place not in asked]
    yeses = count_chances([*waiting, *(chances[place] for place in wave.asked)])
    later = {
        count: chance_by_rounds(rest, seats - count, target, rounds - 1)
        for count in range(min(seats, len(yeses)))
    }
    return wave.chance + sum(float(yeses[count]) * chance for count, chance in later.items())


def _first_in_rank(
    chances: Sequence[float], size: int, waiting: Sequence[float], seats: int, target: float
) -> list[int]:
    """Take each candidate in turn if the likeliest of those after can still complete the group."""
    taken: list[int] = []
    for place in range(len(chances)):
        room = size - len(taken) - 1
        if room < 0:
            break
        after = sorted(range(place + 1, len(chances)), key=lambda other: (-chances[other], other))
        if len(after) >= room and _reaches(
            chances, [*taken, place, *after[:room]], waiting, seats, target
        ):
            taken.append(place)
    return taken


def _reaches(
    chances: Sequence[float],
    asked: Sequence[int],
    waiting: Sequence[float],
    seats: int,
    target: float,
) -> bool:
    together = [*waiting, *(chances[place] for place in asked)]
    return chance_of_at_least(together, seats) >= target - ROUNDING


def _wave(
    chances: Sequence[float],
    asked: Sequence[int],
    waiting: Sequence[float],
    seats: int,
    reached: bool,
) -> Wave:
    together = [*waiting, *(chances[place] for place in asked)]
    return Wave(
        tuple(asked),
        chance_of_at_least(together, seats),
        chance_of_at_least(together, seats + 1),
        reached,
    )

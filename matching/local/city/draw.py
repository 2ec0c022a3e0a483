"""One seeded source of chance per topic, so that a change in one table leaves the others alone."""

from collections.abc import Sequence
from datetime import date
from random import Random
from typing import TypeVar

T = TypeVar("T")


class Draw:
    """Chance that repeats itself for the same seed, day and topic."""

    def __init__(self, seed: int, today: date, topic: str) -> None:
        # Repeatable by intent; nothing secret is drawn from it.
        self._random = Random(f"{seed}/{today.isoformat()}/{topic}")  # noqa: S311  # nosec B311

    def chance(self, share: float) -> bool:
        """Return True in that share of cases (0 to 1)."""
        return self._random.random() < share

    def between(self, low: int, high: int) -> int:
        """Return a whole number from low to high, both included."""
        return self._random.randint(low, high)

    def spread(self, limit: float) -> float:
        """Return a bell-shaped number around 0, never beyond ±limit."""
        return max(-limit, min(limit, self._random.gauss(0.0, limit / 2)))

    def one(self, options: Sequence[T]) -> T:
        """Return one of the options, all alike."""
        return options[self._random.randrange(len(options))]

    def weighted(self, options: Sequence[T], weights: Sequence[float]) -> T:
        """Return one of the options, as often as its weight says."""
        return self._random.choices(options, weights)[0]

    def some(self, options: Sequence[T], count: int) -> list[T]:
        """Return `count` different options (all when there are fewer) in their own order."""
        chosen = set(self._random.sample(range(len(options)), min(count, len(options))))
        return [option for place, option in enumerate(options) if place in chosen]

    def shuffled(self, options: Sequence[T]) -> list[T]:
        """Return all options in a new order."""
        return self._random.sample(options, len(options))

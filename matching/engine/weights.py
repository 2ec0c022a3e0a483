"""Versioned weights of the score's factors and of the urgency levels."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

FULL_SCORE = 1000

URGENCY: Mapping[str, int] = MappingProxyType({"emergency": 8, "high": 4, "normal": 2, "low": 1})

FACTORS = (
    "availability",
    "distance",
    "interest_skill",
    "continuity",
    "fairness",
    "reporting",
    "shared",
    "wishes",
    "newcomer",
)


@dataclass(frozen=True, slots=True)
class Weights:
    """The most points each factor can give; all together FULL_SCORE."""

    version: str
    points: Mapping[str, int]

    def __post_init__(self) -> None:
        if tuple(self.points) != FACTORS or sum(self.points.values()) != FULL_SCORE:
            raise ValueError(f"Weights need the factors {FACTORS} with a sum of {FULL_SCORE}.")
        if min(self.points.values()) < 0:
            raise ValueError("A weight cannot be negative: no factor takes points away.")


STANDARD = Weights(
    "2026-11",
    MappingProxyType(dict(zip(FACTORS, (200, 200, 150, 150, 120, 30, 50, 50, 50), strict=True))),
)


def weights_from(shares: Mapping[str, float], version: str = "custom") -> Weights:
    """Return weights in the given proportions; factors not named keep their standard share.

    Raises ValueError for a factor that does not exist, a negative share or a sum of zero.
    """
    unknown = sorted(set(shares) - set(FACTORS))
    if unknown:
        raise ValueError(f"Unknown factor {unknown[0]!r}; use {', '.join(FACTORS)}.")
    wanted = [float(shares.get(name, STANDARD.points[name])) for name in FACTORS]
    total = sum(wanted)
    if not all(0 <= share < float("inf") for share in wanted) or not 0 < total < float("inf"):
        raise ValueError("Weights must be numbers from 0 upwards, at least one of them above 0.")
    points = [int(FULL_SCORE * share / total) for share in wanted]
    by_rest = sorted(
        range(len(FACTORS)), key=lambda i: (points[i] - FULL_SCORE * wanted[i] / total, i)
    )
    for i in by_rest[: FULL_SCORE - sum(points)]:
        points[i] += 1
    return Weights(version, MappingProxyType(dict(zip(FACTORS, points, strict=True))))

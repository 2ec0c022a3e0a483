"""Where things stand in a drawing: the tiles of the city, the points of a line, bars of a day.

The tiles say which area lies beside which, nothing about borders: no geometry of anybody's is used.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from matching.places.reference import AREAS
from matching.web.registers import place

# column, row, columns wide, rows high: the former municipalities as neighbours
TILES = {
    "ichinoseki": (0, 0, 1, 2),
    "higashiyama": (1, 0, 1, 1),
    "daito": (2, 0, 2, 1),
    "kawasaki": (1, 1, 1, 1),
    "senmaya": (2, 1, 1, 1),
    "murone": (3, 1, 1, 1),
    "hanaizumi": (0, 2, 1, 1),
    "fujisawa": (1, 2, 2, 1),
}
TILE = (150, 84)
GAP = 6
LEVELS = 4
HIDDEN = "―"


class Tile(NamedTuple):
    """One area: where it lies, how dark it is (0 to 4) and what is written on it."""

    name: str
    x: int
    y: int
    width: int
    height: int
    level: int
    lines: tuple[str, ...]


def tiles(counts: Mapping[str, int], lines: Mapping[str, Sequence[str]]) -> list[Tile]:
    """Return the areas, the darker the more they count."""
    most = max(counts.values(), default=0)
    made = []
    for area in AREAS:
        column, row, wide, high = TILES[area.code]
        made.append(
            Tile(
                place(area.name),
                column * (TILE[0] + GAP),
                row * (TILE[1] + GAP),
                wide * (TILE[0] + GAP) - GAP,
                high * (TILE[1] + GAP) - GAP,
                level(counts.get(area.code, 0), most),
                tuple(lines.get(area.code, ())),
            )
        )
    return made


def level(count: int, most: int) -> int:
    """Return how dark a count is drawn: 0 for none, then quarters of the most."""
    return -(-LEVELS * count // most) if most and count > 0 else 0


class Line(NamedTuple):
    """One line of a chart: its points as an SVG path, and where its end is labelled."""

    path: str
    points: list[tuple[float, float]]
    end: tuple[float, float]


def line(values: Sequence[int | None], most: int, width: int, height: int) -> Line:
    """Return a line through values; None leaves a gap."""
    step = width / max(len(values) - 1, 1)
    points: list[tuple[float, float]] = []
    path, pen = [], "M"
    for place_, value in enumerate(values):
        if value is None:
            pen = "M"
            continue
        x, y = round(place_ * step, 1), round(height - height * value / max(most, 1), 1)
        points.append((x, y))
        path.append(f"{pen}{x} {y}")
        pen = "L"
    return Line("".join(path), points, points[-1] if points else (0.0, float(height)))


def ticks(most: int) -> list[int]:
    """Return three or four round marks for a scale that reaches `most`."""
    unit = 1
    while most > unit * 4:
        unit = unit * 5 // 2 if str(unit)[0] == "2" else unit * 2
    return list(range(0, most + unit, unit))


def bars(spans: Sequence[tuple[int, int, Any]], start: int, end: int) -> list[dict[str, Any]]:
    """Return spans of minutes as places on a day that is drawn from `start` to `end`."""
    return [
        {"x": max(since, start) - start, "width": min(until, end) - max(since, start), "of": of}
        for since, until, of in spans
        if min(until, end) > max(since, start)
    ]

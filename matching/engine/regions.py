"""A large problem cut into regions: islands that share nobody first, then along the map."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from matching.engine.arrays import Floats, Ints
from matching.engine.problem import Problem
from matching.engine.travel import ROUNDING, direction

VISITS = 8_000
TILE_DEGREES = 0.02


@dataclass(frozen=True, slots=True)
class Region:
    """Needs that are planned together, and the people who belong to this region alone."""

    number: int
    need_ids: tuple[str, ...]
    volunteer_ids: tuple[str, ...]


def split(problem: Problem, visits: int = VISITS) -> tuple[Region, ...]:
    """Return regions of about so many visits at most; every need and person is in exactly one.

    People belong to the region of the need that is nearest to their home.
    """
    where, sizes = _directions(problem), np.array([ask.visits for ask in problem.asks])
    known = np.flatnonzero(~np.isnan(where[:, 0]))
    islands = _islands(problem, where, known)
    parts = [part for island in islands for part in _halved(where, sizes, island, visits)]
    groups = list(_packed(parts, sizes, visits)) or [np.zeros(0, dtype=np.int64)]
    groups[0] = np.union1d(groups[0], np.flatnonzero(np.isnan(where[:, 0])))
    owner = _owners(problem, where, groups)
    return tuple(
        Region(
            number,
            tuple(problem.asks[ask].input.need_id for ask in sorted(group.tolist())),
            tuple(problem.volunteers.ids[owner == number].tolist()),
        )
        for number, group in enumerate(groups)
    )


def _directions(problem: Problem) -> Floats:
    places = [problem.geography.places[ask.place] for ask in problem.asks]
    lat, lon = np.array([p.lat for p in places]), np.array([p.lon for p in places])
    return direction(lat, lon)


def _islands(problem: Problem, where: Floats, known: Ints) -> list[Ints]:
    """Group needs so that nobody can reach needs of two groups; in order of their first need."""
    root = np.arange(len(where))
    for home, cosine in _homes(problem):
        near = known[where[known] @ home >= cosine]
        if len(near):
            roots = np.unique(root[near])
            root[np.isin(root, roots)] = roots[0]
    return [np.flatnonzero(root == each) for each in np.unique(root[known]).tolist()]


def _homes(problem: Problem) -> Iterator[tuple[Floats, float]]:
    """Where people live and how far they go, neighbours with the same reach taken together."""
    people = problem.volunteers
    able = people.active & ~np.isnan(people.direction[:, 0]) & (people.reach_cosine <= 1)
    tiles = np.floor(np.stack([people.lat, people.lon]) / TILE_DEGREES)
    keys = np.stack([*tiles, people.reach_cosine])[:, able]
    _, first, inverse = np.unique(keys, axis=1, return_index=True, return_inverse=True)
    rows = np.flatnonzero(able)
    for number, one in enumerate(first.tolist()):
        home = people.direction[rows[one]]
        mine = people.direction[rows[inverse.ravel() == number]] @ home
        apart = float(np.arccos(np.clip(mine.min(), -1, 1)))
        reach = float(np.arccos(np.clip(people.reach_cosine[rows[one]], -1, 1)))
        yield home, float(np.cos(min(reach + apart, np.pi))) - ROUNDING


def _halved(where: Floats, sizes: Ints, group: Ints, visits: int) -> list[Ints]:
    """Cut a group across its longer side until every part is small enough."""
    if sizes[group].sum() <= visits or len(group) < 2:
        return [group]
    points = where[group]
    side = int(np.argmax(np.ptp(points, axis=0)))
    order = group[np.lexsort((group, points[:, side]))]
    pieces = -(-int(sizes[group].sum()) // visits)
    share = np.cumsum(sizes[order]) / sizes[group].sum()
    cut = int(np.clip(np.searchsorted(share, (pieces // 2) / pieces), 1, len(order) - 1))
    return [part for half in np.split(order, [cut]) for part in _halved(where, sizes, half, visits)]


def _packed(parts: Sequence[Ints], sizes: Ints, visits: int) -> Iterator[Ints]:
    """Put small parts together as long as they do not get too large."""
    totals = np.cumsum([0, *(int(sizes[part].sum()) for part in parts)])
    edges = [0]
    for end in range(1, len(totals)):
        if totals[end] - totals[edges[-1]] > visits and end - 1 > edges[-1]:
            edges.append(end - 1)
    for a, b in pairwise([*edges, len(parts)]):
        if b > a:
            yield np.concatenate(parts[a:b])


def _owners(problem: Problem, where: Floats, groups: Sequence[Ints]) -> Ints:
    """Return for everybody the region of the nearest need; people without a place spread out."""
    people = problem.volunteers.direction
    owner: Ints = np.arange(len(people)) % len(groups)
    best = np.full(len(people), -np.inf)
    for number, group in enumerate(groups):
        inside = where[group][~np.isnan(where[group][:, 0])]
        for block in range(0, len(people) if len(inside) else 0, 4096):
            rows = slice(block, block + 4096)
            nearest = (people[rows] @ inside.T).max(axis=1)
            nearer = nearest > best[rows]
            owner[rows][nearer] = number
            best[rows][nearer] = nearest[nearer]
    return owner

"""What a worker keeps between runs: the planner's problem, told only what has changed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from matching.coordination.loading import Inputs
from matching.coordination.proposing import Answer, Found
from matching.coordination.touching import apply
from matching.engine import (
    Assignment,
    Booking,
    DropNeed,
    DropVolunteer,
    Forbid,
    Lock,
    NeedInput,
    PastOffer,
    Planner,
    PutNeed,
    PutVolunteer,
    VolunteerInput,
)
from matching.engine.updates import Update

MOST_UPDATES = 0.2
"""Share of people and needs that may change before a new planner costs less."""


Seat = tuple[str, str, date, int]


def seats_of(assignments: Iterable[Assignment]) -> frozenset[Seat]:
    """Return who sits where, to tell one plan from another."""
    return frozenset((a.need_id, a.volunteer_id, a.on, a.start_minutes) for a in assignments)


@dataclass(frozen=True)
class Recalled:
    """A planner and whether the last plan stands in it, with its prices.

    `found` is what the last run found for needs that nobody can come to, or is kept from, anew.
    """

    planner: Planner
    warm: bool
    found: Mapping[str, Found]


@dataclass(frozen=True)
class _Person:
    """Everything the planner was told of one volunteer."""

    volunteer: VolunteerInput
    bookings: tuple[Booking, ...]
    history: tuple[PastOffer, ...]


@dataclass(frozen=True)
class _Ask:
    """Everything the planner was told of one need."""

    need: NeedInput
    locks: tuple[Lock, ...]
    forbids: tuple[Forbid, ...]
    blocked: tuple[str, ...]


@dataclass
class Memory:
    """A planner and what it was told; compared value by value with the rows as they are now.

    Nothing in it decides anything: a planner that is told everything anew says the same.
    """

    planner: Planner | None = None
    key: Hashable = None
    people: dict[str, _Person] = field(default_factory=dict)
    asks: dict[str, _Ask] = field(default_factory=dict)
    stands: frozenset[Seat] | None = None
    found: Mapping[str, Found] = field(default_factory=dict)
    rebuilt = 0
    updated = 0

    def planner_for(self, inputs: Inputs, before: Iterable[Assignment]) -> Recalled:
        """Return a planner that knows these values, mended where only some of them are new.

        It is warm when the plan that stands in it is the one that rows say stands.
        """
        planner, stood, found = self.planner, self.stands, self.found
        self.planner, self.stands = None, None  # whatever fails from here on is forgotten
        key, people, asks = _key(inputs), _people(inputs), _asks(inputs)
        updates = [*self._updates(people, asks)] if planner is not None else []
        known = len(self.people) + len(self.asks)
        warm = planner is not None and stood == seats_of(before)
        if planner is None or key != self.key or len(updates) > MOST_UPDATES * known + 1:
            planner, warm, found = Planner(**inputs.values()), False, {}
            self.rebuilt += 1
        elif updates:
            touched = apply(planner, updates)
            found = {name: each for name, each in found.items() if name not in touched}
            self.updated += len(updates)
        self.key, self.people, self.asks = key, people, asks
        return Recalled(planner, warm, found)

    def keep(self, planner: Planner, answer: Answer, found: Mapping[str, Found]) -> None:
        """Remember the planner, what its plan proposes and what was found, for the next run."""
        chosen = (assignment for each in answer.chosen.values() for assignment in each)
        self.planner, self.stands, self.found = planner, seats_of(chosen), found

    def _updates(self, people: Mapping[str, _Person], asks: Mapping[str, _Ask]) -> Iterator[Update]:
        for name in self.people.keys() - people.keys():
            yield DropVolunteer(volunteer_id=name)
        for name in self.asks.keys() - asks.keys():
            yield DropNeed(need_id=name)
        for name, person in people.items():
            if self.people.get(name) != person:
                yield PutVolunteer(
                    volunteer=person.volunteer, bookings=person.bookings, history=person.history
                )
        for name, ask in asks.items():
            if self.asks.get(name) != ask:
                yield PutNeed(
                    need=ask.need, locks=ask.locks, forbids=ask.forbids, blocked=ask.blocked
                )


def _key(inputs: Inputs) -> Hashable:
    """What makes an older planner useless: another day, other weights, other minutes of travel."""
    options = inputs.options
    minutes = tuple(sorted(options.area_minutes.items()))
    weights = tuple(sorted(options.weights.points.items()))
    return options.today, options.weights.version, weights, minutes


def _people(inputs: Inputs) -> dict[str, _Person]:
    bookings = _by(inputs.bookings, "volunteer_id")
    history = _by(inputs.history, "volunteer_id")
    return {
        each.volunteer_id: _Person(
            each, tuple(bookings[each.volunteer_id]), tuple(history[each.volunteer_id])
        )
        for each in inputs.volunteers
    }


def _asks(inputs: Inputs) -> dict[str, _Ask]:
    locks, forbids = _by(inputs.locks, "need_id"), _by(inputs.forbids, "need_id")
    blocked: defaultdict[str, list[str]] = defaultdict(list)
    for need_id, volunteer_id in inputs.blocked:
        blocked[need_id].append(volunteer_id)
    return {
        each.need_id: _Ask(
            each,
            tuple(locks[each.need_id]),
            tuple(forbids[each.need_id]),
            tuple(blocked[each.need_id]),
        )
        for each in inputs.needs
    }


def _by(values: Iterable[Any], name: str) -> defaultdict[str, list[Any]]:
    found: defaultdict[str, list[Any]] = defaultdict(list)
    for value in values:
        found[getattr(value, name)].append(value)
    return found

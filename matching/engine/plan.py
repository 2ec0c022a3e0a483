"""A finished plan: assignments, what stays open and why, and the figures that prove it."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from matching.engine.gates import Gate

ENGINE_VERSION = "1"


class Reason(StrEnum):
    """Why seats of a visit stay empty."""

    NO_ELIGIBLE = "no_eligible"
    ALL_BUSY = "all_busy"
    HOURS = "hours"
    BELOW_MINIMUM = "below_minimum"


class ChangeReason(StrEnum):
    """Why an assignment differs from the plan before."""

    NEW_NEED = "new_need"
    NEW_VISIT = "new_visit"
    PERSON_NOT_ABLE = "person_not_able"
    NEED_GONE = "need_gone"
    NEED_CHANGED = "need_changed"
    MAKES_ROOM = "makes_room"
    TAKES_OVER = "takes_over"
    IMPROVES = "improves"


@dataclass(frozen=True, slots=True)
class Assignment:
    """One person on one visit; minutes past midnight of that day."""

    need_id: str
    visit: int  # from 1
    volunteer_id: str
    on: date
    start_minutes: int
    end_minutes: int
    score: int
    locked: bool = False


@dataclass(frozen=True, slots=True)
class NearMiss:
    """The person who comes closest, and the gate in between."""

    volunteer_id: str
    gate: Gate


@dataclass(frozen=True, slots=True)
class Unplaced:
    """Seats of a visit that nobody takes."""

    need_id: str
    visit: int
    missing: int
    reason: Reason
    nearest: NearMiss | None


@dataclass(frozen=True, slots=True)
class Change:
    """One difference from the plan before; `before` or `after` is None when there was none."""

    before: Assignment | None
    after: Assignment | None
    reason: ChangeReason


@dataclass(frozen=True, slots=True)
class Figures:
    """The run in numbers; `bound` and `weighted_seats_bound` are proven upper bounds."""

    needs: int
    visits: int
    seats: int
    pairs: int  # (visit, volunteer) that pass every gate
    objective: int
    bound: int
    gap: float
    weighted_seats: int
    weighted_seats_bound: int
    score: int
    method: str
    seed: int
    engine: str
    weights: str
    truncated: bool  # a deadline ended the search


@dataclass(frozen=True, slots=True)
class Plan:
    """The answer of one run; lists are in order of need, visit and volunteer."""

    figures: Figures
    assignments: tuple[Assignment, ...]
    unplaced: tuple[Unplaced, ...]
    changes: tuple[Change, ...] = ()

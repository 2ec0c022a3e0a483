"""A standing plan: kept in memory, told what changes, repaired around the changes."""

from collections.abc import Iterable

from matching.engine.inputs import (
    Booking,
    Forbid,
    Lock,
    NeedInput,
    Options,
    PastOffer,
    VolunteerInput,
)
from matching.engine.plan import Assignment, Plan
from matching.engine.problem import Problem
from matching.engine.register import Register
from matching.engine.replanning import replan
from matching.engine.solving import Progress, solve
from matching.engine.updates import Update


class Planner:
    """Plans once, then repairs in a small part of the time; see `matching.engine`."""

    def __init__(
        self,
        needs: Iterable[NeedInput],
        volunteers: Iterable[VolunteerInput],
        *,
        options: Options,
        bookings: Iterable[Booking] = (),
        history: Iterable[PastOffer] = (),
        blocked: Iterable[tuple[str, str]] = (),
        locks: Iterable[Lock] = (),
        forbids: Iterable[Forbid] = (),
        seed: int = 1,
    ) -> None:
        self.seed = seed
        self.version = 0
        self._register = Register(
            needs,
            volunteers,
            options=options,
            bookings=bookings,
            history=history,
            blocked=blocked,
            locks=locks,
            forbids=forbids,
        )
        self._problem = self._register.problem()
        self._standing: tuple[Assignment, ...] = ()

    @property
    def problem(self) -> Problem:
        """The problem as it stands; `apply` makes an earlier one useless."""
        return self._problem

    def apply(self, updates: Iterable[Update]) -> int:
        """Take in what has changed; return the new `version` (one more for each update)."""
        for update in updates:
            self._register.take(update)
            self.version += 1
        self._problem = self._register.problem()
        return self.version

    def adopt(self, previous: Iterable[Assignment]) -> None:
        """Let an earlier plan stand, for example one read back after a restart."""
        self._standing = tuple(previous)

    def plan(
        self, *, deadline_seconds: float | None = None, progress: Progress | None = None
    ) -> Plan:
        """Return the plan that `solve` makes of the values as they are now, and let it stand."""
        plan = solve(
            self._problem, seed=self.seed, deadline_seconds=deadline_seconds, progress=progress
        )
        self._standing = plan.assignments
        return plan

    def repair(self, *, deadline_seconds: float | None = None) -> Plan:
        """Return the standing plan mended around what has changed, and let it stand."""
        plan = replan(
            self._problem,
            self._standing,
            seed=self.seed,
            deadline_seconds=deadline_seconds,
            quick=True,
        )
        self._standing = plan.assignments
        return plan

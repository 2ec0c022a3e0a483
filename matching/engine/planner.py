"""A standing plan: kept in memory, told what changes, repaired around the changes."""

import math
from collections.abc import Iterable
from dataclasses import replace

from matching.engine.inputs import (
    Booking,
    Forbid,
    Lock,
    NeedInput,
    Options,
    PastOffer,
    VolunteerInput,
)
from matching.engine.ledger import Ledger
from matching.engine.mending import Mender
from matching.engine.openings import open_visits
from matching.engine.patching import drop_person
from matching.engine.plan import Assignment, Plan
from matching.engine.problem import Problem
from matching.engine.register import Register
from matching.engine.replanning import keep, resume
from matching.engine.roster import Roster
from matching.engine.running import WITHOUT_SOLVER, Run
from matching.engine.solver import SolverError
from matching.engine.solving import Progress, complete
from matching.engine.standing import Standing
from matching.engine.stopwatch import Stopwatch
from matching.engine.updates import DropNeed, DropVolunteer, PutNeed, PutVolunteer, Update


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
        self._patched = False
        self._changed: set[str] = set()
        self._standing: Standing | None = None
        self._ledger: Ledger | None = None
        self._gap, self._fresh_gap = 0.0, -math.inf

    @property
    def problem(self) -> Problem:
        """The problem as it stands; `apply` makes an earlier one useless."""
        return self._problem if self._standing is None else self._standing.problem

    def plan(
        self, *, deadline_seconds: float | None = None, progress: Progress | None = None
    ) -> Plan:
        """Return the plan that `solve` makes of the values as they are now, and let it stand."""
        run = self._fresh_run(Stopwatch(deadline_seconds))
        complete(run, progress)
        plan = run.written()
        self._stand(run, plan.figures.gap)
        return plan

    def renew(
        self, previous: Iterable[Assignment], *, deadline_seconds: float | None = None
    ) -> Plan:
        """Return an earlier plan mended under new prices, with `changes`, and let it stand.

        People are moved only where that fills more seats. It takes about as long as `plan`: the
        bound is tight again, and seats that repairs have missed are filled.
        """
        run = self._fresh_run(Stopwatch(deadline_seconds))
        plan = resume(run, list(previous))
        self._stand(run, plan.figures.gap)
        return plan

    def adopt(self, previous: Iterable[Assignment]) -> None:
        """Let an earlier plan stand, for example one read back after a restart."""
        run = self._fresh_run(Stopwatch(None))
        keep(run.roster, list(previous))
        self._stand(run, -math.inf)

    @property
    def drift(self) -> float:
        """How much wider the gap is than under fresh prices; infinite where there are none."""
        return self._gap - self._fresh_gap

    def _fresh_run(self, watch: Stopwatch) -> Run:
        if self._patched:
            self._problem, self._patched = self._register.problem(), False
        openings = list(open_visits(self._problem))
        return Run(Roster(self._problem, openings), self.seed, watch)

    def _stand(self, run: Run, gap: float) -> None:
        self._fresh_gap, self._gap = gap, max(gap, 0.0)
        self._standing = Standing(run)
        self._ledger = Ledger(self._standing)
        self._changed.clear()

    def apply(self, updates: Iterable[Update]) -> int:
        """Take in what has changed; return the new `version` (one more for each update)."""
        for update in updates:
            self.version += 1
            if self._standing is None:
                self._register.take(update)
                self._problem = self._register.problem()
            else:
                self._patched = True
                self._apply(self._standing, update)
        return self.version

    def repair(self, *, deadline_seconds: float | None = None) -> Plan:
        """Return the standing plan mended around what has changed, and let it stand.

        Nothing is priced again: the bound is that of the last plan's prices, brought up to date.
        """
        if self._standing is None or self._ledger is None:
            self.adopt(())
            return self.repair(deadline_seconds=deadline_seconds)
        standing = self._standing
        standing.run.watch, method = Stopwatch(deadline_seconds), "repair"
        try:
            Mender(standing.run).mend(
                [standing.openings[n] for n in sorted(standing.touched)],
                standing.ceilings.most().weighted_seats,
            )
        except SolverError:  # every seat stays as it was; what fits was filled before
            method += WITHOUT_SOLVER
        plan = self._ledger.written(method, standing.run.watch.over, self._changed)
        self._changed.clear()
        self._gap = plan.figures.gap
        return plan

    def _apply(self, standing: Standing, update: Update) -> None:
        register = self._register
        match update:
            case PutVolunteer(volunteer=person):
                new = person.volunteer_id not in register.volunteers
                register.take(update)
                self._put_person(standing, person.volunteer_id)
                self._put_needs(standing, register.naming(person.volunteer_id) if new else ())
            case DropVolunteer(volunteer_id=name) if name in register.volunteers:
                self._drop_person(standing, name)
                register.take(update)
                self._put_needs(standing, self._register.naming(name))
            case PutNeed(need=need):
                held = self.locked(need.need_id)
                register.take(update)
                self._put_needs(standing, [need.need_id])
                self._put_people(standing, held | self.locked(need.need_id))
            case DropNeed(need_id=name) if name in register.needs:
                register.take(update)
                standing.drop_need(name)
                self._put_people(standing, self.locked(name))

    def _put_people(self, standing: Standing, names: Iterable[str]) -> None:
        for name in sorted(names):
            self._put_person(standing, name)

    def _put_person(self, standing: Standing, name: str) -> None:
        person = self._register.volunteers.get(name)
        if person is not None:
            self._changed.add(name)
            busy = self._register.engagements(standing.problem, name)
            standing.put_person(person, busy, self._register.history.get(name, ()))
            standing.touched_asks |= {
                standing.problem.need_index[need_id]
                for need_id in self._register.naming(name)
                if need_id in standing.problem.need_index
            }

    def _drop_person(self, standing: Standing, name: str) -> None:
        self._changed.add(name)
        gone = replace(self._register.volunteers[name], status="withdrawn")
        standing.put_person(gone, (), ())
        drop_person(standing.problem, name)

    def _put_needs(self, standing: Standing, need_ids: Iterable[str]) -> None:
        for need_id in need_ids:
            need = self._register.needs.get(need_id)
            if need is not None:
                standing.put_need(need, self._register.ties(standing.problem, need_id))

    def locked(self, need_id: str) -> set[str]:
        """Return the volunteers whom locks hold for a need."""
        return {lock.volunteer_id for lock in self._register.locks.get(need_id, ())}

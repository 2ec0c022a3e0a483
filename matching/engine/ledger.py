"""The standing plan written down need by need, so that only what has changed is written again."""

from collections.abc import Iterable
from itertools import chain

from matching.engine.locked import locked_on
from matching.engine.objective import scale_of
from matching.engine.plan import Assignment, Change, Plan, Unplaced
from matching.engine.reasons import explained
from matching.engine.replanning import changes_between
from matching.engine.reporting import Counts, Held, Story, assignments_of, figures_of
from matching.engine.standing import Standing

NOTHING = Held((), 0, 0)


class Ledger:
    """Assignments by need and empty seats by visit, as last told."""

    def __init__(self, standing: Standing) -> None:
        self.standing = standing
        self._seats: dict[int, tuple[Assignment, ...]] = {}
        self._held: dict[int, Held] = {}
        self._held_seats = self._held_score = 0
        self._open: dict[int, Unplaced] = {}
        self._write_needs(range(len(standing.problem.asks)))
        self._write_visits(range(len(standing.openings)))

    def written(self, method: str, truncated: bool, changed: Iterable[str] = ()) -> Plan:
        """Return the plan as it is now with what has changed since it was last told.

        `changed` are the volunteers who are not what they were.
        """
        standing, roster = self.standing, self.standing.roster
        visits = roster.moved | standing.touched
        asks = sorted(standing.touched_asks | {standing.openings[n].ask.index for n in visits})
        before = [a for ask in asks for a in self._seats.get(ask, ())]
        people = set(changed)
        stale = {n for n, u in self._open.items() if u.nearest and u.nearest.volunteer_id in people}
        self._write_needs(asks)
        self._write_visits(visits | stale)
        after = [a for ask in asks for a in self._seats[ask]]
        changes = changes_between(before, after, standing.reasons)
        standing.settled()
        return self._plan(method, truncated, changes)

    def _write_needs(self, asks: Iterable[int]) -> None:
        problem, standing = self.standing.problem, self.standing
        for index in asks:
            ask = problem.asks[index]
            held = Held.of(problem, tuple(locked_on(problem, ask)))
            was = self._held.get(index, NOTHING)
            self._held_seats += held.weighted_seats - was.weighted_seats
            self._held_score += held.score - was.score
            self._held[index] = held
            visits = (standing.openings[n] for n in standing.of_ask[index])
            seated = (a for opening in visits for a in assignments_of(standing.roster, opening))
            self._seats[index] = tuple(
                sorted(
                    (*held.assignments, *seated),
                    key=lambda a: (a.visit, problem.volunteer_index[a.volunteer_id]),
                )
            )

    def _write_visits(self, visits: Iterable[int]) -> None:
        roster = self.standing.roster
        for index in visits:
            opening = self.standing.openings[index]
            self._open.pop(index, None)
            if len(roster.seated[index]) < opening.seats:
                self._open[index] = explained(roster, opening)

    def _plan(self, method: str, truncated: bool, changes: tuple[Change, ...]) -> Plan:
        standing, problem = self.standing, self.standing.problem
        held = Held((), self._held_seats, self._held_score)
        asks = range(len(problem.asks))
        numbers = [n for ask in asks for n in standing.of_ask[ask]]
        counts = Counts(len(numbers), standing.pairs)
        scale = scale_of(problem)
        bound = held.beside(standing.run.at_most(standing.ceilings.most()))
        story = Story(method, standing.run.seed, truncated)
        return Plan(
            figures=figures_of(
                problem, counts, scale, held.beside(standing.roster.parts), bound, story
            ),
            assignments=tuple(chain.from_iterable(self._seats[ask] for ask in asks)),
            unplaced=tuple(self._open[n] for n in numbers if n in self._open),
            changes=changes,
        )

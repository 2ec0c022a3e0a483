"""Writing a roster down as a plan with its figures."""

from dataclasses import dataclass, replace

from matching.engine.objective import Parts, Scale, all_seats, scale_of
from matching.engine.openings import Opening
from matching.engine.plan import ENGINE_VERSION, Assignment, Figures, Plan
from matching.engine.problem import Problem
from matching.engine.reasons import unplaced_seats
from matching.engine.roster import Roster

GAP_DIGITS = 9


@dataclass(frozen=True, slots=True)
class Story:
    """How a plan came about."""

    method: str
    seed: int
    truncated: bool


@dataclass(frozen=True, slots=True)
class Counts:
    """How many visits there are, and how many (visit, volunteer) pass every gate."""

    visits: int
    pairs: int


def pairs_of(roster: Roster) -> int:
    """Return how many (visit, volunteer) pass every gate, by visits that have everybody."""
    return sum(len(opening.who) for opening in roster.openings)


@dataclass(frozen=True, slots=True)
class Held:
    """Seats that locks hold, with what they count."""

    assignments: tuple[Assignment, ...]
    weighted_seats: int
    score: int

    @classmethod
    def of(cls, problem: Problem, assignments: tuple[Assignment, ...]) -> "Held":
        """Return these assignments with their counts."""
        asks = (problem.asks[problem.need_index[a.need_id]] for a in assignments)
        return cls(assignments, sum(a.weight for a in asks), sum(a.score for a in assignments))

    def beside(self, parts: Parts) -> Parts:
        """Return parts with the held seats added."""
        seats, score = parts.weighted_seats + self.weighted_seats, parts.score + self.score
        return replace(parts, weighted_seats=seats, score=score)


def write_down(roster: Roster, held: Held, pairs: int, bound: Parts, story: Story) -> Plan:
    """Return the plan of a roster; `bound` is the most of each part beside what is held."""
    place, order = roster.problem.need_index, roster.problem.volunteer_index
    seated = [a for opening in roster.openings for a in assignments_of(roster, opening)]
    counts = Counts(len(roster.openings), pairs)
    scale = scale_of(roster.problem)
    parts, bound = held.beside(roster.parts), held.beside(bound)
    return Plan(
        figures=figures_of(roster.problem, counts, scale, parts, bound, story),
        assignments=tuple(
            sorted(
                (*held.assignments, *seated),
                key=lambda a: (place[a.need_id], a.visit, order[a.volunteer_id]),
            )
        ),
        unplaced=unplaced_seats(roster),
    )


def figures_of(
    problem: Problem, counts: Counts, scale: Scale, parts: Parts, bound: Parts, story: Story
) -> Figures:
    """Return the run in numbers."""
    objective = scale.value(parts)
    most = max(scale.value(bound), objective)
    return Figures(
        needs=len(problem.need_index),
        visits=counts.visits,
        seats=all_seats(problem),
        pairs=counts.pairs,
        objective=objective,
        bound=most,
        gap=_gap(objective, most),
        weighted_seats=parts.weighted_seats,
        weighted_seats_bound=bound.weighted_seats,
        score=parts.score,
        method=story.method,
        seed=story.seed,
        engine=ENGINE_VERSION,
        weights=problem.options.weights.version,
        truncated=story.truncated,
    )


def _gap(objective: int, bound: int) -> float:
    return round((bound - objective) / bound, GAP_DIGITS) if bound else 0.0


def assignments_of(roster: Roster, opening: Opening) -> list[Assignment]:
    """Return who sits on a visit."""
    option = roster.option[opening.index]
    if option is None:
        return []
    problem = roster.problem
    points = dict(zip(opening.who.tolist(), opening.scores.tolist(), strict=True))
    start = int(opening.ask.start[opening.ask.first_option[opening.visit] + option])
    return [
        Assignment(
            need_id=opening.ask.input.need_id,
            visit=opening.visit + 1,
            volunteer_id=problem.volunteer_id(volunteer),
            on=problem.date_of(int(opening.day[option])),
            start_minutes=start,
            end_minutes=start + opening.ask.duration,
            score=points[volunteer],
        )
        for volunteer in roster.seated[opening.index]
    ]

"""The same question as one integer programme for CP-SAT, solved stage by stage.

Run as `python -m tests.judges.programme`: one instance a line in, one JSON answer a line out. It
is a process of its own because OR-Tools and HiGHS cannot be loaded into one.
"""

import json
import sys
from collections import defaultdict
from datetime import date
from itertools import combinations
from typing import Any

from ortools.sat.python import cp_model

from .instance import Instance, Person, from_text
from .reading import DAY, Rules, Visit, length
from .valuing import Value, booked

Use = tuple[Visit, int, cp_model.IntVar]
"""A visit, an absolute start and whether a person is there then."""


class Programme:
    """Decides for every visit when it takes place, and for every person where to be."""

    def __init__(self, instance: Instance) -> None:
        self.rules = Rules(instance)
        self.model = cp_model.CpModel()
        self.uses: dict[str, list[Use]] = defaultdict(list)
        for visit in self.rules.visits:
            self._add(visit)
        for person in instance.people:
            self._one_place_at_a_time(person)
            self._limits(person)

    def _add(self, visit: Visit) -> None:
        """One start for everybody, and as many people as asked for, or nobody."""
        coming: dict[int, list[cp_model.IntVar]] = defaultdict(list)
        for person in self.rules.instance.people:
            for start in self.rules.free_starts(person, visit):
                there = self.model.new_bool_var("")
                coming[start].append(there)
                self.uses[person.id].append((visit, start, there))
        chosen = []
        for people in coming.values():
            placed = self.model.new_bool_var("")
            chosen.append(placed)
            self.model.add(sum(people) <= visit.open_seats * placed)
            self.model.add(sum(people) >= visit.least_more * placed)
        self.model.add(sum(chosen) <= 1)

    def _one_place_at_a_time(self, person: Person) -> None:
        for (a, s, x), (b, t, y) in combinations(self.uses[person.id], 2):
            if a is not b and self.rules.collide(person, a.span(s), b.span(t)):
                self.model.add_implication(x, ~y)

    def _limits(self, person: Person) -> None:
        months: dict[tuple[int, int], list[Any]] = defaultdict(list)
        weeks: dict[int, list[Any]] = defaultdict(list)
        for visit, start, there in self.uses[person.id]:
            on = date.fromordinal(start // DAY)
            months[on.year, on.month].append(length(visit.ask) * there)
            weeks[on.toordinal() - on.weekday()].append(there)
        engaged = self.rules.engaged[person.id]
        kept = [(date.fromordinal(span.day), span.ends - span.begins) for span in engaged]
        if person.month_hours is not None:
            for month, minutes in months.items():
                taken = sum(m for on, m in kept if (on.year, on.month) == month)
                self.model.add(sum(minutes) <= int(person.month_hours * 60) - taken)
        if person.week_visits is not None:
            for monday, there in weeks.items():
                taken = sum(on.toordinal() - on.weekday() == monday for on, _ in kept)
                self.model.add(sum(there) <= person.week_visits - taken)

    def stages(self) -> list[Any]:
        """Return the four things to make as large as possible, the first one first."""
        instance, seats, score = self.rules.instance, [], []
        pairs: dict[tuple[str, str], list[Any]] = defaultdict(list)
        for who, uses in self.uses.items():
            for visit, _, there in uses:
                seats.append(visit.weight * there)
                score.append(instance.score(visit.ask.id, who) * there)
                pairs[visit.ask.id, who].append(there)
        for visit in self.rules.visits:
            for who in visit.held:
                seats.append(visit.weight)
                pairs[visit.ask.id, who].append(1)
        load = [self._load(who, uses) for who, uses in self.uses.items()]
        returns = [self._returns(there) for there in pairs.values()]
        return [sum(seats), sum(score), -sum(load), sum(returns)]

    def _load(self, who: str, uses: list[Use]) -> Any:
        """Give the k-th visit of a person a weight of k - 1, booked ones counted."""
        before = booked(self.rules)[who]
        most = len({(visit.ask.id, visit.number) for visit, _, _ in uses})
        steps = [self.model.new_bool_var("") for _ in range(most)]
        self.model.add(sum(steps) == sum(there for _, _, there in uses))
        return sum((before + k) * step for k, step in enumerate(steps))

    def _returns(self, there: list[Any]) -> Any:
        """Count visits beyond the first of one person at one need."""
        more = self.model.new_int_var(0, len(there), "")
        once = self.model.new_bool_var("")
        self.model.add(more == sum(there) - once)
        self.model.add(len(there) * once >= sum(there))
        return more

    def best(self) -> Value:
        """Return the proven best value of every stage, given the stages before."""
        solver = cp_model.CpSolver()
        solver.parameters.num_workers = 1
        solver.parameters.linearization_level = 2
        found = []
        for stage in self.stages():
            self.model.maximize(stage)
            status = solver.solve(self.model)
            if status != cp_model.OPTIMAL:
                raise RuntimeError(f"No proof of the best plan: {solver.status_name(status)}.")
            found.append(round(solver.objective_value))
            self.model.add(stage == found[-1])
        return found[0], found[1], found[2], found[3]


def main() -> None:
    """Answer every line."""
    for line in sys.stdin:
        sys.stdout.write(json.dumps(Programme(from_text(line)).best()) + "\n")


if __name__ == "__main__":
    main()

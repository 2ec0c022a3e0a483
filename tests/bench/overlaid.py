"""The product's own invented city, several of them laid over the same ground.

`python -m tests.bench.overlaid CITIES PEOPLE_SHARE` plans them in a process of its own and prints
figures with the highest memory use as JSON.
"""

import json
import resource
import sys
import time
from dataclasses import replace
from datetime import date
from typing import NamedTuple

from matching.engine import NeedInput, Options, PastOffer, Problem, VolunteerInput, build, solve
from matching.interchange.engine_inputs import past_offer_from, volunteer_from, waiting_need_from
from matching.local.city.generating import generate
from tests.judges.feasibility import faults
from tests.judges.values import instance_of, seats_of

TODAY = date(2027, 1, 18)


class Ground(NamedTuple):
    """The plain values of all cities together."""

    needs: list[NeedInput]
    volunteers: list[VolunteerInput]
    history: list[PastOffer]

    @property
    def options(self) -> Options:
        """The settings of the run."""
        return Options(today=TODAY)

    def problem(self) -> Problem:
        """The problem these values state."""
        return build(self.needs, self.volunteers, options=self.options, history=self.history)


def overlaid(cities: int, people_share: float = 1.0) -> Ground:
    """Return so many cities on the same ground; of their people only a share, evenly chosen."""
    ground = Ground([], [], [])
    for seed in range(1, cities + 1):
        city = generate(seed, TODAY)
        kept = round(len(city.volunteers) * people_share)
        for row in city.volunteers[:kept]:
            person = volunteer_from(row)
            ground.volunteers.append(replace(person, volunteer_id=f"C{seed}-{person.volunteer_id}"))
        for row in city.needs:
            need = waiting_need_from(row)
            if need is not None:
                ground.needs.append(replace(need, need_id=f"C{seed}-{need.need_id}"))
        for row in city.proposals:
            past = past_offer_from(row)
            if past is not None:
                named = replace(
                    past,
                    volunteer_id=f"C{seed}-{past.volunteer_id}",
                    person_id=f"C{seed}-{past.person_id}",
                )
                ground.history.append(named)
    return ground


def measured(ground: Ground) -> dict[str, object]:
    """Plan, check the plan, and return figures."""
    began = time.process_time()
    plan = solve(ground.problem())
    seconds = time.process_time() - began
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    figures = plan.figures
    instance = instance_of(ground.needs, ground.volunteers, ground.options)
    return {
        "needs": figures.needs,
        "volunteers": len(ground.volunteers),
        "visits": figures.visits,
        "seats": figures.seats,
        "pairs": figures.pairs,
        "seats_filled": len(plan.assignments),
        "weighted_seats": figures.weighted_seats,
        "weighted_seats_bound": figures.weighted_seats_bound,
        "gap_percent": figures.gap * 100,
        "method": figures.method,
        "cpu_seconds": seconds,
        "peak_megabytes": round(peak),
        "rules_broken": len(list(faults(instance, seats_of(plan.assignments)))),
    }


if __name__ == "__main__":
    sys.stdout.write(json.dumps(measured(overlaid(int(sys.argv[1]), float(sys.argv[2])))))

"""From a volunteer's home to a need: kilometres, minutes, and rows of the code tables."""

from collections.abc import Mapping

import numpy as np

from matching.engine.arrays import Bools, Floats, Ints
from matching.engine.problem import Ask, Problem
from matching.engine.travel import distance_km, minutes_for_all


def home_km(problem: Problem, ask: Ask, who: Ints) -> Floats:
    """Return kilometres from these volunteers' homes to the need; NaN where unknown."""
    place = problem.geography.places[ask.place]
    people = problem.volunteers
    return distance_km(people.lat[who], people.lon[who], place.lat, place.lon)


def home_minutes(problem: Problem, ask: Ask, who: Ints, km: Floats) -> Ints:
    """Return travel minutes from home on the need's first possible day."""
    people = problem.volunteers
    winter = bool(problem.winter[ask.day[0]]) if len(ask.day) else bool(problem.winter[0])
    minutes = minutes_for_all(km, (people.kmh_winter if winter else people.kmh)[who])
    if problem.options.area_minutes and ask.input.area is not None:
        for row, volunteer in enumerate(who.tolist()):
            area = people.inputs[volunteer].area
            table = problem.geography.table_minutes(area, ask.input.area)
            minutes[row] = minutes[row] if table is None else table
    return minutes


def code_row(table: Mapping[str, Bools], code: str, who: Ints) -> Bools:
    """Return who has a code; nobody has one that no volunteer was given."""
    row = table.get(code)
    return np.zeros(len(who), dtype=bool) if row is None else row[who]

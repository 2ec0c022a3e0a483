"""Telling a planner what has changed, and which needs anything is different for."""

from __future__ import annotations

from collections.abc import Sequence

from matching.engine import DropNeed, Planner, PutNeed, PutVolunteer, first_gates
from matching.engine.updates import Update

MOST_PEOPLE = 12
"""Changed people up to which looking at each of them costs less than ranking everybody anew."""


def apply(planner: Planner, updates: Sequence[Update]) -> set[str]:
    """Take the updates in; return the needs that may have other candidates or counts than before.

    A person matters to a need when they can come, before or after, or when another gate shuts them
    out than before.
    """
    people = [each.volunteer.volunteer_id for each in updates if isinstance(each, PutVolunteer)]
    if len(people) > MOST_PEOPLE or not all(_is_plain(planner, each) for each in updates):
        planner.apply(updates)
        return set(planner.problem.need_index)
    before = [first_gates(planner.problem, name) for name in people]
    planner.apply(updates)
    after = [first_gates(planner.problem, name) for name in people]
    touched = {each.need.need_id for each in updates if isinstance(each, PutNeed)}
    for then, now in zip(before, after, strict=True):
        touched.update(need for need, gate in now.items() if gate is None or then.get(need) != gate)
        touched.update(need for need, gate in then.items() if gate is None)
    return touched


def _is_plain(planner: Planner, update: Update) -> bool:
    """Tell whether an update says all there is to know: nobody is new or gone, no lock binds."""
    match update:
        case PutVolunteer(volunteer=person):
            return person.volunteer_id in planner.problem.volunteer_index
        case PutNeed(need=need, locks=locks):
            return not (locks or planner.locked(need.need_id))
        case DropNeed(need_id=name):
            return not planner.locked(name)
    return False

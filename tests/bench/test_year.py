"""Days at the centre with the planner and with the ways of choosing that others offer."""

from dataclasses import asdict

import pytest

from tests.simulation.figures import Figures, figures_of
from tests.simulation.policies import nearest_first, newest_first, planned, register_order
from tests.simulation.running import live_through

from .measuring import Report, cpu_seconds

DAYS, LONGEST = 60, 365
WAYS = (planned, nearest_first, newest_first, register_order)


@pytest.fixture(scope="module")
def lived(scale: float, report: Report) -> dict[str, Figures]:
    days = min(LONGEST, round(DAYS * scale))
    found: dict[str, Figures] = {}
    for way in WAYS:
        name = way.__name__
        [seconds] = cpu_seconds(
            lambda way=way, name=name: found.update({name: figures_of(live_through(way, 1, days))}),
            times=1,
        )
        report.add(
            f"{days} days, {name.replace('_', ' ')}", **asdict(found[name]), cpu_seconds=seconds
        )
    return found


def test_the_planner_asks_fewer_people_for_each_need_helped(lived: dict[str, Figures]) -> None:
    ours = lived.pop("planned")
    assert all(ours.asked_per_need_helped < f.asked_per_need_helped for f in lived.values())
    assert all(ours.gini_of_visits < f.gini_of_visits + 0.02 for f in lived.values())
    assert all(ours.needs_with_a_visit > f.needs_with_a_visit - 0.03 for f in lived.values())

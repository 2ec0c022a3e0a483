"""`musubi engine solve` from outside: the judges read the same folder and the answer's file."""

import json
from datetime import date
from pathlib import Path

from matching.interchange.engine_folder import solve_folder
from matching.local.city.generating import generate
from tests.engine_sheets import folder

from .feasibility import faults
from .folders import instance_in, seats_in
from .reading import URGENCY, Rules

TODAY = date(2027, 1, 18)


def test_the_plan_of_the_demonstration_city_keeps_every_rule(tmp_path: Path) -> None:
    city = generate(7, TODAY)
    where = folder(
        tmp_path / "city",
        volunteers=city.volunteers[:500],
        needs=city.needs[:120],
        proposals=city.proposals,
        options={"today": TODAY.isoformat()},
    )
    out = tmp_path / "plan.json"
    solve_folder(where, out)
    instance, seats = instance_in(where), seats_in(out)
    run = json.loads(out.read_text(encoding="utf-8"))["run"]
    asks = {ask.id: ask for ask in instance.asks}
    assert list(faults(instance, seats)) == []
    assert run["visits"] == len(Rules(instance).visits)
    assert run["weighted_seats"] == sum(URGENCY[asks[seat.ask].urgency] for seat in seats)
    assert run["weighted_seats"] == run["weighted_seats_bound"]
    assert run["gap"] < 1e-5
    assert len(seats) > 50
    assert run["pairs"] == sum(1 for _ in Rules(instance).chances())

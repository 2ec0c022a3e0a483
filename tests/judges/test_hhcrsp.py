"""A hand-made instance in the format of published home health care problems."""

from pathlib import Path
from typing import Any

from .folders import instance_in
from .hhcrsp import plan, rows_of
from .reading import Rules, kilometres


def patient(
    name: str, at: tuple[float, float], window: tuple[float, float], *asked: str
) -> dict[str, Any]:
    services = [{"service": service, "duration": 20.0} for service in asked]
    return {"id": name, "location": at, "time_window": window, "required_caregivers": services}


TINY: dict[str, Any] = {
    "services": [{"id": "s1"}, {"id": "s2"}],
    "central_offices": [{"id": "d", "location": (0.0, 0.0)}],
    "caregivers": [{"id": "c1", "abilities": ["s1"]}, {"id": "c2", "abilities": ["s1", "s2"]}],
    "patients": [
        patient("p1", (10.0, 0.0), (60.0, 120.0), "s1"),
        patient("p2", (10.0, 30.0), (60.0, 120.0), "s2"),
        patient("p3", (0.0, 20.0), (60.0, 75.0), "s1", "s2")
        | {"synchronization": {"type": "simultaneous"}},
    ],
}


def test_services_within_reach_of_a_tour_are_all_served(tmp_path: Path) -> None:
    served = plan(TINY, tmp_path / "tiny")
    assert (served.services, served.served, served.served_bound) == (4, 4, 4)
    assert (served.together_asked, served.rules_broken) == (1, 0)


def test_a_caregiver_cannot_be_everywhere(tmp_path: Path) -> None:
    alone = TINY | {"caregivers": TINY["caregivers"][1:]}
    served = plan(alone, tmp_path / "alone")
    assert served.served < served.services
    assert served.served <= served.served_bound
    nobody = TINY | {"caregivers": TINY["caregivers"][:1]}
    assert plan(nobody, tmp_path / "nobody").served_bound <= 2  # only s1 can be given


def test_a_distance_of_thirty_takes_thirty_minutes_and_five_to_set_out(tmp_path: Path) -> None:
    plan(TINY, tmp_path / "tiny")
    rules = Rules(instance_in(tmp_path / "tiny"))
    spans = {v.ask.id: v.span(v.starts[0]) for v in rules.visits}
    minutes = rules.travel(rules.people["c1"], spans["p1-1"], spans["p2-1"])
    assert 34 <= minutes <= 36
    (home, *_), needs = rows_of(TINY)
    assert kilometres(*(float(r[c]) for r in (home, needs[0]) for c in ("lat", "lon"))) > 4

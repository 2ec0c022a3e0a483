"""Home health care routing instances (the published JSON format) as a folder for the planner.

`python -m tests.judges.hhcrsp FILE.json …` plans each and prints what was served. What carries
over and what does not is told in docs/bench.md.
"""

import json
import math
import sys
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from matching.interchange.engine_folder import solve_folder
from tests.engine_sheets import folder as write_folder

from .feasibility import faults
from .folders import instance_in, seats_in

TODAY, DAY, WEEKDAY = "2027-05-10", "2027-05-11", "Tue"  # no winter, so that cars drive 35 km/h
OPENS, CLOSES = 5 * 60, 23 * 60 + 45
ORIGIN = (39.0, 141.0)
KM_PER_MINUTE = 35 / (60 * 1.35)  # so that a distance of 1 takes one minute
KM_PER_DEGREE = 6371.0 * math.pi / 180
SKILLS = ("nursing", "care_worker", "dementia_supporter", "first_aid", "haircut", "cooking")
"""Stand for the services, in their order: our sheets know only skills of the catalogue."""

Row = dict[str, str]


@dataclass(frozen=True)
class Served:
    """What a plan of one instance comes to."""

    services: int
    served: int
    served_bound: int
    together_asked: int
    together_kept: int
    rules_broken: int


def rows_of(instance: Mapping[str, Any]) -> tuple[list[Row], list[Row]]:
    """Return volunteers and needs: one need for each service of each patient."""
    skill_of = {s["id"]: SKILLS[n] for n, s in enumerate(instance["services"])}
    office = instance["central_offices"][0]["location"]
    volunteers = [_volunteer(c, office, skill_of) for c in instance["caregivers"]]
    needs = [
        _need(patient, number, asked, skill_of)
        for patient in instance["patients"]
        for number, asked in enumerate(patient["required_caregivers"], start=1)
    ]
    return volunteers, needs


def _volunteer(
    caregiver: Mapping[str, Any], at: Sequence[float], skill_of: Mapping[str, str]
) -> Row:
    lat, lon = _place(at)
    return {
        "volunteer_id": caregiver["id"],
        "name": f"試験 {caregiver['id']}",
        "lat": lat,
        "lon": lon,
        "skills": ";".join(skill_of[s] for s in caregiver["abilities"]),
        "categories": "watch",
        "availability": f"{WEEKDAY} {_clock(OPENS)}-{_clock(CLOSES)}",
        "transport": "car",
        "status": "active",
    }


def _need(
    patient: Mapping[str, Any], number: int, asked: Mapping[str, Any], skill_of: Mapping[str, str]
) -> Row:
    lat, lon = _place(patient["location"])
    earliest, latest = patient["time_window"]
    minutes = math.ceil(asked["duration"])
    return {
        "need_id": f"{patient['id']}-{number}",
        "received_at": TODAY,
        "requester_name": f"見本 {patient['id']}",
        "lat": lat,
        "lon": lon,
        "category": "watch",
        "title": "見守り",
        "required_skills": skill_of[asked["service"]],
        "start_date": DAY,
        "end_date": DAY,
        "time_from": _clock(OPENS + math.ceil(earliest)),
        "time_to": _clock(min(OPENS + math.floor(latest) + minutes, 24 * 60 - 1)),
        "duration_minutes": str(minutes),
        "recurrence": "once",
        "status": "open",
    }


def _place(at: Sequence[float]) -> tuple[str, str]:
    """Put a point of the plane on the map, a minute's way to a minute's way."""
    x, y = (KM_PER_MINUTE * value / KM_PER_DEGREE for value in at)
    lat = ORIGIN[0] + y
    return f"{lat:.6f}", f"{ORIGIN[1] + x / math.cos(math.radians(ORIGIN[0])):.6f}"


def _clock(minutes: int) -> str:
    return f"{minutes // 60:02d}:{minutes % 60:02d}"


def plan(instance: Mapping[str, Any], where: Path) -> Served:
    """Plan an instance in a folder of its own and return what was served."""
    volunteers, needs = rows_of(instance)
    folder = write_folder(where, volunteers=volunteers, needs=needs, options={"today": TODAY})
    out = where / "plan.json"
    content = solve_folder(folder, out)
    seats = seats_in(out)
    at = {seat.ask: seat.start for seat in seats}
    pairs = [p["id"] for p in instance["patients"] if _simultaneous(p)]
    starts = [(at.get(f"{p}-1"), at.get(f"{p}-2")) for p in pairs]
    kept = [one for one, other in starts if one is not None and one == other]
    return Served(
        services=len(needs),
        served=len(seats),
        served_bound=content["run"]["weighted_seats_bound"] // 2,
        together_asked=len(pairs),
        together_kept=len(kept),
        rules_broken=len(list(faults(instance_in(folder), seats))),
    )


def _simultaneous(patient: Mapping[str, Any]) -> bool:
    return bool(patient.get("synchronization", {}).get("type") == "simultaneous")


def main() -> None:
    """Plan every file named."""
    for name in sys.argv[1:]:
        with tempfile.TemporaryDirectory() as where:
            instance = json.loads(Path(name).read_text(encoding="utf-8"))
            found = {"instance": Path(name).stem, **asdict(plan(instance, Path(where)))}
            sys.stdout.write(json.dumps(found) + "\n")


if __name__ == "__main__":
    main()

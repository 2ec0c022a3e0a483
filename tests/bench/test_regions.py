"""A problem planned in regions by two processes, against the same problem in one piece."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from matching.local.city.generating import generate
from tests.engine_sheets import folder

from .measuring import Report
from .overlaid import TODAY

CITIES, VISITS, GAP_PERCENT = 5, 250, 0.5


@pytest.fixture(scope="module")
def sheets(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Several cities on the same ground as one folder."""
    volunteers, needs = [], []
    for seed in range(1, CITIES + 1):
        city = generate(seed, TODAY)
        volunteers += [
            r | {"volunteer_id": f"C{seed}-{r['volunteer_id']}"} for r in city.volunteers
        ]
        needs += [r | {"need_id": f"C{seed}-{r['need_id']}"} for r in city.needs]
    where = tmp_path_factory.mktemp("cities")
    return folder(where, volunteers=volunteers, needs=needs, options={"today": TODAY.isoformat()})


def test_regions_reach_what_the_whole_reaches_and_their_bound_holds(
    sheets: Path, report: Report, pytestconfig: pytest.Config
) -> None:
    whole, parts = (
        _regions(pytestconfig.rootpath, sheets, processes, visits)
        for processes, visits in ((1, 10**6), (2, VISITS))
    )
    report.add("In one piece", **whole)
    report.add("In regions, by two processes", **parts)
    assert whole["regions"] == 1 < parts["regions"]
    assert parts["gap_percent"] <= GAP_PERCENT
    assert parts["weighted_seats_bound"] >= whole["weighted_seats"]
    assert parts["weighted_seats"] <= whole["weighted_seats_bound"]


def _regions(root: Path, sheets: Path, processes: int, visits: int) -> dict[str, float]:
    command = [
        sys.executable,
        "-m",
        "tests.bench.regions",
        str(sheets),
        str(processes),
        str(visits),
    ]
    ran = subprocess.run(command, cwd=root, capture_output=True, text=True, check=True)
    found: dict[str, float] = json.loads(ran.stdout)
    return found

"""The service's own importer and planner take the invented city as it is."""

import csv
import json
from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest

from matching.interchange.engine_folder import solve_folder
from matching.interchange.reading import read_sheet
from matching.interchange.sheets import SheetKind
from matching.local.city.generating import City


def _write(path: Path, rows: Sequence[Mapping[str, str]]) -> Path:
    with path.open("w", encoding="utf-8", newline="") as file:
        sheet = csv.DictWriter(file, list(rows[0]))
        sheet.writeheader()
        sheet.writerows(rows)
    return path


@pytest.mark.parametrize("kind", ["volunteers", "groups", "needs", "commissioners", "proposals"])
def test_the_importer_reads_every_sheet_without_a_problem(
    city: City, tmp_path: Path, kind: SheetKind
) -> None:
    rows = getattr(city, kind)
    reading = read_sheet(_write(tmp_path / f"{kind}.csv", rows), kind)
    assert reading.problems == []
    assert len(reading.records) == len(rows)


def test_the_planner_fills_most_seats_and_leaves_a_ride_for_want_of_drivers(
    winter_city: City, tmp_path: Path
) -> None:
    for kind in ("volunteers", "needs", "proposals"):
        _write(tmp_path / f"{kind}.csv", getattr(winter_city, kind))
    today = winter_city.today.isoformat()
    (tmp_path / "options.json").write_text(json.dumps({"today": today}), encoding="utf-8")
    document = solve_folder(tmp_path, tmp_path / "out.json")
    assert document["problems"] == []
    assert len(document["assignments"]) > 0.75 * document["run"]["seats"]
    reasons = {row["reason"] for row in document["unplaced"]}
    assert {"no_eligible", "all_busy"} <= reasons
    assert not [n for n in winter_city.unreachable if document["candidates"].get(n)]

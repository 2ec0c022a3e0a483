"""Solving a folder of sheets: what is read, what is written, and that the bytes never change."""

import json
import os
import subprocess
import sys
from datetime import date
from pathlib import Path
from typing import Any

import pytest

import matching
from matching.interchange.engine_folder import load_folder, solve_folder
from matching.interchange.engine_inputs import FolderError
from tests.bad_rows import BAD, Bad
from tests.engine_sheets import NEEDS, VOLUNTEERS, folder

HERE = {"needs": ("needs.csv", 2), "volunteers": ("volunteers.csv", 2)}


def solved(path: Path) -> dict[str, Any]:
    out = path / "out.json"
    solve_folder(path, out)
    content: dict[str, Any] = json.loads(out.read_text(encoding="utf-8"))
    return content


def test_the_document_says_who_goes_where_and_when(tmp_path: Path) -> None:
    content = solved(folder(tmp_path / "in"))
    assert content["assignments"] == [
        {
            "need_id": "R2027-000001",
            "visit": 1,
            "volunteer_id": "V0000001",
            "date": "2027-01-21",
            "start": "09:00",
            "end": "10:00",
            "score": content["candidates"]["R2027-000001"][0]["score"],
        }
    ]
    assert content["unplaced"] == []
    best = content["candidates"]["R2027-000001"][0]
    assert sum(best["factors"].values()) == best["score"]
    assert (best["km"], best["travel_minutes"]) == (0.0, 5)
    assert content["excluded"] == {"R2027-000001": {"not_available": 1}}
    run = content["run"]
    assert (run["needs"], run["visits"], run["seats"], run["pairs"]) == (1, 1, 1, 1)
    assert (run["weighted_seats"], run["weighted_seats_bound"], run["gap"]) == (4, 4, 0.0)
    assert run["objective"] == run["bound"]
    assert (run["engine"], run["weights"], run["seconds"]) == ("1", "2026-11", 0.0)


def test_today_is_the_day_after_the_newest_reception_unless_said_otherwise(tmp_path: Path) -> None:
    problem, _ = load_folder(folder(tmp_path / "a"))
    assert problem.options.today == date(2027, 1, 18)
    told = folder(tmp_path / "b", options={"today": "2027-01-20", "horizon_days": 7})
    problem, _ = load_folder(told)
    assert (problem.options.today, problem.options.horizon_days) == (date(2027, 1, 20), 7)


def test_what_is_open_is_told_with_its_reason_and_the_nearest_person(tmp_path: Path) -> None:
    alone = folder(tmp_path / "in", volunteers=VOLUNTEERS[1:])
    assert solved(alone)["unplaced"] == [
        {
            "need_id": "R2027-000001",
            "visit": 1,
            "missing": 1,
            "reason": "no_eligible",
            "nearest": "V0000002 not_available",
        }
    ]


def test_blocks_bookings_and_a_minimum_are_kept(tmp_path: Path) -> None:
    block = [{"need_id": "R2027-000001", "volunteer_id": "V0000001"}]
    blocked = solved(folder(tmp_path / "a", blocks=block))
    assert blocked["excluded"]["R2027-000001"] == {"not_available": 1, "blocked": 1}
    booking = {
        "volunteer_id": "V0000001",
        "date": "2027-01-21",
        "start": "09:00",
        "end": "09:40",
        "lat": "38.93",
        "lon": "141.13",
    }
    booked = solved(folder(tmp_path / "b", bookings=[booking]))
    assert booked["assignments"][0]["start"] == "09:45"
    needs = [{**NEEDS[0], "headcount": "2", "min_headcount": "2"}]
    strict = solved(folder(tmp_path / "c", needs=needs))
    assert strict["assignments"] == []
    assert strict["unplaced"][0]["reason"] == "below_minimum"


def test_past_offers_feed_continuity_and_load(tmp_path: Path) -> None:
    past = {
        "proposal_id": "P1",
        "need_id": "R2027-000001",
        "volunteer_id": "V0000001",
        "category": "shopping",
        "proposed_at": "2027-01-10 09:00",
        "response": "accepted",
        "responded_at": "2027-01-10 12:00",
        "visit_date": "2027-01-12",
        "visit_minutes": "60",
        "outcome": "completed",
    }
    content = solved(folder(tmp_path / "in", proposals=[past]))
    factors = content["candidates"]["R2027-000001"][0]["factors"]
    assert factors["continuity"] == 50
    assert factors["fairness"] < 120


def test_bad_rows_are_reported_and_left_out(tmp_path: Path) -> None:
    volunteers = [*VOLUNTEERS, {**VOLUNTEERS[0], "name": "試験 四郎"}]
    bookings = [{"volunteer_id": "V0000001", "date": "someday", "start": "09:00", "end": "10:00"}]
    bad = folder(tmp_path / "in", volunteers=volunteers, bookings=bookings)
    content = solved(bad)
    where = {(found["file"], found["line"]) for found in content["problems"]}
    assert ("bookings.csv", 2) in where
    assert ("volunteers.csv", 5) in where
    assert len(content["assignments"]) == 1


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ("{", "not valid JSON"),
        ([1], "one object"),
        ({"horizon": 3}, "horizon"),
        ({"today": "tomorrow"}, "today"),
        ({"today": 20270118}, "today"),
        ({"today": "9999-12-31"}, "today must lie between"),
        ({"today": "0001-01-01"}, "today must lie between"),
        ({"weights": {"distance": 1e308}}, "from 0 to 1000000"),
        ({"weights": {"distance": 10**400}}, "from 0 to 1000000"),
        ("[" * 100_000, "not valid JSON"),
        ('{"weights": {"distance": NaN}}', "from 0 to 1000000"),
        ({"horizon_days": 0}, "horizon_days"),
        ({"horizon_days": 2.5}, "horizon_days"),
        ({"horizon_days": True}, "horizon_days"),
        ({"weights": {"luck": 3}}, "luck"),
        ({"weights": {"distance": -1}}, "[Ww]eights"),
        ({"weights": "2020-01"}, "weights"),
        ({"weights": {"distance": "much"}}, "weights"),
    ],
)
def test_options_that_cannot_be_understood_are_refused(
    tmp_path: Path, options: Any, said: str
) -> None:
    with pytest.raises(FolderError, match=said):
        load_folder(folder(tmp_path / "in", options=options))


def test_custom_weights_are_used_and_named(tmp_path: Path) -> None:
    content = solved(folder(tmp_path / "in", options={"weights": {"distance": 1000}}))
    assert content["run"]["weights"] == "custom"
    assert content["candidates"]["R2027-000001"][0]["factors"]["distance"] == 555  # 1000 of 1800


def test_a_folder_without_its_sheets_is_refused(tmp_path: Path) -> None:
    with pytest.raises(FolderError, match="not a folder"):
        load_folder(tmp_path / "nowhere")
    with pytest.raises(FolderError, match=r"volunteers\.csv is missing"):
        load_folder(tmp_path)
    folder(tmp_path).joinpath("needs.csv").unlink()
    with pytest.raises(FolderError, match=r"needs\.csv is missing"):
        load_folder(tmp_path)


def test_without_any_reception_the_first_day_asked_for_is_today(tmp_path: Path) -> None:
    late, soon = ({**NEEDS[0], "need_id": f"R{n}", "received_at": ""} for n in (1, 2))
    late["start_date"] = late["end_date"] = "2027-03-01"
    problem, _ = load_folder(folder(tmp_path / "in", needs=[late, soon]))
    assert problem.options.today.isoformat() == NEEDS[0]["start_date"]
    undated = {**late, "start_date": "", "end_date": ""}
    with pytest.raises(FolderError, match="which day"):
        load_folder(folder(tmp_path / "other", needs=[undated]))


def test_two_processes_write_the_same_bytes(tmp_path: Path) -> None:
    people = [
        {**VOLUNTEERS[n % 2], "volunteer_id": f"V{n:07d}", "name": f"試験 {n}"} for n in range(1, 9)
    ]
    asked = [
        {**NEEDS[0], "need_id": f"R{n}", "time_to": "12:00", "headcount": str(n % 3 + 1)}
        for n in range(1, 9)
    ]
    path = folder(tmp_path / "in", volunteers=people, needs=asked)
    written = []
    for number in ("1", "2"):
        out = tmp_path / f"out{number}.json"
        code = (
            "from pathlib import Path; import sys;"
            "from matching.interchange.engine_folder import solve_folder;"
            "solve_folder(Path(sys.argv[1]), Path(sys.argv[2]))"
        )
        root = str(Path(matching.__file__).parents[1])
        environment = {**os.environ, "PYTHONHASHSEED": number, "PYTHONPATH": root}
        subprocess.run(
            [sys.executable, "-c", code, str(path), str(out)], check=True, env=environment
        )
        written.append(out.read_bytes())
    assert written[0] == written[1]
    assert json.loads(written[0])["run"]["visits"] == 8


@pytest.mark.parametrize("deadline", [float("nan"), float("inf")])
def test_a_deadline_that_is_no_number_of_seconds_is_refused(
    tmp_path: Path, deadline: float
) -> None:
    with pytest.raises(FolderError, match="number of seconds"):
        solve_folder(folder(tmp_path / "in"), tmp_path / "out.json", deadline=deadline)
    assert not (tmp_path / "out.json").exists()


def test_a_minimum_that_can_be_met_is_a_column_like_others(tmp_path: Path) -> None:
    needs = [{**NEEDS[0], "headcount": "2", "min_headcount": "1"}]
    content = solved(folder(tmp_path / "in", needs=needs))
    assert (content["problems"], len(content["assignments"])) == ([], 1)


@pytest.mark.parametrize("least", ["-1", "0", "3"])
def test_a_minimum_that_nobody_can_mean_leaves_its_row_out(tmp_path: Path, least: str) -> None:
    needs = [
        {**NEEDS[0], "headcount": "2", "min_headcount": least},
        {**NEEDS[0], "need_id": "R2027-000009", "min_headcount": ""},
    ]
    content = solved(folder(tmp_path / "in", needs=needs))
    assert [(found["file"], found["line"]) for found in content["problems"]] == [("needs.csv", 2)]
    assert {a["need_id"] for a in content["assignments"]} == {"R2027-000009"}
    assert content["run"]["needs"] == 1


BOOKING = {
    "volunteer_id": "V0000001",
    "date": "2027-01-21",
    "start": "09:00",
    "end": "09:40",
    "lat": "38.93",
    "lon": "141.13",
}


@pytest.mark.parametrize(
    ("cells", "said"),
    [
        ({"volunteer_id": "V9"}, "V9"),
        ({"date": ""}, "date"),
        ({"start": "99:00"}, "99:00"),
        ({"end": "09:75"}, "09:75"),
        ({"end": "24:01"}, "24:01"),
        ({"end": "09:00"}, "not after"),
    ],
)
def test_a_booking_that_cannot_be_used_is_reported(
    tmp_path: Path, cells: dict[str, str], said: str
) -> None:
    content = solved(folder(tmp_path / "in", bookings=[BOOKING | cells]))
    assert [(f["file"], f["line"], f["severity"]) for f in content["problems"]] == [
        ("bookings.csv", 2, "error")
    ]
    assert said in content["problems"][0]["text"]
    assert content["assignments"][0]["start"] == "09:00"


@pytest.mark.parametrize(
    "place", [("nan", "141.13"), ("38.93", "inf"), ("", ""), ("38.93", ""), ("95", "200")]
)
def test_a_booking_nowhere_is_reported_and_still_takes_its_time(
    tmp_path: Path, place: tuple[str, str]
) -> None:
    lost = BOOKING | {"lat": place[0], "lon": place[1]}
    content = solved(folder(tmp_path / "in", bookings=[lost]))
    assert [(f["file"], f["line"], f["code"]) for f in content["problems"]] == [
        ("bookings.csv", 2, "place_unknown")
    ]
    assert content["assignments"][0]["start"] == "09:45"


def test_a_block_of_somebody_unknown_is_reported(tmp_path: Path) -> None:
    blocks = [
        {"need_id": "R2027-000001", "volunteer_id": "V9"},
        {"need_id": "R9", "volunteer_id": "V0000001"},
        {"need_id": "R2027-000002", "volunteer_id": "V0000003"},
    ]
    content = solved(folder(tmp_path / "in", blocks=blocks))
    assert [found["line"] for found in content["problems"]] == [2, 3]
    assert len(content["assignments"]) == 1


@pytest.mark.parametrize(
    ("name", "row", "missing"),
    [
        ("blocks", {"need": "R2027-000001", "volunteer_id": "V0000001"}, "need_id"),
        ("bookings", {"volunteer_id": "V0000001", "date": "2027-01-21"}, "start, end"),
    ],
)
def test_a_table_without_its_headings_is_refused_and_never_planned_over(
    tmp_path: Path, name: str, row: dict[str, str], missing: str
) -> None:
    with pytest.raises(FolderError, match=rf"{name}\.csv 1 {missing}: the heading is missing"):
        load_folder(folder(tmp_path / "in", **{name: [row]}))


@pytest.mark.parametrize("column", ["max_distance_km", "max_hours_per_month", "notice_days"])
def test_a_limit_that_cannot_be_read_pauses_the_person_instead_of_lifting_it(
    tmp_path: Path, column: str
) -> None:
    volunteers = [{**VOLUNTEERS[0], column: "a few"}, *VOLUNTEERS[1:]]
    content = solved(folder(tmp_path / "in", volunteers=volunteers))
    assert content["assignments"] == []
    told = {(p["file"], p["line"], p["column"], p["code"]) for p in content["problems"]}
    assert ("volunteers.csv", 2, column, "limit_unreadable") in told


@pytest.mark.parametrize("row", BAD.values(), ids=BAD)
def test_a_row_that_makes_no_sense_is_named_and_left_out_or_stays_unplaced(
    tmp_path: Path, row: Bad
) -> None:
    rows = NEEDS if row.sheet == "needs" else VOLUNTEERS
    content = solved(folder(tmp_path / "in", **{row.sheet: [{**rows[0], **row.cells}, *rows[1:]]}))
    assert content["assignments"] == []
    named = {p["code"] for p in content["problems"] if (p["file"], p["line"]) == HERE[row.sheet]}
    assert row.code is None or row.code in named
    need = str(NEEDS[0]["need_id"])
    if row.sheet == "needs" and not row.kept:
        assert need not in content["candidates"]
        return
    [open_visit] = content["unplaced"]
    assert (open_visit["need_id"], open_visit["reason"]) == (need, "no_eligible")
    others = {"not_available": 1}
    if row.gate is not None:
        assert content["excluded"][need].get(row.gate, 0) >= 1
        others = {}
    assert others.items() <= content["excluded"][need].items()


@pytest.mark.parametrize(
    ("sheet", "column"), [("needs", "need_id"), ("volunteers", "volunteer_id")]
)
def test_an_id_given_twice_is_named_and_counts_once(
    tmp_path: Path, sheet: str, column: str
) -> None:
    rows = NEEDS if sheet == "needs" else VOLUNTEERS
    content = solved(
        folder(tmp_path / "in", **{sheet: [rows[0], {**rows[1], column: rows[0][column]}]})
    )
    told = {(p["file"], p["line"], p["column"]) for p in content["problems"]}
    assert (f"{sheet}.csv", 3, column) in told
    assert [a["volunteer_id"] for a in content["assignments"]] == ["V0000001"]


def test_with_none_but_refused_needs_their_problems_are_told(tmp_path: Path) -> None:
    needs = [{**NEEDS[0], "headcount": "many"}]
    with pytest.raises(FolderError, match=r"no row that can be used:\nneeds\.csv 2 headcount: "):
        load_folder(folder(tmp_path / "in", needs=needs))

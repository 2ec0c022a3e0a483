"""Foreign layouts are described in a file and read by it; a wrong description is refused."""

from pathlib import Path

import pytest

from matching.interchange.mapping import load_mapping
from matching.interchange.problems import SheetError
from matching.interchange.reading import SheetReading, read_sheet
from tests.interchange.sheet_files import codes, csv_bytes, read

ROWS = [
    ("Id", "Org", "What", "About", "People", "From", "To", "Kind", "Where", "Zip", "State", "Prio"),
    (
        "17",
        "Green Hands",
        "Plant day ",
        "We plant trees",
        "3000",
        "March 5 2027",
        "March 6 2027",
        "ONETIME",
        "1 Main St\nSpringfield\n(40.5, -73.5)",
        "10010.0",
        "approved",
        "",
    ),
    (
        "18",
        "Kitchen",
        "Cook soup",
        "",
        "2",
        "April 1 2027",
        "",
        "ongoing",
        "",
        "10026.0",
        "approved",
        "y",
    ),
    ("19", "Spam", "Buy", "", "1", "May 1 2027", "", "", "", "", " Rejected ", ""),
    ("20", "Late", "Chat", "", "1", "soon", "", "", "", "", "approved", ""),
]
MAP = """
sheet = "needs"
ignore_others = true
date_formats = ["%B %d %Y"]
[columns]
need_id = "Id"
requester_name = "Org"
title = "What"
headcount = "People"
start_date = "From"
end_date = "To"
recurrence = "Kind"
address = "Where"
urgency = "Prio"
[templates]
address = "ZIP {Zip}"
note = "{What}: {About}"
[prefixes]
need_id = "X-"
[constants]
channel = "web"
[defaults]
urgency = "normal"
[remove]
address = '\\s*\\([-0-9., ]+\\)$|\\.0$'
[extract.lat]
heading = "Where"
pattern = '\\((-?[0-9.]+),'
[extract.lon]
heading = "Where"
pattern = ', (-?[0-9.]+)\\)'
[values.recurrence]
onetime = "once"
ongoing = "as_needed"
[values.urgency]
y = "high"
[at_most]
headcount = 200
[category]
from = ["What", "About"]
default = "other"
rules = [{ code = "meal", words = ["cook"] }, { code = "environment", words = ["tree", "plant"] }]
[[skip]]
heading = "State"
values = ["rejected"]
"""


def read_mapped(folder: Path, layout: str = MAP) -> SheetReading:
    """What is read from ROWS by this layout."""
    (folder / "map.toml").write_text(layout, encoding="utf-8")
    (folder / "rows.csv").write_bytes(csv_bytes(ROWS))
    return read_sheet(folder / "rows.csv", "needs", load_mapping(folder / "map.toml"))


def test_a_foreign_row_becomes_a_need(tmp_path: Path) -> None:
    assert read_mapped(tmp_path).records[0] == {
        "need_id": "X-17",
        "channel": "web",
        "requester_name": "Green Hands",
        "address": "1 Main St Springfield",
        "lat": "40.5",
        "lon": "-73.5",
        "category": "environment",
        "title": "Plant day",
        "headcount": "200",
        "start_date": "2027-03-05",
        "end_date": "2027-03-06",
        "recurrence": "once",
        "urgency": "normal",
        "note": "Plant day: We plant trees",
    }


def test_templates_defaults_and_values_fill_where_cells_are_empty(tmp_path: Path) -> None:
    record = read_mapped(tmp_path).records[1]
    assert (record["address"], record["lat"]) == ("ZIP 10026", "")
    assert (record["recurrence"], record["urgency"]) == ("as_needed", "high")
    assert record["category"] == "meal"


def test_every_row_is_imported_or_named_with_its_reason(tmp_path: Path) -> None:
    reading = read_mapped(tmp_path)
    assert codes(reading) == [
        (2, "number_limited"),
        (2, "coordinates_outside_japan"),
        (6, "row_skipped"),
        (7, "date_invalid"),
    ]
    assert (reading.rows, len(reading.records), reading.refused) == (3, 2, [7])
    named = {(problem.line, problem.column) for problem in reading.problems}
    assert named >= {(2, "People"), (7, "From")}


def test_unused_headings_are_reported_unless_ignored(tmp_path: Path) -> None:
    reading = read_mapped(tmp_path, MAP.replace("ignore_others = true", "") + "")
    assert "column_not_used" not in {code for _, code in codes(reading)}
    without_zip = MAP.replace("ignore_others = true", "").replace("ZIP {Zip}", "{Where}")
    unused = [p.column for p in read_mapped(tmp_path, without_zip).problems if p.line == 1]
    assert unused == ["Zip"]


@pytest.mark.parametrize(
    ("change", "named"),
    [
        (('sheet = "needs"', 'sheet = "cats"'), "sheet"),
        (("[prefixes]", "[prefix]"), "prefix"),
        (('title = "What"', 'titel = "What"'), "titel"),
        (('title = "What"', 'title = "Nope"'), "Nope"),
        (("ignore_others = true", "ignore_others = 1"), "ignore_others"),
        (("headcount = 200", 'headcount = "many"'), "at_most"),
        (("pattern = '\\((-?[0-9.]+),'", "pattern = '['"), "extract"),
        (("pattern = '\\((-?[0-9.]+),'", "pattern = 'x'"), "extract"),
        (('requester_name = "Org"', ""), "依頼者氏名"),
        (("[columns]", "[columns"), "map.toml"),
    ],
)
def test_a_wrong_description_is_refused_by_the_key_to_correct(
    tmp_path: Path, change: tuple[str, str], named: str
) -> None:
    layout = MAP.replace(*change)
    assert layout != MAP
    try:
        refusal = read_mapped(tmp_path, layout).refusal
    except SheetError as refused:
        refusal = refused.problem
    assert refusal is not None
    assert named in refusal.text


def test_a_layout_for_another_sheet_is_refused(tmp_path: Path) -> None:
    read_mapped(tmp_path)
    mapping = load_mapping(tmp_path / "map.toml")
    refusal = read_sheet(tmp_path / "rows.csv", "groups", mapping).refusal
    assert refusal is not None
    assert refusal.code == "map_invalid"


def test_the_layout_of_the_documentation_is_a_good_one(checkout: Path) -> None:
    mapping = load_mapping(checkout / "docs" / "examples" / "nyc.toml")
    assert mapping.sheet == "needs"
    assert {"opportunity_id", "locality", "start_date_date"} <= mapping.headings()


def test_a_name_of_nothing_but_nul_is_a_missing_name(tmp_path: Path) -> None:
    layout = tmp_path / "layout.toml"
    layout.write_text(
        'sheet = "volunteers"\n[constants]\nname = "\\u0000"\n[columns]\nnote = "備考"\n',
        encoding="utf-8",
    )
    reading = read(tmp_path, csv_bytes([("備考",), ("x",)]), mapping=load_mapping(layout))
    assert codes(reading) == [(2, "required_missing")]
    assert reading.records == []


def test_a_layout_that_cannot_be_opened_is_named(tmp_path: Path) -> None:
    with pytest.raises(SheetError, match=r"対応表「nowhere\.toml」を開けません"):
        load_mapping(tmp_path / "nowhere.toml")
    (tmp_path / "old.toml").write_bytes("sheet = '名簿'".encode("cp932"))
    with pytest.raises(SheetError, match="UTF-8で保存し直して"):
        load_mapping(tmp_path / "old.toml")

"""Every row becomes a record or a refusal with its line, column, code and what to do."""

import json
from pathlib import Path
from time import process_time

import pytest

from matching.interchange.limits import Limits
from matching.interchange.problems import CATALOGUE
from matching.interchange.reading import read_sheet
from matching.interchange.sheets import SHEETS, columns_of
from tests.interchange.sheet_files import codes, csv_bytes, read, read_rows

NEED = ("依頼者", "区分", "内容", "人数", "希望日", "終了日", "開始", "終了", "曜日", "状態")


def need(**cells: str) -> tuple[str, ...]:
    """A row of a needs sheet with these cells."""
    values = {"依頼者": "佐藤 清", "区分": "雪かき", "内容": "玄関", "希望日": "2027-01-20"} | cells
    return tuple(values.get(heading, "") for heading in NEED)


def test_blank_rows_sums_remarks_and_repeated_headers_are_no_rows(tmp_path: Path) -> None:
    header = ("登録番号", "氏名", "電話番号")
    rows = [
        header,
        ("1", "佐藤 清", ""),
        ("", "　", ""),
        header,
        ("小計", "", "1"),
        ("2", "千葉 正", ""),
        ("", "合　計", "2名"),
        ("※印は要確認", "", ""),
        ("計", "", ""),
    ]
    reading = read_rows(tmp_path, rows)
    assert [record["volunteer_id"] for record in reading.records] == ["1", "2"]
    assert (reading.lines, reading.rows, codes(reading)) == ([2, 6], 2, [])


def test_a_person_whose_name_begins_like_a_sum_is_a_row(tmp_path: Path) -> None:
    rows = [("氏名", "電話番号", "備考"), ("計良 一", "", ""), ("合計 花子", "", "")]
    assert len(read_rows(tmp_path, rows).records) == 2


def test_the_same_row_again_is_refused_and_the_first_kept(tmp_path: Path) -> None:
    row = ("7", "佐藤 清", "0191-00-1111")
    reading = read_rows(tmp_path, [("登録番号", "氏名", "電話番号"), row, row])
    assert (len(reading.records), reading.refused) == (1, [3])
    problem = reading.problems[0]
    assert (problem.line, problem.column, problem.code, problem.severity) == (
        3,
        "登録番号",
        "row_repeated",
        "error",
    )


def test_the_same_number_with_other_facts_is_refused_as_such(tmp_path: Path) -> None:
    rows = [("登録番号", "氏名", "電話番号"), ("7", "佐藤 清", ""), ("７", "千葉 正", "")]
    assert codes(read_rows(tmp_path, rows)) == [(3, "id_repeated")]


def test_equal_rows_without_numbers_are_one_row(tmp_path: Path) -> None:
    rows = [("氏名", "電話番号", "備考"), ("佐藤 清", "", ""), ("佐藤　清", "", "")]
    assert codes(read_rows(tmp_path, rows)) == [(3, "row_repeated")]


def test_a_column_that_only_counts_the_rows_is_no_registration_number(tmp_path: Path) -> None:
    rows = [("No", "氏名", "電話番号"), ("1", "佐藤 清", ""), ("2", "千葉 正", ""), ("3", "", "")]
    reading = read_rows(tmp_path, rows)
    assert [record["name"] for record in reading.records] == ["佐藤 清", "千葉 正"]
    assert all("volunteer_id" not in record for record in reading.records)
    assert reading.columns["No"] is None
    assert (reading.rows, codes(reading)) == (2, [])


def test_a_count_that_begins_again_on_each_page_is_still_a_count(tmp_path: Path) -> None:
    rows = [("No.", "氏名", "電話番号")]
    rows += [(n, f"人{page}{n}", "") for page in "甲乙" for n in ("1", "2")]
    reading = read_rows(tmp_path, rows)
    assert (len(reading.records), codes(reading)) == (4, [])


def test_a_number_column_with_gaps_is_the_registration_number(tmp_path: Path) -> None:
    rows = [("No", "氏名", "電話番号"), ("12", "佐藤 清", ""), ("17", "千葉 正", "")]
    assert [r["volunteer_id"] for r in read_rows(tmp_path, rows).records] == ["12", "17"]


def test_an_unreadable_cell_is_left_empty_and_the_row_stays(tmp_path: Path) -> None:
    rows = [
        ("氏名", "生年月日", "電話番号", "活動できる日時", "備考"),
        ("佐藤 清", "昭和二十年頃", "同上", "放課後", "雪"),
    ]
    reading = read_rows(tmp_path, rows)
    assert reading.records[0] == {
        "name": "佐藤 清",
        "birth_date": "",
        "birth_date_text": "昭和二十年頃",
        "phone": "",
        "phone_text": "同上",
        "availability": "",
        "availability_text": "放課後",
        "note": "雪",
    }
    assert [(p.column, p.code, p.severity) for p in reading.problems] == [
        ("生年月日", "date_invalid", "error"),
        ("電話番号", "phone_invalid", "error"),
        ("活動できる日時", "availability_not_read", "warning"),
    ]
    assert reading.unread == {(2, "birth_date"), (2, "phone"), (2, "availability")}


@pytest.mark.parametrize(
    ("cells", "column", "code"),
    [
        ({"依頼者": ""}, "依頼者", "required_missing"),
        ({"依頼者": "〃"}, "依頼者", "ditto_mark"),
        ({"区分": ""}, "区分", "required_missing"),
        ({"内容": "　"}, "内容", "required_missing"),
        ({"内容": "#REF!"}, "内容", "cell_error"),
        ({"希望日": "来週"}, "希望日", "date_invalid"),
        ({"希望日": "令和9年1月"}, "希望日", "date_incomplete"),
        ({"希望日": "1/20"}, "希望日", "year_missing"),
        ({"終了日": "月末"}, "終了日", "date_invalid"),
        ({"終了日": "2027-01-19"}, "終了日", "range_reversed"),
        ({"開始": "夕方"}, "開始", "time_not_exact"),
        ({"終了": "25:00"}, "終了", "time_invalid"),
        ({"開始": "10:00", "終了": "9:00"}, "終了", "range_reversed"),
        ({"人数": "若干名"}, "人数", "number_invalid"),
        ({"人数": "0"}, "人数", "number_out_of_range"),
        ({"人数": "500"}, "人数", "number_out_of_range"),
    ],
)
def test_a_need_is_refused_where_a_match_would_stand_on_what_was_not_read(
    tmp_path: Path, cells: dict[str, str], column: str, code: str
) -> None:
    reading = read_rows(tmp_path, [NEED, need(**cells), need(依頼者="千葉 正")], "needs")
    assert [r["requester_name"] for r in reading.records] == ["千葉 正"]
    assert reading.refused == [2]
    assert [(p.column, p.code, p.severity) for p in reading.problems] == [(column, code, "error")]


def test_a_need_without_a_day_is_put_on_hold(tmp_path: Path) -> None:
    reading = read_rows(
        tmp_path, [NEED, need(希望日="未定"), need(希望日="", 状態="完了")], "needs"
    )
    assert [record["status"] for record in reading.records] == ["on_hold", "done"]
    assert codes(reading) == [(2, "start_date_open")]


def test_a_need_with_a_condition_nobody_can_read_is_put_on_hold(tmp_path: Path) -> None:
    reading = read_rows(tmp_path, [NEED, need(曜日="第2火曜", 状態="受付中")], "needs")
    assert (reading.records[0]["status"], reading.records[0]["weekdays"]) == ("on_hold", "")
    assert codes(reading) == [(2, "weekday_invalid"), (2, "condition_unclear")]


def test_an_unknown_activity_keeps_its_words(tmp_path: Path) -> None:
    record = read_rows(tmp_path, [NEED, need(区分="手品の披露")], "needs").records[0]
    assert (record["category"], record["category_text"]) == ("other", "手品の披露")


def test_one_cell_may_hold_both_ends_of_a_window(tmp_path: Path) -> None:
    rows = [
        ("依頼者", "区分", "内容", "希望日", "時間"),
        ("佐藤", "雪かき", "x", "2027-01-20", "9-11"),
    ]
    record = read_rows(tmp_path, rows, "needs").records[0]
    assert (record["time_from"], record["time_to"]) == ("09:00", "11:00")
    assert "time_range" not in record


def test_coordinates_are_judged_as_a_pair(tmp_path: Path) -> None:
    header = ("氏名", "緯度", "経度")
    rows = [("一", "141.1", "38.9"), ("二", "0", "0"), ("三", "38.9", ""), ("四", "40.7", "-74.0")]
    reading = read_rows(tmp_path, [header, *rows])
    points = [(r["lat"], r["lon"]) for r in reading.records]
    assert points == [("38.9", "141.1"), ("", ""), ("", ""), ("40.7", "-74")]
    assert codes(reading) == [
        (2, "coordinates_swapped"),
        (3, "coordinates_zero"),
        (4, "coordinates_incomplete"),
        (5, "coordinates_outside_japan"),
    ]


def test_a_coordinate_off_the_globe_is_named_as_typed(tmp_path: Path) -> None:
    reading = read_rows(tmp_path, [("氏名", "緯度", "経度"), ("一", "95.5", "141.0")])
    [found] = [each for each in reading.problems if each.code == "coordinate_invalid"]
    assert "「95.5」" in found.text


def test_formulas_and_markup_are_stored_as_typed(tmp_path: Path) -> None:
    typed = ["=1+1", "@SUM(A1)", "\t=1", "<script>x</script>", "'=1", "Robert'); DROP TABLE x;--"]
    rows = [("氏名", "電話番号", "備考"), *((f"人{n}", "", t) for n, t in enumerate(typed))]
    assert [record["note"] for record in read_rows(tmp_path, rows).records] == typed


def test_a_cell_longer_than_a_spreadsheet_allows_is_left_empty(tmp_path: Path) -> None:
    rows = [("氏名", "電話番号", "備考"), ("佐藤 清", "", "長" * 32_768)]
    reading = read_rows(tmp_path, rows)
    assert (reading.records[0]["note"], codes(reading)) == ("", [(2, "cell_too_long")])


@pytest.mark.parametrize(
    ("limits", "code"),
    [
        (Limits(file_bytes=20), "file_too_large"),
        (Limits(rows=2), "too_many_rows"),
        (Limits(columns=2), "too_many_columns"),
    ],
)
def test_a_file_beyond_a_limit_is_refused_whole(tmp_path: Path, limits: Limits, code: str) -> None:
    rows = [("氏名", "電話番号", "備考"), *((f"人{n}", "", "") for n in range(3))]
    reading = read(tmp_path, csv_bytes(rows), limits=limits)
    assert reading.refusal is not None
    assert (reading.refusal.code, reading.refusal.line, reading.records) == (code, 0, [])


def test_a_million_rows_are_refused_quickly(tmp_path: Path) -> None:
    source = tmp_path / "million.csv"
    source.write_bytes("氏名,電話番号,備考\n".encode() + b"A,,\n" * 1_000_000)
    began = process_time()
    reading = read_sheet(source, "volunteers")
    assert process_time() - began < 5
    assert reading.refusal is not None
    assert reading.refusal.code == "too_many_rows"


def test_a_missing_file_is_one_sentence(tmp_path: Path) -> None:
    reading = read_sheet(tmp_path / "ない.csv", "volunteers")
    assert reading.refusal is not None
    assert (reading.refusal.code, "ない.csv" in reading.refusal.text) == ("file_missing", True)


def test_of_a_device_without_an_end_no_more_is_read_than_a_file_may_have() -> None:
    refusal = read_sheet(Path("/dev/zero"), "volunteers", limits=Limits(file_bytes=2000)).refusal
    assert refusal is not None
    assert refusal.code == "file_too_large"


def test_a_folder_is_no_sheet(tmp_path: Path) -> None:
    refusal = read_sheet(tmp_path, "volunteers").refusal
    assert refusal is not None
    assert refusal.code == "file_missing"


def test_every_problem_says_what_it_is_about_and_what_to_do() -> None:
    for code, (severity, text) in CATALOGUE.items():
        assert text.endswith("。"), code
        asks = ("ください", "ました", "ません", "ます")
        assert any(word in text for word in asks), code
        assert severity in {"error", "warning", "info"}


def test_twelve_thousand_volunteers_are_read_in_seconds(tmp_path: Path) -> None:
    names = [column.name for column in columns_of("volunteers") if not column.extra]
    rows = [names]
    for n in range(12_000):
        cells = {
            "volunteer_id": f"V{n:07d}",
            "name": f"佐藤 {n}",
            "birth_date": f"19{n % 50 + 40}-0{n % 9 + 1}-1{n % 10}",
            "phone": f"0900000{n % 10_000:04d}",
            "lat": f"38.{n:06d}",
            "lon": f"141.{n:06d}",
            "categories": "snow_removal;watch",
            "availability": "Mon 09:00-12:00;Sat 13:00-17:00",
        }
        rows.append([cells.get(name, "") for name in names])
    content = csv_bytes(rows)
    began = process_time()
    reading = read(tmp_path, content)
    assert process_time() - began < 4
    assert (len(reading.records), reading.problems) == (12_000, [])


def test_every_sheet_has_one_id_column_first() -> None:
    for columns in SHEETS.values():
        assert [c.weight for c in columns].count("id") == 1
        assert columns[0].weight == "id"
        assert json.dumps([c.name for c in columns])


@pytest.mark.parametrize("heading", ["氏名", "依頼者"])
def test_a_required_text_longer_than_its_column_refuses_its_row_alone(
    tmp_path: Path, heading: str
) -> None:
    people = [(heading, "電話番号", "備考"), ("甲" * 201, "", ""), ("甲" * 200, "", "")]
    needs = [NEED, need(依頼者="甲" * 201), need(依頼者="甲" * 200)]
    is_need = heading == "依頼者"
    reading = read_rows(tmp_path, needs, "needs") if is_need else read_rows(tmp_path, people)
    assert (len(reading.records), reading.refused) == (1, [2])
    problem = next(p for p in reading.problems if p.line == 2)
    assert (problem.column, problem.code, problem.severity) == (heading, "text_too_long", "error")
    assert "上限 200 文字" in problem.text
    assert "甲甲" not in problem.text


def test_what_is_asked_for_may_have_two_thousand_characters(tmp_path: Path) -> None:
    rows = [NEED, need(内容="雪" * 2001), need(内容="雪" * 2000)]
    reading = read_rows(tmp_path, rows, "needs")
    assert codes(reading) == [(2, "text_too_long")]
    assert "上限 2,000 文字" in reading.problems[0].text
    assert reading.lines == [3]


def test_a_text_too_long_that_is_not_required_leaves_its_cell_empty(tmp_path: Path) -> None:
    rows = [("氏名", "フリガナ", "電話番号"), ("佐藤 清", "サ" * 201, "")]
    reading = read_rows(tmp_path, rows)
    assert reading.records == [{"name": "佐藤 清", "name_kana": "", "phone": ""}]
    assert (codes(reading), (2, "name_kana") in reading.unread) == ([(2, "text_too_long")], True)


def test_a_least_number_that_cannot_be_read_refuses_the_row(tmp_path: Path) -> None:
    rows = [(*NEED, "最少人数"), (*need(), "-1"), (*need(), "0"), (*need(), "2")]
    reading = read_rows(tmp_path, rows, "needs")
    assert codes(reading) == [(2, "number_invalid"), (3, "number_out_of_range")]
    assert (reading.refused, reading.columns["最少人数"]) == ([2, 3], "min_headcount")
    assert reading.records[0]["min_headcount"] == "2"

"""The header is found wherever people put it, under whatever names."""

from pathlib import Path

import pytest

from matching.interchange.headers import fold_heading, known_headings
from matching.interchange.sheets import SHEETS, SheetKind, columns_of
from tests.interchange.sheet_files import codes, csv_bytes, read, read_rows


@pytest.mark.parametrize(
    "typed",
    ["氏名", "氏　名", "氏\n名", "※氏名", "氏名*", "氏名（必須）", "＊ 氏 名 (必須) ", "ＮＡＭＥ"],
)
def test_one_heading_is_known_in_many_writings(typed: str) -> None:
    assert known_headings("volunteers")[fold_heading(typed)] == "name"


@pytest.mark.parametrize("kind", list(SHEETS))
def test_every_column_is_known_by_heading_and_by_name(kind: SheetKind) -> None:
    known = known_headings(kind)
    for column in columns_of(kind):
        assert known[fold_heading(column.heading)] == column.name
        assert known[fold_heading(column.name)] == column.name


@pytest.mark.parametrize(
    ("kind", "heading", "field"),
    [
        ("volunteers", "活動日", "availability"),
        ("groups", "活動日", "meeting"),
        ("needs", "活動日", "start_date"),
        ("proposals", "活動日", "visit_date"),
        ("volunteers", "団体番号", "group_id"),
        ("needs", "民生委員", "proxy_name"),
        ("needs", "℡", "phone"),
        ("volunteers", "№", "volunteer_id"),
    ],
)
def test_the_sheet_decides_what_a_heading_means(kind: SheetKind, heading: str, field: str) -> None:
    assert known_headings(kind)[fold_heading(heading)] == field


def test_title_rows_above_the_header_are_passed_over(tmp_path: Path) -> None:
    rows = [
        ("令和9年度　ボランティア名簿", "", ""),
        ("", "", ""),
        ("作成日", "R9.1.18", "担当　千葉"),
        ("氏名", "電話番号", "備考"),
        ("佐藤 清", "", ""),
    ]
    reading = read_rows(tmp_path, rows)
    assert (reading.records[0]["name"], reading.lines) == ("佐藤 清", [5])


def test_a_header_below_the_tenth_row_is_not_looked_for(tmp_path: Path) -> None:
    rows = [("注意", "", "")] * 10 + [("氏名", "電話番号", "備考"), ("佐藤 清", "", "")]
    reading = read_rows(tmp_path, rows)
    assert reading.refusal is not None
    assert reading.refusal.code == "header_not_found"
    assert reading.records == []


def test_a_sheet_of_two_known_columns_is_read(tmp_path: Path) -> None:
    assert read_rows(tmp_path, [("氏名", "備考"), ("佐藤 清", "雪")]).records == [
        {"name": "佐藤 清", "note": "雪"}
    ]


def test_two_header_rows_are_joined(tmp_path: Path) -> None:
    rows = [
        ("受付", "", "依頼者", "", "", "民生委員", "", "依頼", ""),
        ("番号", "日", "氏名", "フリガナ", "電話", "氏名", "電話", "区分", "内容"),
        ("12", "R9.1.18", "佐藤 清", "サトウ", "0191-00-1111", "千葉 正", "", "雪かき", "玄関"),
    ]
    reading = read_rows(tmp_path, rows, "needs")
    assert reading.records[0] == {
        "need_id": "12",
        "received_at": "2027-01-18",
        "requester_name": "佐藤 清",
        "requester_kana": "サトウ",
        "phone": "0191001111",
        "proxy_name": "千葉 正",
        "proxy_phone": "",
        "category": "snow_removal",
        "title": "玄関",
    }
    assert reading.columns["民生委員 電話"] == "proxy_phone"
    assert reading.lines == [3]


def test_a_data_row_is_never_taken_for_a_second_header_row(tmp_path: Path) -> None:
    rows = [("氏名", "", "電話番号", "連絡方法"), ("佐藤 清", "メモ", "", "電話")]
    reading = read_rows(tmp_path, rows)
    assert reading.records[0]["name"] == "佐藤 清"


def test_unknown_and_repeated_headings_are_reported_by_name(tmp_path: Path) -> None:
    rows = [("氏名", "血液型", "電話", "連絡先", "備考"), ("佐藤 清", "A", "0191-00-1111", "x", "")]
    reading = read_rows(tmp_path, rows)
    found = [(p.column, p.code, p.severity) for p in reading.problems]
    assert found == [
        ("血液型", "column_not_used", "warning"),
        ("連絡先", "column_repeated", "warning"),
    ]
    assert reading.records[0]["phone"] == "0191001111"
    assert reading.columns["血液型"] is None


def test_two_columns_of_codes_become_one_list(tmp_path: Path) -> None:
    rows = [("氏名", "資格", "特技"), ("佐藤 清", "普通免許", "傾聴"), ("千葉 正", "", "手話")]
    reading = read_rows(tmp_path, rows)
    assert [r["skills"] for r in reading.records] == ["driving;listening", "sign_language"]
    assert codes(reading) == []


def test_a_sheet_without_a_required_column_is_refused_by_its_name(tmp_path: Path) -> None:
    reading = read_rows(tmp_path, [("電話番号", "住所", "備考"), ("", "", "x")])
    assert reading.refusal is not None
    assert reading.refusal.code == "column_missing"
    assert "氏名" in reading.refusal.text


def test_a_header_without_rows_says_so(tmp_path: Path) -> None:
    reading = read_rows(tmp_path, [("氏名", "電話番号", "備考")])
    assert (reading.rows, codes(reading)) == (0, [(0, "no_rows")])


@pytest.mark.parametrize("kind", list(SHEETS))
def test_our_own_english_header_is_read_for_every_sheet(tmp_path: Path, kind: SheetKind) -> None:
    header = [column.name for column in columns_of(kind) if not column.extra]
    reading = read(tmp_path, csv_bytes([header]), kind)
    assert [name for name in reading.columns.values() if name] == header

"""Excel workbooks: typed cells, merged cells, formulas, and files meant to do harm."""

import zipfile
from datetime import date, datetime, time, timedelta
from functools import partial
from io import BytesIO
from pathlib import Path

import pytest
from openpyxl import Workbook

from matching.interchange.limits import Limits
from tests.interchange.sheet_files import codes, read, workbook_bytes

moment = partial(datetime, tzinfo=None)  # a workbook knows local times only
HEADER = ("登録番号", "氏名", "生年月日", "電話番号", "備考")


def test_typed_cells_read_as_a_person_would_have_typed_them(tmp_path: Path) -> None:
    rows = [
        (*HEADER, "月の上限時間", "車の有無"),
        (1, "佐藤 清", date(1950, 3, 3), "0191-00-1111", 12.5, 4.0, True),
        (2.0, "千葉 正", moment(1951, 4, 5, 0, 0), 191001111, "文", "５", None),
    ]
    reading = read(tmp_path, workbook_bytes(rows))
    first, second = reading.records
    assert reading.encoding == "xlsx"
    assert (first["volunteer_id"], first["birth_date"]) == ("1", "1950-03-03")
    assert (first["note"], first["max_hours_per_month"]) == ("12.5", "4")
    assert (second["volunteer_id"], second["birth_date"]) == ("2", "1951-04-05")
    assert second["phone"] == "0191001111"
    assert (3, "phone_leading_zero_restored") in codes(reading)


def test_times_and_durations_of_excel_are_read(tmp_path: Path) -> None:
    rows = [
        ("依頼者", "区分", "内容", "受付日時", "希望日", "開始", "終了", "所要時間"),
        (
            "佐藤",
            "雪かき",
            "玄関",
            moment(2027, 1, 18, 9, 5),
            moment(2027, 1, 20),
            time(9, 0),
            time(11, 30),
            timedelta(minutes=90),
        ),
    ]
    record = read(tmp_path, workbook_bytes(rows), "needs").records[0]
    assert record["received_at"] == "2027-01-18 09:05"
    assert (record["time_from"], record["time_to"]) == ("09:00", "11:30")
    assert record["duration_minutes"] == "90"


def test_merged_cells_fill_right_and_down(tmp_path: Path) -> None:
    rows = [
        ("ボランティア名簿", None, None, None, None),
        ("登録番号", "本人", None, "地域", "備考"),
        (None, "氏名", "電話番号", None, None),
        ("1", "佐藤 清", "0191-00-1111", "花泉", "雪"),
        ("2", "千葉 正", "0191-00-2222", None, None),
    ]
    merged = ("A1:E1", "A2:A3", "B2:C2", "D2:D3", "E2:E3", "D4:D5", "E4:E5")
    reading = read(tmp_path, workbook_bytes(rows, *merged))
    assert [r["district"] for r in reading.records] == ["花泉", "花泉"]
    assert [r["note"] for r in reading.records] == ["雪", "雪"]
    assert reading.columns == {
        "登録番号": "volunteer_id",
        "本人 氏名": "name",
        "本人 電話番号": "phone",
        "地域": "district",
        "備考": "note",
    }
    assert reading.lines == [4, 5]


def with_saved_results(content: bytes, results: dict[str, str]) -> bytes:
    """The workbook with saved results written into formula cells, as Excel does."""
    out = BytesIO()
    with zipfile.ZipFile(BytesIO(content)) as old, zipfile.ZipFile(out, "w") as new:
        for info in old.infolist():
            part = old.read(info)
            for formula, result in results.items():
                typed = f"<f>{formula}</f><v />".encode()
                part = part.replace(typed, f"<f>{formula}</f><v>{result}</v>".encode())
            new.writestr(info, part)
    return out.getvalue()


def test_a_formula_is_read_by_its_saved_result(tmp_path: Path) -> None:
    rows = [HEADER, ("1", "佐藤 清", "1950-03-03", "0191-00-1111", "=2+3")]
    reading = read(tmp_path, with_saved_results(workbook_bytes(rows), {"2+3": "5"}))
    assert (reading.records[0]["note"], codes(reading)) == ("5", [])


def test_a_formula_without_a_saved_result_is_reported(tmp_path: Path) -> None:
    rows = [HEADER, ("1", "佐藤 清", "1950-03-03", "0191-00-1111", "=2+3")]
    reading = read(tmp_path, workbook_bytes(rows))
    assert (reading.records[0]["note"], codes(reading)) == ("", [(2, "formula_without_value")])


def test_the_first_sheet_with_a_header_is_read_and_the_others_named(tmp_path: Path) -> None:
    book = Workbook()
    notes, hidden = book.active, book.create_sheet("隠し")
    assert notes is not None
    notes.append(["このファイルの使い方"])
    hidden.sheet_state = "hidden"
    hidden.append(list(HEADER))
    hidden.append(["9", "出ない 人", None, None, None])
    shown = book.create_sheet("名簿")
    shown.append(list(HEADER))
    shown.append(["1", "佐藤 清", None, None, None])
    book.create_sheet("集計").append(["合計", 1])
    content = BytesIO()
    book.save(content)
    reading = read(tmp_path, content.getvalue())
    assert [record["name"] for record in reading.records] == ["佐藤 清"]
    assert codes(reading) == [(0, "sheet_not_used"), (0, "sheet_not_used")]
    assert reading.refusal is None


def test_remarks_to_the_right_of_the_table_do_not_refuse_a_row(tmp_path: Path) -> None:
    rows = [HEADER, ("1", "佐藤 清", None, None, None, "←要確認")]
    assert len(read(tmp_path, workbook_bytes(rows)).records) == 1


def zipped(parts: dict[str, bytes]) -> bytes:
    content = BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, part in parts.items():
            archive.writestr(name, part)
    return content.getvalue()


def tampered(content: bytes, name: str, part: bytes) -> bytes:
    with zipfile.ZipFile(BytesIO(content)) as old:
        return zipped({i.filename: old.read(i) for i in old.infolist()} | {name: part})


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"PK\x03\x04 and then nothing", "workbook_broken"),
        (zipped({"word/document.xml": b"<x/>"}), "workbook_broken"),
        (zipped({"xl/worksheets/sheet1.xml": b"0" * 30_000_000}), "workbook_bomb"),
        (
            tampered(
                workbook_bytes([HEADER]),
                "xl/worksheets/sheet1.xml",
                b'<!DOCTYPE x [<!ENTITY a "aaaa">]><worksheet>&a;</worksheet>',
            ),
            "workbook_unsafe",
        ),
        (
            tampered(workbook_bytes([HEADER]), "xl/worksheets/sheet1.xml", b"<worksheet><she"),
            "workbook_broken",
        ),
        (tampered(workbook_bytes([HEADER]), "xl/workbook.xml", b"junk"), "workbook_broken"),
    ],
)
def test_a_broken_or_harmful_workbook_is_refused_in_one_sentence(
    tmp_path: Path, content: bytes, code: str
) -> None:
    reading = read(tmp_path, content)
    assert reading.refusal is not None
    assert (reading.refusal.code, reading.records) == (code, [])


def test_a_workbook_with_too_many_rows_is_refused(tmp_path: Path) -> None:
    rows = [HEADER, *((n, f"人{n}", None, None, None) for n in range(30))]
    reading = read(tmp_path, workbook_bytes(rows), limits=Limits(rows=20))
    assert reading.refusal is not None
    assert reading.refusal.code == "too_many_rows"


def test_thousands_of_overlapping_merges_are_refused(tmp_path: Path) -> None:
    merges = "".join(f'<mergeCell ref="A{n}:E{n}"/>' for n in range(2, 500)).encode()
    with zipfile.ZipFile(BytesIO(workbook_bytes([HEADER, ("1", "佐藤", "", "", "")]))) as book:
        sheet = book.read("xl/worksheets/sheet1.xml")
    ended = sheet.replace(b"</sheetData>", b"</sheetData><mergeCells>" + merges + b"</mergeCells>")
    content = tampered(workbook_bytes([HEADER]), "xl/worksheets/sheet1.xml", ended)
    reading = read(tmp_path, content, limits=Limits(merged_ranges=100))
    assert reading.refusal is not None
    assert reading.refusal.code == "workbook_bomb"

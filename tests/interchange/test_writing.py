"""What is written reads back as it was, and what an encoding cannot hold is reported."""

from pathlib import Path

import pytest

from matching.interchange.sheets import SHEETS, SheetKind, columns_of
from matching.interchange.writing import Encoding, write_sheet
from tests.interchange.sheet_files import codes, read

VOLUNTEER = {
    "volunteer_id": "V0001",
    "name": "髙橋 花子",
    "name_kana": "タカハシ ハナコ",
    "birth_date": "1956-12-01",
    "gender": "F",
    "postal_code": "0293102",
    "address": "岩手県一関市花泉町金沢9012-3",
    "district": "花泉",
    "lat": "38.848",
    "lon": "141.156",
    "phone": "0191001002",
    "email": "hanako@example.jp",
    "contact_method": "phone",
    "occupation": "retired",
    "skills": "driving;music",
    "categories": "transport;cleaning;reading",
    "availability": "Mon 09:00-12:00;Mon 18:00-20:00;Sat 06:30-08:30",
    "transport": "light_truck",
    "max_distance_km": "7.5",
    "max_hours_per_month": "10",
    "notice_days": "0",
    "group_id": "G0001",
    "insured_until": "2027-03-31",
    "registered_on": "2020-04-01",
    "last_active_on": "2026-11-01",
    "status": "active",
    "note": "=1+1\n①坂は不可",
}
NEED = {
    "need_id": "R8-0001",
    "received_at": "2027-01-18 09:05",
    "channel": "commissioner",
    "requester_name": "佐藤 清",
    "requester_relation": "facility",
    "recipient_age": "80",
    "household": "alone_65",
    "proxy_phone": "09000001234",
    "lat": "40.74",
    "lon": "-73.98",
    "category": "other",
    "title": "-庭の枝",
    "required_skills": "gardening",
    "headcount": "2",
    "start_date": "2027-01-20",
    "end_date": "2027-01-31",
    "weekdays": "Mon;Sun",
    "time_from": "09:00",
    "time_to": "11:30",
    "duration_minutes": "60",
    "recurrence": "as_needed",
    "urgency": "emergency",
    "gender_preference": "any",
    "car_needed": "0",
    "status": "on_hold",
    "note": "'=1",
}


@pytest.mark.parametrize("encoding", ["utf-8-sig", "cp932"])
@pytest.mark.parametrize(("kind", "record"), [("volunteers", VOLUNTEER), ("needs", NEED)])
def test_a_record_reads_back_as_it_was_written(
    tmp_path: Path, encoding: Encoding, kind: SheetKind, record: dict[str, str]
) -> None:
    written = write_sheet(kind, [record], encoding)
    reading = read(tmp_path, written.content, kind)
    assert {name: text for name, text in reading.records[0].items() if text} == record
    assert (reading.encoding, written.lost, written.rows) == (encoding, [], 1)
    assert set(codes(reading)) <= {(2, "coordinates_outside_japan")}


@pytest.mark.parametrize("kind", list(SHEETS))
def test_an_empty_sheet_is_a_header_that_reads_back(tmp_path: Path, kind: SheetKind) -> None:
    reading = read(tmp_path, write_sheet(kind, [], "utf-8-sig").content, kind)
    assert (reading.rows, codes(reading)) == (0, [(0, "no_rows")])
    assert len([c for c in reading.columns.values() if c]) == len(
        [c for c in columns_of(kind) if not c.extra]
    )


def test_formula_cells_are_escaped_and_numbers_are_not() -> None:
    lines = write_sheet("needs", [NEED], "utf-8-sig").content.decode("utf-8-sig")
    assert "'-庭の枝" in lines
    assert "''=1" in lines
    assert ",-73.98," in lines


def test_telephone_and_postal_code_keep_their_zero_in_a_spreadsheet() -> None:
    text = write_sheet("volunteers", [VOLUNTEER], "utf-8-sig").content.decode("utf-8-sig")
    assert "0191-00-1002" in text
    assert "029-3102" in text


def test_characters_that_cp932_lacks_are_named_with_their_cell(tmp_path: Path) -> None:
    records = [
        VOLUNTEER,
        VOLUNTEER | {"volunteer_id": "V2", "name": "𠮷田 誠", "note": "10〜12時 🌸"},
    ]
    written = write_sheet("volunteers", records, "cp932")
    assert [(lost.line, lost.column, lost.characters) for lost in written.lost] == [
        (4, "氏名", "𠮷"),
        (4, "備考", "〜🌸"),
    ]
    assert "〓田 誠" in written.content.decode("cp932")
    assert "10～12時 〓" in written.content.decode("cp932")


def test_a_replaced_character_never_comes_back_as_somebodys_name(tmp_path: Path) -> None:
    records = [VOLUNTEER | {"name": "𠮷田 誠"}, VOLUNTEER | {"volunteer_id": "V2", "note": "🌸"}]
    reading = read(tmp_path, write_sheet("volunteers", records, "cp932").content)
    assert [record["volunteer_id"] for record in reading.records] == ["V2"]
    assert reading.records[0]["note"] == ""
    assert {code for _, code in codes(reading)} == {"characters_missing"}


def test_an_apostrophe_typed_by_somebody_else_stays_when_their_sheet_is_read(
    tmp_path: Path,
) -> None:
    reading = read(tmp_path, "氏名,電話番号,備考\n佐藤 清,,'=1\n".encode())
    assert reading.records[0]["note"] == "'=1"

"""Text is cut into records as spreadsheets write it, and a broken record spoils no other."""

from pathlib import Path

import pytest

from matching.interchange.reading import SheetReading
from tests.interchange.sheet_files import codes, csv_bytes, read

HEADER = ("氏名", "電話番号", "備考")


def names(reading: SheetReading) -> list[str]:
    return [record["name"] for record in reading.records]


@pytest.mark.parametrize("delimiter", [",", "\t", ";"])
@pytest.mark.parametrize("end", ["\r\n", "\n", "\r"])
def test_every_delimiter_and_line_end_is_found(tmp_path: Path, delimiter: str, end: str) -> None:
    rows = [HEADER, ("千葉 正", "", "雪かき,草刈り"), ("佐藤 清", "", "a;b\tc")]
    reading = read(tmp_path, csv_bytes(rows, delimiter=delimiter, end=end))
    assert [record["note"] for record in reading.records] == ["雪かき,草刈り", "a;b\tc"]
    assert reading.lines == [2, 3]


def test_the_delimiter_line_of_excel_is_obeyed(tmp_path: Path) -> None:
    reading = read(tmp_path, "sep=;\r\n氏名;電話番号;備考\r\n千葉 正;;雪\r\n".encode())
    assert reading.records == [{"name": "千葉 正", "phone": "", "note": "雪"}]


def test_lines_are_counted_as_an_editor_counts_them(tmp_path: Path) -> None:
    text = '氏名,電話番号,備考\n千葉 正,,"坂は\n不可\n冬は休み"\n佐藤 清,,\n'
    reading = read(tmp_path, text.encode())
    assert reading.lines == [2, 5]
    assert reading.records[0]["note"] == "坂は\n不可\n冬は休み"


def test_a_return_inside_a_quoted_cell_is_data(tmp_path: Path) -> None:
    reading = read(tmp_path, '氏名,電話番号,備考\n千葉 正,,"\r=1"\n佐藤 清,,\n'.encode())
    assert reading.records[0]["note"] == "\r=1"
    assert reading.lines == [2, 3]


def test_a_quote_that_never_closes_costs_its_own_row_only(tmp_path: Path) -> None:
    rows = "".join(f"人{n},,\n" for n in range(300))
    reading = read(tmp_path, ('氏名,電話番号,備考\n千葉 正,,"閉じない\n' + rows).encode())
    assert codes(reading) == [(2, "quote_not_closed")]
    assert len(names(reading)) == 300
    assert reading.lines[0] == 3
    assert reading.refused == [2]


def test_a_quote_that_opens_in_the_last_line_is_reported(tmp_path: Path) -> None:
    reading = read(tmp_path, '氏名,電話番号,備考\n千葉 正,,\n佐藤 清,,"x'.encode())
    assert (names(reading), codes(reading)) == (["千葉 正"], [(3, "quote_not_closed")])


def test_a_stray_return_costs_its_own_row_only(tmp_path: Path) -> None:
    reading = read(tmp_path, "氏名,電話番号,備考\n千葉\r正,,\n佐藤 清,,\n".encode())
    assert (names(reading), codes(reading)) == (["佐藤 清"], [(2, "row_not_read")])


def test_a_row_with_more_cells_than_the_header_is_refused_as_shifted(tmp_path: Path) -> None:
    text = "氏名,電話番号,備考\n千葉 正,0191-00-1234,持病, 要配慮\n佐藤 清,,,,,\n"
    reading = read(tmp_path, text.encode())
    assert (names(reading), codes(reading)) == (["佐藤 清"], [(2, "row_too_wide")])


def test_a_row_with_fewer_cells_than_the_header_is_read(tmp_path: Path) -> None:
    assert read(tmp_path, "氏名,電話番号,備考\n千葉 正\n".encode()).records == [
        {"name": "千葉 正", "phone": "", "note": ""}
    ]


def test_rows_in_a_foreign_encoding_are_refused_and_never_stored_as_mojibake(
    tmp_path: Path,
) -> None:
    raw = "氏名,電話番号,備考\n千葉 正,,\n".encode("cp932") + "佐藤 清,,買い物\n".encode()
    reading = read(tmp_path, raw + '及川 誠,,"二行\nの備考"\n'.encode("cp932"))
    assert (names(reading), codes(reading)) == (["千葉 正", "及川 誠"], [(3, "encoding_changed")])
    assert reading.refused == [3]
    assert reading.rows == 3


def test_a_record_of_which_one_line_is_foreign_is_refused(tmp_path: Path) -> None:
    raw = (
        "氏名,電話番号,備考\n".encode() + '千葉 正,,"一行\n'.encode() + '雪かき"\n'.encode("cp932")
    )
    reading = read(tmp_path, raw + "佐藤 清,,\n".encode())
    assert (names(reading), codes(reading)) == (["佐藤 清"], [(2, "encoding_changed")])


def test_a_file_whose_characters_were_lost_before_is_marked(tmp_path: Path) -> None:
    reading = read(tmp_path, "氏名,電話番号,備考\n千葉 正,,\ufffd\ufffd\n".encode())
    assert (1, "characters_lost") in codes(reading)

"""Whatever a file holds, reading it ends in records, refusals and reasons, never in a crash."""

from __future__ import annotations

import random
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from matching.interchange.columns import Column
from matching.interchange.reading import SheetReading
from matching.interchange.sheets import SHEETS, SheetKind, columns_of
from tests.interchange.sheet_files import csv_bytes, read, workbook_bytes

CALM = settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
KINDS = st.sampled_from(list(SHEETS))
WORDS = (
    "0 １ 年 月 日 令和 R9 元 ～ - ー : 時 半 午後 人 名 約 、 ・ ( ) 除く 以外 土 ° ′ "
    "@ . , \" ' = 〃 内線 +81 − \u3099 \U000e0100 \U0001f338 \r \n \t"
)
SCRAPS = st.sampled_from(tuple(WORDS.split(" ")))
CELLS = st.lists(SCRAPS, max_size=8).map("".join) | st.text(max_size=12)


def is_accounted(reading: SheetReading) -> bool:
    """Every row is a record or refused, and every refusal has a reason on its line."""
    reasons = {problem.line for problem in reading.problems}
    whole = len(reading.records) + len(reading.refused) == reading.rows
    return (
        whole and set(reading.refused) <= reasons and (reading.refusal is None or not reading.rows)
    )


@CALM
@given(st.binary(max_size=400), KINDS)
def test_any_bytes_are_a_reading_or_a_refusal(tmp_path: Path, raw: bytes, kind: SheetKind) -> None:
    assert is_accounted(read(tmp_path, raw, kind))


@CALM
@given(KINDS, st.data())
def test_any_cells_are_accounted_for(tmp_path: Path, kind: SheetKind, data: st.DataObject) -> None:
    columns = columns_of(kind)
    row = st.lists(CELLS, min_size=len(columns), max_size=len(columns))
    rows = [[c.heading for c in columns], *data.draw(st.lists(row, min_size=1, max_size=3))]
    assert is_accounted(read(tmp_path, csv_bytes(rows), kind))


@pytest.mark.parametrize("kind", list(SHEETS))
def test_every_reader_survives_long_and_repetitive_cells(kind: SheetKind) -> None:
    hostile = [
        "1" * 30_000,
        "月、" * 15_000,
        "(" * 30_000,
        "0-" * 15_000,
        "年" * 30_000,
        "・" * 30_000,
    ]
    for column in columns_of(kind):
        for text in hostile:
            assert isinstance(column.read(text).text, str), column.name


def reads_alike(column: Column, text: str) -> bool:
    cell = column.read(text)
    return not cell.read or column.read(cell.text).text == cell.text


@CALM
@given(KINDS, CELLS)
def test_canonical_text_reads_as_itself(kind: SheetKind, text: str) -> None:
    assert [c.name for c in columns_of(kind) if not reads_alike(c, text)] == []


def test_workbooks_damaged_anywhere_are_read_or_refused(tmp_path: Path) -> None:
    rows = [("登録番号", "氏名", "電話番号"), ("1", "佐藤 清", "0191-00-1111"), ("2", "千葉", "")]
    whole = workbook_bytes(rows, "A1:A1")
    chance = random.Random(7)
    for _ in range(150):
        raw = bytearray(whole)
        for _ in range(chance.randint(1, 12)):
            raw[chance.randrange(4, len(raw))] = chance.randrange(256)
        if chance.random() < 0.3:
            del raw[chance.randrange(4, len(raw)) :]
        assert is_accounted(read(tmp_path, bytes(raw)))

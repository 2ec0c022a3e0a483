"""What a column of a sheet is, and short makers for the kinds of columns there are."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from matching.cells import (
    choices,
    dates,
    names,
    numbers,
    phones,
    places,
    texts,
    times,
    weekdays,
)
from matching.cells.cell import Reader

Weight = Literal["", "id", "required", "match", "condition"]
Shape = Literal["text", "codes", "areas", "integer", "decimal", "flag"]
Maker = Callable[..., "Column"]


@dataclass(frozen=True, slots=True)
class Column:
    """One column: schema name, headings (our own first), reader of its cells, kind of value.

    Weight: `id` and `required` refuse a row they cannot be read in; `match` too, because a
    match stands on it; `condition` puts a need on hold instead. `table` names the code table.
    `extra` columns are read from other centres' sheets and never written.
    """

    name: str
    headings: tuple[str, ...]
    read: Reader
    weight: Weight = ""
    shape: Shape = "text"
    table: str = ""
    extra: bool = False

    @property
    def heading(self) -> str:
        """The Japanese heading of our own sheets."""
        return self.headings[0]


def reading_with(read: Reader, shape: Shape = "text") -> Maker:
    """A maker of columns whose cells this reader reads."""

    def column(name: str, headings: str, weight: Weight = "", extra: bool = False) -> Column:
        return Column(name, tuple(headings.split()), read, weight, shape, extra=extra)

    return column


identifier = reading_with(texts.read_identifier)
text = reading_with(texts.read_text)
person = reading_with(names.read_name)
body = reading_with(names.read_organisation)
kana = reading_with(names.read_kana)
day = reading_with(dates.read_date)
moment = reading_with(dates.read_moment)
clock = reading_with(times.read_time)
window = reading_with(times.read_time_range)
duration = reading_with(times.read_duration, "integer")
phone = reading_with(phones.read_phone)
email = reading_with(phones.read_email)
postal_code = reading_with(places.read_postal_code)
address = reading_with(places.read_address)
district = reading_with(places.read_district)
areas = reading_with(places.read_areas, "areas")
degrees = reading_with(places.read_degrees, "decimal")
weekly_days = reading_with(weekdays.read_weekdays)
weekly_hours = reading_with(weekdays.read_availability)


def whole(least: int, most: int) -> Maker:
    """A maker of columns of whole numbers within these bounds."""
    return reading_with(numbers.integer_reader(least, most), "integer")


def decimal(least: int, most: int) -> Maker:
    """A maker of columns of numbers that may have a fraction."""
    return reading_with(numbers.decimal_reader(least, most), "decimal")


def choice(table: str) -> Maker:
    """A maker of columns with one code of a table."""
    read = choices.read_category if table == "category" else choices.choice_reader(table)
    shape: Shape = "flag" if table == "yes_no" else "text"
    return _with_table(read, shape, table)


def codes(table: str) -> Maker:
    """A maker of columns with a list of codes of a table."""
    return _with_table(choices.codes_reader(table), "codes", table)


def _with_table(read: Reader, shape: Shape, table: str) -> Maker:
    def column(name: str, headings: str, weight: Weight = "", extra: bool = False) -> Column:
        return Column(name, tuple(headings.split()), read, weight, shape, table, extra)

    return column

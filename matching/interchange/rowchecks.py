"""Checks that need several cells of one row: points on the map, windows, needs left open."""

from collections.abc import Callable, Iterator

from matching.cells.places import check_point
from matching.interchange.sheets import SheetKind

Record = dict[str, str]
Found = tuple[str, str, bool]
"""Field, problem code, and whether the row must be refused for it."""
Finding = tuple[str, str, bool, str]
"""The same with what stood in the field before the check."""

_POINTS = (("lat", "lon"), ("destination_lat", "destination_lon"))


def check_row(kind: SheetKind, record: Record) -> list[Finding]:
    """Corrects the record in place where the pair of cells says how, and tells what it found."""
    before = dict(record)
    found = list(_points(record))
    if kind == "needs":
        found += [each for check in _NEED_CHECKS for each in check(record)]
    return [(*each, before.get(each[0], "")) for each in found]


def _points(record: Record) -> Iterator[Found]:
    for north, east in _POINTS:
        if not record.get(north) and not record.get(east):
            continue
        lat, lon, code = check_point(record.get(north, ""), record.get(east, ""))
        record[north], record[east] = lat, lon
        if code:
            yield north, code, False


def _dates_in_order(record: Record) -> Iterator[Found]:
    start, end = record.get("start_date", ""), record.get("end_date", "")
    if start and end and end < start:
        yield "end_date", "range_reversed", True


def _times_in_order(record: Record) -> Iterator[Found]:
    start, end = record.get("time_from", ""), record.get("time_to", "")
    if not start or not end:
        return
    if end <= start:
        yield "time_to", "range_reversed", True
    elif int(record.get("duration_minutes") or 0) > _minutes(end) - _minutes(start):
        yield "duration_minutes", "duration_longer_than_window", False


def _without_start(record: Record) -> Iterator[Found]:
    if "start_date" in record and not record["start_date"] and _is_open(record):
        record["status"] = "on_hold"
        yield "start_date", "start_date_open", False


def hold(record: Record) -> bool:
    """Puts an open need on hold because a condition of it is unclear; False if it is closed."""
    if not _is_open(record):
        return False
    record["status"] = "on_hold"
    return True


def _is_open(record: Record) -> bool:
    return record.get("status", "") in ("", "open", "partly_filled")


def _minutes(clock: str) -> int:
    return int(clock[:2]) * 60 + int(clock[3:])


_NEED_CHECKS: tuple[Callable[[Record], Iterator[Found]], ...] = (
    _dates_in_order,
    _times_in_order,
    _without_start,
)

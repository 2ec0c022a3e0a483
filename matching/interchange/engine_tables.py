"""The small tables of an engine folder: confirmed bookings, and pairs never to be planned."""

import csv
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from matching.cells.places import check_point
from matching.engine import Booking
from matching.interchange.engine_inputs import FolderError, Record, clock_minutes

BOOKING_COLUMNS = ("volunteer_id", "date", "start", "end")
BLOCK_COLUMNS = ("need_id", "volunteer_id")


def table_rows(path: Path, columns: Collection[str]) -> tuple[list[tuple[int, Record]], list[str]]:
    """Return lines and rows of a table in plain UTF-8 CSV, and which of its columns it lacks.

    A file that does not exist has no rows and lacks nothing. Raises FolderError for one that
    is no such table.
    """
    if not path.exists():
        return [], []
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            rows = csv.DictReader(file)
            found = [(rows.line_num, _strings(row)) for row in rows]
            names = {name.strip() for name in rows.fieldnames or columns}
    except OSError as error:
        raise FolderError(f"{path.name} cannot be opened: {error.strerror}.") from error
    except (UnicodeDecodeError, csv.Error) as error:
        raise FolderError(f"{path.name} cannot be read as UTF-8 CSV: {error}.") from error
    lacking = [name for name in columns if name not in names]
    return ([] if lacking else found), lacking


def _strings(row: Mapping[str | Any, str | Any]) -> Record:
    return {str(name).strip(): (value or "").strip() for name, value in row.items() if name}


def place_problem(record: Record) -> str:
    """Say what is wrong with a booking's place, or "": its time counts all the same."""
    lat, _, code = _point(record)
    if lat and not code:
        return ""
    shown = f"lat {record.get('lat', '')!r} and lon {record.get('lon', '')!r}"
    if lat:
        return f"{shown} look wrong ({code}): check them."
    return f"{shown} are no place: the time is kept free, the way there is not counted."


def _point(record: Record) -> tuple[str, str, str]:
    return check_point(record.get("lat", ""), record.get("lon", ""))


@dataclass(frozen=True, slots=True)
class Known:
    """The ids that the folder's sheets hold."""

    volunteers: Collection[str]
    needs: Collection[str]

    def booking(self, record: Record) -> Booking:
        """Return a confirmed engagement; raises ValueError for a cell that cannot be used."""
        on = _date(record["date"])
        start, end = clock_minutes(record["start"]), clock_minutes(record["end"])
        if end <= start:
            raise ValueError(f"The end {record['end']} is not after the start {record['start']}.")
        lat, lon, _ = _point(record)
        return Booking(
            volunteer_id=self._volunteer(record),
            on=on,
            start_minutes=start,
            end_minutes=end,
            lat=float(lat) if lat else None,
            lon=float(lon) if lon else None,
        )

    def block(self, record: Record) -> tuple[str, str]:
        """Return need and volunteer; raises ValueError for one that no sheet holds."""
        need_id = record["need_id"]
        if need_id not in self.needs:
            raise ValueError(f"need_id {need_id!r} is not in needs.csv.")
        return need_id, self._volunteer(record)

    def _volunteer(self, record: Record) -> str:
        volunteer_id = record["volunteer_id"]
        if volunteer_id not in self.volunteers:
            raise ValueError(f"volunteer_id {volunteer_id!r} is not in volunteers.csv.")
        return volunteer_id


def _date(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise ValueError(f"{text!r} is not a date like 2027-01-18.") from error

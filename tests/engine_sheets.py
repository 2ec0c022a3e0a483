"""A small folder of sheets to solve, with every optional file."""

import csv
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

VOLUNTEERS = [
    {
        "volunteer_id": "V0000001",
        "name": "試験 一郎",
        "lat": "38.930000",
        "lon": "141.130000",
        "skills": "driving",
        "categories": "shopping;talk",
        "availability": "Thu 09:00-12:00;Fri 09:00-17:00",
        "transport": "car",
        "max_distance_km": "10",
        "max_hours_per_month": "10",
        "notice_days": "1",
        "insured_until": "2027-03-31",
        "status": "active",
    },
    {
        "volunteer_id": "V0000002",
        "name": "試験 二郎",
        "lat": "38.940000",
        "lon": "141.130000",
        "categories": "shopping",
        "availability": "Thu 13:00-17:00",
        "transport": "bicycle",
        "max_distance_km": "4",
        "status": "active",
    },
    {"volunteer_id": "V0000003", "name": "試験 三郎", "status": "paused"},
]
NEEDS = [
    {
        "need_id": "R2027-000001",
        "received_at": "2027-01-17 10:30",
        "requester_name": "見本 花子",
        "lat": "38.930000",
        "lon": "141.130000",
        "category": "shopping",
        "title": "買い物",
        "headcount": "1",
        "start_date": "2027-01-21",
        "end_date": "2027-01-21",
        "weekdays": "Thu",
        "time_from": "09:00",
        "time_to": "11:00",
        "duration_minutes": "60",
        "recurrence": "once",
        "urgency": "high",
        "gender_preference": "any",
        "car_needed": "0",
        "status": "open",
    },
    {
        "need_id": "R2027-000002",
        "received_at": "2027-01-16",
        "requester_name": "見本 葉子",
        "category": "talk",
        "title": "話し相手",
        "start_date": "2027-01-22",
        "status": "on_hold",
    },
]

Rows = Sequence[Mapping[str, str]]


def write(path: Path, rows: Rows) -> None:
    """Write rows as a sheet whose columns are those of all rows."""
    columns = list(dict.fromkeys(name for row in rows for name in row))
    with path.open("w", encoding="utf-8", newline="") as file:
        table = csv.DictWriter(file, columns)
        table.writeheader()
        table.writerows(rows)


def folder(
    path: Path,
    *,
    volunteers: Rows = VOLUNTEERS,
    needs: Rows = NEEDS,
    options: Any = None,
    **tables: Rows,
) -> Path:
    """Make a folder; `tables` are further sheets by name."""
    path.mkdir(parents=True, exist_ok=True)
    write(path / "volunteers.csv", volunteers)
    write(path / "needs.csv", needs)
    for name, rows in tables.items():
        write(path / f"{name}.csv", rows)
    if options is not None:
        text = options if isinstance(options, str) else json.dumps(options)
        (path / "options.json").write_text(text, encoding="utf-8")
    return path

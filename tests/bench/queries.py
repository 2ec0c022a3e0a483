"""The same question answered by PostgreSQL: one query a need, over tables and indexes of its own.

A query does all gates and all factors that the plain loop knows and returns the best 20 with
their points and how many are eligible. It counts no reasons for those who are shut out. The days
of a need's visits and the points of past offers are worked out by the client; possible times are
counted from both windows, not listed one by one.
"""

import os
import time
from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import NamedTuple

import psycopg

from matching.engine import NeedInput
from matching.engine.visits import starts, visit_days

from .plain import HORIZON_DAYS, WINTER_KMH, Person

TABLES = """
CREATE TABLE people (
    number int PRIMARY KEY, volunteer_id text NOT NULL, status text NOT NULL,
    lat float8 NOT NULL, lon float8 NOT NULL, gender text NOT NULL,
    categories text[] NOT NULL, skills text[] NOT NULL, has_car boolean NOT NULL,
    kmh float8 NOT NULL, reach_km float8 NOT NULL, month_minutes float8 NOT NULL,
    notice_days int NOT NULL, insured boolean NOT NULL, record int NOT NULL);
CREATE TABLE weekly_times (
    number int NOT NULL, weekday int NOT NULL, opens int NOT NULL, closes int NOT NULL);
"""
INDEXES = """
ALTER TABLE weekly_times ADD PRIMARY KEY (number, weekday, opens) INCLUDE (closes);
CREATE INDEX ON people (lat, lon) WHERE status = 'active';
CREATE INDEX ON people USING gin (categories, skills) WHERE status = 'active';
"""
VACUUM = "VACUUM (FREEZE, ANALYZE) people, weekly_times"

QUERY = """
WITH days AS MATERIALIZED (
    SELECT * FROM unnest(%(visit)s::int[], %(in_days)s::int[], %(weekday)s::int[])
             AS day (visit, in_days, weekday)
), near AS MATERIALIZED (
    SELECT number, volunteer_id, notice_days, insured,
           200 * least(greatest(65 - ceil(5 + 81 * km / kmh)::int, 0), 60) / 60
           + 150 * (8 * %(each)s + %(each)s * focus) / (3 * %(each)s * focus)
           + record AS points
    FROM people, LATERAL (
        SELECT 3 + greatest(cardinality(categories), 1) AS focus,
               12742::float8 * asin(sqrt(
                   power(sin((radians(%(lat)s::float8) - radians(lat)) / 2), 2)
                   + cos(radians(lat)) * cos(radians(%(lat)s::float8))
                   * power(sin(radians(%(lon)s::float8 - lon) / 2), 2))) AS km
    ) AS worked_out
    WHERE status = 'active' AND categories @> ARRAY[%(category)s]::text[]
      AND skills @> %(skills)s::text[]
      AND lat BETWEEN %(lat)s - %(high)s AND %(lat)s + %(high)s
      AND lon BETWEEN %(lon)s - %(wide)s AND %(lon)s + %(wide)s
      AND (has_car OR NOT %(car)s) AND (%(gender)s = 'any' OR gender = %(gender)s)
      AND month_minutes >= %(minutes)s AND km <= reach_km
), free AS MATERIALIZED (
    SELECT number, volunteer_id, notice_days, insured, points, weekday,
           (least(closes, %(to)s) - %(minutes)s) / 15
           - (greatest(opens, %(from)s) + 14) / 15 + 1 AS starts
    FROM near JOIN weekly_times USING (number)
    WHERE weekday = ANY (%(weekday)s::int[])
      AND least(closes, %(to)s) - greatest(opens, %(from)s) >= %(minutes)s
), able AS (
    SELECT number, volunteer_id, points, visit, sum(starts) AS slots
    FROM free JOIN days USING (weekday)
    WHERE starts > 0 AND in_days >= notice_days AND (insured OR in_days >= 1)
    GROUP BY number, volunteer_id, points, visit
)
SELECT volunteer_id,
       (200 * (count(*) * %(slots)s + sum(slots) * %(visits)s)::bigint
           / (2 * %(visits)s * %(slots)s))::int + points AS score,
       count(*) OVER () AS eligible
FROM able
GROUP BY number, volunteer_id, points
ORDER BY score DESC, number LIMIT %(top)s
"""
FARTHEST_KM = "SELECT max(reach_km) FROM people WHERE status = 'active'"
KM_A_DEGREE = 111.0
TICKS = os.sysconf("SC_CLK_TCK")


class Taken(NamedTuple):
    """CPU seconds of the database's process, and of this one around it."""

    database: float
    client: float


Found = tuple[list[tuple[str, int]], int]
"""The best people with their points, and how many are eligible."""


class Desk:
    """People in tables, and a connection that asks about one need after the other."""

    def __init__(self, connection: psycopg.Connection, people: Iterable[Person]) -> None:
        self.connection = connection
        connection.autocommit = True
        connection.execute(TABLES)
        self._fill(list(people))
        connection.execute(INDEXES)
        connection.execute(VACUUM)
        connection.prepare_threshold = 0  # parsed once, as in a service
        row = connection.execute(FARTHEST_KM).fetchone()
        self._reach_km = float(row[0]) if row else 0.0
        self._process = Path(f"/proc/{connection.info.backend_pid}/stat")

    def _fill(self, people: list[Person]) -> None:
        with self.connection.cursor() as cursor:
            with cursor.copy("COPY people FROM STDIN") as rows:
                for number, person in enumerate(people):
                    rows.write_row(_row(number, person))
            with cursor.copy("COPY weekly_times FROM STDIN") as rows:
                for number, person in enumerate(people):
                    for weekday, times in person.free.items():
                        for opens, closes in times:
                            rows.write_row((number, weekday, opens, closes))

    def answer(self, need: NeedInput, today: date, top: int | None = 20) -> Found:
        """Return the best people for a need; all who are eligible if `top` is None."""
        rows = self.connection.execute(QUERY, self._values(need, today, top)).fetchall()
        return [(who, points) for who, points, _ in rows], rows[0][2] if rows else 0

    def taken(self, needs: Iterable[NeedInput], today: date) -> Taken:
        """Return what it takes to answer some needs, in whole ticks of the database's process."""
        before, began = self._ticks(), time.process_time()
        for need in needs:
            self.answer(need, today)
        return Taken((self._ticks() - before) / TICKS, time.process_time() - began)

    def _ticks(self) -> int:
        """Return user and system time of the process behind the connection."""
        after_name = self._process.read_text(encoding="utf-8").rpartition(")")[2].split()
        return int(after_name[11]) + int(after_name[12])

    def _values(self, need: NeedInput, today: date, top: int | None) -> dict[str, object]:
        days = [
            (number, (day - today).days, day.weekday())
            for number, days in enumerate(visit_days(need, today, HORIZON_DAYS))
            for day in days
        ]
        visit, in_days, weekday = zip(*days, strict=True) if days else ((), (), ())
        high = self._reach_km / KM_A_DEGREE
        return {
            "visit": list(visit),
            "in_days": list(in_days),
            "weekday": list(weekday),
            "visits": len(set(visit)),
            "slots": len(days) * len(starts(need)),
            "from": need.time_from,
            "to": need.time_to,
            "category": need.category,
            "skills": sorted(need.required_skills),
            "each": max(len(need.required_skills), 1),
            "car": need.car_needed,
            "gender": need.gender_preference,
            "minutes": need.duration_minutes,
            "lat": need.lat,
            "lon": need.lon,
            "high": high,
            "wide": high * 2,
            "top": top,
        }


def _row(number: int, person: Person) -> tuple[object, ...]:
    one = person.given
    transport = one.transport or "walk"
    return (
        number,
        one.volunteer_id,
        one.status,
        one.lat,
        one.lon,
        one.gender,
        sorted(one.categories),
        sorted(one.skills),
        transport in ("car", "light_truck"),
        WINTER_KMH[transport],
        one.max_distance_km or 0,
        (one.max_hours_per_month or 0) * 60,
        one.notice_days,
        one.insured_until is not None,
        person.record,
    )

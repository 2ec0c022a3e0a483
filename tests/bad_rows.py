"""Rows that contradict themselves or leave out what matters, and what must become of each.

Each row takes the place of the first volunteer or the first need of `tests.engine_sheets`, who
would otherwise be brought together.
"""

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Bad:
    """Cells of one row; `code` is the problem that names them.

    `gate` shuts the pair out where the need stays unplaced; `kept` says whether the row goes on.
    """

    sheet: str
    cells: dict[str, str] = field(hash=False)
    code: str | None = None
    gate: str | None = None
    kept: bool = True


BAD = {
    "a window shorter than the visit": Bad(
        "needs",
        {"time_from": "10:00", "time_to": "10:30", "duration_minutes": "60"},
        code="duration_longer_than_window",
        gate="not_available",
    ),
    "an end before the start of the day": Bad(
        "needs", {"time_from": "11:00", "time_to": "09:00"}, code="range_reversed", kept=False
    ),
    "an end before the first day": Bad(
        "needs",
        {"start_date": "2027-01-21", "end_date": "2027-01-20"},
        code="range_reversed",
        kept=False,
    ),
    "nobody wanted": Bad("needs", {"headcount": "0"}, code="number_out_of_range", kept=False),
    "ten thousand wanted": Bad(
        "needs", {"headcount": "10000"}, code="number_out_of_range", kept=False
    ),
    "a need without a place": Bad("needs", {"lat": "", "lon": ""}, gate="no_coordinates"),
    "a need at no number": Bad(
        "needs", {"lat": "NaN", "lon": "inf"}, code="coordinate_invalid", gate="no_coordinates"
    ),
    "a need off the globe": Bad(
        "needs", {"lat": "95", "lon": "141.1"}, code="coordinate_invalid", gate="no_coordinates"
    ),
    "a need on the other side of the world": Bad(
        "needs",
        {"lat": "-38.93", "lon": "-141.13"},
        code="coordinates_outside_japan",
        gate="too_far",
    ),
    "a need at the other end of the country": Bad(
        "needs", {"lat": "43.06", "lon": "141.35"}, gate="too_far"
    ),
    "a weekday that is none": Bad(
        "needs", {"weekdays": "Someday"}, code="condition_unclear", kept=False
    ),
    "a day that is none": Bad("needs", {"start_date": "someday"}, code="date_invalid", kept=False),
    "a volunteer without times": Bad("volunteers", {"availability": ""}, gate="not_available"),
    "times that end before they begin": Bad(
        "volunteers",
        {"availability": "Thu 12:00-09:00"},
        code="availability_not_read",
        gate="not_available",
    ),
    "times that cannot be read": Bad(
        "volunteers",
        {"availability": "whenever"},
        code="availability_not_read",
        gate="not_available",
    ),
    "a volunteer without a home": Bad("volunteers", {"lat": "", "lon": ""}, gate="no_coordinates"),
    "a volunteer at no number": Bad(
        "volunteers",
        {"lat": "nan", "lon": "141.13"},
        code="coordinate_invalid",
        gate="no_coordinates",
    ),
    "a volunteer in another country": Bad(
        "volunteers",
        {"lat": "51.5", "lon": "0.1"},
        code="coordinates_outside_japan",
        gate="too_far",
    ),
    "hours that are no number": Bad(
        "volunteers", {"max_hours_per_month": "NaN"}, code="number_invalid", kept=False
    ),
    "hours below nothing": Bad(
        "volunteers", {"max_hours_per_month": "-1"}, code="number_invalid", kept=False
    ),
    "a way without end": Bad(
        "volunteers", {"max_distance_km": "inf"}, code="number_invalid", kept=False
    ),
    "notice below nothing": Bad(
        "volunteers", {"notice_days": "-3"}, code="number_invalid", kept=False
    ),
}

"""The frozen problem of one planning run: people, needs and limits as arrays.

Volunteers and needs are kept in the natural order of their ids, so positions are stable
whatever order the caller had them in. Days are counted from today (0), times are minutes
past midnight; absolute minutes count from today's midnight.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from matching.engine.arrays import Bools, Floats, Ints, Minutes
from matching.engine.geography import Geography
from matching.engine.inputs import NeedInput, Options, VolunteerInput
from matching.engine.timeline import Busy

NO_LIMIT = 1 << 40
"""Stands for "no limit" in integer arrays."""


@dataclass(frozen=True, slots=True)
class Volunteers:
    """Structure of arrays over all volunteers (first axis, unless said otherwise)."""

    inputs: tuple[VolunteerInput, ...]
    active: Bools
    lat: Floats
    lon: Floats
    kmh: Floats  # outside winter
    kmh_winter: Floats
    car: Bools
    max_km: Floats  # inf where no limit is known
    categories: Mapping[str, Bools]
    wanted: Ints  # how many categories
    skills: Mapping[str, Bools]
    skill_until: Mapping[str, Ints]  # last valid day of skills that expire
    topics: Mapping[str, Bools]
    traits: Mapping[str, Bools]
    free_until: Minutes  # [volunteer, weekday * 96 + quarter]: free from there to this minute
    off: Bools  # [volunteer, day]
    notice: Ints
    minutes_left: Ints  # [volunteer, month], bookings taken off
    visits_left: Ints  # [volunteer, week], bookings taken off
    offers_full: Bools
    resting: Mapping[str, Bools]  # by category
    minor_until: Ints  # first day as an adult; 0 or less for adults and unknown age
    insured_until: Ints
    consent: Bools

    def __len__(self) -> int:
        return len(self.inputs)


@dataclass(frozen=True, slots=True)
class Records:
    """What past offers say about each volunteer; declined ones are left out on purpose."""

    days_since: Ints  # since the last offer, NO_LIMIT when there was none
    recent: Ints  # offers in the last 90 days
    completed: Ints
    unreported: Ints
    together: Mapping[str, Mapping[int, int]]  # person_id -> volunteer -> good visits


@dataclass(frozen=True, slots=True)
class Ask:
    """One need unfolded: its visits and the options (day and start) of each visit.

    Options are sorted by visit, day, start; `first_option[i]` to `first_option[i + 1]` are
    those of visit i. `seats` and `minimum` are what locks leave to fill.
    """

    index: int
    input: NeedInput
    duration: int
    weight: int
    days: Ints  # different days over all visits
    visit: Ints  # per option
    day: Ints  # per option
    day_position: Ints  # per option: where its day stands in `days`
    start: Ints  # per option, minutes past midnight
    first_option: tuple[int, ...]
    seats: tuple[int, ...]
    minimum: tuple[int, ...]
    locked: tuple[tuple[int, ...], ...]  # per visit: volunteers that stay

    @property
    def visits(self) -> int:
        """How many visits the horizon holds."""
        return len(self.seats)

    def options_of(self, visit: int) -> slice:
        """Return the options of one visit."""
        return slice(self.first_option[visit], self.first_option[visit + 1])


@dataclass(frozen=True, slots=True)
class Problem:
    """Everything one run knows; never changed after `build`."""

    options: Options
    volunteers: Volunteers
    asks: tuple[Ask, ...]
    records: Records
    geography: Geography  # places: one per need, in order, then those of bookings
    bookings: Mapping[int, tuple[Busy, ...]]  # by volunteer, locks included
    load: Ints  # bookings of each volunteer inside the horizon
    blocked: Mapping[int, frozenset[int]]  # need -> volunteers
    forbidden: Mapping[int, frozenset[tuple[int, int | None]]]  # need -> (volunteer, day)
    volunteer_index: Mapping[str, int]
    need_index: Mapping[str, int]
    month_of: Ints  # day -> column of minutes_left
    week_of: Ints  # day -> column of visits_left
    winter: Bools  # by day

    def date_of(self, day: int) -> date:
        """Return the date of a day counted from today."""
        return self.options.today + timedelta(days=int(day))

    def volunteer_id(self, volunteer: int) -> str:
        """Return the caller's id of a volunteer."""
        return self.volunteers.inputs[volunteer].volunteer_id

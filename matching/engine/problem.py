"""The frozen problem of one planning run: people, needs and limits as arrays.

Volunteers and needs are kept in the natural order of their ids, so positions are stable
whatever order the caller had them in. Days are counted from today (0), times are minutes
past midnight; absolute minutes count from today's midnight.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import pairwise

from matching.engine.arrays import Bools, Codes, Floats, Ints, Minutes, Texts, Words
from matching.engine.geography import Geography
from matching.engine.inputs import NeedInput, Options, VolunteerInput
from matching.engine.timeline import Busy

NO_LIMIT = 1 << 40
"""Stands for "no limit" in integer arrays."""

ELIGIBLE = -1
"""Stands for "no gate" among the places of gates."""

Wishes = tuple[str, frozenset[str], bool, str | None]
"""Category, required skills, car needed and gender preference of a need."""


@dataclass(frozen=True, slots=True)
class Volunteers:
    """Structure of arrays over all volunteers (first axis, unless said otherwise)."""

    inputs: tuple[VolunteerInput, ...]
    ids: Texts
    active: Bools
    lat: Floats
    lon: Floats
    direction: Floats  # [volunteer, 3] from the middle of the earth; NaN where unknown
    reach_cosine: Floats  # between home and the farthest place within max_km
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
    takes_off: Bools  # any day of the horizon
    notice: Ints
    minutes_left: Ints  # [volunteer, month], bookings taken off
    visits_left: Ints  # [volunteer, week], bookings taken off
    offers_full: Bools
    resting: Mapping[str, Bools]  # by category
    minor_until: Ints  # first day as an adult; 0 or less for adults and unknown age
    insured_until: Ints
    consent: Bools
    booked: Bools

    def __len__(self) -> int:
        return len(self.inputs)


@dataclass(frozen=True, slots=True)
class Records:
    """What past offers say about each volunteer; declined ones are left out on purpose."""

    recent: Ints  # offers in the last 90 days
    together: Mapping[str, Mapping[int, int]]  # person_id -> volunteer -> good visits
    points: Mapping[str, Ints]  # by factor, of those that look at nothing but the records
    shares: Mapping[str, tuple[Ints, int]]  # what those points are made of: part and whole


@dataclass(frozen=True, slots=True)
class Ask:
    """One need unfolded: its visits and the options (day and start) of each visit.

    Options are sorted by visit, day, start; `first_option[i]` to `first_option[i + 1]` are
    those of visit i. `seats` and `minimum` are what locks leave to fill.
    """

    index: int
    place: int  # its number in the geography
    input: NeedInput
    duration: int
    weight: int
    days: Ints  # different days over all visits
    visit: Ints  # per option
    day: Ints  # per option
    day_position: Ints  # per option: where its day stands in `days`
    times: Ints  # different (weekday, start) as minutes of the week
    time_position: Ints  # per option: where its time stands in `times`
    start: Ints  # per option, minutes past midnight
    first_option: tuple[int, ...]
    seats: tuple[int, ...]
    minimum: tuple[int, ...]
    locked: tuple[tuple[int, ...], ...]  # per visit: volunteers that stay

    @property
    def visits(self) -> int:
        """How many visits the horizon holds."""
        return len(self.seats)

    @property
    def filled_visits(self) -> list[int]:
        """The first option of each visit that has options."""
        return [a for a, b in pairwise(self.first_option) if b > a]

    def options_of(self, visit: int) -> slice:
        """Return the options of one visit."""
        return slice(self.first_option[visit], self.first_option[visit + 1])


@dataclass(frozen=True, slots=True)
class Crowd:
    """Who passes the gates of some wishes; `shut` counts the others at each gate."""

    who: Ints
    first_gate: Codes  # per volunteer of the problem: place of the gate, or ELIGIBLE
    shut: Ints


@dataclass(frozen=True, slots=True)
class Problem:
    """Everything one run knows; never changed after `build`, only answers are remembered."""

    options: Options
    volunteers: Volunteers
    asks: tuple[Ask, ...]
    records: Records
    geography: Geography  # places of needs and bookings
    bookings: Mapping[int, tuple[Busy, ...]]  # by volunteer, locks included
    load: Ints  # bookings of each volunteer inside the horizon
    blocked: Mapping[int, frozenset[int]]  # need -> volunteers
    forbidden: Mapping[int, frozenset[tuple[int, int | None]]]  # need -> (volunteer, day)
    volunteer_index: Mapping[str, int]
    need_index: Mapping[str, int]
    month_of: Ints  # day -> column of minutes_left
    week_of: Ints  # day -> column of visits_left
    winter: Bools  # by day
    crowds: dict[Wishes, Crowd] = field(default_factory=dict, repr=False, compare=False)
    startable: dict[int, Words] = field(default_factory=dict, repr=False, compare=False)

    def date_of(self, day: int) -> date:
        """Return the date of a day counted from today."""
        return self.options.today + timedelta(days=int(day))

    def volunteer_id(self, volunteer: int) -> str:
        """Return the caller's id of a volunteer."""
        return self.volunteers.inputs[volunteer].volunteer_id

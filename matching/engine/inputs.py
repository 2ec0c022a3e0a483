"""Plain values a caller fills in: people, needs, bookings, history and options of one run.

Dates are local days, times are minutes past midnight, codes are the catalogue's strings.
Nothing here knows where the values came from (sheet or database).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple

from matching.engine.weights import STANDARD, Weights

NO_CODES: frozenset[str] = frozenset()
NO_DATES: frozenset[date] = frozenset()


class Free(NamedTuple):
    """A weekly interval in which a person is free; weekday 0 is Monday."""

    weekday: int
    start_minutes: int
    end_minutes: int


@dataclass(frozen=True, slots=True, kw_only=True)
class VolunteerInput:
    """One registered volunteer as the planner sees them.

    `None` means "not known" or "no limit"; an empty `availability` means never free.
    `resting_categories` are those the person has just declined (BR-15).
    `qualifications_until` holds the last valid day of a skill that expires; a skill that
    still has to be verified gets `date.min` (BR-11).
    """

    volunteer_id: str
    status: str = "active"
    lat: float | None = None
    lon: float | None = None
    area: str | None = None
    gender: str | None = None
    birth_on: date | None = None
    guardian_consent_until: date | None = None
    categories: frozenset[str] = NO_CODES
    skills: frozenset[str] = NO_CODES
    qualifications_until: Mapping[str, date] = field(default_factory=dict)
    availability: tuple[Free, ...] = ()
    dates_off: frozenset[date] = NO_DATES
    transport: str | None = None
    max_distance_km: float | None = None
    max_hours_per_month: float | None = None
    max_visits_per_week: int | None = None
    max_open_offers: int | None = None
    open_offers: int = 0
    resting_categories: frozenset[str] = NO_CODES
    notice_days: int = 0
    insured_until: date | None = None
    consent: bool = True
    topics: frozenset[str] = NO_CODES
    traits: frozenset[str] = NO_CODES


@dataclass(frozen=True, slots=True, kw_only=True)
class NeedInput:
    """One need that may be planned (the caller leaves out all others).

    Without `start_on` nothing is decided yet, so there is no visit. `person_id` ties needs
    of one resident together (default: the need itself). `private_home` and `min_age` feed
    the minors' rules (BR-10); `wishes` are compared with volunteers' `traits`.
    """

    need_id: str
    category: str
    lat: float | None = None
    lon: float | None = None
    area: str | None = None
    person_id: str | None = None
    required_skills: frozenset[str] = NO_CODES
    helpful_skills: frozenset[str] = NO_CODES
    headcount: int = 1
    min_headcount: int = 1
    start_on: date | None = None
    end_on: date | None = None
    weekdays: frozenset[int] = frozenset()
    dates_off: frozenset[date] = NO_DATES
    time_from: int | None = None
    time_to: int | None = None
    duration_minutes: int | None = None
    recurrence: str = "once"
    urgency: str = "normal"
    gender_preference: str | None = None
    car_needed: bool = False
    min_age: int = 0
    private_home: bool = False
    insurance_needed: bool = True
    consent: bool = True
    topics: frozenset[str] = NO_CODES
    wishes: frozenset[str] = NO_CODES


@dataclass(frozen=True, slots=True, kw_only=True)
class Booking:
    """A confirmed engagement: it blocks the time and counts towards hours and weekly limits."""

    volunteer_id: str
    on: date
    start_minutes: int
    end_minutes: int
    lat: float | None = None
    lon: float | None = None
    area: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PastOffer:
    """One earlier offer and what came of it; `person_id` as in NeedInput (or its need_id)."""

    volunteer_id: str
    person_id: str
    offered_on: date
    response: str = "no_answer"
    outcome: str = ""
    satisfied: bool | None = None
    reported: bool | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Lock:
    """A person who stays on a visit at that day and time, whatever the gates say."""

    need_id: str
    volunteer_id: str
    on: date
    start_minutes: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Forbid:
    """A pair not to plan: for one day of the need, or for all of them when `on` is None."""

    need_id: str
    volunteer_id: str
    on: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """Settings of one run; `area_minutes` replaces the travel formula between two areas."""

    today: date
    horizon_days: int = 28
    weights: Weights = STANDARD
    area_minutes: Mapping[tuple[str, str], int] = field(default_factory=dict)
    insurance_lead_days: int = 1
    minor_from_minutes: int = 6 * 60
    minor_to_minutes: int = 20 * 60

"""From the planner's public values to an instance for the judges."""

from collections.abc import Iterable
from datetime import date
from typing import TypeVar

from matching.engine import Assignment, Booking, Forbid, Lock, NeedInput, Options, VolunteerInput

from .instance import Ask, Engagement, Instance, Person, Seat

Code = TypeVar("Code", str, int)


def instance_of(
    needs: Iterable[NeedInput],
    volunteers: Iterable[VolunteerInput],
    options: Options,
    bookings: Iterable[Booking] = (),
    blocked: Iterable[tuple[str, str]] = (),
    locks: Iterable[Lock] = (),
    forbids: Iterable[Forbid] = (),
    scores: dict[str, int] | None = None,
) -> Instance:
    """Return the instance that the values of one run state."""
    return Instance(
        today=options.today.toordinal(),
        horizon=options.horizon_days,
        people=tuple(map(person_of, volunteers)),
        asks=tuple(map(ask_of, needs)),
        engagements=tuple(map(_engagement_of, bookings)),
        blocked=tuple(blocked),
        forbidden=tuple((f.need_id, f.volunteer_id, _day(f.on)) for f in forbids),
        locks=tuple((k.need_id, k.volunteer_id, k.on.toordinal(), k.start_minutes) for k in locks),
        area_minutes=tuple((a, b, m) for (a, b), m in options.area_minutes.items()),
        insurance_lead=options.insurance_lead_days,
        minor_hours=(options.minor_from_minutes, options.minor_to_minutes),
        scores=scores or {},
    )


def person_of(v: VolunteerInput) -> Person:
    """Return a volunteer."""
    return Person(
        id=v.volunteer_id,
        status=v.status,
        lat=v.lat,
        lon=v.lon,
        area=v.area,
        gender=v.gender,
        born=None if v.birth_on is None else (v.birth_on.year, v.birth_on.month, v.birth_on.day),
        guardian_until=_day(v.guardian_consent_until),
        wants=_codes(v.categories),
        skills=_codes(v.skills),
        skill_ends=tuple((code, on.toordinal()) for code, on in v.qualifications_until.items()),
        free=tuple((f.weekday, f.start_minutes, f.end_minutes) for f in v.availability),
        off=tuple(sorted(on.toordinal() for on in v.dates_off)),
        transport=v.transport,
        reach_km=v.max_distance_km,
        month_hours=v.max_hours_per_month,
        week_visits=v.max_visits_per_week,
        most_offers=v.max_open_offers,
        offers=v.open_offers,
        resting=_codes(v.resting_categories),
        notice=v.notice_days,
        insured_until=_day(v.insured_until),
        consent=v.consent,
    )


def ask_of(n: NeedInput) -> Ask:
    """Return a need."""
    return Ask(
        id=n.need_id,
        category=n.category,
        lat=n.lat,
        lon=n.lon,
        area=n.area,
        skills=_codes(n.required_skills),
        most=n.headcount,
        least=n.min_headcount,
        first=_day(n.start_on),
        last=_day(n.end_on),
        weekdays=_codes(n.weekdays),
        opens=n.time_from,
        closes=n.time_to,
        length=n.duration_minutes,
        recurrence=n.recurrence,
        urgency=n.urgency,
        gender=n.gender_preference,
        car=n.car_needed,
        min_age=n.min_age,
        home=n.private_home,
        insurance=n.insurance_needed,
        consent=n.consent,
    )


def seats_of(assignments: Iterable[Assignment]) -> list[Seat]:
    """Return the seats that a plan gives."""
    return [
        Seat(
            ask=a.need_id,
            visit=a.visit,
            person=a.volunteer_id,
            day=a.on.toordinal(),
            start=a.start_minutes,
            end=a.end_minutes,
        )
        for a in assignments
    ]


def _engagement_of(b: Booking) -> Engagement:
    if b.lat is None or b.lon is None:
        raise ValueError("The judges know no journey from an unknown place.")
    return Engagement(
        person=b.volunteer_id,
        day=b.on.toordinal(),
        start=b.start_minutes,
        end=b.end_minutes,
        lat=b.lat,
        lon=b.lon,
        area=b.area,
    )


def _codes(codes: Iterable[Code]) -> tuple[Code, ...]:
    return tuple(sorted(codes))


def _day(on: date | None) -> int | None:
    return None if on is None else on.toordinal()

"""Small random questions in which every rule of the model gets its turn."""

import random
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cached_property

from matching.engine import (
    Booking,
    Forbid,
    Free,
    Lock,
    NeedInput,
    Options,
    PastOffer,
    Plan,
    Problem,
    VolunteerInput,
    build,
    rank,
    solve,
)

from .instance import Instance
from .values import instance_of

HOME = (38.93, 141.13)
TODAYS = (date(2027, 1, 18), date(2027, 3, 25), date(2026, 11, 26), date(2027, 6, 1))
CATEGORIES = ("shopping", "talk", "snow_removal")
SKILLS = ("driving", "listening")
AREAS = ("east", "west")


@dataclass(frozen=True)
class World:
    """The values of one run, what the planner makes of them and what the judges are asked."""

    needs: tuple[NeedInput, ...]
    volunteers: tuple[VolunteerInput, ...]
    options: Options
    bookings: tuple[Booking, ...] = ()
    history: tuple[PastOffer, ...] = ()
    blocked: tuple[tuple[str, str], ...] = ()
    locks: tuple[Lock, ...] = ()
    forbids: tuple[Forbid, ...] = ()

    @cached_property
    def problem(self) -> Problem:
        """The problem as the planner takes it."""
        return build(
            self.needs,
            self.volunteers,
            options=self.options,
            bookings=self.bookings,
            history=self.history,
            blocked=self.blocked,
            locks=self.locks,
            forbids=self.forbids,
        )

    @cached_property
    def plan(self) -> Plan:
        """The planner's answer."""
        return solve(self.problem)

    @cached_property
    def instance(self) -> Instance:
        """The question as the judges take it; only the points of pairs come from the planner."""
        ranked = rank(self.problem, top=len(self.volunteers)).items()
        scores = {f"{n} {c.volunteer_id}": c.score for n, r in ranked for c in r.candidates}
        return instance_of(
            self.needs,
            self.volunteers,
            self.options,
            self.bookings,
            self.blocked,
            self.locks,
            self.forbids,
            scores,
        )


def world(seed: int, needs: int, volunteers: int) -> World:
    """Return a random question; equal seeds give equal questions."""
    dice = random.Random(f"{seed} {needs} {volunteers}")
    options = Options(
        today=dice.choice(TODAYS),
        horizon_days=dice.choice((10, 14, 28)),
        area_minutes={AREAS: dice.choice((5, 40))} if dice.random() < 0.3 else {},
    )
    today = options.today
    people = tuple(_somebody(dice, f"V{n + 1}", today) for n in range(volunteers))
    asked = tuple(_something(dice, f"N{n + 1}", today) for n in range(needs))
    plain = World(
        asked,
        people,
        options,
        bookings=tuple(_booking(dice, people, today) for _ in range(dice.randrange(3))),
        history=tuple(_past(dice, asked, people, today) for _ in range(dice.randrange(6))),
        blocked=((dice.choice(asked).need_id, dice.choice(people).volunteer_id),),
    )
    return _decided(dice, plain) if dice.random() < 0.3 else plain


def _decided(dice: random.Random, plain: World) -> World:
    """Lock a seat or two of the first plan, and forbid another."""
    seats = plain.plan.assignments
    if not seats:
        return plain
    kept = dice.sample(seats, min(len(seats), dice.randrange(1, 3)))
    gone = dice.choice(seats)
    day = gone.on if dice.random() < 0.5 else None
    return replace(
        plain,
        locks=tuple(
            Lock(
                need_id=a.need_id,
                volunteer_id=a.volunteer_id,
                on=a.on,
                start_minutes=a.start_minutes,
            )
            for a in kept
        ),
        forbids=(Forbid(need_id=gone.need_id, volunteer_id=gone.volunteer_id, on=day),),
    )


def _near(dice: random.Random) -> tuple[float, float]:
    return HOME[0] + dice.uniform(-0.05, 0.05), HOME[1] + dice.uniform(-0.05, 0.05)


def _somebody(dice: random.Random, volunteer_id: str, today: date) -> VolunteerInput:
    lat, lon = _near(dice)
    minor = dice.random() < 0.12
    return VolunteerInput(
        volunteer_id=volunteer_id,
        status="active" if dice.random() < 0.98 else "paused",
        lat=lat if dice.random() < 0.97 else None,
        lon=lon,
        area=dice.choice(AREAS),
        gender=dice.choice("FM"),
        birth_on=date(today.year - (15 if minor else 50), today.month, dice.randrange(1, 29)),
        guardian_consent_until=today + timedelta(days=12) if minor else None,
        categories=frozenset(dice.sample(CATEGORIES, dice.randrange(2, 4))),
        skills=frozenset(dice.sample(SKILLS, dice.randrange(1, 3))),
        qualifications_until=(
            {"driving": today + timedelta(days=9)} if dice.random() < 0.15 else {}
        ),
        availability=_availability(dice),
        dates_off=frozenset({today + timedelta(days=dice.randrange(14))}),
        transport=dice.choice(("car", "car", "light_truck", "bus", "bicycle", "walk", None)),
        max_distance_km=dice.choice((4.0, 8.0, 20.0, None, None)),
        max_hours_per_month=dice.choice((1, 1.5, 2, 3, 5, None, None)),
        max_visits_per_week=dice.choice((1, 1, 2, 4, None)),
        max_open_offers=dice.choice((None, None, None, 2)),
        open_offers=dice.choice((0, 1, 2)),
        resting_categories=frozenset({"talk"} if dice.random() < 0.1 else ()),
        notice_days=dice.choice((0, 0, 0, 1, 3)),
        insured_until=dice.choice((None, today + timedelta(days=5), today + timedelta(days=99))),
        consent=dice.random() < 0.97,
    )


def _availability(dice: random.Random) -> tuple[Free, ...]:
    days = sorted(dice.sample(range(7), dice.randrange(3, 8)))
    spans = ((540, 720), (540, 720), (600, 720), (540, 1020), (550, 700))
    free = [Free(day, *dice.choice(spans)) for day in days]
    more = [Free(f.weekday, f.end_minutes, f.end_minutes + 60) for f in free[:2]]
    return (*free, *more) if dice.random() < 0.4 else tuple(free)


def _something(dice: random.Random, need_id: str, today: date) -> NeedInput:
    lat, lon = _near(dice)
    recurrence = dice.choice(("once", "once", "as_needed", "weekly", "biweekly", "monthly"))
    single = recurrence in ("once", "as_needed")
    opens, duration = dice.choice((540, 545, 600)), dice.choice((30, 40, 60, 60, 90, None))
    headcount = dice.choice((1, 1, 1, 2, 3))
    start_on = today + timedelta(days=dice.randrange(-2, 5))
    return NeedInput(
        need_id=need_id,
        category=dice.choice(CATEGORIES),
        lat=lat,
        lon=lon,
        area=dice.choice(AREAS),
        required_skills=frozenset({"driving"} if dice.random() < 0.2 else ()),
        headcount=headcount,
        min_headcount=dice.randrange(1, headcount + 1),
        start_on=start_on,
        end_on=_end(dice, start_on, single),
        weekdays=_weekdays(dice, single),
        time_from=opens,
        time_to=opens + (duration or 60) + dice.choice((0, 15, 30, 60, 120)),
        duration_minutes=duration,
        recurrence=recurrence,
        urgency=dice.choice(("emergency", "high", "normal", "low")),
        gender_preference=dice.choice((None, None, None, "any", "F")),
        car_needed=dice.random() < 0.15,
        min_age=dice.choice((0, 0, 16)),
        private_home=dice.random() < 0.3,
    )


def _end(dice: random.Random, start_on: date, single: bool) -> date | None:
    if single:
        return dice.choice((None, start_on + timedelta(days=dice.randrange(0, 3))))
    return dice.choice((None, start_on + timedelta(days=dice.randrange(4, 16))))


def _weekdays(dice: random.Random, single: bool) -> frozenset[int]:
    return frozenset() if single else frozenset(dice.sample(range(7), dice.choice((0, 1, 1, 2))))


def _booking(dice: random.Random, people: tuple[VolunteerInput, ...], today: date) -> Booking:
    lat, lon = _near(dice)
    start = dice.choice((540, 600, 615, 660))
    return Booking(
        volunteer_id=dice.choice(people).volunteer_id,
        on=today + timedelta(days=dice.randrange(0, 8)),
        start_minutes=start,
        end_minutes=start + dice.choice((30, 60)),
        lat=lat,
        lon=lon,
        area=dice.choice(AREAS),
    )


def _past(
    dice: random.Random,
    needs: tuple[NeedInput, ...],
    people: tuple[VolunteerInput, ...],
    today: date,
) -> PastOffer:
    return PastOffer(
        volunteer_id=dice.choice(people).volunteer_id,
        person_id=dice.choice(needs).need_id,
        offered_on=today - timedelta(days=dice.randrange(1, 120)),
        response=dice.choice(("accepted", "declined", "no_answer")),
        outcome=dice.choice(("completed", "")),
    )

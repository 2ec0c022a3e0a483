"""Small worlds to plan: one plain volunteer and need to vary, and random crowded instances."""

import random
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from matching.engine import (
    Booking,
    Free,
    NeedInput,
    Options,
    PastOffer,
    Problem,
    VolunteerInput,
    build,
)

TODAY = date(2027, 1, 18)  # a Monday
HOME = (38.93, 141.13)
MORNINGS = tuple(Free(day, 9 * 60, 12 * 60) for day in range(7))
DAYTIME = tuple(Free(day, 9 * 60, 17 * 60) for day in range(7))


def volunteer(volunteer_id: str = "V1", **values: Any) -> VolunteerInput:
    """Somebody who drives, likes shopping, is insured and free every day from 9 to 17."""
    usual: dict[str, Any] = {
        "lat": HOME[0],
        "lon": HOME[1],
        "categories": frozenset({"shopping"}),
        "availability": DAYTIME,
        "transport": "car",
        "max_distance_km": 10.0,
        "insured_until": date(2027, 3, 31),
    }
    return VolunteerInput(volunteer_id=volunteer_id, **{**usual, **values})


def need(need_id: str = "N1", **values: Any) -> NeedInput:
    """One hour of shopping on Thursday between 10:00 and 12:00, next door."""
    usual: dict[str, Any] = {
        "category": "shopping",
        "lat": HOME[0],
        "lon": HOME[1],
        "start_on": TODAY + timedelta(days=3),
        "time_from": 10 * 60,
        "time_to": 12 * 60,
        "duration_minutes": 60,
    }
    return NeedInput(need_id=need_id, **{**usual, **values})


@dataclass
class World:
    """The plain values of one instance, as a caller would hold them."""

    needs: list[NeedInput]
    volunteers: list[VolunteerInput]
    bookings: list[Booking] = field(default_factory=list)
    history: list[PastOffer] = field(default_factory=list)
    blocked: list[tuple[str, str]] = field(default_factory=list)
    options: Options = field(default_factory=lambda: Options(today=TODAY))

    def problem(self) -> Problem:
        """The problem these values state."""
        return build(
            self.needs,
            self.volunteers,
            options=self.options,
            bookings=self.bookings,
            history=self.history,
            blocked=self.blocked,
        )


def crowded_world(seed: int, needs: int = 4, volunteers: int = 4) -> World:
    """A random instance with few people, tight days, travel and limits that bite."""
    dice = random.Random(seed)
    people = [_somebody(dice, f"V{number + 1}") for number in range(volunteers)]
    asked = [_something(dice, f"N{number + 1}") for number in range(needs)]
    bookings = [
        Booking(
            volunteer_id=dice.choice(people).volunteer_id,
            on=TODAY + timedelta(days=dice.randrange(0, 4)),
            start_minutes=(start := dice.choice([540, 600, 615, 660])),
            end_minutes=start + dice.choice([30, 60]),
            lat=HOME[0] + dice.uniform(-0.05, 0.05),
            lon=HOME[1],
        )
        for _ in range(dice.randrange(0, 2))
    ]
    history = [
        PastOffer(
            volunteer_id=dice.choice(people).volunteer_id,
            person_id=dice.choice(asked).need_id,
            offered_on=TODAY - timedelta(days=dice.randrange(1, 120)),
            response=dice.choice(["accepted", "declined", "no_answer"]),
            outcome=dice.choice(["completed", ""]),
        )
        for _ in range(dice.randrange(0, 6))
    ]
    blocked = [(dice.choice(asked).need_id, dice.choice(people).volunteer_id)]
    return World(asked, people, bookings, history, blocked if dice.random() < 0.5 else [])


def _somebody(dice: random.Random, volunteer_id: str) -> VolunteerInput:
    days = sorted(dice.sample(range(7), dice.randrange(3, 8)))
    hours = [(540, 720), (540, 660), (600, 720), (540, 1020)]
    return volunteer(
        volunteer_id,
        status="active" if dice.random() < 0.95 else "paused",
        lat=HOME[0] + dice.uniform(-0.06, 0.06),
        lon=HOME[1] + dice.uniform(-0.06, 0.06),
        gender=dice.choice("FM"),
        categories=frozenset(dice.sample(["shopping", "talk", "garbage"], dice.randrange(2, 4))),
        skills=frozenset(dice.sample(["driving", "listening"], dice.randrange(1, 3))),
        availability=tuple(Free(day, *dice.choice(hours)) for day in days),
        dates_off=frozenset({TODAY + timedelta(days=2)} if dice.random() < 0.2 else ()),
        transport=dice.choice(["car", "car", "bicycle", "walk", None]),
        max_distance_km=dice.choice([3.0, 8.0, 20.0, None]),
        max_hours_per_month=dice.choice([1, 2, 3, 4, None]),
        max_visits_per_week=dice.choice([1, 2, 4, None]),
        notice_days=dice.choice([0, 0, 1, 2]),
        insured_until=dice.choice([None, TODAY + timedelta(days=60)]),
    )


def _something(dice: random.Random, need_id: str) -> NeedInput:
    opens = dice.choice([540, 600])
    duration = dice.choice([30, 45, 60, 60])
    headcount = dice.choice([1, 1, 1, 2, 3])
    recurrence = dice.choice(["once", "once", "once", "weekly", "biweekly", "monthly"])
    start_on = TODAY + timedelta(days=dice.randrange(0, 3))
    once = recurrence == "once"
    return need(
        need_id,
        category=dice.choice(["shopping", "talk", "garbage"]),
        lat=HOME[0] + dice.uniform(-0.05, 0.05),
        lon=HOME[1] + dice.uniform(-0.05, 0.05),
        required_skills=frozenset({"driving"} if dice.random() < 0.2 else ()),
        headcount=headcount,
        min_headcount=dice.randrange(1, headcount + 1),
        start_on=start_on,
        end_on=start_on + timedelta(days=dice.randrange(0, 2) if once else dice.choice([6, 9])),
        weekdays=frozenset() if once else frozenset({start_on.weekday()}),
        time_from=opens,
        time_to=opens + duration + dice.choice([0, 15, 30]),
        duration_minutes=duration,
        recurrence=recurrence,
        urgency=dice.choice(["emergency", "high", "normal", "low"]),
        gender_preference=dice.choice([None, None, None, "F"]),
        car_needed=dice.random() < 0.15,
    )

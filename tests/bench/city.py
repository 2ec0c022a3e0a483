"""Invented cities of any size for measuring: settlements, people and needs drawn from a seed."""

from datetime import date, timedelta
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from matching.engine import (
    Forbid,
    Free,
    NeedInput,
    Options,
    PastOffer,
    Problem,
    VolunteerInput,
    build,
)

TODAY = date(2027, 1, 18)  # a Monday
CENTRES = np.array(
    [
        (38.934, 141.127),
        (38.835, 141.177),
        (39.027, 141.388),
        (38.929, 141.343),
        (38.985, 141.190),
        (38.860, 141.372),
        (38.905, 141.257),
        (38.868, 141.330),
    ]
)
PEOPLE_IN = np.array([0.46, 0.11, 0.11, 0.09, 0.08, 0.04, 0.03, 0.08])


class Kind(NamedTuple):
    """A kind of activity: how often it is asked for and wanted, and what it takes."""

    category: str
    asked: float
    wanted: float
    skill: str
    skill_asked: float
    car_asked: float
    minutes: tuple[int, ...]
    most_people: int


KINDS = (
    Kind("snow_removal", 0.24, 0.32, "hauling", 0.25, 0.1, (60, 120), 4),
    Kind("transport", 0.12, 0.63, "driving", 0.95, 0.95, (90, 120, 180), 1),
    Kind("shopping", 0.12, 0.16, "driving", 0.35, 0.55, (60, 90), 1),
    Kind("talk", 0.09, 0.29, "listening", 0.3, 0.0, (60,), 1),
    Kind("garbage", 0.08, 0.12, "driving", 0.0, 0.0, (15, 30), 1),
    Kind("watch", 0.07, 0.29, "dementia_supporter", 0.2, 0.0, (30, 60), 1),
    Kind("cleaning", 0.06, 0.11, "hauling", 0.15, 0.0, (60, 120), 3),
    Kind("smartphone", 0.05, 0.29, "smartphone", 0.75, 0.0, (60,), 1),
    Kind("meal", 0.04, 0.28, "cooking", 0.6, 0.3, (90, 120), 4),
    Kind("salon", 0.04, 0.17, "music", 0.25, 0.0, (120,), 4),
    Kind("study", 0.03, 0.11, "teacher", 0.25, 0.0, (60, 90), 2),
    Kind("small_repair", 0.03, 0.14, "carpentry", 0.35, 0.2, (60, 90), 2),
    Kind("childcare", 0.02, 0.12, "childcare_worker", 0.3, 0.0, (60, 120), 2),
    Kind("sign_language", 0.01, 0.03, "sign_language", 0.75, 0.0, (60, 120), 1),
)
SKILLS = {
    "driving": 0.81,
    "cooking": 0.28,
    "smartphone": 0.22,
    "hauling": 0.22,
    "dementia_supporter": 0.17,
    "listening": 0.15,
    "music": 0.09,
    "carpentry": 0.06,
    "teacher": 0.04,
    "childcare_worker": 0.03,
    "sign_language": 0.02,
}
TRANSPORT = {"car": 0.69, "light_truck": 0.09, "bicycle": 0.08, "walk": 0.08, "bus": 0.06}
REACH_KM = {"bicycle": (4.0,), "walk": (1.5,), "bus": (5.0, 8.0)}
DRIVERS_KM = (5.0, 8.0, 8.0, 8.0, 10.0, 10.0, 10.0, 15.0, 15.0, 20.0, 30.0)
HOURS = ((9, 17), (6, 8), (9, 12), (13, 17), (18, 20))
HOURS_SHARE = (0.24, 0.23, 0.23, 0.16, 0.14)
RECURRENCES = {"weekly": 0.40, "once": 0.35, "biweekly": 0.13, "monthly": 0.12}
URGENCIES = {"normal": 0.63, "high": 0.22, "low": 0.11, "emergency": 0.04}

Dice = np.random.Generator


class City(NamedTuple):
    """The plain values of one invented city."""

    needs: list[NeedInput]
    volunteers: list[VolunteerInput]
    history: list[PastOffer]

    def problem(self, forbids: tuple[Forbid, ...] = ()) -> Problem:
        """The problem these values state."""
        options = Options(today=TODAY)
        return build(
            self.needs, self.volunteers, options=options, history=self.history, forbids=forbids
        )


def city(needs: int, volunteers: int, seed: int = 1) -> City:
    """Return a city of so many needs and volunteers; equal seeds give equal cities."""
    dice = np.random.default_rng([seed, needs, volunteers])
    homes, places = _homes(dice, volunteers), _homes(dice, needs)
    people = [_volunteer(dice, f"V{n + 1}", *home) for n, home in enumerate(homes.tolist())]
    asked = [_need(dice, f"N{n + 1}", *place) for n, place in enumerate(places.tolist())]
    return City(asked, people, [_past_offer(dice, volunteers) for _ in range(volunteers)])


def _homes(dice: Dice, count: int) -> npt.NDArray[np.float64]:
    centre = dice.choice(len(CENTRES), count, p=PEOPLE_IN)
    return np.round(CENTRES[centre] + dice.normal(0, 0.025, (count, 2)), 6)


def _pick(dice: Dice, shares: dict[str, float]) -> str:
    edges = np.cumsum(list(shares.values()))
    return list(shares)[int(np.searchsorted(edges, dice.random() * edges[-1]))]


def _volunteer(dice: Dice, volunteer_id: str, lat: float, lon: float) -> VolunteerInput:
    transport = _pick(dice, TRANSPORT)
    return VolunteerInput(
        volunteer_id=volunteer_id,
        status=_pick(dice, {"active": 0.88, "paused": 0.09, "withdrawn": 0.03}),
        lat=lat,
        lon=lon,
        gender=_pick(dice, {"F": 0.57, "M": 0.42, "X": 0.01}),
        categories=frozenset(
            kind.category
            for kind, luck in zip(KINDS, dice.random(len(KINDS)), strict=True)
            if luck < kind.wanted
        ),
        skills=frozenset(
            skill
            for (skill, share), luck in zip(SKILLS.items(), dice.random(len(SKILLS)), strict=True)
            if luck < share
        ),
        availability=_availability(dice),
        transport=transport,
        max_distance_km=float(dice.choice(REACH_KM.get(transport, DRIVERS_KM))),
        max_hours_per_month=float(dice.choice([2, 2, 4, 4, 4, 6, 8, 8, 10, 15, 20, 40])),
        notice_days=int(dice.choice([0, 1, 1, 1, 2, 2, 3, 3, 3, 7, 7, 7, 14])),
        insured_until=date(2027, 3, 31) if dice.random() < 0.71 else None,
    )


def _availability(dice: Dice) -> tuple[Free, ...]:
    days = dice.choice(7, dice.integers(1, 8), replace=False)
    spans = dice.choice(len(HOURS), len(days), p=HOURS_SHARE)
    more = [int(dice.integers(7))] if dice.random() < 0.4 else []
    times = [(int(day), *HOURS[span]) for day, span in zip(days, spans, strict=True)]
    times += [(day, 18, 20) for day in more]
    return tuple(Free(day, opens * 60, closes * 60) for day, opens, closes in sorted(times))


def _need(dice: Dice, need_id: str, lat: float, lon: float) -> NeedInput:
    kind = KINDS[int(dice.choice(len(KINDS), p=[k.asked for k in KINDS]))]
    recurrence = _pick(dice, RECURRENCES)
    start_on = TODAY + timedelta(days=int(dice.integers(0, 21)))
    opens = int(dice.choice([480, 540, 570, 600, 630, 660, 780, 840, 870, 900]))
    minutes = int(dice.choice(kind.minutes))
    return NeedInput(
        need_id=need_id,
        category=kind.category,
        lat=lat,
        lon=lon,
        required_skills=frozenset({kind.skill} if dice.random() < kind.skill_asked else ()),
        headcount=int(dice.integers(1, kind.most_people + 1)),
        start_on=start_on,
        end_on=_end(dice, start_on, recurrence),
        weekdays=_weekdays(dice, start_on, recurrence),
        time_from=opens,
        time_to=opens + minutes + int(dice.choice([0, 0, 0, 30, 30, 60, 60, 90, 120])),
        duration_minutes=minutes,
        recurrence=recurrence,
        urgency=_pick(dice, URGENCIES),
        gender_preference=_pick(dice, {"any": 0.81, "F": 0.15, "M": 0.04}),
        car_needed=bool(dice.random() < kind.car_asked),
    )


def _end(dice: Dice, start_on: date, recurrence: str) -> date:
    if recurrence == "once":
        return start_on + timedelta(days=int(dice.choice([0, 0, *range(1, 14)])))
    return start_on + timedelta(days=int(dice.choice([28, 56, 84, 180])))


def _weekdays(dice: Dice, start_on: date, recurrence: str) -> frozenset[int]:
    if recurrence == "once":
        return frozenset()
    more = dice.choice(7, dice.integers(0, 4), replace=False)
    return frozenset(more.tolist())


def _past_offer(dice: Dice, volunteers: int) -> PastOffer:
    return PastOffer(
        volunteer_id=f"V{dice.integers(volunteers) + 1}",
        person_id=f"P{dice.integers(volunteers)}",
        offered_on=TODAY - timedelta(days=int(dice.integers(1, 180))),
        response=_pick(dice, {"accepted": 0.6, "declined": 0.25, "no_answer": 0.15}),
        outcome=_pick(dice, {"completed": 0.9, "cancelled_by_requester": 0.1}),
    )

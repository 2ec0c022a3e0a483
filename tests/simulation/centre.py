"""What the centre knows on a day: open requests, agreed visits, offers out, and the past."""

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date, timedelta

from matching.engine import (
    Forbid,
    Lock,
    NeedInput,
    Options,
    PastOffer,
    Problem,
    VolunteerInput,
    build,
)
from matching.engine.visits import visit_days

from .arrivals import Request, Volunteer

REST_AFTER_DECLINE = 7
RECENT_DAYS = 30
HORIZON_DAYS = 28


@dataclass(frozen=True, order=True)
class Place:
    """One person's seat on one visit of a need, at a day and time."""

    need_id: str
    volunteer_id: str
    on: date
    start_minutes: int


@dataclass(frozen=True)
class Offer:
    """One person asked to take some visits of one need."""

    need_id: str
    volunteer_id: str
    places: tuple[Place, ...]


@dataclass
class Centre:
    """The state of one year, whatever the way of choosing."""

    volunteers: list[Volunteer]
    open: dict[str, NeedInput] = field(default_factory=dict)
    agreed: set[Place] = field(default_factory=set)
    waiting: dict[tuple[str, str], Offer] = field(default_factory=dict)
    asked_on: dict[tuple[str, str], date] = field(default_factory=dict)
    declined_on: list[tuple[str, str, date]] = field(default_factory=list)
    done: set[tuple[str, str]] = field(default_factory=set)

    def receive(self, request: Request) -> None:
        """Open a need."""
        self.open[request.need.need_id] = request.need

    def ask(self, offer: Offer, today: date) -> int:
        """Send an offer; return how many this person had in the last days before it."""
        recent = sum(
            who == offer.volunteer_id and (today - on).days <= RECENT_DAYS
            for (_, who), on in self.asked_on.items()
        )
        self.waiting[offer.need_id, offer.volunteer_id] = offer
        self.asked_on[offer.need_id, offer.volunteer_id] = today
        return recent

    def decline(self, offer: Offer, today: date) -> None:
        """Let somebody rest from this kind of activity."""
        category = self.open[offer.need_id].category
        self.declined_on.append((offer.volunteer_id, category, today))

    def seats_taken(self, need_id: str) -> Counter[object]:
        """Count seats agreed or asked for, by visit."""
        need = self.open[need_id]
        return Counter(visit_key(need, place.on) for place in self.held(need_id))

    def held(self, need_id: str) -> Iterator[Place]:
        """Give every place of a need that is agreed or out as an offer."""
        yield from (place for place in self.agreed if place.need_id == need_id)
        for offer in self.waiting.values():
            if offer.need_id == need_id:
                yield from offer.places

    def close_what_is_over(self, today: date) -> None:
        """Drop needs whose last day is past or whose only visit was held."""
        for need_id, need in list(self.open.items()):
            single = need.recurrence in ("once", "as_needed")
            last = last_day(need)
            held = any(p.on < today for p in self.agreed if p.need_id == need_id)
            if last < today or (single and held):
                del self.open[need_id]

    def problem(self, today: date) -> Problem:
        """Return today's question with everything that is agreed, asked for or ruled out."""
        locks = sorted(p for need_id in self.open for p in self.held(need_id) if p.on >= today)
        return build(
            self.open.values(),
            self._people(today),
            options=Options(today=today, horizon_days=HORIZON_DAYS),
            history=self._history(),
            locks=[_lock(place) for place in locks],
            forbids=[
                Forbid(need_id=need_id, volunteer_id=who)
                for need_id, who in self.asked_on
                if need_id in self.open
            ],
        )

    def _people(self, today: date) -> Iterator[VolunteerInput]:
        out = Counter(who for _, who in self.waiting)
        resting: dict[str, set[str]] = defaultdict(set)
        for who, category, on in self.declined_on:
            if (today - on).days < REST_AFTER_DECLINE:
                resting[who].add(category)
        for volunteer in self.volunteers:
            who = volunteer.given.volunteer_id
            yield replace(
                volunteer.given,
                open_offers=out[who],
                resting_categories=frozenset(resting.get(who, ())),
            )

    def _history(self) -> list[PastOffer]:
        return [
            PastOffer(
                volunteer_id=who,
                person_id=need_id,
                offered_on=on,
                outcome="completed" if (need_id, who) in self.done else "",
            )
            for (need_id, who), on in self.asked_on.items()
        ]


def _lock(place: Place) -> Lock:
    return Lock(
        need_id=place.need_id,
        volunteer_id=place.volunteer_id,
        on=place.on,
        start_minutes=place.start_minutes,
    )


def last_day(need: NeedInput) -> date:
    """Return the last day on which a visit may lie."""
    assert need.start_on is not None
    if need.end_on is not None:
        return need.end_on
    extra = HORIZON_DAYS if need.recurrence == "as_needed" else 0
    return need.start_on + timedelta(days=extra)


def visit_key(need: NeedInput, on: date) -> object:
    """Return what all days of one visit have in common."""
    match need.recurrence:
        case "once" | "as_needed":
            return "only"
        case "monthly":
            return on.year, on.month
    return on if need.weekdays else on - timedelta(days=on.weekday())


def seats_asked(need: NeedInput) -> int:
    """Return how many places all visits of a need have together."""
    assert need.start_on is not None
    span = (last_day(need) - need.start_on).days + 1
    return need.headcount * len(visit_days(need, need.start_on, max(span, 1)))

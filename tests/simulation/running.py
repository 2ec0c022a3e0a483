"""Living through the days: answers come in, requests arrive, somebody is asked."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, timedelta

from matching.engine import Problem, rank

from .answers import Answer, People
from .arrivals import Request, requests, volunteers
from .centre import Centre, Offer, Place, seats_asked
from .policies import Policy

FIRST_DAY = date(2026, 12, 1)
LAST_VISITS_DAYS = 28


@dataclass
class Year:
    """What happens to one centre, day by day."""

    policy: Policy
    people: People
    centre: Centre
    coming: list[Request]
    received: dict[str, date] = field(default_factory=dict)
    seats: dict[str, int] = field(default_factory=dict)
    offers: list[tuple[date, Offer, Answer]] = field(default_factory=list)
    held: list[Place] = field(default_factory=list)
    due: dict[date, list[tuple[Offer, Answer]]] = field(default_factory=lambda: defaultdict(list))

    def live(self, today: date) -> None:
        """Live through one day; the office is closed at weekends."""
        self._hold_visits(today)
        self.centre.close_what_is_over(today)
        if today.weekday() > 4:
            return
        for offer, answer in self.due.pop(today, []):
            self._settle(offer, answer, today)
        arrived = [r for r in self.coming if r.received_on <= today]
        self.coming = self.coming[len(arrived) :]
        for request in arrived:
            self.centre.receive(request)
            self.received[request.need.need_id] = request.received_on
            self.seats[request.need.need_id] = seats_asked(request.need)
        if self.centre.open:
            problem = self.centre.problem(today)
            for offer in self.policy(self.centre, problem, today):
                self._ask(offer, problem, today)

    def _hold_visits(self, today: date) -> None:
        """Yesterday's visits took place, unless somebody did not come."""
        for place in sorted(p for p in self.centre.agreed if p.on == today - timedelta(days=1)):
            if self.people.comes(place.need_id, place.volunteer_id, place.on.toordinal()):
                self.held.append(place)
                self.centre.done.add((place.need_id, place.volunteer_id))

    def _ask(self, offer: Offer, problem: Problem, today: date) -> None:
        ranked = rank(problem, [offer.need_id], top=len(self.centre.volunteers))
        minutes = {c.volunteer_id: c.travel_minutes for c in ranked[offer.need_id].candidates}
        recent = self.centre.ask(offer, today)
        answer = self.people.answer(
            offer.need_id, offer.volunteer_id, minutes[offer.volunteer_id], recent
        )
        self.offers.append((today, offer, answer))
        self.due[_working_days_later(today, answer.after_days + 1)].append((offer, answer))

    def _settle(self, offer: Offer, answer: Answer, today: date) -> None:
        """Take in an answer; visits that are past by now are lost."""
        del self.centre.waiting[offer.need_id, offer.volunteer_id]
        if offer.need_id not in self.centre.open:
            return
        if answer.declined:
            self.centre.decline(offer, today)
        if answer.yes and not answer.called_off:
            self.centre.agreed.update(p for p in offer.places if p.on >= today)


def live_through(policy: Policy, seed: int, days: int, fatigue: float = 1.0) -> Year:
    """Return a stretch of days, and what became of all its requests, with one way of choosing."""
    coming = requests(seed, FIRST_DAY, days)
    year = Year(policy, People(seed, fatigue), Centre(volunteers(seed, FIRST_DAY)), coming)
    for number in range(days + LAST_VISITS_DAYS):
        year.live(FIRST_DAY + timedelta(days=number))
    return year


def _working_days_later(day: date, count: int) -> date:
    while count:
        day += timedelta(days=1)
        count -= day.weekday() < 5
    return day

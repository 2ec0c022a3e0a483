"""Everything the caller has said, by person and by need, kept up to date one update at a time."""

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from matching.engine.building import build, place_of
from matching.engine.inputs import (
    Booking,
    Forbid,
    Lock,
    NeedInput,
    Options,
    PastOffer,
    VolunteerInput,
)
from matching.engine.patching import Ties
from matching.engine.problem import Ask, Problem
from matching.engine.timeline import Busy
from matching.engine.updates import DropNeed, DropVolunteer, PutNeed, PutVolunteer, Update
from matching.engine.visits import DAY_MINUTES


class Register:
    """The values of one problem; what names somebody unknown waits until they are known."""

    def __init__(
        self,
        needs: Iterable[NeedInput],
        volunteers: Iterable[VolunteerInput],
        *,
        options: Options,
        bookings: Iterable[Booking] = (),
        history: Iterable[PastOffer] = (),
        blocked: Iterable[tuple[str, str]] = (),
        locks: Iterable[Lock] = (),
        forbids: Iterable[Forbid] = (),
    ) -> None:
        self.options = options
        self.needs = {need.need_id: need for need in needs}
        self.volunteers = {person.volunteer_id: person for person in volunteers}
        self.bookings: dict[str, list[Booking]] = defaultdict(list)
        self.history: dict[str, list[PastOffer]] = defaultdict(list)
        self.blocked: dict[str, list[str]] = defaultdict(list)
        self.locks: dict[str, list[Lock]] = defaultdict(list)
        self.forbids: dict[str, list[Forbid]] = defaultdict(list)
        for booking in bookings:
            self.bookings[booking.volunteer_id].append(booking)
        for offer in history:
            self.history[offer.volunteer_id].append(offer)
        for need_id, volunteer_id in blocked:
            self.blocked[need_id].append(volunteer_id)
        for lock in locks:
            self.locks[lock.need_id].append(lock)
        for forbid in forbids:
            self.forbids[forbid.need_id].append(forbid)

    def take(self, update: Update) -> None:
        """Replace what is known about one person or one need."""
        match update:
            case PutVolunteer(volunteer=person):
                self.volunteers[person.volunteer_id] = person
                self.bookings[person.volunteer_id] = list(update.bookings)
                self.history[person.volunteer_id] = list(update.history)
            case DropVolunteer(volunteer_id=name):
                self.volunteers.pop(name, None)
            case PutNeed(need=need):
                self.needs[need.need_id] = need
                self.locks[need.need_id] = list(update.locks)
                self.forbids[need.need_id] = list(update.forbids)
                self.blocked[need.need_id] = list(update.blocked)
            case DropNeed(need_id=name):
                self.needs.pop(name, None)

    def problem(self) -> Problem:
        """Return the problem that these values state."""
        return build(
            self.needs.values(),
            self.volunteers.values(),
            options=self.options,
            bookings=[each for group in self.bookings.values() for each in group],
            history=[each for group in self.history.values() for each in group],
            blocked=[(n, v) for n, group in self.blocked.items() for v in group],
            locks=[each for group in self.locks.values() for each in group],
            forbids=[each for group in self.forbids.values() for each in group],
        )

    def naming(self, volunteer_id: str) -> list[str]:
        """Return the needs with a lock or a pair ruled out that names somebody."""
        tables: tuple[dict[str, list[Any]], ...] = (self.locks, self.forbids)
        named = {
            need_id
            for table in tables
            for need_id, some in table.items()
            if any(each.volunteer_id == volunteer_id for each in some)
        }
        return sorted(named | {n for n, names in self.blocked.items() if volunteer_id in names})

    def engagements(self, problem: Problem, volunteer_id: str) -> tuple[Busy, ...]:
        """Return what binds a volunteer: confirmed engagements and locks on needs."""
        spots: set[Busy] = set()
        for booking in self.bookings.get(volunteer_id, ()):
            midnight = (booking.on - self.options.today).days * DAY_MINUTES
            place = problem.geography.add(place_of(booking))
            spots.add(Busy(midnight + booking.start_minutes, midnight + booking.end_minutes, place))
        for need_id, locks in self.locks.items():
            ask = self._ask(problem, need_id)
            for lock in locks:
                if ask is not None and lock.volunteer_id == volunteer_id:
                    start = (lock.on - self.options.today).days * DAY_MINUTES + lock.start_minutes
                    spots.add(Busy(start, start + ask.duration, ask.place))
        return tuple(sorted(spots))

    def ties(self, problem: Problem, need_id: str) -> Ties:
        """Return what ties a need to volunteers who are known."""
        today, who = self.options.today, problem.volunteer_index
        held: dict[tuple[int, int], set[int]] = {}
        for lock in self.locks.get(need_id, ()):
            if lock.volunteer_id in who:
                slot = (lock.on - today).days, lock.start_minutes
                held.setdefault(slot, set()).add(who[lock.volunteer_id])
        blocked = {who[name] for name in self.blocked.get(need_id, ()) if name in who}
        forbidden = {
            (who[each.volunteer_id], None if each.on is None else (each.on - today).days)
            for each in self.forbids.get(need_id, ())
            if each.volunteer_id in who
        }
        return Ties(held, frozenset(blocked), frozenset(forbidden))

    def _ask(self, problem: Problem, need_id: str) -> Ask | None:
        index = problem.need_index.get(need_id)
        return None if index is None else problem.asks[index]

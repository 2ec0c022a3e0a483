"""Everything the caller has said, by person and by need, kept up to date one update at a time."""

from collections import defaultdict
from collections.abc import Iterable

from matching.engine.building import build
from matching.engine.inputs import (
    Booking,
    Forbid,
    Lock,
    NeedInput,
    Options,
    PastOffer,
    VolunteerInput,
)
from matching.engine.problem import Problem
from matching.engine.updates import DropNeed, DropVolunteer, PutNeed, PutVolunteer, Update


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

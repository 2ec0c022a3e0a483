"""What a message is about: the rows behind it, whom it is told, and whether it still is news."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from matching.activities.models import Activity
from matching.catalogue.reference import CATEGORY_BY_CODE
from matching.coordination.models import Placement, Proposal
from matching.coordination.values import part_of_town
from matching.kernel import clock
from matching.messaging.models import Message
from matching.messaging.registers import day_in, place_in, register_of, time_in
from matching.messaging.rules import KINDS
from matching.messaging.templates import UNKNOWN_PLACE
from matching.messaging.words import Facts, Words, words_of
from matching.needs.models import Need
from matching.people.models import Person
from matching.people.shielding import shield_of
from matching.volunteers.models import Volunteer

DASH = {"ja": "〜", "ja-easy": "〜", "en": "–"}
UNREPORTED = ("confirmed", "checked_in", "done", "interrupted")


@dataclass(frozen=True)
class Occasion:
    """The rows behind a message; `people` are the two it concerns, whoever is told."""

    kind: str
    need: Need
    volunteer: Volunteer
    proposal: Proposal | None = None
    placement: Placement | None = None

    @property
    def people(self) -> set[int]:
        """Who must not be on hold for it to leave."""
        return {self.volunteer.person_id, self.need.requester_id}

    @property
    def person_id(self) -> int:
        """Who is told."""
        if KINDS[self.kind].to == "resident":
            return self.need.requester_id
        return self.volunteer.person_id

    def wanted(self, method: str | None) -> str | None:
        """Return the channel that is wanted, of somebody who likes to be reached by a `method`.

        A coordinator who asks by message (`web`) means whichever one reaches the person, but not a
        call; who chose mail, LINE or a short message means that one.
        """
        if self.proposal is None or self.kind not in {"offer", "offer_reminder"}:
            return method
        if self.proposal.offer_channel != "web":
            return self.proposal.offer_channel
        return None if method == "phone" else method


def find(session: Session, kind: str, payload: Mapping[str, Any]) -> Occasion:
    """Return the occasion that a job names by the number of a proposal or a placement."""
    model: Any = Proposal if "proposal" in payload else Placement
    number = int(payload["proposal" if model is Proposal else "placement"])
    found = session.scalars(
        select(model)
        .where(model.id == number)
        .options(joinedload(model.need), joinedload(model.volunteer))
    ).one()
    about = {"proposal" if model is Proposal else "placement": found}
    return Occasion(kind, found.need, found.volunteer, **about)


def of_message(session: Session, message: Message) -> Occasion:
    """Return the occasion of a message."""
    about = {"proposal": message.proposal_id, "placement": message.placement_id}
    return find(session, message.kind, {name: value for name, value in about.items() if value})


def good_until(occasion: Occasion, now: datetime) -> datetime:
    """Return the moment after which the message is no news any more."""
    longest = now + KINDS[occasion.kind].good_for
    ends: list[datetime | None] = [longest]
    if occasion.proposal is not None and occasion.kind in {"offer", "offer_reminder"}:
        ends.append(occasion.proposal.expires_at)
    if occasion.placement is not None and occasion.kind == "visit_reminder":
        ends.append(occasion.placement.starts_at)
    if occasion.placement is not None and occasion.kind in {"called_off", "coming_off"}:
        ends.append(occasion.placement.ends_at)
    return min(end for end in ends if end is not None)


def is_news(session: Session, occasion: Occasion, now: datetime) -> bool:
    """Tell whether what the message says is still so: nothing stale is sent."""
    return STILL_SO[occasion.kind](session, occasion, now)


def _asked(_session: Session, occasion: Occasion, now: datetime) -> bool:
    proposal = occasion.proposal
    return (
        proposal is not None
        and proposal.state == "contacted"
        and (proposal.expires_at is None or proposal.expires_at > now)
    )


def _agreed(session: Session, occasion: Occasion, now: datetime) -> bool:
    return bool(_visits_ahead(session, occasion, now))


def _held(session: Session, occasion: Occasion, now: datetime) -> bool:
    return bool(_visits_ahead(session, occasion, now, "held"))


def _in_queue(_session: Session, occasion: Occasion, _now: datetime) -> bool:
    return occasion.proposal is not None and occasion.proposal.state == "waitlisted"


def _over(_session: Session, occasion: Occasion, _now: datetime) -> bool:
    proposal = occasion.proposal
    return proposal is not None and proposal.state in {"cancelled", "declined", "no_response"}


def _taken_back(_session: Session, occasion: Occasion, now: datetime) -> bool:
    placement = occasion.placement
    return placement is not None and placement.state == "cancelled" and placement.ends_at > now


def _unreported(session: Session, occasion: Occasion, _now: datetime) -> bool:
    placement = occasion.placement
    if placement is None or placement.state != "confirmed":
        return False
    state = session.scalar(select(Activity.state).where(Activity.placement_id == placement.id))
    return (state or "confirmed") in UNREPORTED


def _went(_session: Session, occasion: Occasion, _now: datetime) -> bool:
    return occasion.placement is not None and occasion.placement.state == "done"


STILL_SO: Mapping[str, Callable[[Session, Occasion, datetime], bool]] = {
    "offer": _asked,
    "offer_reminder": _asked,
    "confirmed": _agreed,
    "coming": _agreed,
    "changed": _agreed,
    "coming_changed": _agreed,
    "coming_elsewhere": _agreed,
    "may_come": _held,
    "visit_reminder": _agreed,
    "waitlisted": _in_queue,
    "not_needed": _over,
    "cancelled": _taken_back,
    "called_off": _taken_back,
    "coming_off": _taken_back,
    "report_reminder": _unreported,
    "thanks": _went,
}


def _visits_ahead(
    session: Session, occasion: Occasion, now: datetime, state: str = "confirmed"
) -> Sequence[Placement]:
    ahead = (
        select(Placement)
        .where(Placement.state == state, Placement.ends_at > now)
        .order_by(Placement.starts_at)
    )
    if occasion.placement is not None:
        return session.scalars(ahead.where(Placement.id == occasion.placement.id)).all()
    number = occasion.proposal.id if occasion.proposal is not None else 0
    return session.scalars(ahead.where(Placement.proposal_id == number)).all()


def words_for(
    session: Session, occasion: Occasion, now: datetime, language: str | None = None
) -> Words:
    """Put the occasion into words for who is told; L1 at most (BR-19).

    In the person's own register, unless the page they read is in another `language`.
    """
    person = session.get_one(Person, occasion.person_id)
    register = register_of(language or person.language)
    category = CATEGORY_BY_CODE.get(occasion.need.category_code)
    shield = shield_of(session, occasion.need.requester_id)
    codes = (shield.meeting_point,) if shield else part_of_town(occasion.need)
    own_home = occasion.person_id == occasion.need.requester_id
    facts = Facts(
        name=person.name,
        what=_category(category, register) if category else "",
        where="" if own_home else place_in(register, codes, UNKNOWN_PLACE),
        visits=tuple(_visits(session, occasion, register, now)),
        until=_until(occasion, register),
    )
    return words_of(occasion.kind, facts, register)


def _category(category: Any, register: str) -> str:
    named = {"ja": category.label, "en": category.english, "ja-easy": category.easy}
    return str(named[register] or category.label)


def _visits(session: Session, occasion: Occasion, register: str, now: datetime) -> list[str]:
    if occasion.placement is not None:
        return [_span(occasion.placement, register)]
    if occasion.proposal is not None and occasion.kind in {"offer", "offer_reminder", "waitlisted"}:
        return [_offered(visit, register) for visit in occasion.proposal.offered_visits]
    state = "held" if occasion.kind == "may_come" else "confirmed"
    return [_span(each, register) for each in _visits_ahead(session, occasion, now, state)]


def _offered(visit: Mapping[str, Any], register: str) -> str:
    day = day_in(register, date.fromisoformat(visit["on"]))
    return f"{day} {_times(visit['start'], visit['start'] + visit['minutes'], register)}"


def _span(placement: Placement, register: str) -> str:
    start, end = placement.starts_at, placement.ends_at
    times = _times(clock.minutes_of_day(start), clock.minutes_of_day(end), register)
    return f"{day_in(register, clock.local_date(start))} {times}"


def _times(start: int, end: int, register: str) -> str:
    return f"{time_in(start)}{DASH[register]}{time_in(end)}"


def _until(occasion: Occasion, register: str) -> str:
    """Until when an answer is awaited, where one is."""
    proposal = occasion.proposal
    if proposal is None or occasion.kind not in {"offer", "offer_reminder"}:
        return ""
    until = proposal.expires_at
    if until is None:
        return ""
    day = day_in(register, clock.local_date(until))
    return f"{day} {time_in(clock.minutes_of_day(until))}"

"""What can happen between two plans: everything about one person or one need is stated anew."""

from dataclasses import dataclass

from matching.engine.inputs import Booking, Forbid, Lock, NeedInput, PastOffer, VolunteerInput


@dataclass(frozen=True, slots=True, kw_only=True)
class PutVolunteer:
    """A volunteer who is new or has changed, with all confirmed engagements and past offers."""

    volunteer: VolunteerInput
    bookings: tuple[Booking, ...] = ()
    history: tuple[PastOffer, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class DropVolunteer:
    """A volunteer who is not registered any more."""

    volunteer_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PutNeed:
    """A need that is new or has changed, with all its locks and all pairs never to be planned."""

    need: NeedInput
    locks: tuple[Lock, ...] = ()
    forbids: tuple[Forbid, ...] = ()
    blocked: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class DropNeed:
    """A need that is not planned any more."""

    need_id: str


Update = PutVolunteer | DropVolunteer | PutNeed | DropNeed

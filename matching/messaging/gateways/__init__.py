"""What every gateway takes and gives back: one parcel for one person, and what came of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Protocol


@dataclass(frozen=True)
class Parcel:
    """One message for one address; `ref` is the same at every attempt.

    `text` is all that is said, `html` the same as a simple page where the channel knows pages.
    """

    ref: str
    address: str = field(repr=False)
    subject: str
    text: str = field(repr=False)
    html: str = field(default="", repr=False)


@dataclass(frozen=True)
class Sent:
    """Handed over; `provider_ref` is the name under which the gateway reports on it."""

    provider_ref: str | None = None


@dataclass(frozen=True)
class Later:
    """Not taken this time; the same message is tried again."""

    reason: str


@dataclass(frozen=True)
class Away:
    """The gateway itself does not answer or asks for a pause: nothing else is tried meanwhile."""

    reason: str
    pause: timedelta | None = None


@dataclass(frozen=True)
class Refused:
    """Never taken; `address` says that it is the address that is wrong, not the message."""

    reason: str
    address: bool = False


Outcome = Sent | Later | Away | Refused


class Gateway(Protocol):
    """Something that brings parcels out."""

    def hand_over(self, parcel: Parcel) -> Outcome:
        """Try once; failures of the network are an outcome, never an exception."""
        ...


GatewaysByName = Mapping[str, Gateway]

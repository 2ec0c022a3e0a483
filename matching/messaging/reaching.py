"""How a person can be reached now: addresses that work, by the channels that are set up."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import exists, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from matching.kernel import audit
from matching.kernel.actor import Actor
from matching.kernel.sealing import email_index, line_index, phone_index
from matching.messaging.gateways.sms import is_mobile
from matching.messaging.hook_models import LineFriend
from matching.messaging.models import BadAddress
from matching.people.models import Account, Person


def addresses(session: Session, person: Person, ready: Collection[str]) -> dict[str, str]:
    """Return a person's addresses by channel: those set up, and where nothing failed before."""
    mobile = person.mobile if person.mobile and is_mobile(person.mobile) else None
    known = {"mail": person.email, "sms": mobile, "line": _line_of(session, person.id)}
    bad = _bad_marks(session, person.id)
    found = {
        channel: address
        for channel, address in known.items()
        if address and channel in ready and (channel, mark_of(channel, address)) not in bad
    }
    return found | ({"web": ""} if _signs_in(session, person.id) else {})


def mark_of(channel: str, address: str) -> str:
    """Return the blind index of an address."""
    return MARKS[channel](address)


MARKS = {"mail": email_index, "sms": phone_index, "line": line_index}


def _line_of(session: Session, person_id: int) -> str | None:
    friend = session.scalar(
        select(LineFriend).where(
            LineFriend.person_id == person_id, LineFriend.unfollowed_at.is_(None)
        )
    )
    return friend.user_id if friend is not None else None


def _bad_marks(session: Session, person_id: int) -> set[tuple[str, str]]:
    found = select(BadAddress.channel, BadAddress.mark).where(
        BadAddress.person_id == person_id, BadAddress.cleared_at.is_(None)
    )
    return {(row[0], row[1]) for row in session.execute(found)}


def _signs_in(session: Session, person_id: int) -> bool:
    """Whether the person has an account of their own, and so an in-box."""
    own = (Account.person_id == person_id) & Account.disabled_at.is_(None)
    chosen = Account.password_hash != ""  # nosec B105
    return session.scalar(select(exists().where(own, chosen))) or False


def mark_bad(session: Session, person: Person, channel: str, reason: str, now: datetime) -> None:
    """Remember that somebody is not reached at an address, until it is cleared or another given."""
    address = addresses(session, person, (channel,)).get(channel)
    if address is None:
        return
    session.execute(
        insert(BadAddress)
        .values(
            person_id=person.id,
            channel=channel,
            mark=mark_of(channel, address),
            reason=reason,
            noted_at=now,
        )
        .on_conflict_do_nothing()
    )


def clear(session: Session, person_id: int, channel: str, actor: Actor, now: datetime) -> None:
    """Try the addresses of a channel again: somebody has checked them with the person."""
    session.execute(
        update(BadAddress)
        .where(BadAddress.person_id == person_id, BadAddress.channel == channel)
        .where(BadAddress.cleared_at.is_(None))
        .values(cleared_at=now)
    )
    audit.record(session, actor, now, "address_cleared", "person", person_id, channel=channel)

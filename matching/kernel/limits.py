"""How often is too often: allowances kept in the database, so that no restart forgives anybody."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from ipaddress import ip_address, ip_network

from sqlalchemy import CursorResult, Interval, case, delete, func, literal, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Mapped, Session, mapped_column

from matching.kernel.database import Base

PREFIX = {4: 24, 6: 64}  # what one household or one attacker can be given by a provider


class Allowance(Base):
    """One key's allowance: the instant at which it will be whole again."""

    __tablename__ = "allowances"
    key: Mapped[str] = mapped_column(primary_key=True)
    whole_at: Mapped[datetime] = mapped_column(index=True)


@dataclass(frozen=True)
class Limit:
    """`most` at once, given back evenly over `every`."""

    name: str
    most: int
    every: timedelta

    def key(self, subject: str) -> str:
        """Return the key of a subject: the same one is recognised, and cannot be read."""
        return f"{self.name}:{hashlib.sha256(subject.encode()).hexdigest()[:24]}"


Wish = tuple[Limit, str]


def spend(session: Session, wishes: Sequence[Wish], now: datetime) -> Limit | None:
    """Take one from each allowance, or from none; returns the limit that is used up, if any.

    Keys are taken in one order, so two who wish for the same ones cannot block each other.
    """
    with session.begin_nested() as together:
        for limit, subject in sorted(wishes, key=lambda wish: wish[0].key(wish[1])):
            if not _take(session, limit, limit.key(subject), now):
                together.rollback()
                return limit
    return None


def _take(session: Session, limit: Limit, key: str, now: datetime) -> bool:
    share = limit.every / limit.most
    row = insert(Allowance).values(key=key, whole_at=now + share)
    # Nobody waits longer than `every`: what does was written before the clock went back.
    ahead = Allowance.whole_at > now + limit.every
    begins = case((ahead, now), else_=func.greatest(Allowance.whole_at, now))
    later = begins + literal(share, Interval)
    taken = row.on_conflict_do_update(
        index_elements=[Allowance.key],
        set_={"whole_at": later},
        where=later <= now + limit.every,
    )
    return session.scalar(taken.returning(Allowance.key)) is not None


def give_back(session: Session, wishes: Sequence[Wish]) -> None:
    """Put one back into each allowance: what was tried turned out to be right."""
    for limit, subject in sorted(wishes, key=lambda wish: wish[0].key(wish[1])):
        session.execute(
            update(Allowance)
            .where(Allowance.key == limit.key(subject))
            .values(whole_at=Allowance.whole_at - literal(limit.every / limit.most, Interval))
        )


def forget_whole(session: Session, now: datetime) -> int:
    """Delete the allowances that are whole again; returns how many."""
    done = session.execute(delete(Allowance).where(Allowance.whole_at <= now))
    return done.rowcount if isinstance(done, CursorResult) else 0


def network(address: str) -> str:
    """Return the neighbourhood of an address: its /24 or /64; other text as it is."""
    try:
        ip = ip_address(address)
    except ValueError:
        return address
    return str(ip_network(f"{ip}/{PREFIX[ip.version]}", strict=False))

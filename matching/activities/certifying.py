"""Certificates of what somebody did: verified visits only, with a code that can be checked."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from matching.activities.follow_models import Certificate
from matching.activities.models import Activity
from matching.activities.rules import counted_minutes
from matching.coordination.models import Placement
from matching.kernel import audit, clock
from matching.kernel.actor import Actor
from matching.kernel.errors import Invalid, NotFound
from matching.needs.models import Need
from matching.places.calendar import end_of_fiscal_year, fiscal_year_of, start_of_fiscal_year
from matching.volunteers.models import Volunteer

NOTHING = "この期間に、確認のすんだ活動がありません。報告の確認がすむと、証明書を出せます。"
BACKWARDS = "期間は、始まりの日から終わりの日までを、今日までの日で選んでください。"
# No letters that are taken for others when read out or typed from paper.
LETTERS = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
LENGTH = 16


@dataclass(frozen=True)
class Line:
    """What somebody did of one kind of help."""

    category: str
    visits: int
    minutes: int


def new_code() -> str:
    """Return a code nobody can guess, in groups of four: 78 bits."""
    drawn = "".join(secrets.choice(LETTERS) for _ in range(LENGTH))
    return "-".join(drawn[place : place + 4] for place in range(0, LENGTH, 4))


def done_between(session: Session, volunteer_id: int, first: date, last: date) -> list[Line]:
    """Return the verified visits of a volunteer in a period by kind of help, times in quarters."""
    rows = session.execute(
        select(Need.category_code, Activity.minutes)
        .join(Placement, Placement.id == Activity.placement_id)
        .join(Need, Need.id == Placement.need_id)
        .where(Placement.volunteer_id == volunteer_id, Activity.state == "verified")
        .where(Placement.starts_at >= clock.instant(first, 0))
        .where(Placement.starts_at < clock.instant(last, 24 * 60))
    )
    counted: dict[str, list[int]] = {}
    for category, minutes in rows:
        counted.setdefault(category, []).append(counted_minutes(minutes or 0))
    return [Line(code, len(each), sum(each)) for code, each in sorted(counted.items())]


def issue(
    session: Session, volunteer: Volunteer, first: date, last: date, actor: Actor, now: datetime
) -> Certificate:
    """Issue a certificate over the verified visits of a period; raises Invalid without any."""
    if first > last or last > clock.local_date(now):
        raise Invalid(BACKWARDS, field="to_on")
    lines = done_between(session, volunteer.id, first, last)
    if not lines:
        raise Invalid(NOTHING, field="to_on")
    row = Certificate(
        code=new_code(),
        volunteer_id=volunteer.id,
        from_on=first,
        to_on=last,
        visits=sum(line.visits for line in lines),
        minutes=sum(line.minutes for line in lines),
        lines=[
            {"category": line.category, "visits": line.visits, "minutes": line.minutes}
            for line in lines
        ],
        issued_at=now,
        issued_by_id=actor.account_id,
    )
    session.add(row)
    session.flush()
    audit.record(
        session, actor, now, "certificate_issued", "certificate", row.id, volunteer=volunteer.id
    )
    return row


def find_certificate(session: Session, typed: str) -> Certificate | None:
    """Return the certificate of a code as somebody types it; None where none was issued."""
    letters = "".join(each for each in typed.upper() if each in LETTERS)
    if len(letters) != LENGTH:
        return None
    code = "-".join(letters[place : place + 4] for place in range(0, LENGTH, 4))
    return session.scalar(select(Certificate).where(Certificate.code == code))


def get_certificate(session: Session, certificate_id: int, volunteer_id: int | None) -> Certificate:
    """Return a certificate (of one volunteer) with the person; raises NotFound."""
    found = (
        select(Certificate)
        .where(Certificate.id == certificate_id)
        .options(joinedload(Certificate.volunteer).joinedload(Volunteer.person))
    )
    if volunteer_id is not None:
        found = found.where(Certificate.volunteer_id == volunteer_id)
    row = session.scalar(found)
    if row is None:
        raise NotFound
    return row


def list_certificates(session: Session, volunteer_id: int) -> Sequence[Certificate]:
    """Return the certificates of a volunteer, newest first."""
    return session.scalars(
        select(Certificate)
        .where(Certificate.volunteer_id == volunteer_id)
        .order_by(Certificate.id.desc())
        .limit(50)
    ).all()


def fiscal_years(session: Session, volunteer_id: int, today: date) -> list[tuple[date, date]]:
    """Return the fiscal years in which a volunteer has a verified visit, newest first."""
    starts = session.scalars(
        select(Placement.starts_at)
        .join(Activity, Activity.placement_id == Placement.id)
        .where(Placement.volunteer_id == volunteer_id, Activity.state == "verified")
    )
    years = {fiscal_year_of(clock.local_date(at)) for at in starts}
    return [
        (start_of_fiscal_year(year), min(today, end_of_fiscal_year(year)))
        for year in sorted(years, reverse=True)
    ]

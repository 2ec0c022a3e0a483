"""Filling an empty database with the demo city, through the product's own importer."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy import exists, select, update
from sqlalchemy.orm import Session

from matching.activities.partnering import speak_for
from matching.coordination.forecasting import learn
from matching.coordination.planning import plan_all
from matching.interchange.importing import import_records
from matching.interchange.sheets import SheetKind
from matching.kernel import clock
from matching.kernel.actor import SYSTEM
from matching.kernel.database import transaction
from matching.local import demo_days
from matching.local.city.generating import City, generate
from matching.needs.models import Need
from matching.people.accounts import AccountEntry, add_account
from matching.people.models import Account, Block, WelfareCommissioner
from matching.volunteers.models import Volunteer, VolunteerSkill

SEED = 1
# what of the city is imported as which sheet, in the order of what refers to what
KNOWN: tuple[tuple[str, SheetKind], ...] = (
    ("groups", "groups"),
    ("commissioners", "commissioners"),
    ("volunteers", "volunteers"),
    ("past_needs", "needs"),
    ("proposals", "proposals"),
)


def fill_if_empty(password: str) -> bool:
    """Fill a database that has no account yet; returns whether it did."""
    with transaction() as session:
        if session.scalar(select(exists(select(Account.id)))):
            return False
        now = clock.now()
        city = generate(SEED, clock.local_date(now))
        for sheet, kind in KNOWN:
            import_records(session, kind, getattr(city, sheet), SYSTEM, now - demo_days.DECIDED)
        _papers(session, city)
        staff = [row for row in city.accounts if not row["need_id"]]
        _accounts(session, staff, password, now - demo_days.DECIDED)
        demo_days.live(session, city, now)
        import_records(session, "needs", city.needs, SYSTEM, now)
        demo_days.ask_anew(session, city, now)
        _blocks(session, city, now)
        _accounts(session, [row for row in city.accounts if row["need_id"]], password, now)
    with transaction() as session:
        learn(session, SYSTEM, clock.now())
        plan_all(session, SYSTEM, clock.now())
    return True


def _papers(session: Session, city: City) -> None:
    """What staff have seen on paper: qualifications with their dates, guardians' consents."""
    session.execute(update(VolunteerSkill).values(verified_on=None))
    for row in city.qualifications:
        session.execute(
            update(VolunteerSkill)
            .where(
                VolunteerSkill.volunteer_id == _volunteer(session, row).id,
                VolunteerSkill.skill_code == row["skill"],
            )
            .values(verified_on=_day(row["verified_on"]), valid_until=_day(row["expires_on"]))
        )
    for row in city.guardians:
        _volunteer(session, row).guardian_consent_until = _day(row["valid_until"])


def _blocks(session: Session, city: City, now: datetime) -> None:
    for row in city.blocks:
        need = session.scalars(select(Need).where(Need.reference == row["need_id"])).one()
        session.add(
            Block(
                person_id=need.requester_id,
                other_person_id=_volunteer(session, row).person_id,
                reason=row["reason"],
                created_at=now,
            )
        )


def _accounts(
    session: Session, rows: Sequence[dict[str, str]], password: str, now: datetime
) -> None:
    for row in rows:
        entry = AccountEntry(
            login=row["login"],
            password=password,
            display_name=row["name"],
            roles=((row["role"], row["area_code"] or None, row["district_code"] or None),),
            person_id=_person_of(session, row),
            starts_on=_day(row["starts_on"]),
            ends_on=_day(row["ends_on"]),
            demo=True,
        )
        account = add_account(session, entry, SYSTEM, now)
        session.flush()
        if row["group_id"]:
            speak_for(session, account.id, row["group_id"], SYSTEM, now)


def _person_of(session: Session, row: dict[str, str]) -> int | None:
    """The person behind a demo log-in: the volunteer, the commissioner or who asks for help."""
    if row["volunteer_id"]:
        return _volunteer(session, row).person_id
    if row["commissioner_id"]:
        return session.scalar(
            select(WelfareCommissioner.person_id).where(
                WelfareCommissioner.reference == row["commissioner_id"]
            )
        )
    if row["need_id"] and row["role"] == "requester":
        return session.scalar(select(Need.requester_id).where(Need.reference == row["need_id"]))
    return None


def _volunteer(session: Session, row: dict[str, str]) -> Volunteer:
    return session.scalars(
        select(Volunteer).where(Volunteer.reference == row["volunteer_id"])
    ).one()


def _day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None

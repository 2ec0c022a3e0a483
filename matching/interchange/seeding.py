"""Seeding: a file of areas, people, accounts and blocks becomes rows; a second time nothing new.

The file holds lists: `areas`, `districts`, `people`, `volunteers`, `needs`, `accounts`, `blocks`.
People are named by `id` within the file; sheets' column names serve for volunteers and needs.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from matching.interchange.importing import import_records
from matching.interchange.problems import problem
from matching.interchange.rowchecks import check_row
from matching.interchange.seed_shape import ROLE_FIELDS, SHAPE, SHEETS, Row, Seed, SeedError
from matching.interchange.sheets import SheetKind, columns_of
from matching.kernel.actor import Actor
from matching.kernel.errors import DomainError, Invalid
from matching.kernel.permissions import ROLES
from matching.people import consenting, passwords, second_factors
from matching.people.accounts import AccountEntry, add_account
from matching.people.models import Account, Block, Person, Role
from matching.people.registering import Contact, add_person, find_same_person
from matching.places.models import Area, District


def sow(session: Session, seed: Seed, actor: Actor, now: datetime) -> dict[str, int]:
    """Write what is not there yet; returns how many of each list were new."""
    work = _Sowing(session, actor, now)
    steps: Mapping[str, Callable[[str, Row], bool]] = {
        "areas": work.area,
        "districts": work.district,
        "people": work.person,
        "accounts": work.account,
        "blocks": work.block,
    }
    counts: dict[str, int] = {}
    for name in SHAPE:
        if name in steps:
            counts[name] = sum(
                _step(steps[name], f"{name}[{place}]", row) for place, row in enumerate(seed[name])
            )
        elif name in SHEETS and seed[name]:
            counts[name] = work.sheet(SHEETS[name], seed[name])
    return counts


def _step(step: Callable[[str, Row], bool], where: str, row: Row) -> bool:
    try:
        return step(where, row)
    except DomainError as refused:
        raise SeedError(f"{where}: {refused}") from refused
    except DBAPIError as refused:
        said = str(refused.orig).splitlines()[0]
        raise SeedError(f"{where}: the database refuses it: {said}") from refused


class _Sowing:
    def __init__(self, session: Session, actor: Actor, now: datetime) -> None:
        self.session, self.actor, self.now = session, actor, now
        self.people: dict[str, int] = {}

    def area(self, where: str, row: Row) -> bool:
        if self.session.get(Area, row["code"]) is not None:
            return False
        self._place(Area, row)
        return True

    def district(self, where: str, row: Row) -> bool:
        if self.session.get(District, row["code"]) is not None:
            return False
        self._place(District, row | {"area_code": row["area"]})
        return True

    def _place(self, model: Any, row: Row) -> None:
        known = {column.name for column in model.__table__.columns}
        usual = {
            "kana": row["name"],
            "office": row["name"],
            "lat": 38.93,
            "lon": 141.13,
            "snow_class": 1,
            "position": 99,
        }
        values = {name: value for name, value in (usual | row).items() if name in known}
        self.session.add(model(**values))
        self.session.flush()

    def person(self, where: str, row: Row) -> bool:
        contact = Contact(
            name=row["name"],
            name_kana=row.get("name_kana"),
            birth_on=self._day(where, row, "birth_date"),
            gender=row.get("gender"),
            phone=row.get("phone"),
            mobile=row.get("mobile"),
            email=row.get("email"),
            address=row.get("address"),
            area_code=row.get("area"),
            district_code=row.get("district"),
            lat=row.get("lat"),
            lon=row.get("lon"),
        )
        known = find_same_person(self.session, contact)
        found = known or add_person(self.session, contact, self.now)
        self.people[str(row["id"])] = found.id
        if known is None:
            consents = row.get("consents", ["coordination_use"])
            consenting.give(self.session, found.id, consents, "register", self.actor, self.now)
        return known is None

    def sheet(self, name: SheetKind, rows: list[Row]) -> int:
        for place, row in enumerate(rows):
            for column in columns_of(name):
                if column.weight == "required" and not row.get(column.name):
                    raise SeedError(f"{name}[{place}].{column.name}: must be there.")
        records = [_record(name, f"{name}[{place}]", row) for place, row in enumerate(rows)]
        tally = import_records(self.session, name, records, self.actor, self.now)
        if tally.refused:
            told = tally.problems[0].text if tally.problems else "refused"
            raise SeedError(f"{name}[{tally.refused[0] - 1}]: {told}")
        return tally.created

    def account(self, where: str, row: Row) -> bool:
        login, roles = str(row["login"]).strip().lower(), self._roles(where, row)
        known = self.session.scalar(select(Account).where(Account.login == login))
        if known is not None:
            if not passwords.verify(known.password_hash, str(row["password"])):
                known.password_hash = passwords.hashed(str(row["password"]))
            return False
        made = add_account(
            self.session,
            AccountEntry(
                login,
                str(row["password"]),
                row.get("name") or login,
                (),
                person_id=self._person(where, row["person"]) if row.get("person") else None,
                demo=bool(row.get("demo", False)),
            ),
            self.actor,
            self.now,
        )
        for place, role in enumerate(roles):
            self.session.add(self._role(f"{where}.roles[{place}]", made.id, role))
        if row.get("totp"):
            self._factor(where, made, str(row["totp"]))
        self.session.flush()
        return True

    def _factor(self, where: str, account: Account, secret: str) -> None:
        try:
            second_factors.adopt_app(self.session, account, secret, self.now)
        except Invalid:
            raise SeedError(
                f"{where}.totp: must be a secret in base32, of 112 bits at least (24 letters)."
            ) from None

    def _roles(self, where: str, row: Row) -> list[Row]:
        roles = row.get("roles")
        if roles is None:
            roles = [{name: row[name] for name in ROLE_FIELDS if name in row}]
        for role in roles:
            if role.get("role") not in ROLES:
                raise SeedError(f"{where}.role: one of {', '.join(ROLES)}.")
        return list(roles)

    def _role(self, where: str, account_id: int, role: Row) -> Role:
        starts_on = self._day(where, role, "starts_on") or date(2020, 4, 1)
        return Role(
            account_id=account_id,
            role=role["role"],
            area_code=role.get("area"),
            district_code=role.get("district"),
            starts_on=starts_on,
            ends_on=self._day(where, role, "ends_on"),
        )

    def block(self, where: str, row: Row) -> bool:
        pair = self._person(where, row["person"]), self._person(where, row["other"])
        known = select(Block.id).where(Block.person_id == pair[0], Block.other_person_id == pair[1])
        if self.session.scalar(known) is not None:
            return False
        self.session.add(
            Block(
                person_id=pair[0],
                other_person_id=pair[1],
                reason=row.get("reason") or "seed",
                created_at=self.now,
            )
        )
        self.session.flush()
        return True

    def _person(self, where: str, named: Any) -> int:
        if str(named) in self.people:
            return self.people[str(named)]
        found = self.session.scalar(select(Person.id).where(Person.name == str(named)).limit(1))
        if found is None:
            raise SeedError(f"{where}: there is no person {named!r}.")
        return found

    @staticmethod
    def _day(where: str, row: Row, name: str) -> date | None:
        value = row.get(name)
        try:
            return None if value is None else date.fromisoformat(value)
        except (TypeError, ValueError):
            raise SeedError(f"{where}.{name}: must be a day such as 2026-11-23.") from None


def _record(name: SheetKind, where: str, row: Row) -> dict[str, str]:
    """Read a row as the readers of the sheets do; what they refuse is refused with its place."""
    columns = {column.name: column for column in columns_of(name)}
    record = {}
    for field, value in row.items():
        if (column := columns.get(field)) is None:
            raise SeedError(f"{where}.{field}: unknown field.")
        cell, raw = column.read(_text(value)), _text(value)
        if raw and not cell.read:
            told = problem(0, column.heading, cell.code, raw, field=field).text
            raise SeedError(f"{where}.{field}: {told}")
        record[field] = cell.text if raw else ""
    for field, code, refuses, typed in check_row(name, record):
        if refuses:
            told = problem(0, columns[field].heading, code, typed, field=field).text
            raise SeedError(f"{where}.{field}: {told}")
    return record


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "1" if value else "0"
    return ";".join(map(str, value)) if isinstance(value, list) else str(value)

"""Seeding: a file of areas, people, accounts and blocks becomes rows; a second time nothing new.

The file holds lists: `areas`, `districts`, `people`, `volunteers`, `needs`, `accounts`, `blocks`.
People are named by `id` within the file; sheets' column names serve for volunteers and needs.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from matching.interchange.importing import import_records
from matching.interchange.sheets import SheetKind, columns_of
from matching.kernel.actor import Actor
from matching.kernel.errors import Invalid
from matching.kernel.permissions import ROLES
from matching.people import consenting, passwords, second_factors
from matching.people.accounts import AccountEntry, add_account
from matching.people.models import Account, Block, Person, Role
from matching.people.registering import Contact, add_person, find_same_person
from matching.places.models import Area, District

Seed = Mapping[str, list[dict[str, Any]]]
Row = dict[str, Any]

# list -> its fields; a star marks those that must be there
SHAPE: Mapping[str, str] = {
    "areas": "code* name* kana lat lon",
    "districts": "code* area* name* kana lat lon",
    "people": "id* name* name_kana birth_date gender phone mobile email address area district "
    "lat lon consents",
    "volunteers": "",  # the columns of the volunteers' sheet
    "needs": "",  # the columns of the needs' sheet
    "accounts": "login* password* role roles name person area district starts_on ends_on demo totp",
    "blocks": "person* other* reason",
}
SHEETS: Mapping[str, SheetKind] = {"volunteers": "volunteers", "needs": "needs"}
ROLE_FIELDS = {"role", "area", "district", "starts_on", "ends_on"}


class SeedError(Exception):
    """The file cannot be used; the text names the place in it and what to do."""


def read_seed(given: Any) -> Seed:
    """Check the shape of a seed; raises SeedError naming the first place that is wrong."""
    if not isinstance(given, dict):
        raise SeedError("the file must hold one object of lists.")
    for name, rows in given.items():
        if name not in SHAPE:
            raise SeedError(f"{name}: unknown; known are {', '.join(SHAPE)}.")
        if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
            raise SeedError(f"{name}: must be a list of objects.")
        for place, row in enumerate(rows):
            _check(f"{name}[{place}]", SHAPE[name], row)
    return {name: given.get(name, []) for name in SHAPE}


def _check(where: str, shape: str, row: Row) -> None:
    if not shape:
        return
    fields = shape.split()
    unknown = set(row) - {field.rstrip("*") for field in fields}
    if unknown:
        raise SeedError(f"{where}.{min(unknown)}: unknown field.")
    for field in fields:
        if field.endswith("*") and not row.get(field[:-1]):
            raise SeedError(f"{where}.{field[:-1]}: must be there.")


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
                steps[name](f"{name}[{place}]", row) for place, row in enumerate(seed[name])
            )
        elif name in SHEETS and seed[name]:
            counts[name] = work.sheet(SHEETS[name], seed[name])
    return counts


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
        records = [{field: _text(value) for field, value in row.items()} for row in rows]
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


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "1" if value else "0"
    return ";".join(map(str, value)) if isinstance(value, list) else str(value)

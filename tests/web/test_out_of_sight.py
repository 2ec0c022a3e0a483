"""Who must not be found is not found: every page, call and sheet, by every role of the centre."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import quote

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.routing import Rule

from matching.coordination.confirming import confirm
from matching.coordination.halting import halt
from matching.coordination.models import Placement, Proposal
from matching.coordination.pairing import forbid_pair, lock_pair
from matching.coordination.placing import Choice
from matching.coordination.planning import plan_all
from matching.coordination.queries import list_candidates
from matching.coordination.withdrawing import withdraw
from matching.interchange.exporting import EXPORT_KINDS, export_sheet
from matching.kernel import clock, tasks
from matching.kernel.actor import SYSTEM, Actor
from matching.needs.models import Need
from matching.people.models import Account
from matching.people.shielding import shield
from matching.people.tokens import make_token
from matching.volunteers.models import Volunteer
from tests import factories
from tests.web.browsing import sign_in

MARKED = factories.contact(
    "秘見 守子",
    name_kana="ヒミ モリコ",
    phone="0191007777",
    address="岩手県一関市中里字禁野9077",
    email="himi@example.jp",
)
DAY = timedelta(days=1)
MARKS = ("秘見", "ヒミ", "007777", "00-7777", "9077", "himi@")
TELLING = ("/desk", "/desk/plan", "/desk/plan/week", "/desk/activities?span=week",
           "/api/v1/needs")  # fmt: skip
STAFF = ("coordinator", "intake_clerk")
OTHERS = ("city_officer", "auditor", "system_admin", "welfare_commissioner")


@dataclass
class World:
    """A household that must not be found, with everything that hangs on it, and a helper's."""

    need: Need
    helper: Volunteer
    people: set[int]


@dataclass
class Reader:
    """Somebody signed in with one role, with a token of the same account."""

    role: str
    client: FlaskClient
    token: str
    actor: Actor

    def reads(self, path: str) -> str:
        headers = {"Authorization": f"Bearer {self.token}"} if path.startswith("/api/") else {}
        answer = self.client.get(path, headers=headers)
        if answer.is_json:
            return json.dumps(answer.json, ensure_ascii=False)
        return answer.get_data(as_text=True)


def reader(app: Flask, session: Session, role: str) -> Reader:
    actor = factories.actor(session, role)
    login = session.get_one(Account, actor.account_id).login
    token = make_token(session, actor.account_id or 0, "試験", "read", actor, clock.now())
    session.commit()
    client = app.test_client()
    sign_in(client, login)
    return Reader(role, client, token, actor)


@pytest.fixture
def world(app: Flask, session: Session, now: datetime) -> World:
    """The household has a need in a plan, a visit, tasks, locks; and helps elsewhere itself."""
    boss, tomorrow = factories.actor(session, "center_manager"), clock.local_date(now) + DAY
    factories.volunteer(session, now)
    helper = factories.volunteer(session, now, contact=MARKED, categories=("talk",))
    other = factories.need(session, now, category_code="talk", headcount=2)
    seen = factories.need(session, now, contact=MARKED, title="禁野の買い物", note="禁野のこと")
    waiting = factories.need(session, now, contact=MARKED, category_code="talk", state="received")
    plan_all(session, SYSTEM, now)
    _visit(session, seen, boss, now)
    _visit(session, other, boss, now, helper)
    rest = factories.need(session, now, contact=MARKED, start_on=tomorrow)
    plan_all(session, SYSTEM, now)
    [proposal] = list_candidates(session, rest.id)
    who = session.get_one(Volunteer, proposal.volunteer_id).reference
    choice = Choice(tomorrow, 600)
    lock_pair(session, rest.reference, who, [choice], "", boss, now)
    forbid_pair(session, waiting.reference, who, "近所", boss, now)
    plan_all(session, SYSTEM, now)
    for subject in _subjects(session):
        tasks.open_task(session, "follow_up", subject, now, now)
    session.commit()
    session.commit()
    people = {seen.requester_id, rest.requester_id, waiting.requester_id, helper.person_id}
    return World(seen, helper, people)


def _visit(
    session: Session, need: Need, actor: Actor, now: datetime, who: Volunteer | None = None
) -> None:
    found = list_candidates(session, need.id)
    proposal = next(p for p in found if who is None or p.volunteer_id == who.id)
    confirm(session, proposal.id, Choice(clock.local_date(now) + 3 * DAY, 540), actor, now)


def _subjects(session: Session) -> list[tuple[str, int]]:
    kinds = {"need": Need, "proposal": Proposal, "placement": Placement, "volunteer": Volunteer}
    found = [
        (kind, each.id) for kind, row in kinds.items() for each in session.scalars(select(row))
    ]
    people = session.scalars(select(Need.requester_id).distinct())
    return found + [("person", number) for number in people]


def paths(app: Flask, session: Session, world: World) -> Iterable[str]:
    """Every page there is, with the numbers of everybody and everything in the world."""
    needs = [each.reference for each in session.scalars(select(Need))]
    helpers = [each.reference for each in session.scalars(select(Volunteer))]
    for rule in app.url_map.iter_rules():
        if "GET" in (rule.methods or ()) and rule.endpoint != "static":
            filled = {
                "reference": helpers if "volunteers" in rule.rule else needs,
                "volunteer": [world.helper.reference],
                "gate": ["not_available", "category_not_wanted"],
                "need_id": needs,
                "volunteer_id": helpers,
            }
            yield from _filled(rule, filled)
    yield from (f"/desk/volunteers?q={word}" for word in ("秘見", "ひみ", "守子", "0191007777"))
    yield from ("/desk/activities?span=week", "/desk/plan?since=yesterday")


def _filled(rule: Rule, filled: dict[str, list[str]]) -> Iterable[str]:
    found = [re.sub(r"<path:[^>]*>|<token>|<code>|<form>", "x", rule.rule)]
    while names := re.findall(r"<([^>]*)>", found[0]):
        values = filled.get(names[0].rpartition(":")[2], ["1", "2", "3", "4"])
        found = [path.replace(f"<{names[0]}>", value) for path in found for value in values]
    return found


def told(
    app: Flask, session: Session, world: World, *roles: str, only: Iterable[str] = ()
) -> list[str]:
    """Where any mark is seen, by role; what was typed into a box does not count."""
    marks = re.compile("|".join(map(_alone, MARKS)))
    found = sorted(only or paths(app, session, world))
    readers = [reader(app, session, role) for role in roles]
    return [
        f"{each.role} {path}"
        for each in readers
        for path in found
        if marks.search(_but_typed(path, each.reads(path)))
    ]


def _alone(mark: str) -> str:
    """A mark as a pattern; one of digits does not stand within the number of an error."""
    return rf"(?<![0-9a-f]){mark}(?![0-9a-f])" if mark.isdigit() else re.escape(mark)


def _but_typed(path: str, text: str) -> str:
    """A page without what was typed to find it: the address of the page repeats that."""
    if path == "/metrics":  # the digits of a time may look like those of a number
        return re.sub(r"(?m) \S+$", "", text)
    typed = path.partition("q=")[2]
    return text.replace(typed, "").replace(quote(typed), "") if typed else text


def sheets(session: Session, world: World, now: datetime) -> list[str]:
    marks = (*MARKS, world.need.reference, world.helper.reference)
    written = {kind: export_sheet(session, kind, "utf-8-sig", SYSTEM, now) for kind in EXPORT_KINDS}
    return [
        kind for kind, sheet in written.items() if any(m in sheet.content.decode() for m in marks)
    ]


def test_before_anything_is_hidden_the_household_is_in_lists_and_sheets(
    app: Flask, session: Session, world: World, now: datetime
) -> None:
    """Else the other tests would prove nothing."""
    seen = told(app, session, world, "coordinator", only=TELLING)
    assert seen == [f"coordinator {path}" for path in sorted(TELLING)]
    assert set(TELLING) <= set(paths(app, session, world))
    assert sorted(sheets(session, world, now)) == sorted({*EXPORT_KINDS} - {"activities"})
    assert told(app, session, world, *OTHERS) == []


def test_a_shielded_person_is_nowhere(
    app: Flask, session: Session, world: World, now: datetime
) -> None:
    boss = factories.actor(session, "center_manager")
    keeper = session.get_one(Account, boss.account_id).login
    for person_id in world.people:
        shield(session, person_id, "避難中", [keeper], boss, now)
    session.commit()
    assert told(app, session, world, *STAFF) == []
    assert sheets(session, world, now) == []


def test_a_household_in_a_matter_of_safety_is_nowhere_but_as_in_hand(
    app: Flask, session: Session, world: World, now: datetime
) -> None:
    halt(session, world.people, "safeguarding", SYSTEM, now)
    session.commit()
    assert told(app, session, world, *STAFF) == []
    assert sheets(session, world, now) == []
    page = reader(app, session, "coordinator").reads(f"/desk/needs/{world.need.reference}")
    assert "調整" in page


def test_who_took_a_consent_back_is_in_no_sheet(
    session: Session, world: World, now: datetime
) -> None:
    for person_id in world.people:
        withdraw(session, person_id, "coordination_use", "oral", SYSTEM, now)
    session.commit()
    assert sheets(session, world, now) == []

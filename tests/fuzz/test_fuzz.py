"""Whatever is sent to whatever form or call: no crash, nothing half kept, nothing wrong kept.

FUZZ_INPUTS says how many requests are sent (a few hundred by default), FUZZ_SEED which ones.
"""

from __future__ import annotations

import json
import os
import random
import time
import traceback
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

import psycopg
import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine, create_engine
from structlog.testing import capture_logs

import config as settings
from matching.evaluation.invariants import count_violations
from matching.evaluation.silence import heal
from matching.kernel import clock
from matching.kernel.database import db
from tests.conftest import MANY, NOW, named, on_database, pointed
from tests.databases import copied
from tests.fuzz import sending
from tests.fuzz.discovering import Target, calls, unseen, walk
from tests.fuzz.stored import troubles
from tests.fuzz.world import World, build

INPUTS = int(os.environ.get("FUZZ_INPUTS", "200"))
SEED = int(os.environ.get("FUZZ_SEED", "1"))
A_ROUND = 2_000  # after so many requests the town is as it was before
ROLES_A_ROUND = 12 if INPUTS > A_ROUND else 3
Kinds = list[list[Target]]


@dataclass(frozen=True)
class Visitor:
    """Somebody of a role who has walked through the town: what they found, and how they came in."""

    kinds: list[list[Target]]
    cookie: str
    token: str


@dataclass
class Town:
    """The database every round begins with, who may come in, and what they find there.

    Each round is sent to a copy: what a role finds once, it finds in every round.
    """

    name: str
    url: str
    world: World
    visitors: dict[str, Visitor] = field(default_factory=dict)

    def look_around(self, app: Flask, roles: list[str]) -> None:
        """Walk through it as somebody of each role, before anything hostile has been sent."""
        unknown = [role for role in roles if role not in self.visitors]
        if unknown:
            with on_database(app, self.url):
                self.visitors |= {role: self._visitor(app, role) for role in unknown}

    def _visitor(self, app: Flask, role: str) -> Visitor:
        client = browser(app, self.world.cookies[role])
        kinds = self._kinds(app, client, role)
        token = sending.csrf(client, "/needs/new" if role == "public" else "/concern")
        cookie = client.get_cookie("musubi")
        return Visitor(kinds, cookie.value if cookie else "", token)

    def _kinds(self, app: Flask, client: FlaskClient, role: str) -> list[list[Target]]:
        """Pages and forms twice as often as addresses nobody links to."""
        found = list(walk(app, client, role))
        forms = [each for each in found if each.fields]
        names = {name for each in forms for name, _ in each.fields}
        words = self.world.references
        return [forms, forms, found, list(calls(role, words)),
                list(unseen(app, role, names, words))]  # fmt: skip


def browser(app: Flask, cookie: str) -> FlaskClient:
    """A browser that holds this cookie of a session."""
    client = app.test_client()
    if cookie:
        client.set_cookie("musubi", cookie)
    return client


@pytest.fixture(scope="module")
def town(
    migrated_app: Flask, admin: psycopg.Connection, template_name: str, config: settings.Config
) -> Iterator[Town]:
    with copied(admin, template_name, f"{template_name}_town") as name:
        migrated_app.extensions["musubi"] = replace(config, strangers_per_hour=100_000)
        url = named(config.database_url, name)
        with on_database(migrated_app, url):
            world = build(migrated_app, NOW)
        yield Town(name, url, world)
        migrated_app.extensions["musubi"] = config


class Doors:
    """Keeps everybody signed in, whatever the requests of the others did to their accounts."""

    KEEP = (
        "CREATE TABLE kept_sessions AS SELECT * FROM login_sessions",
        "CREATE TABLE kept_accounts AS SELECT * FROM accounts",
    )
    OPEN = (
        "DELETE FROM allowances",
        "DELETE FROM login_sessions",
        "INSERT INTO login_sessions OVERRIDING SYSTEM VALUE SELECT * FROM kept_sessions",
        "UPDATE accounts SET epoch = kept.epoch, disabled_at = NULL, demo = kept.demo,"
        " password_hash = kept.password_hash FROM kept_accounts kept WHERE kept.id = accounts.id",
    )

    def __init__(self, engine: Engine, clients: dict[str, FlaskClient]) -> None:
        self._engine, self._clients = engine, clients
        self._cookies = {role: client.get_cookie("musubi") for role, client in clients.items()}
        self._do(self.KEEP)

    def open_again(self) -> None:
        """Put sessions, cookies and accounts back."""
        self._do(self.OPEN)
        for role, client in self._clients.items():
            client._cookies.clear()  # every other cookie that an answer has set
            kept = self._cookies[role]
            if kept is not None:
                client.set_cookie("musubi", kept.value)

    def _do(self, statements: tuple[str, ...]) -> None:
        with self._engine.begin() as connection:
            for statement in statements:
                connection.exec_driver_sql(statement)


class Round:
    """Some requests to one copy of the town."""

    def __init__(self, app: Flask, town: Town, chance: random.Random) -> None:
        self.app, self.town, self.chance = app, town, chance
        self.found: Counter[str] = Counter()
        self.statuses: Counter[int] = Counter()
        self.examples: dict[str, str] = {}

    def run(self, engine: Engine, roles: list[str], count: int) -> None:
        """Send so many requests, then look at what is kept."""
        visitors = self.town.visitors
        clients = {role: browser(self.app, visitors[role].cookie) for role in roles}
        doors = Doors(engine, clients)
        with sending.Writes(engine).watched() as writes:
            for number in range(count):
                role = self.chance.choice(roles)
                who = visitors[role]
                target = self.chance.choice(self.chance.choice(who.kinds))
                self._one(clients[role], sending.make(target, who.token, self.chance), writes)
                if number % 25 == 24:
                    doors.open_again()
        self._look_at_what_is_kept(engine)

    def _one(
        self,
        client: FlaskClient,
        sent: sending.Sent,
        writes: sending.Writes,
    ) -> None:
        if sent.path.startswith("/api/"):
            token = self.town.world.tokens[sent.role]
            sent.headers.insert(0, ("Authorization", f"Bearer {token}"))
        writes.taken()
        try:
            with sending.stopwatch() as seconds, capture_logs() as logged:
                answer = sending.send(client, sent)
        except Exception as crash:
            self._note(f"raised {type(crash).__name__}: {str(crash)[:200]}", sent, crash)
            return
        with answer:
            self.statuses[answer.status_code] += 1
            for fault in sending.faults(answer, seconds[0], writes.taken()):
                crash = next((each["where"] for each in logged if "where" in each), "")
                self._note(f"{sent.method} {_shape(sent.path)}: {fault} {crash}", sent)

    def _note(self, what: str, sent: sending.Sent, crash: Exception | None = None) -> None:
        self.found[what] += 1
        told = repr(sent)[:3_000]
        if crash is not None:
            told += "\n" + "".join(traceback.format_exception(crash)[-6:])
        self.examples.setdefault(what, told)

    def _look_at_what_is_kept(self, engine: Engine) -> None:
        with self.app.app_context():
            heal(db.session(), clock.now())  # what the beat does every five minutes
            db.session().commit()
            for each in count_violations(db.session(), clock.now()):
                if each["violations"]:
                    self.found[f"invariant {each['code']}: {each['text']}"] += each["violations"]
            for trouble in troubles(db.session()):
                self.found[trouble] += 1


def _shape(path: str) -> str:
    return "/".join("#" if any(c.isdigit() for c in part) else part for part in path.split("/"))


def test_nothing_that_is_sent_breaks_anything(
    migrated_app: Flask, admin: psycopg.Connection, town: Town, config: settings.Config
) -> None:
    clock.freeze(NOW)
    chance = random.Random(SEED)
    found, statuses, examples = Counter[str](), Counter[int](), dict[str, str]()
    copy = f"{town.name}_round"
    engine = create_engine(named(town.url, copy), query_cache_size=MANY)
    for left in range(INPUTS, 0, -A_ROUND):
        known = sorted(town.world.cookies)
        roles = sorted({"public", *chance.sample(known, ROLES_A_ROUND)})
        town.look_around(migrated_app, roles)
        with copied(admin, town.name, copy), pointed(migrated_app, engine):
            one = Round(migrated_app, town, chance)
            one.run(engine, roles, min(left, A_ROUND))
        found += one.found
        statuses += one.statuses
        examples = one.examples | examples
        _write(found, statuses, examples)
    assert not found, "\n".join(f"{n} x {what}\n  {examples.get(what, '')}" for what, n in
                                found.most_common(20))  # fmt: skip
    assert statuses[200] + statuses[302] > sum(statuses.values()) // 10  # it is not all refused


def _write(found: Counter[str], statuses: Counter[int], examples: dict[str, str]) -> None:
    folder = Path(settings.ROOT / "build")
    folder.mkdir(exist_ok=True)
    told = {
        "inputs": INPUTS, "sent": sum(statuses.values()), "seed": SEED,
        "cpu_seconds": round(time.process_time()), "statuses": statuses,
        "found": found, "of": examples,
    }  # fmt: skip
    (folder / f"fuzz-{SEED}.json").write_text(json.dumps(told, ensure_ascii=True, indent=1))

"""A database elsewhere, whose owner may make no roles and no databases: it works, and is said."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from urllib.parse import urlsplit, urlunsplit

import psycopg
import pytest
from flask import Flask
from sqlalchemy import Engine, text
from sqlalchemy.orm import Session

import config as settings
from matching.evaluation.health import wall_troubles
from matching.interchange.importing import import_records
from matching.kernel import clock
from matching.kernel.actor import SYSTEM
from matching.migrating import migrate
from tests import factories
from tests.conftest import NOW, named, on_database
from tests.walls.test_row_security import BRANCH, FAR, rows


@pytest.fixture
def plain(
    migrated_app: Flask, admin: psycopg.Connection, template_name: str, config: settings.Config
) -> Iterator[Engine]:
    name = f"{template_name}_plain"
    admin.execute(f"CREATE ROLE \"{name}\" LOGIN PASSWORD 'x' NOSUPERUSER NOCREATEROLE NOCREATEDB")
    admin.execute(f'CREATE DATABASE "{name}" OWNER "{name}" TEMPLATE template0')
    parts = urlsplit(named(config.database_url, name))
    host = f"{name}:x@{parts.netloc.rpartition('@')[2]}"
    clock.freeze(NOW)
    with on_database(migrated_app, urlunsplit(parts._replace(netloc=host))) as engine:
        yield engine
    admin.execute(f'DROP DATABASE "{name}" WITH (FORCE)')
    admin.execute(f'DROP ROLE "{name}"')


def test_a_login_that_may_make_no_roles_migrates_and_has_its_wall(
    migrated_app: Flask, plain: Engine, now: datetime
) -> None:
    migrate(migrated_app)
    migrate(migrated_app)  # and again
    with migrated_app.app_context():
        [told] = wall_troubles()
    assert "CREATE ROLE musubi_app" in told
    assert "the wall between branches stands" in told
    with Session(plain) as session:
        assert session.scalar(text("SELECT current_setting('is_superuser')")) == "off"
        for area in ("hanaizumi", FAR):
            who = factories.contact(f"依頼 {area}", area_code=area)
            factories.need(session, now, area_code=area, contact=who)
        session.commit()
        assert rows(migrated_app, session, BRANCH, "SELECT area_code FROM needs") == {"hanaizumi"}
        names = "SELECT name FROM persons WHERE name LIKE '依頼%'"
        assert rows(migrated_app, session, BRANCH, names) == {"依頼 hanaizumi"}
        record = {"volunteer_id": "V7001", "name": "目白 花子", "district": "花泉"}
        tally = import_records(session, "volunteers", [record], SYSTEM, now)
        session.commit()
        assert tally.created == 1
        assert session.scalar(text("SELECT count(*) FROM volunteers")) == 1

"""Migrations: one line, reversible, and no drift between tables and models."""

from collections.abc import Iterator

import psycopg
import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask import Flask
from sqlalchemy import Engine, inspect, text

import config as settings
from matching.kernel.database import Base
from matching.migrating import migrate, pending
from tests.conftest import named, on_database
from tests.databases import copied


@pytest.fixture
def empty(
    migrated_app: Flask, admin: psycopg.Connection, template_name: str, config: settings.Config
) -> Iterator[Engine]:
    with (
        copied(admin, "template0", f"{template_name}_empty") as name,
        on_database(migrated_app, named(config.database_url, name)) as engine,
    ):
        yield engine


@pytest.fixture
def alembic() -> Config:
    found = Config()
    found.set_main_option("script_location", str(settings.ROOT / "migrations"))
    return found


def test_migrations_have_one_head(alembic: Config) -> None:
    assert len(ScriptDirectory.from_config(alembic).get_heads()) == 1


def test_every_migration_goes_up_and_down_and_up_again(
    empty: Engine, migrated_app: Flask, alembic: Config
) -> None:
    with migrated_app.app_context():
        for _ in range(2):
            command.upgrade(alembic, "head")
            assert not pending()
            command.downgrade(alembic, "base")
            assert inspect(empty).get_table_names() == ["alembic_version"]
    with empty.connect() as connection:
        left = connection.execute(
            text("SELECT count(*) FROM pg_proc WHERE proname IN ('count_seats', 'refuse_change')")
        )
        assert left.scalar_one() == 0


def test_the_migrated_tables_are_those_of_the_models(engine: Engine) -> None:
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, Base.metadata) == []


def test_migrating_twice_changes_nothing(empty: Engine, migrated_app: Flask) -> None:
    for _ in range(2):
        migrate(migrated_app)
    with empty.connect() as connection:
        rows = connection.execute(
            text("SELECT (SELECT count(*) FROM areas), (SELECT count(*) FROM districts)")
        ).one()
    assert tuple(rows) == (8, 40)

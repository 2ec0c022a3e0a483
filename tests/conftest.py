"""One real PostgreSQL and one real broker for the whole session; every test's work is undone."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psycopg
import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine, create_engine
from sqlalchemy.orm import Session

import config as settings
from matching.app import create_app
from matching.kernel import clock
from matching.kernel.database import db
from matching.kernel.keyring import new_file
from matching.local.endpoints import Endpoints, libpq_url
from matching.local.testing import start_throwaway
from matching.migrating import migrate
from tests.databases import copied
from tests.live import Live, serve

MEMORY = Path("/dev/shm")  # noqa: S108 - pytest makes a folder of its own in it
ENOUGH = 8 << 30  # bytes
MANY = 20_000  # compiled statements, more than all tests have
NOW = datetime(2026, 11, 23, 0, 0, tzinfo=UTC)  # a Monday, nine in the morning in Japan


def pytest_configure() -> None:
    """Write into memory where there is plenty: a database is copied in a fifth of the time."""
    if MEMORY.is_dir() and shutil.disk_usage(MEMORY).free > ENOUGH:
        os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", str(MEMORY))


@pytest.fixture(scope="session")
def endpoints(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Endpoints]:
    with start_throwaway(tmp_path_factory.mktemp("services")) as services:
        yield services


def named(url: str, database: str) -> str:
    """The same server's address, with another database."""
    parts = urlsplit(url)
    return urlunsplit((parts.scheme, parts.netloc, f"/{database}", parts.query, ""))


@pytest.fixture(scope="session")
def admin(endpoints: Endpoints) -> Iterator[psycopg.Connection]:
    with psycopg.connect(libpq_url(endpoints.database_url), autocommit=True) as connection:
        yield connection


@pytest.fixture(scope="session")
def template_name(admin: psycopg.Connection, worker_id: str) -> Iterator[str]:
    with copied(admin, "template0", f"musubi_test_{worker_id}_{os.getpid()}") as name:
        yield name


@pytest.fixture(scope="session")
def config(
    endpoints: Endpoints, template_name: str, tmp_path_factory: pytest.TempPathFactory
) -> settings.Config:
    folder = tmp_path_factory.mktemp("instance")
    (folder / "secret").write_text("k" * 40)
    field_keys = folder / "field"
    field_keys.touch(0o600)
    field_keys.write_text(new_file())
    return settings.load(
        {
            "DATABASE_URL": named(endpoints.database_url, template_name),
            "REDIS_URL": endpoints.redis_url,
            "SECRET_KEYS_FILE": str(folder / "secret"),
            "FIELD_KEYS_FILE": str(field_keys),
            "MUSUBI_DATA": str(folder),
            "MUSUBI_DEMO": "1",
            "MUSUBI_NOW": NOW.isoformat(),
            "LOG_LEVEL": "ERROR",
        }
    )


@pytest.fixture(scope="session")
def migrated_app(config: settings.Config) -> Flask:
    app = create_app(config)
    migrate(app)
    with app.app_context():
        db.engine.dispose()
    return app


@pytest.fixture
def database(
    migrated_app: Flask, admin: psycopg.Connection, template_name: str, config: settings.Config
) -> Iterator[str]:
    """A fresh copy of the migrated database for one test; gives its address, always the same."""
    with copied(admin, template_name, f"{template_name}_case") as name:
        yield named(config.database_url, name)


@pytest.fixture
def now() -> datetime:
    return NOW


@contextmanager
def pointed(app: Flask, engine: Engine) -> Iterator[Engine]:
    """Let the application use another engine; no context stays open, as in a real process."""
    with app.app_context():
        template = db.engines[None]
        db.engines[None] = engine
    try:
        yield engine
    finally:
        with app.app_context():
            db.engines[None] = template
        engine.dispose()


@contextmanager
def on_database(app: Flask, url: str) -> Iterator[Engine]:
    """Point the application at another database."""
    with pointed(app, create_engine(url)) as engine:
        yield engine


@pytest.fixture(scope="session")
def case_engine(config: settings.Config, template_name: str) -> Engine:
    """One engine for the copies of all tests: what it has compiled once serves them all."""
    url = named(config.database_url, f"{template_name}_case")
    return create_engine(url, query_cache_size=MANY)


@pytest.fixture
def engine(migrated_app: Flask, database: str, case_engine: Engine) -> Iterator[Engine]:
    """The application's engine, on a database of this test's own; the clock stands at NOW."""
    clock.freeze(NOW)
    with pointed(migrated_app, case_engine) as engine:
        yield engine


@pytest.fixture
def app(migrated_app: Flask, engine: Engine) -> Flask:
    return migrated_app


@pytest.fixture
def session(engine: Engine) -> Iterator[Session]:
    """A session of the test's own, beside those of the application."""
    with Session(engine) as session:
        yield session


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()


@pytest.fixture
def surroundings(engine: Engine, config: settings.Config, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let commands work on the database of this test."""
    told = {
        "DATABASE_URL": engine.url.render_as_string(hide_password=False),
        "REDIS_URL": config.redis_url, "MUSUBI_DATA": str(config.data_dir),
        "SECRET_KEYS_FILE": str(config.data_dir / "secret"), "LOG_LEVEL": "ERROR",
        "FIELD_KEYS_FILE": str(config.field_keys_file), "MUSUBI_DEMO": "1",
        "MUSUBI_NOW": NOW.isoformat(),
    }  # fmt: skip
    for name, value in told.items():
        monkeypatch.setenv(name, value)


@pytest.fixture(scope="session")
def checkout() -> Path:
    return settings.ROOT


@pytest.fixture(scope="session")
def live_database(
    migrated_app: Flask, admin: psycopg.Connection, template_name: str, config: settings.Config
) -> Iterator[str]:
    """One database for all tests that need the real processes."""
    with copied(admin, template_name, f"{template_name}_live") as name:
        yield named(config.database_url, name)


@pytest.fixture(scope="session")
def live(
    live_database: str,
    endpoints: Endpoints,
    config: settings.Config,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Live]:
    """The service with two web processes, relay and worker, on the clock of the machine."""
    environ = {
        "DATABASE_URL": live_database,
        "REDIS_URL": endpoints.redis_url,
        "SECRET_KEYS_FILE": str(config.data_dir / "secret"),
        "FIELD_KEYS_FILE": str(config.field_keys_file),
        "MUSUBI_DATA": str(config.data_dir),
        "MUSUBI_DEMO": "1",
    }
    with serve(environ, tmp_path_factory.mktemp("live")) as running:
        yield running


@pytest.fixture
def live_session(migrated_app: Flask, live_database: str) -> Iterator[Session]:
    """A session beside the running service, on the clock of the machine."""
    clock.freeze(None)
    with on_database(migrated_app, live_database) as engine, Session(engine) as session:
        yield session

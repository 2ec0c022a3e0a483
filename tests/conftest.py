"""One real PostgreSQL and one real broker for the whole session; every test's work is undone."""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psycopg
import pytest
from flask import Flask
from flask.testing import FlaskClient
from matching.app import create_app
from matching.kernel import clock
from matching.kernel.database import db
from matching.local.endpoints import Endpoints, libpq_url
from matching.local.testing import start_throwaway
from matching.migrating import migrate
from sqlalchemy.orm import Session

import config as settings

NOW = datetime(2026, 11, 23, 0, 0, tzinfo=UTC)  # a Monday, nine in the morning in Japan


@pytest.fixture(scope="session")
def endpoints(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Endpoints]:
    with start_throwaway(tmp_path_factory.mktemp("services")) as services:
        yield services


def named(url: str, database: str) -> str:
    """The same server's address, with another database."""
    parts = urlsplit(url)
    return urlunsplit((parts.scheme, parts.netloc, f"/{database}", parts.query, ""))


@pytest.fixture(scope="session")
def database_name(worker_id: str) -> str:
    return f"musubi_test_{worker_id}_{os.getpid()}"


@pytest.fixture(scope="session")
def config(
    endpoints: Endpoints, database_name: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[settings.Config]:
    folder = tmp_path_factory.mktemp("instance")
    (folder / "secret").write_text("k" * 40)
    with psycopg.connect(libpq_url(endpoints.database_url), autocommit=True) as admin:
        admin.execute(f'CREATE DATABASE "{database_name}" TEMPLATE template0')
        yield settings.load(
            {
                "DATABASE_URL": named(endpoints.database_url, database_name),
                "REDIS_URL": endpoints.redis_url,
                "SECRET_KEYS_FILE": str(folder / "secret"),
                "MUSUBI_DATA": str(folder),
                "MUSUBI_DEMO": "1",
                "MUSUBI_NOW": NOW.isoformat(),
                "LOG_LEVEL": "ERROR",
            }
        )
        admin.execute(f'DROP DATABASE "{database_name}" WITH (FORCE)')


@pytest.fixture(scope="session")
def migrated_app(config: settings.Config) -> Iterator[Flask]:
    app = create_app(config)
    app.testing = False
    migrate(app)
    yield app
    with app.app_context():
        db.engine.dispose()


@pytest.fixture
def now() -> datetime:
    return NOW


@pytest.fixture
def app(migrated_app: Flask) -> Iterator[Flask]:
    """The application, every commit of which is undone after the test."""
    clock.freeze(NOW)
    with migrated_app.app_context():
        engines = db._app_engines[migrated_app]
        real = engines[None]
        with real.connect() as connection:
            outer = connection.begin()
            engines[None] = connection  # type: ignore[assignment]
            db.session.remove()
            db.session.configure(bind=connection, join_transaction_mode="create_savepoint")
            try:
                yield migrated_app
            finally:
                db.session.remove()
                engines[None] = real
                outer.rollback()


@pytest.fixture
def session(app: Flask) -> Session:
    return db.session()


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()


@pytest.fixture(scope="session")
def checkout() -> Path:
    return settings.ROOT



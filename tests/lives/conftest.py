"""The real Chromium of the journeys, and a town of its own whose clock can be set."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import psycopg
import pytest
from flask import Flask
from sqlalchemy.orm import Session

import config as settings
from matching.kernel import clock
from matching.local.endpoints import Endpoints
from tests.conftest import named, on_database
from tests.journeys.conftest import browser, desktop, phone, scripts
from tests.live import Live, serve
from tests.messaging.http_gateways import SECRET, TOKEN, Service, running

__all__ = ["browser", "desktop", "phone", "scripts"]

Clock = Callable[[datetime], AbstractContextManager[tuple[Live, Session]]]


@pytest.fixture
def line() -> Iterator[tuple[Service, str]]:
    """A server that behaves like LINE, and its address."""
    with running() as (service, gateway):
        yield service, gateway.base_url


@pytest.fixture
def town_at(
    migrated_app: Flask, admin: psycopg.Connection, template_name: str, endpoints: Endpoints,
    config: settings.Config, line: tuple[Service, str], tmp_path: Path,
) -> Iterator[Clock]:  # fmt: skip
    """Give the way to run the whole service at a moment; its database stays between two runs."""
    name = f"{template_name}_life"
    admin.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template_name}"')
    url = named(config.database_url, name)
    environ = {
        "DATABASE_URL": url,
        "REDIS_URL": endpoints.redis_url,
        "SECRET_KEYS_FILE": str(config.data_dir / "secret"),
        "FIELD_KEYS_FILE": str(config.field_keys_file),
        "MUSUBI_DATA": str(config.data_dir),
        "MUSUBI_DEMO": "1",
        "LINE_BASE_URL": line[1],
        "LINE_TOKEN": TOKEN,
        "LINE_SECRET": SECRET,
    }

    @contextmanager
    def at(moment: datetime) -> Iterator[tuple[Live, Session]]:
        ahead = timedelta(seconds=round((moment - datetime.now(UTC)).total_seconds()))
        told = environ | {"MUSUBI_SHIFT": str(round(ahead.total_seconds()))}
        clock.freeze(None)
        clock.run_ahead(ahead)
        try:
            with (
                on_database(migrated_app, url) as engine,
                Session(engine) as session,
                serve(told, tmp_path) as live,
            ):
                yield live, session
        finally:
            clock.run_ahead(timedelta())

    yield at
    admin.execute(f'DROP DATABASE "{name}" WITH (FORCE)')

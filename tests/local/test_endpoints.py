"""One address, spelled for every library that wants it."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import make_url

from matching.local.endpoints import (
    Endpoints,
    broker_url,
    libpq_url,
    socket_database_url,
    socket_redis_url,
    sqlalchemy_url,
)
from matching.local.errors import LocalServiceError


@pytest.mark.parametrize("scheme", ["postgres", "postgresql", "postgresql+psycopg"])
def test_every_spelling_of_postgresql_is_understood(scheme: str) -> None:
    given = f"{scheme}://me:s%20cret@db.example.jp:5433/musubi?sslmode=require"
    rest = "me:s%20cret@db.example.jp:5433/musubi?sslmode=require"
    assert sqlalchemy_url(given) == f"postgresql+psycopg://{rest}"
    assert libpq_url(given) == f"postgresql://{rest}"


def test_another_kind_of_database_is_refused_with_a_sentence() -> None:
    with pytest.raises(LocalServiceError, match="DATABASE_URL must begin with postgresql://"):
        sqlalchemy_url("mysql://localhost/musubi")


def test_a_socket_folder_reaches_sqlalchemy_whole() -> None:
    url = make_url(socket_database_url(Path("/short/musubi-x y"), "5432", "musubi", "me"))
    assert url.query == {"host": "/short/musubi-x y", "port": "5432"}
    assert (url.database, url.username) == ("musubi", "me")


@pytest.mark.parametrize(
    ("given", "spelled"),
    [
        ("redis://h:1/2", "redis://h:1/2"),
        ("rediss://:pw@h:1/2", "rediss://:pw@h:1/2"),
        ("unix:///run/v.sock?db=3", "redis+socket:///run/v.sock?virtual_host=3"),
        ("unix:///run/v.sock", "redis+socket:///run/v.sock?virtual_host=0"),
        ("unix://:pw@/run/v.sock?db=0", "redis+socket://:pw@/run/v.sock?virtual_host=0"),
    ],
)
def test_the_broker_is_spelled_for_celery(given: str, spelled: str) -> None:
    assert broker_url(given) == spelled


def test_both_addresses_travel_to_processes_by_environment() -> None:
    endpoints = Endpoints("postgresql+psycopg://@/m", socket_redis_url(Path("/t/v.sock")))
    assert endpoints.environ() == {
        "DATABASE_URL": "postgresql+psycopg://@/m",
        "REDIS_URL": "unix:///t/v.sock?db=0",
    }
    assert endpoints.broker_url == "redis+socket:///t/v.sock?virtual_host=0"

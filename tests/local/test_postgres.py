"""The embedded PostgreSQL: its data folder, its version, its settings."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from matching.local.binaries import find_postgres_bin
from matching.local.endpoints import libpq_url
from matching.local.errors import LocalServiceError
from matching.local.postgres import refuse_other_version
from matching.local.services import services
from tests.local.service import quick_folder


@pytest.fixture(scope="module")
def session() -> Iterator[psycopg.Connection]:
    with (
        quick_folder() as data,
        services(data, {"PGPORT": "1", "PGHOST": "nowhere.invalid"}) as endpoints,
        psycopg.connect(libpq_url(endpoints.database_url), autocommit=True) as connection,
    ):
        yield connection


def value(session: psycopg.Connection, query: str) -> object:
    row = session.execute(query.encode()).fetchone()
    assert row is not None
    return row[0]


def test_what_is_committed_survives_a_crash(session: psycopg.Connection) -> None:
    for setting in ("fsync", "synchronous_commit", "full_page_writes"):
        assert value(session, f"SHOW {setting}") == "on"
    assert value(session, "SHOW data_checksums") == "on"


def test_nobody_can_reach_it_over_the_network(session: psycopg.Connection) -> None:
    assert value(session, "SHOW listen_addresses") == ""
    folder = Path(str(value(session, "SHOW unix_socket_directories")))
    assert folder.stat().st_mode & 0o077 == 0
    assert folder.stat().st_uid == os.geteuid()


def test_japanese_is_sorted_searched_and_folded(session: psycopg.Connection) -> None:
    assert value(session, "SHOW server_encoding") == "UTF8"
    assert value(session, "SELECT lower('ＡÉ')") == "ａé"
    session.execute("CREATE EXTENSION pg_trgm")
    assert value(session, "SELECT similarity('一関市役所', '一関市') > 0.4") is True


def test_its_day_is_utc_whatever_the_host_thinks(session: psycopg.Connection) -> None:
    assert value(session, "SELECT setting FROM pg_settings WHERE name = 'TimeZone'") == "UTC"


def test_data_of_another_major_version_is_refused_untouched(tmp_path: Path) -> None:
    old = tmp_path / "postgres"
    old.mkdir()
    (old / "PG_VERSION").write_text("12\n")
    with (
        pytest.raises(LocalServiceError, match=r"made by PostgreSQL 12.*MUSUBI_PG_BIN.*operating"),
        services(tmp_path, {}),
    ):
        pass
    assert [path.name for path in old.iterdir()] == ["PG_VERSION"]


def test_the_same_major_version_is_welcome() -> None:
    refuse_other_version(Path("/data"), "18", "18")


def test_a_half_made_folder_of_an_interrupted_start_is_made_anew(tmp_path: Path) -> None:
    left = tmp_path / "postgres.new"
    left.mkdir()
    (left / "half").write_text("made")
    with services(tmp_path, {}) as endpoints:
        psycopg.connect(libpq_url(endpoints.database_url)).close()
    assert not left.exists()


def test_a_named_folder_without_programs_is_an_error_and_not_passed_over(tmp_path: Path) -> None:
    with pytest.raises(LocalServiceError, match="MUSUBI_PG_BIN is"):
        find_postgres_bin({"MUSUBI_PG_BIN": str(tmp_path)})


def test_an_oldest_supported_server_of_the_system_works_too(tmp_path: Path) -> None:
    """Runs on PostgreSQL 15 or newer of the system where there is one, else on the embedded one."""
    folders = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    told = {"MUSUBI_PG_BIN": str(folders[0].parent)} if folders else {}
    with (
        services(tmp_path, told) as endpoints,
        psycopg.connect(libpq_url(endpoints.database_url)) as connection,
    ):
        assert connection.info.server_version >= 150000

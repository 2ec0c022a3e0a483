"""The services for one command: given, joined, or started for its lifetime and shared."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import psycopg
import pytest
import redis

from matching.local.endpoints import Endpoints, libpq_url
from matching.local.services import services
from tests.local.service import ROOT, Start, eventually, gone_ids

ALONE: dict[str, str] = {}
COMMAND = """
import signal, sys, time
from pathlib import Path
import psycopg
from matching.local.endpoints import libpq_url
from matching.local.services import services
signal.signal(signal.SIGINT, signal.default_int_handler)  # a test in the background has none
data, seconds, company = Path(sys.argv[1]), float(sys.argv[2]), int(sys.argv[3])
with services(data, {}) as endpoints:
    print("in", flush=True)
    with psycopg.connect(libpq_url(endpoints.database_url), autocommit=True) as session:
        session.execute("INSERT INTO visits DEFAULT VALUES")
        while session.execute("SELECT count(*) FROM visits").fetchone()[0] < company:
            time.sleep(0.05)
    time.sleep(seconds)
    psycopg.connect(libpq_url(endpoints.database_url)).close()
"""


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """A data folder whose database has a book of visits."""
    with (
        services(tmp_path, ALONE) as endpoints,
        psycopg.connect(libpq_url(endpoints.database_url)) as session,
    ):
        session.execute("CREATE TABLE visits (number serial)")
    return tmp_path


def command(data: Path, seconds: float, company: int = 1) -> subprocess.Popen[str]:
    """Run a command that stays with the services until `company` have come, and then a while."""
    argv = [sys.executable, "-c", COMMAND, str(data), str(seconds), str(company)]
    return subprocess.Popen(
        argv, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, cwd=ROOT
    )


def both_answer(endpoints: Endpoints) -> bool:
    with psycopg.connect(libpq_url(endpoints.database_url)) as session:
        database = session.execute("SELECT 1").fetchone() == (1,)
    client = redis.Redis.from_url(endpoints.redis_url)
    try:
        return database and bool(client.ping())
    finally:
        client.close()


def test_alone_a_command_has_the_services_for_its_own_lifetime(tmp_path: Path) -> None:
    with services(tmp_path, ALONE) as endpoints:
        assert both_answer(endpoints)
    with pytest.raises(psycopg.OperationalError):
        psycopg.connect(libpq_url(endpoints.database_url))
    assert not (tmp_path / "run" / "instance.json").exists()


def test_data_outlives_the_command(tmp_path: Path) -> None:
    for expected in (0, 1):
        with services(tmp_path, ALONE) as endpoints:
            broker = redis.Redis.from_url(endpoints.redis_url)
            assert broker.llen("kept") == expected
            broker.rpush("kept", "一件")
            broker.close()


def test_addresses_of_the_environment_are_used_and_nothing_is_started(tmp_path: Path) -> None:
    told = {"DATABASE_URL": "postgres://db.invalid/musubi", "REDIS_URL": "redis://broker.invalid/0"}
    with services(tmp_path / "unused", told) as endpoints:
        assert endpoints.database_url == "postgresql+psycopg://db.invalid/musubi"
        assert endpoints.redis_url == "redis://broker.invalid/0"
    assert not (tmp_path / "unused").exists()


def test_a_command_joins_the_running_instance_and_leaves_it_running(start: Start) -> None:
    service = start(keep="").wait_until_ready()
    with services(service.data, ALONE) as endpoints:
        assert service.record()["endpoints"] == vars(endpoints)
        assert both_answer(endpoints)
    assert service.get("/starts") == "1"


def test_commands_started_at_once_share_the_services_until_the_last_has_gone(
    place: Path,
) -> None:
    guests = [command(place, 0.4 * number, company=3) for number in range(3)]
    outputs = [guest.communicate(timeout=60)[0] for guest in guests]
    assert [guest.returncode for guest in guests] == [0, 0, 0], outputs
    assert outputs == ["in\n"] * 3


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGINT, signal.SIGKILL])
def test_a_command_that_is_ended_leaves_no_server_and_a_free_place(
    place: Path, how: signal.Signals
) -> None:
    guest = command(place, 60)
    assert guest.stdout is not None
    assert guest.stdout.readline() == "in\n"
    database = int((place / "postgres" / "postmaster.pid").read_text().split()[0])
    guest.send_signal(how)
    guest.communicate(timeout=60)
    assert eventually(lambda: gone_ids([database]))
    with services(place, ALONE) as endpoints:
        assert both_answer(endpoints)


@pytest.mark.parametrize(
    "left", [f"{os.getpid()}\n/nowhere\n0\n5432\n/x\n\n", ""], ids=["another process", "empty"]
)
def test_a_server_file_left_by_a_crash_that_means_nothing_now_is_no_obstacle(
    tmp_path: Path, left: str
) -> None:
    with services(tmp_path, ALONE):
        pass
    (tmp_path / "postgres" / "postmaster.pid").write_text(left)
    with services(tmp_path, ALONE) as endpoints:
        assert both_answer(endpoints)

"""The real service, every process of it killed: it heals, and nothing outlives it."""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path

import psutil
import pytest

from tests.local.service import MUSUBI, Service, eventually, free_port, gone

PROCESSES = [
    ("bin/postgres",),
    ("valkey-server",),
    ("gunicorn",),
    ("worker.relay",),
    ("celery", "worker"),
    ("celery", "beat"),
    ("guard.py",),
]
ROUNDS = 4


def serving(folder: Path) -> Service:
    return Service(folder / "var", free_port(), (MUSUBI, "serve")).wait_until_ready()


@pytest.fixture
def service(tmp_path: Path) -> Iterator[Service]:
    service = serving(tmp_path)
    yield service
    if not service.ended:
        service.finish()


def ready(service: Service) -> bool:
    answer = service.try_get("/readyz")
    return answer is not None and json.loads(answer)["status"] == "ok"


def test_every_process_killed_in_a_random_order_is_healed(service: Service) -> None:
    chance = random.Random(1)
    for words in chance.sample(PROCESSES * ROUNDS, len(PROCESSES) * ROUNDS):
        assert eventually(lambda words=words: service.find(*words) is not None), words
        victim = service.find(*words)
        family = [victim, *victim.children(recursive=True)]
        victim.kill()
        assert eventually(lambda words=words, old=victim: service.find(*words) not in (None, old))
        assert gone(family) == [], words
    assert eventually(lambda: ready(service), seconds=60)


def test_killed_at_any_moment_of_its_start_it_leaves_nothing_and_starts_again(
    tmp_path: Path,
) -> None:
    chance = random.Random(2)
    for _ in range(6):
        service = Service(tmp_path / "var", free_port(), (MUSUBI, "serve"))
        time.sleep(chance.uniform(0.1, 6))
        processes = service.tree()
        service.stop(signal.SIGKILL)
        assert gone(processes) == []
    again = serving(tmp_path)
    assert ready(again)
    again.finish()


def test_told_to_stop_at_any_moment_of_its_start_it_obeys_within_ten_seconds(
    tmp_path: Path,
) -> None:
    chance = random.Random(3)
    for _ in range(6):
        service = Service(tmp_path / "var", free_port(), (MUSUBI, "serve"))
        time.sleep(chance.uniform(0.1, 6))
        processes = service.tree()
        assert service.stop(signal.SIGTERM) < 10
        assert gone(processes) == []


def test_killed_with_its_guard_even_the_grandchildren_end_by_themselves(service: Service) -> None:
    assert eventually(lambda: len(service.find("celery", "worker").children()) == 2)
    processes = service.tree()
    service.find("guard.py").kill()
    service.stop(signal.SIGKILL)
    assert gone(processes, seconds=15) == []


def test_a_frozen_database_keeps_its_callers_waiting_and_fails_none(service: Service) -> None:
    database = service.find("bin/postgres")
    frozen = [database, *database.children()]
    for process in frozen:
        process.suspend()
    with ThreadPoolExecutor() as callers, ExitStack() as thaw:
        for process in frozen:
            thaw.callback(process.resume)
        waiting = [callers.submit(service.get, "/readyz") for _ in range(12)]  # all 8 threads
        began = time.monotonic()
        assert service.get("/healthz")
        assert time.monotonic() - began < 1
        assert not any(call.done() for call in waiting)
        thaw.close()
        assert [json.loads(call.result())["status"] for call in waiting] == ["ok"] * 12


def test_commands_work_beside_the_running_service_under_kills(service: Service) -> None:
    told = {**os.environ, "MUSUBI_DATA": str(service.data)}
    for words in PROCESSES[3:]:
        service.find(*words).kill()
        done = subprocess.run([MUSUBI, "doctor"], env=told, check=False, capture_output=True)
        assert done.returncode == 0, done.stderr
    assert eventually(lambda: all(service.find(*words) for words in PROCESSES))


def test_memory_of_the_whole_service_stays_below_a_gigabyte(service: Service) -> None:
    assert eventually(lambda: len(service.find("celery", "worker").children()) == 2)
    used = sum(
        process.memory_info().rss for process in service.tree() if psutil.pid_exists(process.pid)
    )
    assert used < 1_100_000_000

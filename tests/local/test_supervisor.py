"""The whole service as one command: ready in order, healed, and gone when told or killed."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from tests.local.service import STANDIN, Service, Start, eventually, free_port, gone, quick_folder


@pytest.fixture(scope="module")
def running() -> Iterator[Service]:
    """One service for all the tests that leave it running."""
    with quick_folder() as folder:
        service = Service(folder / "var", free_port(), STANDIN, STANDIN_KEEP="worker")
        yield service.wait_until_ready()
        service.finish()


def test_pages_are_ready_only_after_the_database_and_the_preparation(running: Service) -> None:
    assert running.get("/readyz") == "ready"
    assert running.get("/starts") == "1"


def test_a_taken_port_is_told_with_the_way_out(
    running: Service, start: Start, tmp_path: Path
) -> None:
    second = start(data=tmp_path / "other", port=running.port)
    assert eventually(lambda: second.ended)
    assert second.process.returncode == 1
    assert f"Port {running.port} on 127.0.0.1 is taken" in second.said
    assert f"PORT={running.port + 1} make demo" in second.said


def test_a_second_start_on_the_same_data_names_the_first(running: Service, start: Start) -> None:
    second = start(data=running.data)
    assert eventually(lambda: second.ended)
    assert second.process.returncode == 1
    assert f"already runs at http://127.0.0.1:{running.port}" in second.said
    assert running.get("/readyz") == "ready"


def test_files_are_private_and_no_secret_is_on_a_command_line(running: Service) -> None:
    secret = (running.data / "keys" / "secret").read_text().strip()
    for process in running.tree():
        assert secret not in " ".join(process.cmdline())
    open_to_others = [path for path in running.data.rglob("*") if path.stat().st_mode & 0o077]
    assert open_to_others == []


def test_callers_wait_while_the_pages_are_started_anew(running: Service) -> None:
    pages = running.find("standin_process.py", "web")
    assert pages is not None
    pages.kill()
    assert running.get("/readyz") == "ready"


CHILDREN = [
    ("bin/postgres",),
    ("valkey-server",),
    ("standin_process.py", "web"),
    ("standin_process.py", "worker"),
    ("guard.py",),
]


@pytest.mark.parametrize("words", CHILDREN, ids=" ".join)
def test_a_child_that_is_killed_is_healed_with_its_own_children_gone(
    running: Service, words: tuple[str, ...]
) -> None:
    child = running.find(*words)
    assert child is not None
    family = [child, *child.children(recursive=True)]
    child.kill()
    assert eventually(lambda: running.find(*words) not in (None, child))
    assert gone(family) == []
    assert eventually(lambda: running.try_get("/starts") == "1")


def test_a_busy_session_of_a_killed_database_does_not_bar_the_next_one(start: Start) -> None:
    service = start(keep="busy").wait_until_ready()
    database = service.find("bin/postgres")
    assert database is not None
    assert eventually(lambda: any("SELECT" in " ".join(p.cmdline()) for p in database.children()))
    database.kill()
    assert eventually(lambda: service.try_get("/starts") == "1", seconds=10)


def test_a_second_run_keeps_the_data_beside_another_instance(
    running: Service, start: Start
) -> None:
    first = start().wait_until_ready()
    first.stop()
    assert start().wait_until_ready().get("/starts") == "2"
    assert running.get("/starts") == "1"


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGINT])
def test_told_to_stop_it_leaves_no_process_within_ten_seconds(
    start: Start, how: signal.Signals
) -> None:
    service = start(keep="worker stubborn").wait_until_ready()
    processes = service.tree()
    sockets = Path(str(service.record()["socket_dir"]))
    assert service.stop(how) < 10
    assert service.process.returncode == 0
    assert gone(processes) == []
    assert not sockets.exists()
    assert not (service.data / "run" / "instance.json").exists()


def test_killed_it_leaves_no_process_and_starts_again_with_its_data(start: Start) -> None:
    service = start(keep="worker stubborn busy").wait_until_ready()
    processes = service.tree()
    sockets = Path(str(service.record()["socket_dir"]))
    assert len(processes) > 15  # the service's own, two grandchildren each, the database's many
    service.stop(signal.SIGKILL)
    assert gone(processes) == []
    assert start().wait_until_ready().get("/starts") == "2"
    assert not sockets.exists()


def test_killed_together_with_its_guard_it_leaves_no_direct_child(start: Start) -> None:
    service = start(keep="").wait_until_ready()
    children = psutil.Process(service.process.pid).children()
    guard = service.find("guard.py")
    pages = service.find("standin_process.py", "web")
    assert guard is not None
    assert pages is not None
    deaf = pages.children()  # unlike real web workers they care for no parent: we end them
    guard.kill()
    service.stop(signal.SIGKILL)
    assert gone(children) == []
    for process in deaf:
        process.kill()
    assert start().wait_until_ready().get("/starts") == "2"


def test_a_long_path_with_spaces_and_japanese_is_no_obstacle(start: Start, tmp_path: Path) -> None:
    deep = tmp_path / "一関市 ボランティアセンター" / ("long" * 30)
    deep.mkdir(parents=True)
    assert start(data=deep / "データ").wait_until_ready().get("/starts") == "1"


def test_a_failing_preparation_stops_everything_and_shows_its_log(start: Start) -> None:
    service = start(STANDIN_FAIL="1")
    assert eventually(lambda: service.ended)
    assert service.process.returncode == 1
    assert "prepare ended while starting (exit code 1)" in service.said
    assert "the preparation was told to fail" in service.said

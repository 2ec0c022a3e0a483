"""As whom PostgreSQL runs, on every kind of machine."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from matching.local.binaries import find_postgres_bin
from matching.local.errors import LocalServiceError
from matching.local.identity import NAMESPACE, OURSELVES, Identity, choose_identity
from tests.local.service import Start, eventually

BARRED = str(Path(__file__).with_name("barred.py"))
ORDINARY = ("unshare", "--user", "--map-user=1", "--map-group=1")
only_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root can become somebody else")


def chosen(folder: Path, *able: str, **environ: str) -> Identity:
    return choose_identity(
        Path("/postgres"),
        folder,
        environ,
        is_root=True,
        probe=lambda identity, program, where: identity.name in able,
    )


def test_an_ordinary_user_runs_the_database_as_themselves(tmp_path: Path) -> None:
    assert choose_identity(Path("/postgres"), tmp_path, {}, is_root=False) == OURSELVES


def test_root_prefers_a_namespace_and_falls_back_to_nobody(tmp_path: Path) -> None:
    assert chosen(tmp_path, "namespace", "user:nobody") == NAMESPACE
    assert chosen(tmp_path, "user:nobody").account == "nobody"


def test_an_account_named_by_the_operator_is_used_outright(tmp_path: Path) -> None:
    named = chosen(tmp_path, "namespace", "user:postgres", MUSUBI_PG_USER="postgres")
    assert named.account == "postgres"


def test_where_nothing_works_the_refusal_names_the_ways_out(tmp_path: Path) -> None:
    with pytest.raises(LocalServiceError, match=r"ordinary user.*MUSUBI_PG_USER.*DATABASE_URL"):
        chosen(tmp_path)


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """A folder that every account can reach, with a copy of the database programs."""
    folder = Path(tempfile.mkdtemp(prefix="musubi-open-", dir="/tmp"))
    folder.chmod(0o755)
    installed = find_postgres_bin({}).parents[1]
    for package in installed.parent.glob(f"{installed.name}*"):
        if package.is_dir() and not package.name.endswith("-info"):
            shutil.copytree(package, folder / package.name)
    yield folder
    shutil.rmtree(folder)


@only_root
def test_root_without_namespaces_runs_the_database_as_nobody(
    start: Start, open_folder: Path
) -> None:
    programs = next(open_folder.glob("*/*/bin"))
    service = start(
        data=open_folder / "var",
        prefix=(sys.executable, BARRED, "65536"),
        MUSUBI_PG_BIN=str(programs),
    ).wait_until_ready()
    assert service.get("/starts") == "1"
    assert (service.data / "postgres").owner() == "nobody"
    assert (service.data / "keys").stat().st_mode & 0o077 == 0
    service.stop()
    back_as_root = start(data=service.data).wait_until_ready()
    assert back_as_root.get("/starts") == "2"
    assert (service.data / "postgres").owner() == "root"


@only_root
def test_root_alone_without_namespaces_is_refused_with_a_sentence(start: Start) -> None:
    service = start(prefix=(sys.executable, BARRED, "1"))
    assert eventually(lambda: service.ended)
    assert service.process.returncode == 1
    assert "PostgreSQL does not run as root" in service.said
    assert "Traceback" not in service.said


def test_an_ordinary_user_runs_the_whole_service(start: Start) -> None:
    prefix = ORDINARY if os.geteuid() == 0 else ()
    service = start(prefix=prefix).wait_until_ready()
    assert service.get("/starts") == "1"
    assert service.stop() < 10


def test_the_launcher_names_what_it_could_not_start(tmp_path: Path) -> None:
    missing = str(tmp_path / "missing")
    refused = subprocess.run(
        OURSELVES.command([missing]), capture_output=True, text=True, check=False
    )
    assert refused.returncode == 1
    assert refused.stderr.startswith(f"cannot start {missing} as same")


def test_the_launcher_starts_nothing_for_a_parent_that_is_gone() -> None:
    launcher = [*OURSELVES.command(["/bin/echo", "orphan"])]
    launcher[4] = "1"  # the id of a process that did not start it
    refused = subprocess.run(launcher, capture_output=True, text=True, check=False)
    assert refused.returncode == 1
    assert refused.stdout == ""

"""The embedded PostgreSQL: making its data folder and describing the server as a program."""

import os
import pwd
import re
import shutil
import signal
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import psycopg

from matching.local.endpoints import libpq_url, socket_database_url
from matching.local.errors import LocalServiceError
from matching.local.identity import Identity
from matching.local.programs import Program

DATABASE = "musubi"
USER = "musubi"
PORT = "5432"
SOCKET_NAME = f".s.PGSQL.{PORT}.lock"
"""The longest file name the server makes in its socket folder."""

_INITDB_SECONDS = 120
_STOP_SECONDS = 3.0
_FIRST_WITH_BUILTIN_LOCALE = 17

DURABLE: Mapping[str, str] = {"fsync": "on", "synchronous_commit": "on", "full_page_writes": "on"}
THROWAWAY: Mapping[str, str] = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "dynamic_shared_memory_type": "mmap",  # nothing stays behind outside the folder
}


@dataclass(frozen=True)
class Cluster:
    """One PostgreSQL data folder with the programs, the sockets and the identity it runs by."""

    data_dir: Path
    socket_dir: Path
    bin_dir: Path
    identity: Identity
    settings: Mapping[str, str] = field(default_factory=lambda: DURABLE)

    @property
    def url(self) -> str:
        """The address of the service's database, in SQLAlchemy's spelling."""
        return socket_database_url(self.socket_dir, PORT, DATABASE, USER)

    def prepare(self, *, sync: bool = True) -> None:
        """Make the data folder where there is none; refuse one of another server version."""
        made_by = self.data_dir / "PG_VERSION"
        if made_by.exists():
            refuse_other_version(self.data_dir, made_by.read_text().strip(), self.major())
        else:
            self._create(sync=sync)
        _give_to(self.identity, self.data_dir)
        _give_to(self.identity, self.socket_dir)

    def major(self) -> str:
        """The major version of the server program, such as "18"."""
        output = self._run("postgres", "--version")
        found = re.search(r"\d+", output)
        if not found:
            raise LocalServiceError(f"{self.bin_dir}/postgres does not tell its version: {output}")
        return found.group()

    def program(self) -> Program:
        """Describe the server; ready once the service's database answers."""
        settings = {
            **self.settings,
            "listen_addresses": "",
            "unix_socket_directories": str(self.socket_dir),
            "unix_socket_permissions": "0700",
            "port": PORT,
            "client_connection_check_interval": "1000",  # no query outlives its asker
            "timezone": "UTC",
            "log_timezone": "UTC",
            # Details and statements repeat rows, and with them what is told of people.
            "log_error_verbosity": "terse",
            "log_min_error_statement": "panic",
        }
        options = [word for name, value in settings.items() for word in ("-c", f"{name}={value}")]
        return Program(
            name="postgres",
            argv=(str(self.bin_dir / "postgres"), "-D", str(self.data_dir), *options),
            ready=self.answers,
            stop_signal=signal.SIGINT,  # "fast": ends sessions, writes a checkpoint
            stop_seconds=_STOP_SECONDS,
            identity=self.identity,
            before_start=self._forget_mistaken_postmaster,
            alone=self.data_dir.with_name("postgres.lock"),
        )

    def answers(self) -> bool:
        """Tell whether the server takes sessions, making the service's database on the way."""
        try:
            _ensure_database(self.socket_dir)
        except psycopg.OperationalError:
            return False
        return True

    def _create(self, *, sync: bool) -> None:
        """Build beside and rename, so that an interrupted start leaves nothing half made."""
        building = self.data_dir.with_name(self.data_dir.name + ".new")
        shutil.rmtree(building, ignore_errors=True)
        building.mkdir(mode=0o700, parents=True)
        _give_to(self.identity, building)
        options = ["--username", USER, "--auth", "trust", "--encoding", "UTF8", "--data-checksums"]
        options += ["--locale", "C.UTF-8", "--no-instructions"]
        if int(self.major()) >= _FIRST_WITH_BUILTIN_LOCALE:
            options += ["--locale-provider", "builtin", "--builtin-locale", "C.UTF-8"]
        self._run("initdb", "-D", str(building), *options, *([] if sync else ["--no-sync"]))
        building.rename(self.data_dir)

    def _run(self, program: str, *arguments: str) -> str:
        done = subprocess.run(
            self.identity.command([str(self.bin_dir / program), *arguments]),
            capture_output=True,
            text=True,
            check=False,
            timeout=_INITDB_SECONDS,
            cwd="/",
        )
        if done.returncode != 0:
            raise LocalServiceError(
                f"{program} could not prepare {self.data_dir}: {done.stderr.strip()}"
            )
        return done.stdout

    def _forget_mistaken_postmaster(self) -> None:
        """Remove what a killed server left, where its process id belongs to another program now.

        Safe because it runs under the lock that every process of a living server shares. Where
        the id is free the server clears up by itself, its shared memory included.
        """
        left = self.data_dir / "postmaster.pid"
        words = left.read_text().split() if left.exists() else []
        if not words or _exists(int(words[0])):
            left.unlink(missing_ok=True)


def refuse_other_version(data_dir: Path, made_by: str, server: str) -> None:
    """Raise when the data folder belongs to another major version than the server."""
    if made_by != server:
        raise LocalServiceError(
            f"The database in {data_dir} was made by PostgreSQL {made_by}, but the programs found "
            f"here are PostgreSQL {server}, which cannot read it. Nothing was changed. Either name "
            f"the folder of PostgreSQL {made_by} programs in MUSUBI_PG_BIN, or move the data over "
            "as docs/operating.md describes."
        )


def _exists(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def _ensure_database(socket_dir: Path) -> None:
    """Connect as the service does; the first time, make its database."""
    address = libpq_url(socket_database_url(socket_dir, PORT, "postgres", USER))
    with psycopg.connect(address, connect_timeout=2, autocommit=True) as session:
        known = session.execute("SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE])
        if known.fetchone() is None:
            session.execute(f"CREATE DATABASE {DATABASE}".encode())


def _give_to(identity: Identity, folder: Path) -> None:
    """Hand a folder to the account PostgreSQL runs as; without one it is the caller's own."""
    if os.geteuid() != 0:
        return
    owner = pwd.getpwnam(identity.account) if identity.account else None
    uid, gid = (owner.pw_uid, owner.pw_gid) if owner else (os.geteuid(), os.getegid())
    if folder.stat().st_uid == uid:
        return
    for path in [folder, *folder.rglob("*")]:
        os.chown(path, uid, gid, follow_symlinks=False)

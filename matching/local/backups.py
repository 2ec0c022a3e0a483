"""Backups: the whole database in one sealed file, and back; nothing plain touches the disk."""

from __future__ import annotations

import errno
import os
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any, cast

from matching.kernel.errors import Invalid
from matching.local.binaries import find_postgres_bin
from matching.local.endpoints import libpq_url
from matching.records.vault import open_stream, read_about, seal_stream

# Everything, also where the login is no superuser; rights are given anew by `musubi migrate`.
DUMP = ("--no-owner", "--no-privileges", "--enable-row-security")
WHOLE_CITY = "-c musubi.areas=*"
ANEW = b"""
BEGIN;
SET LOCAL lock_timeout = '60s';
DROP SCHEMA public CASCADE;
CREATE SCHEMA public;
GRANT USAGE ON SCHEMA public TO PUBLIC;
"""
DONE = b"\nCOMMIT;\n"


def back_up(database_url: str, target: Path, about: dict[str, Any]) -> int:
    """Write a consistent copy of the database, sealed, readable by us only; returns its bytes.

    Requests may run meanwhile. The keys of sealed fields are not in it.
    """
    if target.exists() and not target.is_file():  # a device would be replaced by a file
        raise OSError(errno.EINVAL, "no ordinary file")
    part = target.with_name(target.name + ".part")
    descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    try:
        with os.fdopen(descriptor, "wb") as file, _program("pg_dump", database_url) as dump:
            total = seal_stream(cast(IO[bytes], dump.stdout), file, about)
            file.flush()
            os.fsync(file.fileno())
        part.replace(target)
    finally:
        part.unlink(missing_ok=True)
    return total


def about(source: Path) -> dict[str, Any]:
    """Return what a backup says of itself; raises Invalid for any other file."""
    with source.open("rb") as file:
        return read_about(file)


def restore(database_url: str, source: Path) -> None:
    """Put a backup in the place of all that the database holds, in one transaction or not at all.

    The file is read twice: once to know that it is whole, once to use it.
    """
    with source.open("rb") as file:
        for _ in open_stream(file):
            pass
    options = ("--no-psqlrc", "--quiet", "--set=ON_ERROR_STOP=1")
    with source.open("rb") as file, _program("psql", database_url, *options) as writing:
        try:
            feed = cast(IO[bytes], writing.stdin)
            feed.write(ANEW)
            for chunk in open_stream(file):
                feed.write(chunk)
            feed.write(DONE)  # only now: without it nothing has happened
            feed.close()
        except BrokenPipeError:
            pass  # it ended early, and says why


@contextmanager
def _program(name: str, database_url: str, *options: str) -> Iterator[subprocess.Popen[bytes]]:
    """Run a program of PostgreSQL beside the block; raises Invalid when it does not end well."""
    found = find_postgres_bin(os.environ) / name
    if not os.access(found, os.X_OK):
        raise Invalid(
            f"{name} が見つかりません。MUSUBI_PG_BIN で PostgreSQL の場所を指定してください。",
            code="no_program",
        )
    pipe, nothing = subprocess.PIPE, subprocess.DEVNULL
    writes = name == "psql"
    with tempfile.TemporaryFile() as errors:
        running = subprocess.Popen(
            [str(found), *options, *([] if writes else DUMP),
             f"--dbname={libpq_url(database_url)}"],
            stdin=pipe if writes else nothing,
            stdout=nothing if writes else pipe,
            stderr=errors,
            env=os.environ | {"PGOPTIONS": f"{os.environ.get('PGOPTIONS', '')} {WHOLE_CITY}"},
        )  # fmt: skip
        try:
            yield running
        except BaseException:
            running.kill()  # before its input ends: an end would look like success
            raise
        finally:
            _close(running)
        if running.returncode:
            errors.seek(0)
            said = errors.read().decode("utf-8", "replace").strip()[:300]
            raise Invalid(f"{name} が途中で終わりました。データは元のままです: {said}", code=name)


def _close(running: subprocess.Popen[bytes]) -> None:
    for stream in (running.stdout, running.stdin):
        if stream is not None:
            try:
                stream.close()
            except BrokenPipeError:
                continue
    running.wait()

"""Backups: the whole database in one sealed file, and back."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

from matching.kernel.errors import Invalid
from matching.local.binaries import find_postgres_bin
from matching.local.endpoints import libpq_url
from matching.records.vault import open_stream, seal_stream

NO_PROGRAM = "pg_dump と pg_restore が見つかりません。MUSUBI_PG_BIN で場所を指定してください。"


def back_up(database_url: str, target: Path) -> int:
    """Write a consistent copy of the database, sealed, readable by us only; returns its bytes.

    Requests may run meanwhile. The keys of sealed fields are not in it.
    """
    dump = [_program("pg_dump"), "--format=custom", "--no-owner", "--no-privileges"]
    part = target.with_name(target.name + ".part")
    descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    try:
        with (
            os.fdopen(descriptor, "wb") as file,
            subprocess.Popen(
                [*dump, libpq_url(database_url)], stdout=subprocess.PIPE, stderr=subprocess.PIPE
            ) as running,
        ):
            assert running.stdout is not None and running.stderr is not None  # noqa: S101
            total = seal_stream(running.stdout, file)
            said = running.stderr.read().decode("utf-8", "replace")
            file.flush()
            os.fsync(file.fileno())
        if running.returncode:
            raise Invalid(f"バックアップできませんでした: {said.strip()[:300]}", code="pg_dump")
        part.replace(target)
    finally:
        part.unlink(missing_ok=True)
    return total


def restore(database_url: str, source: Path) -> None:
    """Put a backup in the place of what the database holds, all of it or nothing."""
    plain = source.with_name(source.name + ".plain")
    descriptor = os.open(plain, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    try:
        with source.open("rb") as sealed, os.fdopen(descriptor, "wb") as file:
            for chunk in open_stream(sealed):
                file.write(chunk)
        done = subprocess.run(
            [
                _program("pg_restore"),
                "--clean",
                "--if-exists",
                "--no-owner",
                "--no-privileges",
                "--single-transaction",
                "--exit-on-error",
                f"--dbname={libpq_url(database_url)}",
                str(plain),
            ],
            capture_output=True,
            check=False,
        )
    finally:
        plain.unlink(missing_ok=True)
    if done.returncode:
        said = done.stderr.decode("utf-8", "replace").strip()[:300]
        raise Invalid(f"戻せませんでした。データは元のままです: {said}", code="pg_restore")


def _program(name: str) -> str:
    found = find_postgres_bin(os.environ) / name
    if not os.access(found, os.X_OK):
        raise Invalid(NO_PROGRAM, code="no_program")
    return str(found)

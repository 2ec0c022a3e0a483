"""Who runs the services of one data folder: one owner at a time, and any number of guests."""

import json
import os
import shutil
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path

from matching.local.endpoints import Endpoints
from matching.local.errors import LocalServiceError
from matching.local.locks import TOGETHER, locked, try_lock
from matching.local.sockets import make_socket_dir

WAIT_SECONDS = 120.0
_PAUSE_SECONDS = 0.05


@dataclass(frozen=True)
class Record:
    """What an owner tells its guests; `address` is set where it serves pages."""

    pid: int
    socket_dir: str
    address: str | None = None
    endpoints: Endpoints | None = None


@dataclass(frozen=True)
class Place:
    """The folders of one instance; all of them are private to its account."""

    data_dir: Path
    run_dir: Path = field(init=False)
    log_dir: Path = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "run_dir", self.data_dir / "run")
        object.__setattr__(self, "log_dir", self.data_dir / "log")

    def prepare(self) -> None:
        """Make the folders where there are none."""
        try:
            for folder in (self.data_dir, self.run_dir, self.log_dir):
                folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        except OSError as error:
            raise LocalServiceError(
                f"The data folder {self.data_dir} cannot be used ({error.strerror}): "
                "choose another one with MUSUBI_DATA."
            ) from error

    def read(self) -> Record | None:
        """Return what the present owner has told, or None before and after."""
        try:
            told = json.loads(self._record.read_text("utf-8"))
        except FileNotFoundError:
            return None
        endpoints = told.pop("endpoints")
        return Record(**told, endpoints=Endpoints(**endpoints) if endpoints else None)

    def tell(self, record: Record) -> None:
        """Write the record whole or not at all, for this account's eyes only."""
        draft = self._record.with_suffix(".new")
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            json.dump(asdict(record), file)
        draft.rename(self._record)

    def forget(self) -> None:
        """Take the record back: from here on nobody joins."""
        self._record.unlink(missing_ok=True)

    @property
    def _record(self) -> Path:
        return self.run_dir / "instance.json"


class Owner:
    """The right to run the services of a place, with a private folder for their sockets."""

    def __init__(self, place: Place, record: Record) -> None:
        self.place = place
        self.record = record

    @property
    def socket_dir(self) -> Path:
        """A short folder that only this account can enter."""
        return Path(self.record.socket_dir)

    def announce(self, endpoints: Endpoints) -> None:
        """Let guests in: the services answer now."""
        self.record = replace(self.record, endpoints=endpoints)
        self.place.tell(self.record)

    def see_guests_off(self) -> None:
        """Let nobody in any more and wait until the last guest has gone."""
        with locked(self.place.run_dir / "guests.lock"):
            self.place.forget()


@contextmanager
def own(
    place: Place,
    environ: Mapping[str, str],
    *,
    address: str | None = None,
    seconds: float = WAIT_SECONDS,
) -> Iterator[Owner]:
    """Become the owner, waiting for a passing command; refuse beside a serving instance."""
    place.prepare()
    deadline = time.monotonic() + seconds
    while (lock := try_lock(place.run_dir / "owner.lock")) is None:
        present = place.read()
        if present and present.address:
            raise LocalServiceError(_already_serving(place, present))
        _pause_until(deadline, place)
    with _owning(place, environ, address, lock) as owner:
        yield owner


@contextmanager
def join_or_own(
    place: Place, environ: Mapping[str, str], *, seconds: float = WAIT_SECONDS
) -> Iterator[Endpoints | Owner]:
    """Join the services that run for this place (their addresses), or become their owner."""
    place.prepare()
    deadline = time.monotonic() + seconds
    while True:
        lock = try_lock(place.run_dir / "owner.lock")
        if lock is not None:
            with _owning(place, environ, None, lock) as owner:
                yield owner
            return
        stay = try_lock(place.run_dir / "guests.lock", TOGETHER)
        present = place.read() if stay is not None else None
        if stay is not None and present and present.endpoints:
            os.set_inheritable(stay, True)  # a command may become another program
            try:
                yield present.endpoints
            finally:
                os.close(stay)
            return
        if stay is not None:
            os.close(stay)
        _pause_until(deadline, place)


@contextmanager
def _owning(
    place: Place, environ: Mapping[str, str], address: str | None, lock: int
) -> Iterator[Owner]:
    try:
        _clear_up_after_the_dead(place)
        owner = Owner(place, Record(os.getpid(), str(make_socket_dir(environ)), address))
        place.tell(owner.record)
        try:
            yield owner
        finally:
            place.forget()
            shutil.rmtree(owner.socket_dir, ignore_errors=True)
    finally:
        os.close(lock)


def _clear_up_after_the_dead(place: Place) -> None:
    """Remove what an owner left that was killed: nobody else can be holding our lock."""
    left = place.read()
    place.forget()
    if left and Path(left.socket_dir).name.startswith("musubi-"):
        shutil.rmtree(left.socket_dir, ignore_errors=True)


def _already_serving(place: Place, present: Record) -> str:
    return (
        f"Musubi already runs at {present.address} with the data in {place.data_dir} "
        f"(process {present.pid}). Use that one, or stop it with: kill {present.pid} - or start a "
        "second one beside it: MUSUBI_DATA=var2 PORT=8001 make demo"
    )


def _pause_until(deadline: float, place: Place) -> None:
    if time.monotonic() > deadline:
        present = place.read()
        who = f"process {present.pid}" if present else "another process"
        raise LocalServiceError(
            f"The data in {place.data_dir} is in use by {who}, which is starting or ending. "
            "Try again in a moment, or end that process."
        )
    time.sleep(_PAUSE_SECONDS)

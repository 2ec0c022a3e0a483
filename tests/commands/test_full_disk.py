"""A disk that is full: a sentence, nothing half written, what was there before still there."""

import resource
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from click.testing import CliRunner, Result
from sqlalchemy.orm import Session

from matching.cli import main
from tests import factories


@contextmanager
def full() -> Iterator[None]:
    """No file of this process may grow beyond a few letters, as on a disk without room."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (64, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


def call(*arguments: str) -> Result:
    with full():
        return CliRunner().invoke(main, arguments)


def test_a_sheet_or_a_backup_is_whole_or_not_there(
    surroundings: None, session: Session, now: datetime, tmp_path: Path
) -> None:
    factories.volunteer(session, now)
    session.commit()
    for command in (("export", "volunteers", "--out"), ("backup",)):
        target = tmp_path / command[0]
        target.write_text("before")
        told = call(*command, str(target))
        assert told.exit_code == 1, told.output
        assert "に書けません" in told.output
        assert isinstance(told.exception, SystemExit)
        assert target.read_text() == "before"
    assert sorted(each.name for each in tmp_path.iterdir()) == ["backup", "export"]


def test_what_cannot_be_written_is_told_in_one_sentence(
    surroundings: None, session: Session, tmp_path: Path
) -> None:
    (tmp_path / "file").touch()
    below = str(tmp_path / "file" / "below")
    year = ("report", "year", "--fiscal-year", "2026")
    for command in (("audit", "export"), year):
        told = call(*command, "--out", below)
        assert (told.exit_code, "に書けません" in told.output) == (1, True)
        assert isinstance(told.exception, SystemExit)

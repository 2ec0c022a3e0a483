"""Keys that do not fit, a broken trail and a missing backup are told before they do harm."""

import os
import subprocess
import sys
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from sqlalchemy import Engine, text
from sqlalchemy.orm import Session

import config as settings
from matching.kernel import audit, keyring
from matching.kernel.actor import SYSTEM
from matching.records import standing
from tests import factories


@pytest.fixture
def sealed(session: Session, now: datetime) -> Session:
    factories.volunteer(session, now)
    session.commit()
    return session


@pytest.fixture
def other_keys(config: settings.Config, tmp_path: Path) -> Iterator[Path]:
    file = tmp_path / "other"
    file.touch(0o600)
    file.write_text(keyring.new_file())
    keyring.configure(file)
    yield file
    keyring.configure(config.field_keys_file)


def test_the_right_keys_are_no_trouble(sealed: Session) -> None:
    assert standing.key_troubles(sealed) == []


def test_keys_of_another_place_are_refused(sealed: Session, other_keys: Path) -> None:
    [reason] = standing.key_troubles(sealed)
    assert "lacks the field key" in reason


def test_a_wrong_key_under_the_right_name_is_refused(
    sealed: Session, config: settings.Config, other_keys: Path
) -> None:
    right = config.field_keys_file.read_text().splitlines()
    wrong = other_keys.read_text().splitlines()
    for use, word in (("field", "field key"), ("index", "index key")):
        lines = [_renamed(line, wrong) if line.startswith(use) else line for line in right]
        other_keys.write_text("\n".join(lines))
        [reason] = standing.key_troubles(sealed)
        assert word in reason


def _renamed(line: str, others: list[str]) -> str:
    use, key_id, _ = line.split()
    key = next(other.split()[2] for other in others if other.startswith(use))
    return f"{use} {key_id} {key}"


def test_nobody_is_served_with_wrong_keys(
    sealed: Session, client: FlaskClient, other_keys: Path
) -> None:
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert answer.get_json()["keys"] == "wrong"


@pytest.mark.parametrize(
    "start",
    [
        ["-m", "matching.local.prepare"],
        ["-m", "gunicorn", "--bind", "127.0.0.1:0", "--no-control-socket", "wsgi:app"],
        ["-m", "celery", "-A", "worker.app", "worker", "--concurrency", "1"],
    ],
    ids=["prepare", "web", "worker"],
)
def test_no_process_starts_with_wrong_keys(
    sealed: Session, database: str, config: settings.Config, other_keys: Path, start: list[str]
) -> None:
    environ = os.environ | {
        "DATABASE_URL": database,
        "REDIS_URL": config.redis_url,
        "SECRET_KEYS_FILE": str(config.data_dir / "secret"),
        "FIELD_KEYS_FILE": str(other_keys),
        "MUSUBI_DATA": str(config.data_dir),
    }
    ended = subprocess.run(
        [sys.executable, *start], env=environ, cwd=settings.ROOT, capture_output=True, timeout=60
    )
    assert ended.returncode != 0
    assert b"lacks the field key" in ended.stderr


def test_a_broken_trail_is_seen_at_its_end_and_in_the_figures(
    sealed: Session, engine: Engine, now: datetime, client: FlaskClient
) -> None:
    assert standing.chain_troubles(sealed) == []
    assert "chain_ok 1.0" in client.get("/metrics").text
    with Session(engine) as other:
        other.execute(text("ALTER TABLE events DISABLE TRIGGER USER"))
        other.execute(text("UPDATE events SET actor_role = 'x' WHERE place = 1"))
        other.commit()
    audit.record(sealed, SYSTEM, now, "trail_verified", "event", None, ok=False)
    sealed.commit()
    assert standing.chain_troubles(sealed)
    assert "chain_ok 0.0" in client.get("/metrics").text
    assert audit.tail_trouble(sealed, 1) == ""


def test_a_changed_event_of_the_last_ones_is_named(
    session: Session, engine: Engine, now: datetime
) -> None:
    for number in range(5):
        audit.record(session, SYSTEM, now, "tried", "need", number)
    session.commit()
    with Session(engine) as other:
        other.execute(text("ALTER TABLE events DISABLE TRIGGER USER"))
        other.execute(text("UPDATE events SET actor_role = 'x' WHERE place = 4"))
        other.commit()
    session.rollback()
    assert audit.tail_trouble(session, 3) == "an event was changed at place 4"
    assert audit.tail_trouble(session, 1) == ""


def test_the_age_of_the_last_backup_is_told(
    session: Session, now: datetime, client: FlaskClient
) -> None:
    assert "no backup yet" in standing.backup_troubles(session, now)[0]
    audit.record(session, SYSTEM, now - timedelta(hours=3), "backed_up", "database", None)
    session.commit()
    assert standing.backup_troubles(session, now) == []
    assert "backup_age_seconds 10800.0" in client.get("/metrics").text
    assert "30 hours" in standing.backup_troubles(session, now + timedelta(hours=27))[0]


def test_files_that_others_may_read_are_named(tmp_path: Path) -> None:
    file = tmp_path / "secret"
    file.touch(0o600)
    assert standing.file_troubles([file, tmp_path / "none"]) == []
    file.chmod(0o640)
    assert "chmod go=" in standing.file_troubles([file])[0]

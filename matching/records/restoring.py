"""After a restore: what was erased since is erased again, the trail and the keys are proven."""

from __future__ import annotations

from pathlib import Path
from typing import Any, cast

from sqlalchemy import select
from sqlalchemy.orm import Session

from matching.kernel import audit, clock
from matching.kernel.actor import SYSTEM
from matching.kernel.database import Base, db, transaction
from matching.kernel.errors import Invalid
from matching.kernel.sealed import UNREADABLE, SealedRow
from matching.migrating import knows
from matching.records.erasing import erase_again

SAMPLE = 100


def check(about: dict[str, Any]) -> None:
    """Refuse a backup of a newer service than this one."""
    if not knows(str(about.get("revision"))):
        raise Invalid(
            "このバックアップは、いまより新しい版のサービスで作られています。"
            "サービスを新しくしてから戻してください。",
            code="newer",
        )


def finish(data_dir: Path) -> dict[str, Any]:
    """Bring a restored database up to today and say how it stands."""
    now = clock.now()
    with transaction() as session:
        erased = erase_again(session, data_dir, SYSTEM, now)
        audit.record(session, SYSTEM, now, "restored", "database", None, erased=erased)
    session = db.session()
    verdict = audit.verify(session)
    opened, unreadable = sample(session)
    return {
        "erased_again": erased,
        "events": verdict.events,
        "chain_ok": verdict.broken_at is None,
        "opened": opened,
        "unreadable": unreadable,
    }


def sample(session: Session, most: int = SAMPLE) -> tuple[int, int]:
    """Open the newest sealed fields of every table; returns how many, and how many failed."""
    tried = failed = 0
    for mapper in list(Base.registry.mappers):
        if not issubclass(mapper.class_, SealedRow):
            continue
        newest = select(mapper.class_).order_by(cast(Any, mapper.class_).id.desc()).limit(most)
        for row in session.scalars(newest):
            told = [text for name in row.sealed if (text := getattr(row, name)) is not None]
            tried += len(told)
            failed += told.count(UNREADABLE)
    return tried, failed

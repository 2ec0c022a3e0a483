"""Putting a notice up, taking it down, and putting it up again after a mistake."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from matching.kernel import audit
from matching.kernel.actor import Actor
from matching.kernel.clock import instant, local_date
from matching.kernel.errors import Conflict, NotFound, StaleVersion
from matching.kernel.permissions import only_areas
from matching.noticeboard.models import Notice
from matching.noticeboard.rules import NoticeEntry, check_notice
from matching.places.reference import AREA_BY_CODE

MIDNIGHT = 24 * 60
STALE = "この掲示はもう変わっています。画面を開き直してたしかめてください。"


def publish(session: Session, entry: NoticeEntry, actor: Actor, now: datetime) -> Notice:
    """Put a notice up, by name."""
    check_notice(entry, AREA_BY_CODE, local_date(now))
    made = Notice(
        audience=entry.audience,
        area_code=entry.area_code,
        starts_at=instant(entry.starts_on, 0),
        ends_at=instant(entry.ends_on, MIDNIGHT),
        text_ja=entry.text_ja.strip(),
        text_easy=entry.text_easy.strip(),
        text_en=entry.text_en.strip(),
        published_at=now,
        published_by_id=actor.account_id,
    )
    session.add(made)
    session.flush()
    audit.record(
        session,
        actor,
        now,
        "notice_published",
        "notice",
        made.id,
        audience=made.audience,
        area=made.area_code,
    )
    return made


def withdraw(session: Session, notice_id: int, version: int, actor: Actor, now: datetime) -> Notice:
    """Take a notice down before its time."""
    notice = _lock(session, notice_id, version, actor)
    if notice.withdrawn_at is not None:
        raise Conflict(STALE, code="state")
    return _change(session, notice, "notice_withdrawn", actor, now, down=True)


def restore(session: Session, notice_id: int, version: int, actor: Actor, now: datetime) -> Notice:
    """Put a notice up again that was taken down, while its time is not over."""
    notice = _lock(session, notice_id, version, actor)
    if notice.withdrawn_at is None or notice.ends_at <= now:
        raise Conflict(STALE, code="state")
    return _change(session, notice, "notice_restored", actor, now, down=False)


def _change(
    session: Session, notice: Notice, action: str, actor: Actor, now: datetime, *, down: bool
) -> Notice:
    notice.withdrawn_at = now if down else None
    notice.withdrawn_by_id = actor.account_id if down else None
    notice.version += 1
    audit.record(session, actor, now, action, "notice", notice.id)
    return notice


def _lock(session: Session, notice_id: int, version: int, actor: Actor) -> Notice:
    found = session.scalar(select(Notice).where(Notice.id == notice_id).with_for_update())
    areas = only_areas(actor)
    if found is None or (areas is not None and found.area_code not in areas):
        raise NotFound
    if found.version != version:
        raise StaleVersion(STALE)
    return found

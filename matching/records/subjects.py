"""What a person may ask for: all that is kept of them, who saw it, what they agreed to."""

from __future__ import annotations

import html
import json
import os
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from matching.coordination.models import Placement
from matching.kernel import audit, clock
from matching.kernel.actor import Actor
from matching.kernel.permissions import ROLES
from matching.messaging.models import Message
from matching.needs.models import Need, NeedNote
from matching.needs.sheet import NeedSheet
from matching.people.disclosures import seen_of
from matching.people.models import Account, Consent, Person
from matching.volunteers.models import Volunteer

EVERY_LOOK = 100_000
PERSON = (
    *("id", "name", "name_kana", "birth_on", "gender", "postal_code", "address", "lat", "lon"),
    *("phone", "mobile", "email", "contact_method", "language", "created_at"),
)
NEED = (
    *("reference", "state", "received_at", "channel", "requester_relation", "recipient_age"),
    *("household", "proxy_name", "proxy_phone", "address", "category_code", "title", "headcount"),
    *("start_on", "end_on", "destination", "note", "closed_at"),
)
VOLUNTEER = (
    *("reference", "state", "occupation", "transport", "max_distance_km", "insured_until"),
    *("registered_on", "last_active_on", "note"),
)
TITLES = {
    "person": "ご本人について",
    "accounts": "ログイン",
    "registration": "ボランティアの登録",
    "needs": "お願いされたこと",
    "sheets": "受けつけのときに聞いたこと",
    "notes": "職員の書いたこと",
    "visits": "活動の予定と記録",
    "consents": "同意",
    "messages": "お知らせ",
    "seen": "ご本人の情報を見た人",
}
LABELS = {
    "id": "整理番号", "name": "お名前", "name_kana": "よみがな", "birth_on": "生年月日",
    "gender": "性別", "postal_code": "郵便番号", "address": "住所", "lat": "緯度", "lon": "経度",
    "phone": "電話", "mobile": "携帯電話", "email": "メール", "contact_method": "連絡の方法",
    "language": "ことば", "created_at": "登録した日時", "login": "ログイン名",
    "display_name": "画面の名前", "reference": "番号", "state": "状態", "occupation": "仕事",
    "transport": "移動の方法", "max_distance_km": "行ける距離（km）", "insured_until": "保険の期限",
    "registered_on": "登録日", "last_active_on": "前回の活動", "note": "メモ",
    "received_at": "受けつけた日時", "channel": "受けつけの方法", "requester_relation": "続柄",
    "recipient_age": "年齢", "household": "世帯", "proxy_name": "代わりの方",
    "proxy_phone": "代わりの方の電話", "category_code": "種類", "title": "内容",
    "headcount": "人数", "start_on": "始まりの日", "end_on": "終わりの日", "destination": "行き先",
    "closed_at": "終わった日時", "starts_at": "始まり", "ends_at": "終わり", "purpose": "目的",
    "method": "方法", "text_version": "説明文の版", "recorded_at": "記録した日時", "kind": "種類",
    "sent_at": "送った日時", "disclosed_at": "見た日時", "role": "だれが", "fields": "なにを",
    "stage": "段階", "written_at": "書いた日時", "body": "内容",
}  # fmt: skip
STYLE = (
    "body{font-family:sans-serif;max-width:50rem;margin:2rem auto;padding:0 1rem;line-height:1.7}"
)
STYLE += "dt{color:#555;float:left;clear:left;width:13rem}dd{margin-left:14rem;min-height:1.7em}"
STYLE += "section{border-top:1px solid #999}dl{border-top:1px dotted #999;padding-top:.5rem}"


def all_of(session: Session, person: Person, *, notes: bool) -> dict[str, Any]:
    """Return all that is kept of a person, as plain values by the names of the columns.

    `notes` adds what staff wrote down; an operator hands that out, after reading it for what it
    may tell of others.
    """
    helping = select(Volunteer).where(Volunteer.person_id == person.id)
    needs = session.scalars(select(Need).where(Need.requester_id == person.id)).all()
    numbers = [need.id for need in needs]
    found = {
        "person": _told([person], PERSON),
        "accounts": _told(_of(session, Account, person), ("login", "display_name", "created_at")),
        "registration": _told(session.scalars(helping), VOLUNTEER),
        "needs": _told(needs, NEED),
        "visits": _visits(session, person, numbers),
        "consents": _told(
            _of(session, Consent, person),
            ("purpose", "state", "method", "text_version", "recorded_at"),
        ),
        "messages": _told(_of(session, Message, person), ("kind", "channel", "state", "sent_at")),
        "seen": _told(
            seen_of(session, person.id, EVERY_LOOK),
            ("disclosed_at", "role", "fields", "stage", "purpose"),
        ),
    }
    sheets = select(NeedSheet).where(NeedSheet.need_id.in_(numbers)).order_by(NeedSheet.id)
    found["sheets"] = _told(
        session.scalars(sheets), ("written_at", "consent_basis", "person_knows", "answers")
    )
    if notes:
        written = select(NeedNote).where(NeedNote.need_id.in_(numbers)).order_by(NeedNote.id)
        found["notes"] = _told(session.scalars(written), ("written_at", "kind", "body"))
    return found


def _of(session: Session, row_class: Any, person: Person) -> Sequence[Any]:
    found = select(row_class).where(row_class.person_id == person.id).order_by(row_class.id)
    return session.scalars(found).all()


def _visits(session: Session, person: Person, need_ids: Sequence[int]) -> list[dict[str, Any]]:
    helping = select(Volunteer.id).where(Volunteer.person_id == person.id)
    found = (
        select(Placement)
        .where(Placement.need_id.in_(need_ids) | Placement.volunteer_id.in_(helping))
        .order_by(Placement.starts_at)
    )
    return _told(session.scalars(found), ("starts_at", "ends_at", "state"))


def _told(rows: Iterable[Any], names: Sequence[str]) -> list[dict[str, Any]]:
    return [{name: _plain(getattr(row, name)) for name in names} for row in rows]


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return clock.local(value).isoformat(timespec="minutes")
    return value if value is None or isinstance(value, int | float | list) else str(value)


def as_json(found: Mapping[str, Any]) -> str:
    """Write it for machines."""
    return json.dumps(found, ensure_ascii=False, indent=1)


def as_page(found: Mapping[str, Any], now: datetime) -> str:
    """Write it for reading: one page that needs nothing else."""
    parts = [_section(TITLES[name], rows) for name, rows in found.items()]
    day = f"{clock.local(now):%Y年%m月%d日}"
    return (
        '<!doctype html><html lang="ja"><meta charset="utf-8"><title>お預かりしている情報</title>'
        f"<style>{STYLE}</style><h1>お預かりしている情報</h1><p>{day} 現在</p>"
        f"{''.join(parts)}</html>"
    )


def _section(title: str, rows: Sequence[Mapping[str, Any]]) -> str:
    lists = [
        "<dl>"
        + "".join(
            f"<dt>{LABELS.get(name, name)}</dt><dd>{html.escape(_word(name, value))}</dd>"
            for name, value in row.items()
            if value not in (None, "", [])
        )
        + "</dl>"
        for row in rows
    ]
    return f"<section><h2>{title}</h2>{''.join(lists) or '<p>ありません。</p>'}</section>"


def _word(name: str, value: Any) -> str:
    if name == "role":
        return ROLES.get(value, str(value))
    if isinstance(value, list):
        return "、".join(LABELS.get(each, str(each)) for each in value)
    return str(value)


def write(
    session: Session, person: Person, folder: Path, actor: Actor, now: datetime
) -> tuple[Path, Path]:
    """Write both forms into a folder that only we can read; that they were made is an event."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    found = all_of(session, person, notes=True)
    paths = folder / f"person-{person.id}.json", folder / f"person-{person.id}.html"
    for path, text in zip(paths, (as_json(found), as_page(found, now)), strict=True):
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            file.write(text)
    audit.record(session, actor, now, "subject_exported", "person", person.id)
    return paths

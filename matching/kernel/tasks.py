"""What somebody at the desk has to do by when: one row a task, of one subject, with an owner."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import CheckConstraint, Index, Select, select, text, update
from sqlalchemy.dialects.postgresql import JSONB, insert
from sqlalchemy.orm import Mapped, Session, mapped_column

from matching.kernel import audit, transitions
from matching.kernel.actor import Actor
from matching.kernel.database import Base, Identified, Versioned
from matching.kernel.errors import Conflict, Invalid
from matching.kernel.permissions import only_areas


class Kind(NamedTuple):
    """A kind of task: the group of the worklist it belongs to, and what it says."""

    group: str
    label: str


# The worklist's groups in the order of what cannot wait.
GROUPS: Mapping[str, str] = {
    "safety": "安全の確認",
    "answers": "返事と連絡",
    "visits": "今日と明日の活動",
    "reports": "活動の報告",
    "follow_up": "その後の確認",
    "renewals": "登録・保険の更新",
    "consents": "同意の確認",
}

KINDS: Mapping[str, Kind] = {
    "concern": Kind("safety", "気になる知らせを確認する"),
    "not_returned": Kind("safety", "活動から戻った連絡がない方に電話する"),
    "resident_absent": Kind("safety", "会えなかった方の安否を確認する"),
    "incident": Kind("safety", "事故・けがの対応をする"),
    "report_concern": Kind("safety", "報告の「気になること」を確認する"),
    "talk_wanted": Kind("answers", "「相談したい」という方に電話する"),
    "offer_unanswered": Kind("answers", "返事がないため、次の方にお願いする"),
    "tell_resident": Kind("answers", "来る方について、ご本人の了解をもらう"),
    "tell_by_phone": Kind("answers", "お知らせを電話で伝える"),
    "send_letter": Kind("answers", "お知らせを印刷して送る"),
    "message_parked": Kind("answers", "送れなかったお知らせを確かめる"),
    "address_failed": Kind("answers", "届かない宛先を本人に確かめる"),
    "line_words": Kind("answers", "LINEで連絡のあった方に電話する"),
    "approval": Kind("answers", "リスクの段階がR3の困りごとを、センター長が承認する"),
    "waitlist": Kind("answers", "順番を待っている方に連絡する"),
    "tell_other_side": Kind("visits", "取りやめを相手の方に電話で知らせる"),
    "tell_volunteer": Kind("visits", "取りやめを、うかがう方に電話で知らせる"),
    "tell_change": Kind("visits", "来る方が変わったことを、お二人に電話で知らせる"),
    "settle_trade": Kind("visits", "ゆずりたい方と代わる方の交代を決める"),
    "ask_moved": Kind("visits", "変わった日時や場所でよいか、お二人にたしかめる"),
    "find_substitute": Kind("visits", "代わりの方をさがす"),
    "introduction": Kind("visits", "顔合わせの日を決める"),
    "not_started": Kind("visits", "始まった連絡がない活動を確認する"),
    "report_missing": Kind("reports", "活動の報告を電話で聞く"),
    "verify_report": Kind("reports", "活動の報告を確認する"),
    "follow_up": Kind("follow_up", "その後の様子をうかがう"),
    "expense": Kind("reports", "活動の費用を確認する"),
    "closing": Kind("follow_up", "終わりにする理由を記録する"),
    "volunteer_care": Kind("follow_up", "亡くなられたことを伝え、気持ちをうかがう"),
    "insure": Kind("renewals", "活動の日までに保険に加入する"),
    "complaint": Kind("follow_up", "苦情に対応する"),
    "site_check": Kind("answers", "現場のようすをたしかめる（電話か訪問）"),
    "referral_answer": Kind("follow_up", "つないだ先の返事を確認する"),
    "placement_review": Kind("follow_up", "続けている活動を見直す"),
    "registration": Kind("renewals", "新しい登録を確認する"),
    "renewal": Kind("renewals", "登録・保険の更新をうながす"),
    "qualification": Kind("renewals", "資格の期限を確認する"),
    "consent_review": Kind("consents", "同意の取り消しにともない、活動を見直す"),
    "consent_missing": Kind("consents", "同意をもらう"),
    "disclosure_review": Kind("consents", "連絡先を見る回数の多い方を確認する"),
}

# They end with what they are about, step by step on its own page, and never before it.
END_WITH_SUBJECT = frozenset(
    {"concern", "resident_absent", "incident", "complaint", "referral_answer", "approval"}
)

# Known to nobody but the one who was told.
OWNERS_ONLY = ("concern",)

MOST = 200  # as many as a worklist is made of
GO_ON = "この仕事は、くわしいページで次の段階に進めると終わります。そちらを開いてください。"
STALE = "この仕事はもう変わっています。画面を開き直してたしかめてください。"


class Task(Identified, Versioned, Base):
    """Something to be done by a person; open once for a subject, closed with what came of it.

    `details` hold ids, codes and counts, never names or free text.
    """

    __tablename__ = "tasks"
    kind: Mapped[str]
    subject_type: Mapped[str]
    subject_id: Mapped[int]
    area_code: Mapped[str | None] = mapped_column(index=True)
    state: Mapped[str] = mapped_column(default="open")
    owner_id: Mapped[int | None]
    due_at: Mapped[datetime]
    created_at: Mapped[datetime]
    done_at: Mapped[datetime | None]
    done_by_id: Mapped[int | None]
    outcome: Mapped[str | None]
    details: Mapped[dict[str, Any]] = mapped_column(JSONB, default=dict)
    __table_args__ = (
        CheckConstraint("state IN ('open', 'done')", name="state"),
        CheckConstraint("(state = 'done') = (done_at IS NOT NULL)", name="done"),
        Index(
            "uq_tasks_open",
            "kind",
            "subject_type",
            "subject_id",
            unique=True,
            postgresql_where=text("state = 'open'"),
        ),
        Index("ix_tasks_due", "due_at", postgresql_where=text("state = 'open'")),
    )


TRANSITIONS: Mapping[str, frozenset[str]] = {
    "open": frozenset({"open", "done"}),
    "done": frozenset(),
}


NOWHERE = Task.area_code.is_(None)


def open_task(
    session: Session,
    kind: str,
    subject: tuple[str, int],
    due_at: datetime,
    now: datetime,
    *,
    area_code: str | None = None,
    owner_id: int | None = None,
    **details: Any,
) -> int:
    """Ask for something to be done; a task that is open for the subject already stays as it is.

    Returns 1 where a task was opened, else 0.
    """
    if kind not in KINDS:
        raise KeyError(kind)
    opened = session.execute(
        insert(Task)
        .values(
            kind=kind,
            subject_type=subject[0],
            subject_id=subject[1],
            area_code=area_code,
            state="open",
            owner_id=owner_id,
            due_at=due_at,
            created_at=now,
            details=details,
            version=1,
        )
        .on_conflict_do_nothing(
            index_elements=[Task.kind, Task.subject_type, Task.subject_id],
            index_where=text("state = 'open'"),
        )
        .returning(Task.id)
    )
    return int(opened.scalar() is not None)


def close_tasks(
    session: Session, subject: tuple[str, int], now: datetime, *, kinds: Sequence[str] = ()
) -> None:
    """Close what is open for a subject (of some kinds), because what it asked for has happened."""
    which = update(Task).where(
        Task.subject_type == subject[0], Task.subject_id == subject[1], Task.state == "open"
    )
    if kinds:
        which = which.where(Task.kind.in_(kinds))
    session.execute(
        which.values(state="done", done_at=now, outcome="resolved", version=Task.version + 1)
    )


def is_open(session: Session, kind: str, subject: tuple[str, int]) -> bool:
    """Tell whether something of a kind is still to be done about a subject."""
    found = select(Task.id).where(
        Task.kind == kind,
        Task.subject_type == subject[0],
        Task.subject_id == subject[1],
        Task.state == "open",
    )
    return session.scalar(found) is not None


def within_reach(actor: Actor) -> Select[Task]:
    """Return the open tasks an actor may know of, most pressing first."""
    found = (
        select(Task)
        .where(Task.state == "open")
        .where(Task.kind.not_in(OWNERS_ONLY) | (Task.owner_id == actor.account_id))
        .order_by(Task.due_at, Task.id)
    )
    areas = only_areas(actor)
    return found if areas is None else found.where(Task.area_code.in_(areas) | NOWHERE)


def claim(session: Session, task: Task, actor: Actor, now: datetime) -> None:
    """Take a task over by name."""
    transitions.move(session, task, TRANSITIONS, "open", STALE, owner_id=actor.account_id)
    audit.record(session, actor, now, "task_claimed", "task", task.id, kind=task.kind)


def snooze(
    session: Session, task: Task, due_at: datetime, reason: str, actor: Actor, now: datetime
) -> None:
    """Put a task off to a later moment, for a reason."""
    if not reason.strip():
        raise Invalid("あとにする理由を入力してください。", field="reason")
    if due_at <= now:
        raise Invalid("これからの日時を選んでください。", field="due_at")
    transitions.move(
        session, task, TRANSITIONS, "open", STALE, due_at=due_at, owner_id=actor.account_id
    )
    audit.record(session, actor, now, "task_snoozed", "task", task.id, kind=task.kind)


def finish(session: Session, task: Task, outcome: str, actor: Actor, now: datetime) -> None:
    """Close a task by name with a code of what came of it.

    Raises Conflict for one that ends with its subject: nobody not met is forgotten by a click.
    """
    if task.kind in END_WITH_SUBJECT:
        raise Conflict(GO_ON, code="open_subject")
    transitions.move(
        session,
        task,
        TRANSITIONS,
        "done",
        STALE,
        done_at=now,
        done_by_id=actor.account_id,
        outcome=outcome,
    )
    audit.record(session, actor, now, "task_done", "task", task.id, kind=task.kind)

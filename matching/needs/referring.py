"""Referring: a need goes to another desk with the person's word, and is followed to its end."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from matching.catalogue.referrals import REFERRAL_BY_CODE
from matching.kernel import audit, tasks, transitions
from matching.kernel.actor import Actor
from matching.kernel.clock import instant, local_date
from matching.kernel.errors import Conflict, Invalid, NotFound, StaleVersion
from matching.needs.models import Need
from matching.needs.queries import get_need, lock_need
from matching.needs.referral_models import REFERRAL_MOVES, CaseConference, Referral
from matching.needs.rules import TRANSITIONS
from matching.people import consenting
from matching.places.calendar import CLOSES_AT, add_business_days

ANSWER_DAYS, LOOK_AGAIN_DAYS = 5, 20
LATE = "この紹介は、ほかの方が先に進めました。画面を開き直してたしかめてください。"
NO_DESK = "つなぐ窓口を選んでください。"
TWICE = "この窓口には、もうつないでいます。その続きを書いてください。"
NO_ANSWER = "窓口の返事を入力してください。"
NO_WITNESS = "ご本人の「はい」を、だれがどう聞いたかを入力してください。"
IN_PAST = "次にたしかめる日は、今日からあとの日にしてください。"
NOBODY = "話し合った方を入力してください。"
NOTHING_FOUND = "話し合ってわかったこと、決めたことを入力してください。"
THINK_AGAIN = "窓口から戻されたので、もう一度考える"


@dataclass(frozen=True)
class Step:
    """What happened with a referral; `said` is the desk's answer or how the consent was given."""

    state: str
    said: str
    next_on: date | None
    version: int


def refer(
    session: Session,
    need: Need,
    desks: Sequence[str],
    next_on: date | None,
    actor: Actor,
    now: datetime,
) -> list[Referral]:
    """Begin to hand a need to one desk or several; each gets its own owner, date and task."""
    chosen = [code for code in dict.fromkeys(desks) if code in REFERRAL_BY_CODE]
    if not chosen or len(chosen) != len(set(desks)):
        raise Invalid(NO_DESK, field="desks")
    today = local_date(now)
    return [
        _open(session, need, code, _day(next_on, today, ANSWER_DAYS), actor, now) for code in chosen
    ]


def _open(
    session: Session, need: Need, code: str, next_on: date, actor: Actor, now: datetime
) -> Referral:
    known = select(Referral.id).where(
        Referral.need_id == need.id, Referral.desk_code == code, Referral.state != "closed"
    )
    if session.scalar(known) is not None:
        raise Conflict(TWICE, code="state")
    made = Referral(
        need_id=need.id,
        desk_code=code,
        state="drafted",
        owner_id=actor.account_id,
        next_on=next_on,
        opened_at=now,
    )
    session.add(made)
    session.flush()
    _chase(session, made, need, now)
    audit.record(session, actor, now, "referral_opened", "need", need.id, desk=code)
    return made


def _day(wished: date | None, today: date, days: int) -> date:
    if wished is not None and wished < today:
        raise Invalid(IN_PAST, field="next_on")
    return wished or add_business_days(today, days)


def _chase(session: Session, referral: Referral, need: Need, now: datetime) -> None:
    """Put the next date on the worklist, in place of the one before."""
    subject = ("referral", referral.id)
    tasks.close_tasks(session, subject, now)
    if referral.state == "closed":
        return
    due = instant(referral.next_on, CLOSES_AT.hour * 60 + CLOSES_AT.minute)
    tasks.open_task(
        session,
        "referral_answer",
        subject,
        due,
        now,
        area_code=need.area_code,
        owner_id=referral.owner_id,
    )


def move_referral(
    session: Session, referral_id: int, step: Step, actor: Actor, now: datetime
) -> Referral:
    """Write down what happened next; a desk that hands a need back brings it back to triage."""
    referral, need = get_referral(session, referral_id, actor)
    if referral.version != step.version:
        raise StaleVersion(LATE)
    return advance(session, referral, need, step, actor, now, owner_id=actor.account_id)


def advance(
    session: Session,
    referral: Referral,
    need: Need,
    step: Step,
    actor: Actor,
    now: datetime,
    *,
    owner_id: int | None,
) -> Referral:
    """Bring a referral one step on, with its next date on the worklist of who follows it."""
    transitions.check(REFERRAL_MOVES, referral.state, step.state, LATE)
    _check(step)
    if step.state == "consented":
        _keep_word(session, need, referral, step.said, actor, now)
    days = LOOK_AGAIN_DAYS if step.state in {"accepted", "followed_up"} else ANSWER_DAYS
    next_on = _day(step.next_on, local_date(now), days)
    transitions.move(
        session,
        referral,
        REFERRAL_MOVES,
        step.state,
        LATE,
        next_on=next_on,
        owner_id=owner_id,
        handed_at=now if step.state == "handed_over" else referral.handed_at,
        closed_at=now if step.state == "closed" else None,
    )
    if step.said.strip():
        referral.answer = step.said.strip()
    audit.record(
        session, actor, now, "referral_moved", "need", need.id, desk=referral.desk_code,
        state=step.state,
    )  # fmt: skip
    _chase(session, referral, need, now)
    _settle(session, need, step.state, owner_id, actor, now)
    return referral


def get_referral(session: Session, referral_id: int, actor: Actor) -> tuple[Referral, Need]:
    """Return a referral of a need within reach, with its need held."""
    found = session.get(Referral, referral_id)
    if found is None:
        raise NotFound
    reference = session.scalar(select(Need.reference).where(Need.id == found.need_id)) or ""
    need = lock_need(session, get_need(session, reference, actor).id)
    session.refresh(found)
    return found, need


def _check(step: Step) -> None:
    if step.state in {"accepted", "returned"} and not step.said.strip():
        raise Invalid(NO_ANSWER, field="said")
    if step.state == "consented" and not step.said.strip():
        raise Invalid(NO_WITNESS, field="said")


def _keep_word(
    session: Session, need: Need, referral: Referral, said: str, actor: Actor, now: datetime
) -> None:
    """Record that the person agreed to this desk being told."""
    word = consenting.Word(
        "share_with_agency",
        "given",
        "oral",
        agreed_on=local_date(now),
        witness=said.strip()[:200],
        receiver=REFERRAL_BY_CODE[referral.desk_code].label,
    )
    consenting.record(session, need.requester_id, word, actor, now)


def _settle(
    session: Session, need: Need, state: str, owner_id: int | None, actor: Actor, now: datetime
) -> None:
    """Let the need follow: back to triage when handed back, closed when the last desk is done."""
    if need.state != "referred":
        return
    if state == "returned":
        transitions.move(
            session,
            need,
            TRANSITIONS,
            "triaging",
            LATE,
            owner_id=owner_id,
            next_action=THINK_AGAIN,
            next_action_on=add_business_days(local_date(now), 1),
        )
    elif state == "closed" and not _still_open(session, need.id):
        transitions.move(
            session, need, TRANSITIONS, "closed", LATE, closed_at=now, next_action=None,
            next_action_on=None,
        )  # fmt: skip
        audit.record(session, actor, now, "need_closed", "need", need.id, reason="referred")


def _still_open(session: Session, need_id: int) -> int:
    found = select(func.count(Referral.id)).where(
        Referral.need_id == need_id, Referral.state != "closed"
    )
    return session.scalar(found) or 0


def referrals_of(session: Session, need_id: int) -> Sequence[Referral]:
    """Return the referrals of a need, the first one first."""
    found = select(Referral).where(Referral.need_id == need_id).order_by(Referral.id)
    return session.scalars(found).all()


def record_conference(
    session: Session, need: Need, talk: CaseConference, actor: Actor, now: datetime
) -> None:
    """Keep what a case conference found, and make its next date that of the need."""
    today = local_date(now)
    if not talk.attended.strip():
        raise Invalid(NOBODY, field="attended")
    if not talk.found.strip():
        raise Invalid(NOTHING_FOUND, field="found")
    if talk.next_on < today:
        raise Invalid(IN_PAST, field="next_on")
    held = lock_need(session, need.id)
    held.next_action_on = talk.next_on
    held.owner_id = held.owner_id or actor.account_id
    held.version += 1
    session.add(talk)
    session.flush()
    audit.record(session, actor, now, "conference_recorded", "need", need.id)


def conferences_of(session: Session, need_id: int) -> Sequence[CaseConference]:
    """Return the case conferences about a need, the newest first."""
    found = select(CaseConference).where(CaseConference.need_id == need_id)
    return session.scalars(found.order_by(CaseConference.id.desc())).all()

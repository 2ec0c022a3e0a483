"""A need handed to another desk is followed to its end; nothing leaves triage silently (BR-06)."""

import itertools
from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from matching.evaluation.invariants import count_violations
from matching.kernel.actor import Actor
from matching.kernel.clock import local_date
from matching.kernel.errors import Conflict, Invalid
from matching.kernel.tasks import Task
from matching.needs.models import Need
from matching.needs.referral_models import (
    REFERRAL_MOVES,
    REFERRAL_STATES,
    CaseConference,
    NeedAssessment,
    Referral,
)
from matching.needs.referring import Step, move_referral, record_conference, refer, referrals_of
from matching.needs.triaging import Decision, triage
from matching.people.models import Consent
from tests import factories

SAID = {"consented": "本人、電話で山田が聞いた", "accepted": "来週訪問する", "returned": "対象外"}


def open_tasks(session: Session) -> list[tuple[str, str]]:
    found = select(Task.kind, Task.subject_type).where(Task.state == "open").order_by(Task.id)
    return [(row[0], row[1]) for row in session.execute(found)]


def unchased(session: Session, now: datetime) -> int:
    """Open referrals that nobody follows."""
    [found] = [each for each in count_violations(session, now) if each["code"] == "S7"]
    return int(found["violations"])


def need_of(session: Session, now: datetime, **settings: str) -> tuple[Need, Actor]:
    actor = factories.actor(session, "coordinator")
    return factories.need(session, now, state="received", **settings), actor


def go(session: Session, referral: Referral, state: str, actor: Actor, now: datetime) -> None:
    step = Step(state, SAID.get(state, ""), None, referral.version)
    move_referral(session, referral.id, step, actor, now)
    session.refresh(referral)


def decide(need: Need, outcome: str, **more: object) -> Decision:
    return Decision(outcome, "理由", "次にすること", None, need.version, **more)  # type: ignore[arg-type]


def test_br06_a_referral_has_a_desk_an_owner_a_date_and_a_task(
    session: Session, now: datetime
) -> None:
    need, actor = need_of(session, now)
    desks = ("community_general_support", "legal")
    triage(session, need.reference, decide(need, "refer", desks=desks), actor, now)
    found = referrals_of(session, need.id)
    assert tuple(each.desk_code for each in found) == desks
    assert all(each.owner_id == actor.account_id and each.next_on > now.date() for each in found)
    assert open_tasks(session).count(("referral_answer", "referral")) == 2
    session.refresh(need)
    assert (need.state, need.next_action_on is not None) == ("referred", True)


def test_br06_the_day_it_comes_back_is_one_that_somebody_will_live_to_see(
    session: Session, now: datetime
) -> None:
    need, actor = need_of(session, now)
    today = local_date(now)
    for on in (date.min, today - timedelta(days=1), today + timedelta(days=732), date.max):
        with pytest.raises(Invalid) as refused:
            wrong = replace(decide(need, "hold"), next_action_on=on)
            triage(session, need.reference, wrong, actor, now)
        assert refused.value.field == "next_action_on"
    triage(session, need.reference, replace(decide(need, "hold"), next_action_on=today), actor, now)
    assert (need.state, need.next_action_on) == ("on_hold", today)


def test_br06_a_need_referred_without_a_named_desk_goes_to_that_of_its_kind(
    session: Session, now: datetime
) -> None:
    need, actor = need_of(session, now)
    triage(session, need.reference, decide(need, "refer"), actor, now)
    assert [each.desk_code for each in referrals_of(session, need.id)] == ["paid_mutual_aid"]


def test_the_last_desk_done_closes_the_need_and_its_tasks(session: Session, now: datetime) -> None:
    need, actor = need_of(session, now)
    triage(session, need.reference, decide(need, "refer", desks=("legal",)), actor, now)
    [referral] = referrals_of(session, need.id)
    for state in ("consented", "handed_over", "accepted", "followed_up", "closed"):
        assert unchased(session, now) == 0
        go(session, referral, state, actor, now)
    session.refresh(need)
    assert (need.state, need.closed_at) == ("closed", now)
    assert ("referral_answer", "referral") not in open_tasks(session)
    consent = session.scalars(select(Consent).where(Consent.purpose == "share_with_agency")).one()
    assert (consent.state, consent.receiver) == ("given", "法テラス・弁護士・司法書士")


def test_what_a_desk_hands_back_comes_back_to_triage(session: Session, now: datetime) -> None:
    need, actor = need_of(session, now)
    triage(session, need.reference, decide(need, "refer", desks=("legal",)), actor, now)
    [referral] = referrals_of(session, need.id)
    for state in ("consented", "handed_over", "returned"):
        go(session, referral, state, actor, now)
    session.refresh(need)
    assert need.state == "triaging"
    assert need.next_action_on is not None


def test_every_move_of_a_referral_is_in_the_table_or_refused(
    session: Session, now: datetime
) -> None:
    need, actor = need_of(session, now)
    for before, after in itertools.product(REFERRAL_STATES, repeat=2):
        session.execute(delete(Referral))
        session.expire_all()
        [referral] = refer(session, need, ["legal"], None, actor, now)
        referral.state = before
        referral.closed_at = now if before == "closed" else None
        session.flush()
        if after in REFERRAL_MOVES[before]:
            go(session, referral, after, actor, now)
            assert referral.state == after
        else:
            with pytest.raises(Conflict):
                go(session, referral, after, actor, now)


def test_an_answer_and_a_consent_need_words_and_a_date_to_come(
    session: Session, now: datetime
) -> None:
    need, actor = need_of(session, now)
    [referral] = refer(session, need, ["legal"], None, actor, now)
    with pytest.raises(Invalid, match="どう聞いたか"):
        move_referral(session, referral.id, Step("consented", " ", None, 1), actor, now)
    past = now.date() - timedelta(days=1)
    with pytest.raises(Invalid, match="今日からあと"):
        move_referral(session, referral.id, Step("consented", "本人", past, 1), actor, now)
    with pytest.raises(Invalid, match="窓口を選んで"):
        refer(session, need, ["no_such_desk"], None, actor, now)


def test_br08_a_risky_place_nobody_looked_at_becomes_a_task(
    session: Session, now: datetime
) -> None:
    need, actor = need_of(session, now)
    decision = decide(need, "accept", risk_level="R2", site_check="none", urgency="high")
    triage(session, need.reference, decision, actor, now)
    session.refresh(need)
    assert (need.state, need.urgency) == ("ready", "high")
    assert ("site_check", "need") in open_tasks(session)
    assert session.scalars(select(NeedAssessment)).one().risk_level == "R2"


def test_br07_a_need_judged_too_dangerous_is_not_accepted(session: Session, now: datetime) -> None:
    need, actor = need_of(session, now)
    with pytest.raises(Invalid, match="ボランティアではお受けできません"):
        triage(session, need.reference, decide(need, "accept", risk_level="R9"), actor, now)


def test_a_case_conference_sets_the_next_date(session: Session, now: datetime) -> None:
    need, actor = need_of(session, now)
    day = now.date() + timedelta(days=7)
    talk = CaseConference(
        need_id=need.id, held_on=now.date(), attended="包括、民生委員", found="まず訪問する",
        next_on=day, recorded_at=now, recorded_by_id=actor.account_id,
    )  # fmt: skip
    record_conference(session, need, talk, actor, now)
    assert need.next_action_on == day

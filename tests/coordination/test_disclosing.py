"""Disclosing: covered until asked for, written down each time, gone the moment its ground is."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from matching.coordination.cancelling import cancel
from matching.coordination.confirming import confirm
from matching.coordination.disclosing import COORDINATION, VISIT, disclose, look
from matching.coordination.halting import halt
from matching.coordination.models import Placement
from matching.coordination.placing import Choice
from matching.coordination.planning import plan_all
from matching.coordination.queries import list_candidates
from matching.coordination.quota import decide_reveal
from matching.coordination.stages import MOST_PEOPLE
from matching.coordination.values import names_enough
from matching.coordination.withdrawing import withdraw
from matching.kernel import clock
from matching.kernel.actor import SYSTEM, Actor
from matching.kernel.errors import Invalid
from matching.kernel.tasks import Task
from matching.needs.briefing import brief
from matching.needs.models import Need
from matching.people.disclosures import Disclosure
from matching.people.shielding import shield
from matching.people.trust_models import RevealRequest
from matching.volunteers.models import Volunteer
from tests import factories


@pytest.fixture
def staff(session: Session) -> Actor:
    return factories.actor(session, "coordinator")


@pytest.fixture
def helper(session: Session, now: datetime) -> tuple[Volunteer, Actor]:
    made = factories.volunteer(
        session, now, slots=tuple((day, 0, 1440) for day in range(7)), max_visits_per_week=None
    )
    return made, factories.actor(session, "volunteer", person_id=made.person_id)


def placed(
    session: Session, now: datetime, staff: Actor, volunteer: Volunteer, days: int = 3
) -> Placement:
    need = factories.need(session, now, start_on=clock.local_date(now) + timedelta(days=days))
    session.commit()
    plan_all(session, SYSTEM, now)
    [proposal] = [p for p in list_candidates(session, need.id) if p.volunteer_id == volunteer.id]
    made = confirm(session, proposal.id, Choice(need.start_on, 540), staff, now)  # type: ignore[arg-type]
    session.commit()
    return made


def seen(session: Session) -> list[Disclosure]:
    return list(session.scalars(select(Disclosure).order_by(Disclosure.id)))


def test_a_placed_volunteer_sees_contacts_once_they_ask_and_it_is_written_down(
    session: Session, now: datetime, staff: Actor, helper: tuple[Volunteer, Actor]
) -> None:
    volunteer, me = helper
    placement = placed(session, now, staff, volunteer)
    need = session.get_one(Need, placement.need_id)
    brief(session, need, "玄関までの買い物です", "耳が遠いので大きな声で", staff, now)
    covered = look(session, me, placement, now)
    assert covered.may_reveal
    assert "address" not in covered
    assert covered["outline"] == "玄関までの買い物です"
    assert seen(session) == []
    for _ in range(2):
        shown = disclose(session, me, placement, VISIT, now)
    assert (shown["address"], shown["care"]) == (need.address, "耳が遠いので大きな声で")
    first, second = seen(session)
    assert (first.role, first.stage, first.purpose, first.object_id) == (
        "volunteer", "L2", VISIT, placement.id,
    )  # fmt: skip
    assert first.fields == ["address", "care", "name", "phone"]
    assert second.consent_id == first.consent_id is not None


@pytest.mark.parametrize("why", ["consent", "hold", "shielded", "over", "not_settled"])
def test_contacts_are_gone_the_moment_their_ground_is(
    session: Session, now: datetime, staff: Actor, helper: tuple[Volunteer, Actor], why: str
) -> None:
    """BR-31, BR-32, T1, T28."""
    volunteer, me = helper
    placement = placed(session, now, staff, volunteer)
    need = session.get_one(Need, placement.need_id)
    later = now
    if why == "consent":
        withdraw(session, need.requester_id, "share_with_volunteer", "oral", staff, now)
    elif why == "hold":
        halt(session, [need.requester_id], "safeguarding", staff, now)
    elif why == "shielded":
        shield(session, need.requester_id, "避難中", [staff.display_name], staff, now)
    elif why == "over":
        later = placement.ends_at + timedelta(days=14, seconds=1)
    else:
        cancel(session, placement.id, "都合", staff, now)
        session.refresh(placement)
    shown = disclose(session, me, placement, VISIT, later)
    assert shown.hindrance == why
    assert not shown.may_reveal
    assert not {"name", "phone", "address", "care"} & set(shown)
    assert seen(session) == []


def test_the_database_refuses_a_disclosure_without_consent(
    session: Session, now: datetime, staff: Actor, helper: tuple[Volunteer, Actor]
) -> None:
    """I8: whoever writes the row, and whatever they believed."""
    volunteer, me = helper
    placement = placed(session, now, staff, volunteer)
    shown = disclose(session, me, placement, VISIT, now)
    assert "address" in shown
    [row] = seen(session)
    withdraw(session, row.person_id, "share_with_volunteer", "oral", staff, now)
    session.commit()
    copy = (
        "INSERT INTO disclosures (disclosed_at, account_id, role, person_id, object_type, "
        "object_id, fields, stage, purpose, consent_id) SELECT disclosed_at, account_id, role, "
        "person_id, object_type, object_id, fields, stage, purpose, consent_id FROM disclosures"
    )
    with pytest.raises(IntegrityError, match="no consent"):
        session.execute(text(copy))


def test_a_strangers_account_sees_nothing_of_anybodys_visit(
    session: Session, now: datetime, staff: Actor, helper: tuple[Volunteer, Actor]
) -> None:
    placement = placed(session, now, staff, helper[0])
    other = factories.volunteer(session, now, name="別の 人")
    shown = disclose(
        session,
        factories.actor(session, "volunteer", person_id=other.person_id),
        placement,
        VISIT,
        now,
    )
    assert set(shown) == {"category", "area", "headcount", "state"}
    assert seen(session) == []


def test_the_ninth_person_in_a_month_waits_for_a_second_coordinator(
    session: Session, now: datetime, staff: Actor, helper: tuple[Volunteer, Actor]
) -> None:
    """T1."""
    volunteer, me = helper
    placement = placed(session, now, staff, volunteer)
    for number in range(MOST_PEOPLE):
        other = factories.need(session, now, name=f"別の 依頼{number}")
        session.flush()
        _seen_before(session, me, other, now)
    waiting = disclose(session, me, placement, VISIT, now)
    assert (waiting.hindrance, "address" in waiting) == ("quota", False)
    disclose(session, me, placement, VISIT, now)
    [asked] = session.scalars(select(RevealRequest))
    kinds = session.scalars(select(Task.kind).where(Task.subject_type == "reveal_request")).all()
    assert kinds == ["disclosure_review"]
    with pytest.raises(Invalid):
        decide_reveal(session, asked.id, agreed=True, actor=me, now=now)
    decide_reveal(session, asked.id, agreed=True, actor=staff, now=now)
    assert "address" in disclose(session, me, placement, VISIT, now)


def _seen_before(session: Session, me: Actor, need: Need, now: datetime) -> None:
    consent = session.scalar(
        text(
            "SELECT max(id) FROM consents WHERE person_id = :p AND purpose = 'share_with_volunteer'"
        ),
        {"p": need.requester_id},
    )
    session.add(
        Disclosure(
            disclosed_at=now - timedelta(days=1),
            account_id=me.account_id,
            role="volunteer",
            person_id=need.requester_id,
            object_type="need",
            object_id=need.id,
            fields=["address"],
            stage="L2",
            purpose=VISIT,
            consent_id=consent,
        )
    )
    session.flush()


def test_looking_and_cancelling_twice_is_told_to_the_desk(
    session: Session, now: datetime, staff: Actor, helper: tuple[Volunteer, Actor]
) -> None:
    """T1."""
    volunteer, me = helper
    found = select(Task).where(Task.kind == "disclosure_review")
    for days in (3, 4):
        placement = placed(session, now, staff, volunteer, days)
        disclose(session, me, placement, VISIT, now)
        assert session.scalars(found).all() == []
        cancel(session, placement.id, "都合", staff, now)
        session.commit()
    [task] = session.scalars(found)
    assert (task.subject_type, task.subject_id) == ("volunteer", volunteer.id)


def test_staff_outside_their_queue_are_asked_what_for(
    session: Session, now: datetime, staff: Actor
) -> None:
    """T22."""
    need = factories.need(session, now)
    session.execute(
        text("UPDATE needs SET state = 'closed', closed_at = :now WHERE id = :id"),
        {"now": now, "id": need.id},
    )
    session.refresh(need)
    covered = look(session, staff, need, now)
    assert covered.may_reveal
    assert "name" not in covered
    assert "title" in disclose(session, staff, need, COORDINATION, now)
    [row] = seen(session)
    assert (row.stage, row.role) == ("L3", "coordinator")


def test_a_place_with_few_households_is_widened() -> None:
    assert names_enough(50)
    assert not names_enough(49)

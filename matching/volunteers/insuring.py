"""Insuring: volunteers are enrolled for a fiscal year, and what covers whom on a day."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session, joinedload

from matching.kernel import audit, tasks
from matching.kernel.actor import Actor
from matching.kernel.clock import local_date
from matching.kernel.errors import Invalid
from matching.kernel.outbox import plan_soon
from matching.volunteers.models import Volunteer
from matching.volunteers.term_models import InsuranceEnrolment, InsurancePlan
from matching.volunteers.term_rules import (
    PLANS,
    TOO_EARLY,
    TOO_LATE,
    Cover,
    cover_of,
    covers,
    opens_on,
    standing_cover,
)

NOBODY = "加入する方を選んでください。"
NO_PLAN = "プランを選んでください。"


def enrol(
    session: Session,
    volunteer_ids: Collection[int],
    plan: str,
    fiscal_year: int,
    actor: Actor,
    now: datetime,
    *,
    immediate: bool = False,
) -> int:
    """Enrol volunteers today in a plan of a fiscal year (BR-18); returns how many were new.

    Raises Invalid for a year that is not sold yet or whose cover could not begin any more.
    """
    today = local_date(now)
    span = _checked(volunteer_ids, plan, fiscal_year, today, immediate=immediate)
    _offer_plan(session, plan, fiscal_year)
    count = 0
    for volunteer_id in sorted(set(volunteer_ids)):
        made = session.scalar(
            insert(InsuranceEnrolment)
            .values(
                volunteer_id=volunteer_id,
                fiscal_year=fiscal_year,
                plan_code=plan,
                enrolled_on=today,
                covers_from=span.first,
                covers_until=span.last,
                immediate=immediate,
                recorded_at=now,
                recorded_by_id=actor.account_id,
            )
            .on_conflict_do_nothing()
            .returning(InsuranceEnrolment.id)
        )
        if made is not None:
            _carry_over(session, volunteer_id, today)
            tasks.close_tasks(session, ("volunteer", volunteer_id), now, kinds=("insure",))
            audit.record(
                session,
                actor,
                now,
                "insured",
                "volunteer",
                volunteer_id,
                plan=plan,
                year=fiscal_year,
            )
            count += 1
    if count:
        plan_soon(session, now)
    return count


def _checked(
    volunteer_ids: Collection[int], plan: str, fiscal_year: int, today: date, *, immediate: bool
) -> Cover:
    if not volunteer_ids:
        raise Invalid(NOBODY, field="volunteer")
    if plan not in PLANS:
        raise Invalid(NO_PLAN, field="plan")
    if today < opens_on(fiscal_year):
        raise Invalid(TOO_EARLY, field="fiscal_year")
    span = cover_of(plan, fiscal_year, today, immediate=immediate)
    if span.first > span.last:
        raise Invalid(TOO_LATE, field="fiscal_year")
    return span


def _offer_plan(session: Session, plan: str, fiscal_year: int) -> None:
    """A plan nobody has written a price for yet can be taken all the same."""
    session.execute(
        insert(InsurancePlan)
        .values(fiscal_year=fiscal_year, code=plan, yen=None)
        .on_conflict_do_nothing()
    )


def _carry_over(session: Session, volunteer_id: int, today: date) -> None:
    """Keep the standing days with the volunteer, where the planner reads them."""
    volunteer = session.get_one(Volunteer, volunteer_id, with_for_update=True)
    run = standing_cover(spans_of(session, volunteer_id), today)
    if run is not None:
        known = volunteer.insured_until
        volunteer.insured_from = (
            run[0] if known is None or known < today else volunteer.insured_from
        )
        volunteer.insured_until = run[1] if known is None else max(known, run[1])
        volunteer.version += 1


def spans_of(session: Session, volunteer_id: int) -> list[Cover]:
    """Return every span of days that somebody is covered by an enrolment."""
    rows = session.scalars(
        select(InsuranceEnrolment).where(InsuranceEnrolment.volunteer_id == volunteer_id)
    )
    return [Cover(row.plan_code, row.covers_from, row.covers_until) for row in rows]


def is_covered(session: Session, volunteer_id: int, on: date, demanded: str | None) -> bool:
    """Tell whether a volunteer is covered on a day with the demanded plan (BR-17).

    What a sheet says of somebody's insurance counts where no plan in particular is demanded.
    """
    if covers(spans_of(session, volunteer_id), on, demanded):
        return True
    volunteer = session.get_one(Volunteer, volunteer_id)
    begun = volunteer.insured_from is None or volunteer.insured_from <= on
    stated = volunteer.insured_until is not None and on <= volunteer.insured_until
    return demanded is None and begun and stated


def set_price(
    session: Session, plan: str, fiscal_year: int, yen: int, actor: Actor, now: datetime
) -> None:
    """Write down what a plan costs in a fiscal year."""
    if plan not in PLANS:
        raise Invalid(NO_PLAN, field="plan")
    if not 1 <= yen <= 100_000:
        raise Invalid("保険料を、1円から100,000円までの数字で入力してください。", field="yen")
    _offer_plan(session, plan, fiscal_year)
    session.get_one(InsurancePlan, (fiscal_year, plan)).yen = yen
    audit.record(
        session, actor, now, "insurance_priced", "insurance_plan", fiscal_year, plan=plan, yen=yen
    )


def plans_of(session: Session, fiscal_year: int) -> dict[str, int | None]:
    """Return the plans of a fiscal year with their prices."""
    rows = session.scalars(select(InsurancePlan).where(InsurancePlan.fiscal_year == fiscal_year))
    known = {row.code: row.yen for row in rows}
    return {code: known.get(code) for code in PLANS}


def roster(
    session: Session, fiscal_year: int, plan: str
) -> Sequence[tuple[InsuranceEnrolment, Volunteer]]:
    """Return who is enrolled in a plan of a fiscal year, in the order of enrolment."""
    found = (
        select(InsuranceEnrolment, Volunteer)
        .join(Volunteer, Volunteer.id == InsuranceEnrolment.volunteer_id)
        .where(InsuranceEnrolment.fiscal_year == fiscal_year)
        .where(InsuranceEnrolment.plan_code == plan)
        .options(joinedload(Volunteer.person))
        .order_by(InsuranceEnrolment.enrolled_on, InsuranceEnrolment.id)
    )
    return [(enrolment, volunteer) for enrolment, volunteer in session.execute(found)]

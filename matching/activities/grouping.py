"""Grouping: a visit's volunteer comes with others, each of them insured on the day (BR-17, 18)."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from matching.activities.group_models import GroupMember, GroupVisit
from matching.activities.models import Activity
from matching.activities.queries import Visit, get_visit, state_of
from matching.activities.recording import STALE
from matching.coordination.confirming import TELL_BOTH, advance
from matching.coordination.locking import lock_proposals
from matching.coordination.models import Placement
from matching.coordination.placing import FULL, complete
from matching.kernel import audit, clock, outbox, transitions
from matching.kernel.actor import Actor
from matching.kernel.errors import Conflict, Invalid
from matching.needs.models import Need, NeedOccurrence
from matching.needs.queries import lock_need
from matching.needs.rules import PLANNED, TRANSITIONS
from matching.places.calendar import fiscal_year_of
from matching.volunteers.insuring import is_covered
from matching.volunteers.models import Volunteer, VolunteerGroup
from matching.volunteers.term_rules import DEMANDS, cover_of, covers

BEGUN = "もう始まった活動です。名簿の変更は、センターにお電話ください。"
TOO_MANY = "この回でお願いしているのは%(count)s人までです。人数を減らしてください。"
NO_COVER = "保険を確かめられない方がいます：%(names)s。加入した日か登録番号を書いてください。"
NOT_AGREED = "名簿にのせることを、全員に伝えて、よいと言ってもらってから記録してください。"
NOT_THAT_DAY = (
    "その日に保険を確かめられない方が名簿にいます：%(names)s。"
    "名簿を直すか、別の日を選んでください。"
)
NO_EVENT = "名簿にない方がいるときは、行事用の保険（人数で加入）が必要です。"
NO_GROUP = "団体を選んでください。"
NO_NAME = "お名前は60文字までで入力してください。"
UNKNOWN = "登録番号%(reference)sの方は見つかりませんでした。"
MOST = 200


@dataclass(frozen=True)
class Companion:
    """Somebody who comes along: a registered volunteer, or a name with the day of joining."""

    name: str
    enrolled_on: date | None = None
    reference: str = ""


@dataclass(frozen=True)
class Roster:
    """Who comes with the responsible person, who is not counted here.

    `agreed` once everybody who is named knows of the list and said yes to it.
    """

    group_reference: str
    companions: Sequence[Companion] = ()
    unnamed: int = 0
    event_cover: bool = False
    agreed: bool = False

    @property
    def seats(self) -> int:
        """How many seats all of them take, the responsible person too."""
        return 1 + len(self.companions) + self.unnamed


def bring(
    session: Session, placement_id: int, roster: Roster, actor: Actor, now: datetime
) -> GroupVisit:
    """Let a group come on a visit that has not begun, or change who comes; seats follow.

    Raises Invalid naming whoever is not insured on the day, Conflict when the seats are taken.
    """
    lock_proposals(session)
    return bring_on(session, get_visit(session, placement_id, actor), roster, actor, now)


def bring_on(
    session: Session, found: Visit, roster: Roster, actor: Actor, now: datetime
) -> GroupVisit:
    """Do the same for a visit that the caller found for the actor; the caller holds the locks."""
    placement, activity = found
    _check_open(placement, activity)
    need = lock_need(session, placement.need_id)
    visit = session.get_one(NeedOccurrence, placement.occurrence_id, with_for_update=True)
    free = visit.headcount - visit.filled + placement.seats
    if not 0 <= roster.unnamed <= MOST or roster.seats > free:
        raise Invalid(TOO_MANY, field="people", values={"count": free})
    if roster.companions and not roster.agreed:
        raise Invalid(NOT_AGREED, field="agreed")
    members = _members(session, roster)
    check_cover(session, need, roster, members, clock.local_date(placement.starts_at))
    row = _keep(session, placement, roster, members, actor, now)
    _take_seats(session, need, placement, roster.seats, actor, now)
    audit.record(
        session, actor, now, "group_roster", "placement", placement.id, need=need.id,
        seats=roster.seats,
    )  # fmt: skip
    outbox.plan_soon(session, now)
    return row


def _check_open(placement: Placement, activity: Activity | None) -> None:
    if placement.state not in {"held", "confirmed"}:
        raise Conflict(STALE, code="state")
    if state_of(activity) != "confirmed":
        raise Conflict(BEGUN, code="state")


def _members(session: Session, roster: Roster) -> list[GroupMember]:
    made = []
    for each in roster.companions:
        if not 1 <= len(each.name) <= 60:
            raise Invalid(NO_NAME, field="people")
        made.append(
            GroupMember(
                name=each.name,
                enrolled_on=each.enrolled_on,
                volunteer_id=_registered(session, each.reference) if each.reference else None,
            )
        )
    return made


def _registered(session: Session, reference: str) -> int:
    found = session.scalar(select(Volunteer.id).where(Volunteer.reference == reference))
    if found is None:
        raise Invalid(UNKNOWN, field="people", values={"reference": reference})
    return found


def check_cover(
    session: Session, need: Need, roster: Roster, members: Sequence[GroupMember], on: date
) -> None:
    """Refuse a list with somebody who is not insured on the day, by name (BR-17, BR-18)."""
    demanded = DEMANDS.get(need.category_code)
    by_head = roster.event_cover and demanded is None
    if roster.unnamed and not by_head:
        raise Invalid(NO_EVENT, field="event_cover")
    asked = () if by_head else members
    if bare := _bare(session, asked, on, demanded):
        raise Invalid(NO_COVER, field="people", values={"names": "、".join(bare)})


def check_still_covered(session: Session, placement: Placement, need: Need, on: date) -> None:
    """Refuse to take a group's visit to a day on which somebody is bare, by name (BR-17, BR-18)."""
    row, demanded = find_group_visit(session, placement.id), DEMANDS.get(need.category_code)
    if row is None or (row.event_cover and demanded is None):
        return
    if bare := _bare(session, row.members, on, demanded):
        raise Conflict(NOT_THAT_DAY, code="not_covered", values={"names": "、".join(bare)})


def _bare(
    session: Session, members: Sequence[GroupMember], on: date, demanded: str | None
) -> list[str]:
    return [each.name for each in members if not _covered(session, each, on, demanded)]


def _covered(session: Session, member: GroupMember, on: date, demanded: str | None) -> bool:
    if member.volunteer_id is not None:
        return is_covered(session, member.volunteer_id, on, demanded)
    if member.enrolled_on is None:
        return False
    span = cover_of("basic", fiscal_year_of(member.enrolled_on), member.enrolled_on)
    return covers([span], on, demanded)


def _keep(
    session: Session,
    placement: Placement,
    roster: Roster,
    members: list[GroupMember],
    actor: Actor,
    now: datetime,
) -> GroupVisit:
    group = session.scalar(
        select(VolunteerGroup.id).where(VolunteerGroup.reference == roster.group_reference)
    )
    if group is None:
        raise Invalid(NO_GROUP, field="group")
    row = find_group_visit(session, placement.id) or GroupVisit(placement_id=placement.id)
    row.group_id, row.unnamed, row.event_cover = group, roster.unnamed, roster.event_cover
    row.agreed = roster.agreed
    row.noted_at, row.noted_by_id, row.members = now, actor.account_id, members
    session.add(row)
    session.flush()
    return row


def _take_seats(
    session: Session, need: Need, placement: Placement, seats: int, actor: Actor, now: datetime
) -> None:
    placement.seats = seats
    placement.version += 1
    try:
        session.flush()
    except IntegrityError as refused:
        raise Conflict(FULL, code="full") from refused
    if need.state in PLANNED:
        advance(session, need, TELL_BOTH, need.owner_id or actor.account_id, now)
    elif need.state == "matched" and not complete(session, need):
        transitions.move(session, need, TRANSITIONS, "matching", STALE)


def find_group_visit(session: Session, placement_id: int) -> GroupVisit | None:
    """Return the group of a visit with its list; None where one person comes alone."""
    return session.scalar(select(GroupVisit).where(GroupVisit.placement_id == placement_id))


def note_absent(
    session: Session, placement_id: int, absent: Collection[int], actor: Actor, now: datetime
) -> None:
    """Write down who of the list did not come after all; the others get the visit's hours."""
    placement, activity = get_visit(session, placement_id, actor)
    row = find_group_visit(session, placement.id)
    if row is None or state_of(activity) == "verified" or now < placement.starts_at:
        raise Conflict(STALE, code="state")
    for member in row.members:
        member.absent = member.id in absent
    row.version += 1
    audit.record(
        session, actor, now, "group_attendance", "placement", placement.id,
        absent=sum(member.absent for member in row.members),
    )  # fmt: skip


def people_of(row: GroupVisit) -> int:
    """Return how many of a group were there, the responsible person too."""
    return 1 + row.unnamed + sum(not member.absent for member in row.members)

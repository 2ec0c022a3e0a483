"""A city in which one household stands at each stage of a need's life, every field of it marked.

The marks of a household say whose they are: whatever leaves the service can be searched for them.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from matching.activities.closing import close
from matching.activities.recording import Report, check_in, report
from matching.coordination.answering import Answer, answer
from matching.coordination.cancelling import cancel
from matching.coordination.confirming import confirm
from matching.coordination.models import Placement
from matching.coordination.offering import offer
from matching.coordination.placing import Choice
from matching.coordination.planning import plan_all
from matching.coordination.queries import list_candidates
from matching.coordination.withdrawing import withdraw
from matching.kernel import clock
from matching.kernel.actor import SYSTEM, Actor
from matching.needs.briefing import brief
from matching.needs.models import Need, NeedNote
from matching.needs.sheet import SheetEntry
from matching.people.accounts import AccountEntry, add_account
from matching.people.representing import Authority, represent
from matching.people.shielding import shield
from matching.people.tokens import make_token
from matching.places.tables import DISTRICTS
from matching.safeguarding.raising import Worry, raise_concern
from matching.volunteers.models import Volunteer
from tests import factories

HERE, FAR = "hanaizumi", "daito"
DISTRICT, BESIDE = [each.code for each in DISTRICTS if each.area_code == HERE][:2]
DAY = timedelta(days=1)
CONSENTS = ("coordination_use", "share_with_volunteer", "share_with_commissioner")
KANA = "アイウエオカキクケコサシスセソタ"

# Days from now on which the visit of a household is; those without have none agreed.
STAGES: dict[str, int] = {
    "over": -18, "closed": -6, "done": -3, "tomorrow": 1, "received": 9, "suggested": 10,
    "offered": 11, "accepted": 14, "confirmed": 15, "cancelled": 16, "concern": 17,
    "withdrawn": 22, "shielded": 23,
    "untold": 24,
}  # fmt: skip


def marks_of(stage: str) -> dict[str, tuple[str, ...]]:
    """How each field of a household may be written wherever it leaves; any one is enough."""
    n = list(STAGES).index(stage) + 1
    return {
        "name": (f"名札{n:02d}",),
        "kana": (f"ナフダ{KANA[n]}", f"なふだ{chr(ord(KANA[n]) - 96)}"),
        "phone": (f"00-71{n:02d}", f"01910071{n:02d}"),
        "email": (f"marked{n:02d}@",),
        "address": (f"番外91{n:02d}",),
        "birth": (f"1941-05-{n:02d}", f"年5月{n}日"),
        "title": (f"題目{n:02d}",),
        "note": (f"覚書{n:02d}",),
        "staff_note": (f"控え{n:02d}",),
        "care": (f"用心{n:02d}",),
        "outline": (f"概略{n:02d}",),
        "sheet": (f"緊急{n:02d}", f"00-72{n:02d}"),
        "speaker": (f"後見{n:02d}", f"00-73{n:02d}", f"01910073{n:02d}"),
        "report": (f"報告{n:02d}",),
        "concern": (f"心配{n:02d}",),
        "cancel": (f"事情{n:02d}",),
    }


HELPER = {
    "helper_name": ("助手 守",), "helper_kana": ("ジョシュ",),
    "helper_phone": ("00-7499", "0191007499"),
    "helper_email": ("helper99@",), "helper_address": ("番外9299",),
    "helper_birth": ("1971-05-29", "年5月29日"), "helper_note": ("自己紹介99",),
}  # fmt: skip


@dataclass
class City:
    """What the readers may ask for; all plain values."""

    needs: dict[str, str] = field(default_factory=dict)
    people: dict[str, int] = field(default_factory=dict)
    proposals: dict[str, int] = field(default_factory=dict)
    visits: dict[str, int] = field(default_factory=dict)
    helper: str = ""
    helper_person: int = 0
    accounts: dict[str, int] = field(default_factory=dict)
    tokens: dict[str, str] = field(default_factory=dict)


# Reader, role, area, district, and whose account it is.
READERS: tuple[tuple[str, str, str | None, str | None, str], ...] = (
    ("manager", "center_manager", None, None, ""),
    ("coordinator", "coordinator", None, None, ""),
    ("branch here", "branch_staff", HERE, None, ""),
    ("branch elsewhere", "branch_staff", FAR, None, ""),
    ("clerk", "intake_clerk", None, None, ""),
    ("commissioner", "welfare_commissioner", HERE, DISTRICT, ""),
    ("commissioner beside", "welfare_commissioner", HERE, BESIDE, ""),
    ("helper", "volunteer", None, None, "helper"),
    ("other helper", "volunteer", None, None, "other"),
    ("resident", "requester", None, None, "confirmed"),
    ("proxy", "requester", None, None, "proxy"),
    ("partner", "partner_agency", None, None, ""),
    ("officer", "city_officer", None, None, ""),
    ("auditor", "auditor", None, None, ""),
    ("technician", "system_admin", None, None, ""),
)


def build(session: Session, now: datetime) -> City:
    """Live through the weeks before now, so that every household stands where its stage says."""
    city, before = City(), now - 20 * DAY
    _at(before)
    helper = _helper(session, before)
    city.helper, city.helper_person = helper.reference, helper.person_id
    people = {"helper": helper.person_id, "other": _other(session, before).person_id}
    boss = factories.actor(session, "center_manager")
    people["proxy"] = _relative(session, before)
    for stage in STAGES:
        moment = now + (STAGES[stage] - 2) * DAY if STAGES[stage] < 3 else now - DAY
        _at(moment)
        _household(session, city, stage, moment, now)
    people["confirmed"] = city.people["confirmed"]
    _accounts(session, city, people, before)
    for need in session.query(Need).filter(Need.reference.in_(city.needs.values())):
        need.filed_by_id = city.accounts["commissioner"]
    for stage in STAGES:
        _live(session, city, stage, helper, boss, now)
    _at(now)
    session.commit()
    return city


def _at(moment: datetime) -> None:
    clock.freeze(moment)


def _helper(session: Session, now: datetime) -> Volunteer:
    who = factories.contact(
        "助手 守", name_kana="ジョシュ マモル", phone="0191007499", email="helper99@example.jp",
        address="岩手県一関市花泉町番外9299", birth_on=date(1971, 5, 29), area_code=HERE,
    )  # fmt: skip
    made = factories.volunteer(session, now, contact=who, categories=("shopping",))
    made.note = "自己紹介99"
    return made


def _other(session: Session, now: datetime) -> Volunteer:
    who = factories.contact("別の 手伝い", area_code=HERE)
    return factories.volunteer(session, now, contact=who, categories=("talk",))


def _relative(session: Session, now: datetime) -> int:
    """Who speaks for everybody here without authority, and has an account for their own needs."""
    who = factories.contact("親戚 一郎", area_code=HERE)
    return factories.need(session, now, contact=who, area_code=HERE).requester_id


def _household(session: Session, city: City, stage: str, at: datetime, now: datetime) -> None:
    n = list(STAGES).index(stage) + 1
    contact = factories.contact(
        f"名札{n:02d} 花", name_kana=f"ナフダ{KANA[n]} ハナ", phone=f"01910071{n:02d}",
        email=f"marked{n:02d}@example.jp", address=f"岩手県一関市花泉町番外91{n:02d}",
        birth_on=date(1941, 5, n), area_code=HERE, district_code=DISTRICT,
    )  # fmt: skip
    need = factories.need(
        session, at, contact=contact, area_code=HERE, district_code=DISTRICT,
        address=f"岩手県一関市花泉町番外91{n:02d}", title=f"題目{n:02d}の用", note=f"覚書{n:02d}",
        start_on=clock.local_date(now) + STAGES[stage] * DAY, consents=CONSENTS,
        state="received" if stage == "received" else "ready",
        sheet=SheetEntry(answers={"family": f"緊急{n:02d} 0191-00-72{n:02d}"}),
    )  # fmt: skip
    brief(session, need, f"概略{n:02d}", f"用心{n:02d}", SYSTEM, at)
    session.add(NeedNote(need_id=need.id, written_at=at, kind="contact", body=f"控え{n:02d}"))
    today = clock.local_date(at)
    speaker = Authority(
        "family_assist", f"後見{n:02d}", today, "child", f"0191-00-73{n:02d}", person_knows=True
    )
    represent(session, need.requester_id, speaker, SYSTEM, at)
    city.needs[stage], city.people[stage] = need.reference, need.requester_id


def _live(
    session: Session, city: City, stage: str, helper: Volunteer, boss: Actor, now: datetime
) -> None:
    """Take one household from its plan to where its stage ends."""
    if stage == "received":
        return
    visit_at = now + STAGES[stage] * DAY  # nine in the morning, as now
    moment = min(now, visit_at - 2 * DAY)
    _at(moment)
    need = session.query(Need).filter_by(reference=city.needs[stage]).one()
    plan_all(session, SYSTEM, moment)
    proposal = next(p for p in list_candidates(session, need.id) if p.volunteer_id == helper.id)
    city.proposals[stage] = proposal.id
    choice = Choice(clock.local_date(visit_at), 540)
    if stage in {"offered", "accepted"}:
        offer(session, proposal.id, [choice], "phone", boss, moment)
        if stage == "accepted":
            answer(session, proposal.id, Answer("yes", "phone"), boss, moment)
    elif stage != "suggested":
        confirm(session, proposal.id, choice, boss, moment)
    placed = session.scalar(select(Placement.id).where(Placement.need_id == need.id))
    if placed is None:
        return
    city.visits[stage] = placed
    _end(session, need, stage, placed, boss, now)


def _end(session: Session, need: Need, stage: str, placed: int, boss: Actor, now: datetime) -> None:
    n = list(STAGES).index(stage) + 1
    if STAGES[stage] < 0:
        at = now + STAGES[stage] * DAY
        _at(at)
        check_in(session, placed, "phone", boss, at)
        told = Report(60, "usual", said=f"報告{n:02d}")
        report(session, placed, told, "phone", boss, at + timedelta(hours=1))
        if stage in {"over", "closed"}:
            session.flush()
            close(session, need.reference, "own_wish", "", str(need.version), boss, at + DAY)
        return
    _at(now)
    if stage == "cancelled":
        cancel(session, placed, f"事情{n:02d}", boss, now)
    elif stage == "concern":
        raise_concern(session, Worry(f"心配{n:02d}", about=("need", need.id)), boss, now)
    elif stage == "withdrawn":
        withdraw(session, need.requester_id, "share_with_volunteer", "oral", boss, now)
    elif stage == "untold":
        withdraw(session, need.requester_id, "share_with_commissioner", "oral", boss, now)
    elif stage == "shielded":
        shield(session, need.requester_id, "身を守る", ["keeper"], boss, now)


def _accounts(session: Session, city: City, people: dict[str, int], now: datetime) -> None:
    for name, role, area, district, owner in (
        *READERS, ("keeper", "coordinator", None, None, ""),
    ):  # fmt: skip
        entry = AccountEntry(
            name.replace(" ", "-"), factories.PASSWORD, name, ((role, area, district),),
            person_id=people.get(owner), demo=True, starts_on=clock.local_date(now),
        )  # fmt: skip
        made = add_account(session, entry, SYSTEM, now)
        session.flush()
        city.accounts[name] = made.id
        city.tokens[name] = make_token(
            session, made.id, "試験", "write", Actor((role,), made.id), now
        )

"""The year in tables: each number with the sentence that says how it is counted."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from statistics import median
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from matching.activities.models import Activity
from matching.activities.rules import CANCELLATIONS, STATES, counted_minutes
from matching.catalogue.reference import CATEGORY_BY_CODE
from matching.coordination.models import Placement, Proposal
from matching.evaluation.years import Row, Table, Year, year_of
from matching.kernel import clock
from matching.needs.models import Need
from matching.needs.rules import OPEN
from matching.people.models import Person
from matching.places.reference import AREA_BY_CODE
from matching.volunteers.models import Volunteer, VolunteerGroup

UNMET_AFTER_DAYS = 30
AGE_BANDS = ((0, 17), (18, 29), (30, 39), (40, 49), (50, 59), (60, 69), (70, 79), (80, 200))
CHANNELS = {
    "phone": "電話",
    "counter": "窓口",
    "commissioner": "民生委員",
    "care_manager": "ケアマネジャー",
    "web": "ホームページ",
    "fax": "FAX",
}


def tables(session: Session, fiscal_year: int) -> list[Table]:
    """Return every table of the yearly pack."""
    year = year_of(fiscal_year)
    return [make(session, year) for make in MAKERS]


def _registered(session: Session, year: Year) -> Table:
    people = session.execute(
        select(Volunteer.id, Person.birth_on, Person.area_code)
        .join(Person, Person.id == Volunteer.person_id)
        .where(Volunteer.registered_on <= year.last_on)
        .where(Volunteer.state.in_(("active", "paused", "suspended")))
    ).all()
    groups, members = session.execute(
        select(func.count(), func.coalesce(func.sum(VolunteerGroup.member_count), 0)).where(
            VolunteerGroup.state != "withdrawn"
        )
    ).one()
    rows: list[Row] = [("個人（合計）", len(people)), ("団体", groups)]
    rows.append(("団体の会員数の合計", int(members or 0)))
    for low, high in AGE_BANDS:
        label = f"{low}〜{high}歳" if high < 200 else f"{low}歳以上"
        count = sum(_age(born, year.last_on) in range(low, high + 1) for _i, born, _a in people)
        rows.append((f"個人 {label}", count))
    rows.append(("個人 年齢不明", sum(born is None for _i, born, _a in people)))
    rows += [
        (f"個人 {area.name}", sum(code == area.code for _i, _b, code in people))
        for area in AREA_BY_CODE.values()
    ]
    return Table(
        "registered",
        "登録者数",
        "年度末（3月31日）に登録のある方。年齢は年度末のもの。団体の会員には個人との重なりがあります。",
        ("区分", "人数"),
        rows,
    )


def _age(born: date | None, on: date) -> int | None:
    if born is None:
        return None
    return on.year - born.year - ((on.month, on.day) < (born.month, born.day))


def _needs(session: Session, year: Year) -> list[Any]:
    found = select(Need).where(Need.received_at >= year.start, Need.received_at < year.end)
    return list(session.scalars(found.order_by(Need.id)))


def _first_visits(session: Session) -> dict[int, datetime]:
    rows = session.execute(
        select(Placement.need_id, func.min(Placement.starts_at))
        .where(Placement.confirmed_at.is_not(None), Placement.state != "cancelled")
        .group_by(Placement.need_id)
    )
    return {row[0]: row[1] for row in rows}


def _received(session: Session, year: Year) -> Table:
    needs = _needs(session, year)
    rows: list[Row] = [("合計", len(needs))]
    rows += [
        (label, sum(need.channel == code for need in needs)) for code, label in CHANNELS.items()
    ]
    rows += [
        (area.name, sum(need.area_code == area.code for need in needs))
        for area in AREA_BY_CODE.values()
    ]
    before = select(func.count(Need.id)).where(Need.received_at < year.start)
    carried = session.scalar(before.where(Need.state.in_(OPEN))) or 0
    rows.append(("前年度からの継続（別計）", carried))
    return Table(
        "received",
        "困りごとの受付件数",
        "年度内に受け付けた件数。12回の訪問があっても1件です。前年度からの継続は含みません。",
        ("区分", "件数"),
        rows,
    )


def _matched(session: Session, year: Year) -> Table:
    needs, first = _needs(session, year), _first_visits(session)
    rows: list[Row] = []
    for code in sorted({need.category_code for need in needs}):
        mine = [need for need in needs if need.category_code == code]
        rows.append((_category(code), *_rates(mine, first)))
    return Table(
        "matched",
        "手伝う人が決まった件数と割合",
        "成立＝一度でも手伝う人が決まった件数。純率＝成立÷（受付−取り下げ−重複−つなぎ）。",
        ("活動", "受付", "成立", "総率 %", "純率 %"),
        [("合計", *_rates(needs, first)), *rows],
    )


def _rates(needs: Sequence[Any], first: dict[int, datetime]) -> tuple[int, int, float, float]:
    met = sum(need.id in first for need in needs)
    left_out = {"withdrawn", "duplicate", "referred"}
    net = sum(need.state not in left_out or need.id in first for need in needs)
    return len(needs), met, _percent(met, len(needs)), _percent(met, net)


def _percent(part: int, whole: int) -> float:
    return round(100 * part / whole, 1) if whole else 0.0


def _category(code: str) -> str:
    return CATEGORY_BY_CODE[code].label if code in CATEGORY_BY_CODE else code


def _days(session: Session, year: Year) -> Table:
    needs, first = _needs(session, year), _first_visits(session)
    asked = {
        row[0]: row[1]
        for row in session.execute(
            select(Proposal.need_id, func.min(Proposal.offered_at))
            .where(Proposal.offered_at.is_not(None))
            .group_by(Proposal.need_id)
        )
    }
    spans = {
        "受付から最初のお願いまで": [
            (asked[need.id] - need.received_at).days for need in needs if need.id in asked
        ],
        "受付から最初の活動まで": [
            (first[need.id] - need.received_at).days for need in needs if need.id in first
        ],
    }
    return Table(
        "days",
        "かかった日数",
        "暦の日数。中央値と、10件のうち9件がその日数以内に済んだ日数。",
        ("区間", "件数", "中央値", "9割"),
        [(label, len(days), *_spread(days)) for label, days in spans.items()],
    )


def _spread(days: list[int]) -> tuple[float | str, int | str]:
    if not days:
        return "―", "―"
    return float(median(days)), sorted(days)[min(len(days) - 1, int(len(days) * 0.9))]


def _unmet(session: Session, year: Year) -> Table:
    needs = _needs(session, year)
    today = min(clock.today(), year.last_on)
    late = [
        need
        for need in needs
        if need.state == "unmet"
        or (
            need.state in OPEN
            and (today - clock.local_date(need.received_at)).days > UNMET_AFTER_DAYS
        )
    ]
    pairs = sorted({(need.area_code or "", need.category_code) for need in late})
    return Table(
        "unmet",
        "まだ応えられていない困りごと",
        f"見つからなかったもの、または受付から{UNMET_AFTER_DAYS}日をこえて終わっていないもの。",
        ("地域", "活動", "件数"),
        [
            (
                AREA_BY_CODE[area].name if area in AREA_BY_CODE else "市外・不明",
                _category(code),
                sum((need.area_code or "", need.category_code) == (area, code) for need in late),
            )
            for area, code in pairs
        ],
    )


def _visits(session: Session, year: Year) -> list[Any]:
    return list(
        session.execute(
            select(Placement, Activity, Need.category_code)
            .join(Activity, Activity.placement_id == Placement.id)
            .join(Need, Need.id == Placement.need_id)
            .where(Placement.starts_at >= year.start, Placement.starts_at < year.end)
        )
    )


def _activities(session: Session, year: Year) -> Table:
    done = [row for row in _visits(session, year) if row[1].state == "verified"]
    rows: list[Row] = []
    for code in [None, *sorted({row[2] for row in done})]:
        mine = [row for row in done if code in (None, row[2])]
        hours = sum(counted_minutes(row[1].minutes) for row in mine) / 60
        rows.append(
            (
                "合計" if code is None else _category(code),
                len({row[0].occurrence_id for row in mine}),
                len(mine),
                len({row[0].volunteer_id for row in mine}),
                round(hours, 2),
            )
        )
    return Table(
        "activities",
        "活動の回数・延べ人数・時間",
        "報告を別の職員が確認したものだけ。時間は15分単位で、人数分をかけた延べ時間です。",
        ("活動", "回", "延べ人数", "実人数", "延べ時間"),
        rows,
    )


def _ended(session: Session, year: Year) -> Table:
    states = [row[1].state for row in _visits(session, year)]
    kinds = (*CANCELLATIONS, "no_show", "resident_absent", "unreported")
    return Table(
        "cancelled",
        "中止・報告のない活動",
        "活動ごとに一つの理由。報告なしは、30日待っても報告がなかったものです。",
        ("理由", "件数"),
        [(STATES[kind], states.count(kind)) for kind in kinds],
    )


def _both(session: Session, year: Year) -> Table:
    asking = {need.requester_id for need in _needs(session, year)}
    helping = set(session.scalars(select(Volunteer.person_id)))
    rows = _visits(session, year)
    hurt, nearly = (
        sum(getattr(row[1], name) for row in rows) for name in ("accident", "near_miss")
    )
    return Table(
        "both",
        "支え手でも受け手でもある方、事故の報告",
        "年度内に困りごとを出し、ボランティアの登録もある方の人数。",
        ("区分", "件数"),
        [
            ("どちらでもある方", len(asking & helping)),
            ("事故・けがの報告", hurt),
            ("ひやりとした報告", nearly),
        ],
    )


MAKERS = (_registered, _received, _matched, _days, _unmet, _activities, _ended, _both)

"""Sheets go into the service whole, once, and say what became of every row."""

from __future__ import annotations

import traceback
from collections.abc import Iterable
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from matching.interchange.importing import import_reading, import_records
from matching.interchange.sheets import SheetKind
from matching.interchange.storing.tally import Tally
from matching.kernel.actor import SYSTEM
from matching.kernel.audit import Event
from matching.kernel.clock import local, local_date
from matching.kernel.errors import Invalid
from matching.needs.models import Need, NeedSkill
from matching.people.models import Consent, Person, WelfareCommissioner
from matching.volunteers.models import (
    AvailabilitySlot,
    Volunteer,
    VolunteerCategory,
    VolunteerGroup,
    VolunteerSkill,
)
from tests.interchange.sheet_files import csv_bytes, read

VOLUNTEER = {
    "volunteer_id": "V0001",
    "name": "髙橋 花子",
    "name_kana": "タカハシ ハナコ",
    "birth_date": "1956-12-01",
    "gender": "F",
    "postal_code": "0293102",
    "address": "岩手県一関市花泉町金沢9012-3",
    "lat": "38.848",
    "lon": "141.156",
    "phone": "0191001002",
    "skills": "driving;music",
    "categories": "transport;cleaning",
    "availability": "Mon 09:00-12:00;Sat 13:00-17:00",
    "transport": "car",
    "max_distance_km": "7.5",
    "group_id": "G0001",
    "registered_on": "2020-04-01",
    "status": "active",
    "note": "坂は不可",
}
NEED = {
    "need_id": "R2027-1",
    "received_at": "2026-11-20 09:05",
    "channel": "commissioner",
    "requester_name": "佐藤 清",
    "requester_relation": "self",
    "proxy_id": "C0001",
    "address": "一関市千厩町千厩9013",
    "phone": "0191001111",
    "category": "snow_removal",
    "title": "玄関の雪かき",
    "required_skills": "snow_blower",
    "headcount": "2",
    "start_date": "2026-12-01",
    "end_date": "2026-12-20",
    "weekdays": "Mon;Thu",
    "time_from": "09:00",
    "time_to": "11:30",
    "duration_minutes": "60",
    "recurrence": "weekly",
    "urgency": "high",
    "gender_preference": "F",
    "car_needed": "1",
    "status": "open",
}
Rows = list[dict[str, str]]


def counts(tally: Tally) -> tuple[int, int, int, int]:
    return tally.created, tally.updated, tally.unchanged, len(tally.refused)


def take(session: Session, now: datetime, kind: SheetKind, *records: dict[str, str]) -> Tally:
    tally = import_records(session, kind, records, SYSTEM, now)
    session.commit()
    return tally


def many(session: Session, column: Any) -> Iterable[Any]:
    return session.scalars(select(column).order_by(column)).all()


def size(session: Session, model: Any) -> int:
    return session.scalar(select(func.count()).select_from(model)) or 0


def test_a_volunteer_is_kept_with_all_that_the_row_tells(session: Session, now: datetime) -> None:
    take(session, now, "groups", {"group_id": "G0001", "group_name": "むすびの会"})
    assert counts(take(session, now, "volunteers", VOLUNTEER)) == (1, 0, 0, 0)
    volunteer = session.scalars(select(Volunteer)).one()
    person = session.get_one(Person, volunteer.person_id)
    assert (volunteer.reference, volunteer.state) == ("V0001", "active")
    assert volunteer.group_id == session.scalars(select(VolunteerGroup.id)).one()
    assert (person.name, person.birth_on, person.phone) == (
        "髙橋 花子",
        date(1956, 12, 1),
        "0191001002",
    )
    assert (person.area_code, person.lat) == ("hanaizumi", 38.848)
    assert many(session, VolunteerSkill.skill_code) == ["driving", "music"]
    assert many(session, VolunteerCategory.category_code) == ["cleaning", "transport"]
    assert many(session, AvailabilitySlot.starts_minute) == [540, 780]


def test_who_signed_the_register_has_agreed_to_be_matched(session: Session, now: datetime) -> None:
    take(session, now, "volunteers", VOLUNTEER)
    consent = session.scalars(select(Consent)).one()
    assert (consent.purpose, consent.state, consent.method) == (
        "coordination_use",
        "given",
        "register",
    )


def test_certificates_of_the_register_count_as_seen_on_the_day_of_the_import(
    session: Session, now: datetime
) -> None:
    take(session, now, "volunteers", VOLUNTEER)
    assert set(session.scalars(select(VolunteerSkill.verified_on))) == {local_date(now)}


@pytest.mark.parametrize(
    ("kind", "records"),
    [
        ("volunteers", [VOLUNTEER, VOLUNTEER | {"volunteer_id": "V2", "phone": "", "name": "二"}]),
        (
            "volunteers",
            [{"name": "佐藤 清", "phone": "0191001111"}, {"name": "佐藤 清", "phone": ""}],
        ),
        ("volunteers", [{"name": "佐藤 清"}, {"name": "佐藤 清", "note": "別の人"}]),
        ("groups", [{"group_name": "㈱むすび"}, {"group_id": "G7", "group_name": "ひまわり"}]),
        ("commissioners", [{"name": "千葉 正", "district": "花泉"}, {"name": "及川 誠"}]),
        ("needs", [NEED, NEED | {"need_id": "", "title": "別の雪かき", "phone": ""}]),
        ("needs", [{"requester_name": "佐藤", "category": "talk", "title": "話"}] * 2),
    ],
)
def test_the_same_sheet_again_creates_and_changes_nothing(
    session: Session, now: datetime, kind: SheetKind, records: Rows
) -> None:
    assert counts(take(session, now, kind, *records)) == (2, 0, 0, 0)
    people = size(session, Person)
    assert counts(take(session, now, kind, *records)) == (0, 0, 2, 0)
    assert size(session, Person) == people


def test_only_what_differs_is_changed_and_the_version_rises(
    session: Session, now: datetime
) -> None:
    take(session, now, "volunteers", VOLUNTEER)
    changed = VOLUNTEER | {"transport": "bicycle", "skills": "driving;cooking", "phone": ""}
    assert counts(take(session, now, "volunteers", changed)) == (0, 1, 0, 0)
    volunteer = session.scalars(select(Volunteer)).one()
    assert (volunteer.transport, volunteer.version) == ("bicycle", 2)
    assert many(session, VolunteerSkill.skill_code) == ["cooking", "driving"]
    assert session.scalars(select(Person)).one().phone == "0191001002"


def test_an_empty_cell_erases_nothing(session: Session, now: datetime) -> None:
    take(session, now, "volunteers", VOLUNTEER)
    emptied = dict.fromkeys(VOLUNTEER, "") | {"volunteer_id": "V0001", "name": "髙橋 花子"}
    assert counts(take(session, now, "volunteers", emptied)) == (0, 0, 1, 0)


def test_a_seen_certificate_stays_seen_when_the_list_changes(
    session: Session, now: datetime
) -> None:
    take(session, now, "volunteers", VOLUNTEER)
    skill = session.scalars(select(VolunteerSkill).filter_by(skill_code="driving")).one()
    skill.verified_on = date(2026, 1, 1)
    session.commit()
    take(session, now, "volunteers", VOLUNTEER | {"skills": "driving;cooking"})
    kept = session.scalars(select(VolunteerSkill).filter_by(skill_code="driving")).one()
    assert kept.verified_on == date(2026, 1, 1)


@pytest.mark.parametrize(
    "again",
    [
        {"name": "高橋花子", "phone": "0191001002"},
        {"name": "髙橋　花子", "birth_date": "1956-12-01"},
        {"name": "髙橋 花子", "address": "岩手県一関市花泉町金沢9012-3"},
        {"name": "髙橋 花子", "mobile": "0191001002"},
    ],
)
def test_a_row_without_number_finds_its_volunteer(
    session: Session, now: datetime, again: dict[str, str]
) -> None:
    take(session, now, "volunteers", VOLUNTEER)
    assert take(session, now, "volunteers", again).created == 0


@pytest.mark.parametrize(
    "other",
    [
        {"name": "髙橋 花子", "phone": "0191009999"},
        {"name": "髙橋 花子", "phone": "0191001002", "birth_date": "1990-01-01"},
        {"name": "髙橋 花枝", "phone": "0191001002"},
        {"name": "髙橋 花子"},
    ],
)
def test_a_row_without_number_is_never_given_to_somebody_else(
    session: Session, now: datetime, other: dict[str, str]
) -> None:
    take(session, now, "volunteers", VOLUNTEER)
    assert take(session, now, "volunteers", other).created == 1
    assert size(session, Volunteer) == 2


def test_new_volunteers_get_numbers_that_no_sheet_has_used(session: Session, now: datetime) -> None:
    take(session, now, "volunteers", VOLUNTEER | {"volunteer_id": "V00001"})
    take(session, now, "volunteers", {"name": "及川 誠"}, {"name": "及川 学"})
    assert many(session, Volunteer.reference) == ["V00001", "V00002", "V00003"]


def test_one_person_may_ask_and_help(session: Session, now: datetime) -> None:
    take(session, now, "needs", NEED)
    helper = {"name": "佐藤　清", "phone": "0191001111", "volunteer_id": "V9"}
    take(session, now, "volunteers", helper)
    need, volunteer = session.scalars(select(Need)).one(), session.scalars(select(Volunteer)).one()
    assert need.requester_id == volunteer.person_id


def test_two_who_share_a_name_and_a_phone_keep_two_registrations(
    session: Session, now: datetime
) -> None:
    pair = [{"volunteer_id": v, "name": "佐藤 清", "phone": "0191001111"} for v in ("V1", "V2")]
    assert counts(take(session, now, "volunteers", *pair)) == (2, 0, 0, 0)
    assert size(session, Person) == 2


def test_words_that_no_column_holds_are_kept_in_the_note_once(
    session: Session, now: datetime, tmp_path: Path
) -> None:
    rows = [
        ("登録番号", "氏名", "電話番号", "年齢", "活動できる日時", "備考"),
        ("1A", "佐藤 清", "0191-00-1111 内線12", "72", "放課後", "雪かき\n得意"),
    ]
    for _ in range(2):
        tally = import_reading(session, read(tmp_path, csv_bytes(rows)), SYSTEM, now)
        session.commit()
    assert counts(tally) == (0, 0, 1, 0)
    note = session.scalars(select(Volunteer)).one().note or ""
    assert note.startswith("雪かき\n得意\n")
    assert sorted(note.split("\n")[2:]) == [
        "（内線：12）",
        "（年齢：72）",
        "（活動できる日時：放課後）",
    ]


def test_insured_means_to_the_end_of_the_fiscal_year(session: Session, now: datetime) -> None:
    take(session, now, "volunteers", VOLUNTEER | {"insured": "1"})
    assert session.scalars(select(Volunteer.insured_until)).one() == date(2027, 3, 31)


def test_a_damaged_name_never_takes_the_place_of_a_whole_one(
    session: Session, now: datetime
) -> None:
    take(session, now, "volunteers", VOLUNTEER | {"name": "Nguyễn Hoa"})
    take(session, now, "volunteers", VOLUNTEER | {"name": "Nguy?n Hoa"})
    assert session.scalars(select(Person.name)).one() == "Nguyễn Hoa"


@pytest.mark.parametrize(
    ("present", "told", "state", "code"),
    [
        ("active", "paused", "paused", None),
        ("active", "withdrawn", "withdrawn", None),
        ("paused", "active", "active", None),
        ("suspended", "active", "suspended", "status_kept"),
        ("suspended", "paused", "suspended", None),
        ("applicant", "active", "applicant", "status_kept"),
        ("withdrawn", "active", "withdrawn", "status_kept"),
    ],
)
def test_a_sheet_changes_only_states_that_a_sheet_may(
    session: Session, now: datetime, present: str, told: str, state: str, code: str | None
) -> None:
    take(session, now, "volunteers", VOLUNTEER)
    session.scalars(select(Volunteer)).one().state = present
    session.commit()
    tally = take(session, now, "volunteers", VOLUNTEER | {"status": told})
    assert session.scalars(select(Volunteer.state)).one() == state
    assert [problem.code for problem in tally.problems] == ([code] if code else [])


def test_who_has_no_point_is_placed_in_the_middle_of_the_town(
    session: Session, now: datetime
) -> None:
    take(session, now, "volunteers", VOLUNTEER | {"lat": "", "lon": ""})
    person = session.scalars(select(Person)).one()
    assert person.lat is not None
    assert 38.7 < person.lat < 39.0


def test_who_moved_gets_the_area_and_point_of_the_new_address(
    session: Session, now: datetime
) -> None:
    take(session, now, "volunteers", VOLUNTEER)
    moved = VOLUNTEER | {"address": "一関市千厩町千厩9013", "lat": "", "lon": ""}
    take(session, now, "volunteers", moved | {"postal_code": "0290803"})
    person = session.scalars(select(Person)).one()
    assert person.area_code == "senmaya"
    assert person.lat != 38.848


def test_a_need_is_kept_with_all_that_the_row_tells(session: Session, now: datetime) -> None:
    take(session, now, "commissioners", {"commissioner_id": "C0001", "name": "千葉 正"})
    take(session, now, "needs", NEED)
    need = session.scalars(select(Need)).one()
    assert (need.reference, need.state, need.headcount) == ("R2027-1", "ready", 2)
    assert local(need.received_at).isoformat() == "2026-11-20T09:05:00+09:00"
    assert (need.start_on, need.weekdays) == (date(2026, 12, 1), [0, 3])
    assert (need.from_minute, need.to_minute, need.car_needed) == (540, 690, True)
    assert need.commissioner_id == session.scalars(select(WelfareCommissioner.id)).one()
    assert (need.area_code, need.category_code) == ("senmaya", "snow_removal")
    assert many(session, NeedSkill.skill_code) == ["snow_blower"]


@pytest.mark.parametrize(
    ("changed", "state"),
    [
        ({"status": ""}, "ready"),
        ({"status": "partly_filled"}, "matching"),
        ({"status": "on_hold"}, "on_hold"),
        ({"start_date": "", "end_date": ""}, "on_hold"),
        ({"status": "done"}, "completed"),
        ({"status": "cancelled"}, "withdrawn"),
        ({"category": "snow_roof"}, "received"),
    ],
)
def test_a_new_need_begins_where_its_row_says(
    session: Session, now: datetime, changed: dict[str, str], state: str
) -> None:
    take(session, now, "needs", NEED | changed)
    assert session.scalars(select(Need.state)).one() == state


@pytest.mark.parametrize(
    ("present", "told", "state", "is_kept"),
    [
        ("ready", "on_hold", "on_hold", False),
        ("triaging", "cancelled", "withdrawn", False),
        ("matched", "open", "matched", True),
        ("on_hold", "open", "on_hold", True),
        ("matching", "partly_filled", "matching", False),
        ("in_progress", "cancelled", "in_progress", True),
    ],
)
def test_a_sheet_never_overrules_the_desk(
    session: Session, now: datetime, present: str, told: str, state: str, is_kept: bool
) -> None:
    take(session, now, "needs", NEED)
    session.scalars(select(Need)).one().state = present
    session.commit()
    tally = take(session, now, "needs", NEED | {"status": told})
    assert session.scalars(select(Need.state)).one() == state
    assert ["status_kept"] * is_kept == [problem.code for problem in tally.problems]


def test_a_need_that_only_waited_for_its_day_is_released(session: Session, now: datetime) -> None:
    take(session, now, "needs", NEED | {"start_date": "", "end_date": "", "status": "on_hold"})
    take(session, now, "needs", NEED)
    assert session.scalars(select(Need.state)).one() == "ready"


def test_another_person_asking_under_the_same_number_takes_the_need_over(
    session: Session, now: datetime
) -> None:
    take(session, now, "needs", NEED)
    take(session, now, "needs", NEED | {"requester_name": "佐藤 ミツ", "phone": "0191001112"})
    need = session.scalars(select(Need)).one()
    assert session.get_one(Person, need.requester_id).name == "佐藤 ミツ"


def test_past_proposals_know_their_volunteer_and_keep_the_number_of_their_need(
    session: Session, now: datetime
) -> None:
    take(session, now, "volunteers", VOLUNTEER)
    row = {
        "proposal_id": "P1",
        "need_id": "R2026-9",
        "volunteer_id": "V0001",
        "category": "watch",
        "proposed_at": "2026-10-01 09:00",
        "response": "accepted",
        "responded_at": "2026-10-01 12:30",
        "visit_date": "2026-10-05",
        "visit_minutes": "30",
        "outcome": "completed",
    }
    strange = row | {"proposal_id": "P2", "volunteer_id": "V404"}
    timeless = row | {"proposal_id": "P3", "proposed_at": ""}
    numberless = row | {"proposal_id": "", "need_id": "R2026-8"}
    rows = (row, strange, timeless, numberless)
    tally = take(session, now, "proposals", *rows)
    assert (counts(tally), tally.refused) == ((2, 0, 0, 2), [2, 3])
    assert [p.code for p in tally.problems] == ["volunteer_unknown", "required_missing"]
    assert counts(take(session, now, "proposals", *rows)) == (0, 0, 2, 2)
    other = row | {"outcome": "no_show"}
    assert counts(take(session, now, "proposals", other)) == (0, 1, 0, 0)


def test_every_import_is_one_event_with_its_counts(session: Session, now: datetime) -> None:
    take(session, now, "volunteers", VOLUNTEER)
    take(session, now, "volunteers", VOLUNTEER)
    found = session.scalars(select(Event).filter_by(action="sheet_imported").order_by(Event.id))
    assert [event.details for event in found] == [
        {"created": 1, "updated": 0, "unchanged": 0, "refused": 0},
        {"created": 0, "updated": 0, "unchanged": 1, "refused": 0},
    ]


def test_refused_rows_of_the_file_are_counted_with_those_refused_here(
    session: Session, now: datetime, tmp_path: Path
) -> None:
    rows = [("氏名", "電話番号", "備考"), ("佐藤 清", "", ""), ("", "0191-00-1111", "")]
    news: list[tuple[int, int]] = []
    reading = read(tmp_path, csv_bytes(rows))
    tally = import_reading(
        session, reading, SYSTEM, now, progress=lambda done, whole: news.append((done, whole))
    )
    assert counts(tally) == (1, 0, 0, 1)
    assert sum(counts(tally)) == reading.rows
    assert (tally.refused, news) == ([3], [(1, 1)])


def test_nothing_stays_of_an_import_that_fails_half_way(session: Session, now: datetime) -> None:
    broken = VOLUNTEER | {"volunteer_id": "V2", "birth_date": "no date"}
    with pytest.raises(ValueError, match="isoformat"):
        import_records(session, "volunteers", [VOLUNTEER, broken], SYSTEM, now)
    session.rollback()
    assert size(session, Person) == 0


def test_the_least_number_of_people_is_kept_and_never_more_than_the_head_count(
    session: Session, now: datetime
) -> None:
    for number, (headcount, least, kept) in enumerate(
        (("3", "2", 2), ("2", "5", 2), ("2", "", None))
    ):
        row = NEED | {"need_id": f"M-{number}", "headcount": headcount, "min_headcount": least}
        take(session, now, "needs", row)
        found = session.scalars(select(Need).where(Need.reference == f"M-{number}")).one()
        assert found.min_headcount == kept


@pytest.mark.parametrize("name", ["甲" * 201, "\0"])
def test_what_a_table_does_not_take_is_a_sentence_without_personal_data(
    session: Session, now: datetime, name: str
) -> None:
    broken = VOLUNTEER | {"volunteer_id": "V0002", "name": name, "phone": "0191009999"}
    with pytest.raises(Invalid, match="1行も取り込んでいません") as refused:
        import_records(session, "volunteers", [VOLUNTEER, broken], SYSTEM, now)
    told = "".join(traceback.format_exception(refused.value))
    assert "甲" not in told
    assert "0191009999" not in told
    assert size(session, Person) == 0


def test_an_end_before_the_known_beginning_refuses_its_row_alone(
    session: Session, now: datetime
) -> None:
    take(session, now, "needs", NEED, NEED | {"need_id": "R2"})
    told = {name: NEED[name] for name in ("need_id", "requester_name", "category", "title")}
    late = told | {"end_date": "2026-11-30"}
    tally = import_records(
        session, "needs", [late, told | {"need_id": "R2", "headcount": "3"}], SYSTEM, now
    )
    assert (tally.refused, tally.updated) == ([1], 1)
    assert [(p.line, p.field, p.code) for p in tally.problems] == [
        (1, "end_date", "range_reversed")
    ]


def test_a_head_count_below_the_known_least_lowers_it_and_says_so(
    session: Session, now: datetime
) -> None:
    take(session, now, "needs", NEED | {"headcount": "5", "min_headcount": "3"})
    told = {name: NEED[name] for name in ("need_id", "requester_name", "category", "title")}
    tally = import_records(session, "needs", [told | {"headcount": "2"}], SYSTEM, now)
    session.expire_all()
    found = session.scalars(select(Need)).one()
    assert (found.headcount, found.min_headcount) == (2, 2)
    assert [(p.line, p.code) for p in tally.problems] == [(1, "number_limited")]
    raised = import_records(session, "needs", [told | {"headcount": "4"}], SYSTEM, now)
    assert raised.problems == []

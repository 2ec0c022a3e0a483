"""The API: tokens with scopes, once for a key, versions, pages, problems; the same use cases."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime, timedelta
from threading import Barrier, Thread
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select, text
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from matching.coordination.planning import plan_all
from matching.kernel import clock
from matching.kernel.actor import SYSTEM
from matching.needs.models import Need
from matching.people.disclosures import Disclosure
from matching.people.models import Account
from matching.people.tokens import make_token, revoke_token
from matching.volunteers.models import Volunteer
from tests import factories

Ask = Callable[..., TestResponse]
NEED = {
    "requester_name": "菊地 ハル",
    "phone": "0191-00-2244",
    "category": "shopping",
    "title": "食料品の買い物",
    "address": "岩手県一関市山目字中野9013",
    "start_date": "2026-11-26",
    "time_from": "09:00",
    "time_to": "12:00",
    "duration_minutes": 60,
    "consents": ["coordination_use"],
}


def token_of(session: Session, role: str, scope: str = "write", **settings: Any) -> str:
    actor = factories.actor(session, role, **settings)
    made = make_token(session, actor.account_id or 0, "試験", scope, actor, clock.now())
    session.commit()
    return made


@pytest.fixture
def ask(client: FlaskClient) -> Ask:
    def call(method: str, path: str, token: str = "", body: Any = None, **headers: str) -> Any:
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        if token:
            sent["Authorization"] = f"Bearer {token}"
        return client.open(f"/api/v1{path}", method=method, json=body, headers=sent)

    return call


@pytest.fixture
def desk(session: Session) -> str:
    return token_of(session, "coordinator")


def test_no_call_without_a_token(ask: Ask, session: Session) -> None:
    for token in ("", "musubi_" + "x" * 43, "other"):
        answer = ask("GET", "/needs", token)
        assert (answer.status_code, answer.content_type) == (401, "application/problem+json")
        assert answer.headers["WWW-Authenticate"].startswith("Bearer")


def test_a_revoked_token_ends_at_once(ask: Ask, session: Session, desk: str) -> None:
    assert ask("GET", "/areas", desk).status_code == 200
    account = session.scalars(select(Account)).one()
    revoke_token(session, 1, account.id, SYSTEM, clock.now())
    session.commit()
    assert ask("GET", "/areas", desk).status_code == 401


def test_a_reading_token_writes_nothing(ask: Ask, session: Session) -> None:
    token = token_of(session, "coordinator", "read")
    assert ask("GET", "/needs", token).status_code == 200
    answer = ask("POST", "/needs", token, NEED)
    assert (answer.status_code, answer.json["code"]) == (403, "scope")
    assert session.scalar(select(func.count(Need.id))) == 0


def test_a_need_is_filed_read_changed_and_decided_on(ask: Ask, session: Session, desk: str) -> None:
    made = ask("POST", "/needs", desk, NEED, Idempotency_Key="a1")
    assert made.status_code == 201
    reference, etag = made.json["need_id"], made.headers["ETag"]
    assert made.headers["Location"] == f"/api/v1/needs/{reference}"
    assert (made.json["phone"], made.json["district"]) == ("0191002244", "一関")
    change = {"headcount": 2, "weekdays": ["Mon", "Thu"]}
    assert ask("PATCH", f"/needs/{reference}", desk, change).status_code == 428
    assert ask("PATCH", f"/needs/{reference}", desk, change, If_Match='"9"').status_code == 412
    changed = ask("PATCH", f"/needs/{reference}", desk, change, If_Match=etag)
    assert (changed.json["headcount"], changed.json["weekdays"]) == (2, ["Mon", "Thu"])
    decided = ask(
        "POST",
        f"/needs/{reference}/triage",
        desk,
        {"outcome": "accept", "next_action": "手伝う人をさがす"},
        If_Match=changed.headers["ETag"],
    )
    assert decided.json["state"] == "ready"


def test_a_change_keeps_the_note_it_was_sent_and_never_loses_the_title(
    ask: Ask, session: Session, desk: str
) -> None:
    path = f"/needs/{ask('POST', '/needs', desk, NEED | {'note': '犬がいます'}).json['need_id']}"
    kept = ask("PATCH", path, desk, {"note": "玄関は右手です"}, If_Match='"7", "1"')
    assert (kept.status_code, kept.json["note"]) == (200, "玄関は右手です")
    assert (
        ask("PATCH", path, desk, {"headcount": 2}, If_Match="*").json["note"] == kept.json["note"]
    )
    for nothing in (None, "", " ", "\ud800"):
        refused = ask("PATCH", path, desk, {"title": nothing}, If_Match="*")
        assert refused.status_code == 422
        assert refused.json["errors"][0]["field"] == "title"
    assert ask("PATCH", path, desk, {"note": None}, If_Match="*").json["note"] is None


def test_of_two_changes_of_one_version_the_second_is_told(
    ask: Ask, migrated_app: Flask, desk: str
) -> None:
    body = {"name": "小野寺 健", "phone": "090-0000-1234", "categories": ["shopping"]}
    made = ask("POST", "/volunteers", desk, body | {"availability": ["Fri 09:00-12:00"]})
    path, headers = f"/api/v1{made.headers['Location'][7:]}", {"Authorization": f"Bearer {desk}"}
    gate, told = Barrier(2), list[int]()

    def change(method: str, below: str, body: Any, etag: str) -> None:
        client = migrated_app.test_client()
        gate.wait()
        call = client.open(
            path + below, method=method, json=body, headers=headers | {"If-Match": etag}
        )
        told.append(call.status_code)

    for method, below, bodies in (
        ("PATCH", "", ({"note": "朝がよい"}, {"note": "夕方がよい"})),
        ("PUT", "/availability", ({"availability": ["Mon 09:00-12:00"]}, {"availability": []})),
    ):
        etag = ask("GET", path[7:], desk).headers["ETag"]
        both = [Thread(target=change, args=(method, below, body, etag)) for body in bodies]
        for each in both:
            each.start()
        for each in both:
            each.join()
        assert sorted(told[-2:]) == [200, 412], method


def test_a_repeated_key_gives_the_first_answer_and_makes_nothing_new(
    ask: Ask, session: Session, desk: str
) -> None:
    answers = [ask("POST", "/needs", desk, NEED, Idempotency_Key="b1") for _ in range(3)]
    assert {answer.data for answer in answers} == {answers[0].data}
    assert session.scalar(select(func.count(Need.id))) == 1
    other = ask("POST", "/needs", desk, NEED | {"title": "別の用"}, Idempotency_Key="b1")
    assert (other.status_code, other.json["code"]) == (422, "key_reused")


def test_a_field_that_a_call_does_not_know_is_refused(ask: Ask, desk: str) -> None:
    for path in ("/proposals/1/cancel", "/proposals/1/offer", "/activities/1/check-in"):
        refused = ask("POST", path, desk, {"colour": "red"})
        assert refused.status_code == 422, path
        assert [each["field"] for each in refused.json["errors"]] == ["colour"]


def test_every_wrong_field_is_named(ask: Ask, desk: str) -> None:
    wrong = {"headcount": 10_000, "start_date": "明日", "color": "red", "car_needed": {}}
    answer = ask("POST", "/needs", desk, NEED | wrong)
    assert answer.status_code == 422
    assert {each["field"] for each in answer.json["errors"]} == set(wrong)


def test_a_visit_is_proposed_offered_answered_and_reported(
    ask: Ask, session: Session, desk: str, now: datetime
) -> None:
    volunteer = factories.volunteer(session, now)
    need = factories.need(session, now)
    plan_all(session, SYSTEM, now)
    session.commit()
    found = ask("GET", f"/needs/{need.reference}/candidates", desk).json["candidates"]
    [candidate] = found
    assert sum(candidate["factors"].values()) == candidate["score"]
    path = f"/proposals/{candidate['proposal_id']}"
    assert ask("POST", f"{path}/select", desk).json["state"] == "selected"
    day = (clock.local_date(now) + timedelta(days=3)).isoformat()
    visits = [{"date": day, "start": "09:00"}]
    offered = ask("POST", f"{path}/offer", desk, {"channel": "web", "visits": visits})
    assert offered.json["visits"] == [{"date": day, "start": "09:00", "minutes": 60}]
    mine = token_of(session, "volunteer", person_id=volunteer.person_id)
    assert [each["state"] for each in ask("GET", "/proposals", mine).json["items"]] == ["contacted"]
    answered = ask("POST", f"{path}/answer", mine, {"answer": "yes"})
    assert answered.json["state"] == "accepted"
    [placed] = ask("GET", "/placements", mine).json["items"]
    assert (placed["state"], placed["visit_date"], placed["time_from"]) == ("held", day, "09:00")


def test_two_cannot_be_confirmed_for_one_hour(
    ask: Ask, session: Session, desk: str, now: datetime
) -> None:
    factories.volunteer(session, now)
    needs = [factories.need(session, now) for _ in range(2)]
    plan_all(session, SYSTEM, now)
    session.commit()
    body = {"date": (clock.local_date(now) + timedelta(days=3)).isoformat(), "start": "09:00"}
    statuses = []
    for need in needs:
        found = ask("GET", f"/needs/{need.reference}/candidates", desk).json["candidates"]
        path = f"/proposals/{found[0]['proposal_id']}/confirm"
        statuses.append(ask("POST", path, desk, body).status_code)
    assert statuses == [201, 409]


def test_volunteers_are_registered_changed_and_given_times(
    ask: Ask, session: Session, desk: str
) -> None:
    body = {
        "name": "小野寺 健",
        "phone": "０９０-0000-1234",
        "categories": ["shopping"],
        "availability": ["Mon 09:00-12:00"],
        "address": "岩手県一関市花泉町涌津字一ノ町9001",
    }
    made = ask("POST", "/volunteers", desk, body)
    assert (made.status_code, made.json["state"], made.json["district"]) == (
        201,
        "applicant",
        "花泉",
    )
    path = f"/volunteers/{made.json['volunteer_id']}"
    changed = ask("PATCH", path, desk, {"max_distance_km": 7.5}, If_Match=made.headers["ETag"])
    assert changed.json["max_distance_km"] == 7.5
    assert ask("PATCH", path, desk, {"status": "active"}, If_Match="*").status_code == 422
    week = {"availability": ["Tue 13:00-15:00", "Sat 09:00-11:30"], "days_off": ["2026-12-01"]}
    put = ask("PUT", f"{path}/availability", desk, week, If_Match=changed.headers["ETag"])
    assert put.json["availability"] == week["availability"]


def test_nobody_reads_what_is_not_theirs(
    ask: Ask, session: Session, desk: str, now: datetime
) -> None:
    """Not yours and not there are the same answer."""
    need = factories.need(session, now, area_code="daito")
    somebody = factories.volunteer(session, now)
    session.commit()
    branch = token_of(session, "branch_staff", area="hanaizumi")
    resident = token_of(session, "requester")
    for token in (branch, resident):
        for path in (f"/needs/{need.reference}", f"/volunteers/{somebody.reference}"):
            theirs, nothing = ask("GET", path, token), ask("GET", path + "9", token)
            assert theirs.status_code == nothing.status_code == 404
            bodies = [answer.json | {"error_id": ""} for answer in (theirs, nothing)]
            assert bodies[0] == bodies[1]
        assert ask("GET", "/needs", token).json["items"] == []
    assert ask("GET", "/statistics", resident).status_code == 403
    told = ask("GET", "/statistics", branch).json["by_area"]
    assert {row["label"]: row["received"] for row in told}["daito"] == 1


def test_pages_follow_each_other_without_gap_or_repeat(
    ask: Ask, session: Session, desk: str, now: datetime
) -> None:
    for _ in range(7):
        factories.need(session, now)
    session.commit()
    seen: list[str] = []
    cursor: str | None = ""
    while cursor is not None:
        query = f"?limit=3&cursor={cursor}" if cursor else "?limit=3"
        page = ask("GET", f"/needs{query}", desk).json
        seen += [each["need_id"] for each in page["items"]]
        cursor = page["next_cursor"]
    assert len(seen) == len(set(seen)) == 7


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/nothing", 404),
        ("GET", "/proposals/%0A/x", 404),
        ("DELETE", "/needs", 405),
        ("GET", "/needs?limit=0", 422),
        ("GET", "/needs?limit=999999999999999999999", 422),
        ("GET", "/needs?limit=000000001999999999999999999", 422),
        ("GET", "/needs?cursor=%00", 422),
        ("GET", "/needs?state=lost", 422),
        ("GET", "/plans/9223372036854775807", 404),
        ("POST", "/needs", 415),
    ],
)
def test_what_cannot_be_asked_is_a_problem_in_json(
    ask: Ask, desk: str, method: str, path: str, status: int
) -> None:
    answer = ask(method, path, desk)
    assert (answer.status_code, answer.content_type) == (status, "application/problem+json")


@pytest.mark.parametrize("raw", [b"{", b"[]", b"null", b'"x"', b"\xff", b'{"title": 1e999}'])
def test_a_body_that_is_no_object_is_refused(client: FlaskClient, desk: str, raw: bytes) -> None:
    answer = client.post(
        "/api/v1/needs",
        data=raw,
        headers={"Authorization": f"Bearer {desk}", "Content-Type": "application/json"},
    )
    assert answer.status_code in {400, 422}
    assert answer.content_type == "application/problem+json"


def test_the_description_names_every_call(ask: Ask, migrated_app: Flask) -> None:
    described = ask("GET", "/openapi.json").json
    assert described["openapi"].startswith("3.1")
    named = {
        (method.upper(), path) for path, calls in described["paths"].items() for method in calls
    }
    for method, path in (
        ("POST", "/volunteers"),
        ("PUT", "/volunteers/{volunteer_id}/availability"),
        ("POST", "/needs/{need_id}/triage"),
        ("GET", "/needs/{need_id}/candidates"),
        ("POST", "/plans"),
        ("GET", "/plans/{number}"),
        *(("POST", f"/proposals/{{number}}/{verb}") for verb in ("select", "offer", "answer")),
        *(("POST", f"/proposals/{{number}}/{verb}") for verb in ("confirm", "cancel")),
        ("POST", "/activities/{number}/check-in"),
        ("POST", "/activities/{number}/report"),
        *(("GET", f"/{name}") for name in ("areas", "categories", "statistics", "placements")),
    ):
        assert (method, path) in named
    assert json.dumps(described)


def test_a_volunteer_knows_only_themselves(ask: Ask, session: Session, now: datetime) -> None:
    mine = factories.volunteer(session, now)
    factories.volunteer(session, now)
    token = token_of(session, "volunteer", person_id=mine.person_id)
    items = ask("GET", "/volunteers", token).json["items"]
    assert [each["volunteer_id"] for each in items] == [mine.reference]
    assert session.scalar(select(func.count(Volunteer.id))) == 2


def test_an_answer_kept_for_its_key_is_sealed(ask: Ask, session: Session, desk: str) -> None:
    sent: dict[str, str] = {"Idempotency_Key": "call-9"}
    first = ask("POST", "/needs", desk, NEED, **sent)
    kept = " ".join(session.scalars(text("SELECT result FROM replies")))
    assert "菊地" not in kept.encode().decode("unicode_escape")
    assert "2244" not in kept
    assert ask("POST", "/needs", desk, NEED, **sent).json == first.json


def test_reading_contacts_by_program_is_kept_as_reading_them_on_a_page(
    ask: Ask, session: Session, desk: str, now: datetime
) -> None:
    """BR-34."""
    need = factories.need(session, now)
    helper = factories.volunteer(session, now)
    session.commit()
    ask("GET", "/needs", desk)
    ask("GET", f"/volunteers/{helper.reference}", desk)
    seen = {(each.person_id, each.object_type) for each in session.scalars(select(Disclosure))}
    assert seen == {(need.requester_id, "need"), (helper.person_id, "volunteer")}


def test_a_yes_by_telephone_becomes_a_visit_once_the_resident_has_agreed(
    ask: Ask, session: Session, desk: str, now: datetime
) -> None:
    """The session of docs/api.md: offer, answer, confirm."""
    factories.volunteer(session, now)
    need = factories.need(session, now)
    plan_all(session, SYSTEM, now)
    session.commit()
    [found] = ask("GET", f"/needs/{need.reference}/candidates", desk).json["candidates"]
    own = f"/proposals/{found['proposal_id']}"
    assert ask("POST", f"{own}/offer", desk, {"channel": "phone"}).json["state"] == "contacted"
    said = {"answer": "yes", "channel": "phone"}
    assert ask("POST", f"{own}/answer", desk, said).json["state"] == "accepted"
    done = ask("POST", f"{own}/confirm", desk, {})
    assert [each["state"] for each in done.json["items"]] == ["confirmed"]
    assert ask("POST", f"{own}/confirm", desk, {}).status_code == 409

"""A need filed through the form meets its candidates without anybody's hand."""

import threading
import time

from sqlalchemy import select
from sqlalchemy.orm import Session

from matching.coordination import queries
from matching.kernel import clock
from matching.needs.models import Need
from tests import factories
from tests.live import Live, Visitor

FIELDS = {
    "requester_relation": "self",
    "requester_name": "髙橋 みつ",
    "requester_kana": "たかはし みつ",
    "phone": "０１９１ー００ー１２３４",
    "category": "shopping",
    "title": "食料品の買い物をお願いしたい",
    "time_from": "9:00",
    "time_to": "12:00",
    "duration_minutes": "1時間",
    "recurrence": "once",
    "headcount": "1",
    "postal_code": "021-0041",
    "address": "岩手県一関市赤荻字亀田9012",
    "gender_preference": "any",
    "channel": "web",
    "urgency": "normal",
    "consent_coordination": "y",
    "consent_volunteer": "y",
}


def test_a_filed_need_shows_proposals_within_ten_seconds(live: Live, live_session: Session) -> None:
    now = clock.now()
    factories.volunteer(
        live_session, now, slots=tuple((day, 540, 1020) for day in range(7)), max_distance_km=30.0
    )
    live_session.commit()
    visitor = Visitor(live.url)
    day = clock.today().replace(day=1)
    day = day.replace(year=day.year + (day.month == 12), month=day.month % 12 + 1)
    start = min(day, clock.today().fromordinal(clock.today().toordinal() + 5))
    form = FIELDS | {
        "start_date": start.isoformat(),
        "csrf_token": visitor.token("/needs/new"),
        "request_key": "first",
    }
    filed = time.monotonic()
    answer = visitor.post("/needs/new", form)
    assert answer.url.endswith("/needs/received"), answer.text[:2000]
    need = live_session.scalars(select(Need).order_by(Need.id.desc()).limit(1)).one()
    while not queries.list_candidates(live_session, need.id):
        live_session.rollback()
        assert time.monotonic() - filed < 10, "no proposals after ten seconds"
        time.sleep(0.1)


def test_a_form_sent_twice_makes_one_need(live: Live, live_session: Session) -> None:
    visitor = Visitor(live.url)
    form = FIELDS | {
        "requester_name": "二度 押子",
        "start_date": clock.today().fromordinal(clock.today().toordinal() + 5).isoformat(),
        "csrf_token": visitor.token("/needs/new"),
        "request_key": "twice",
    }
    numbers = {
        visitor.post("/needs/new", form)
        .page.select_one(".confirm-panel__number, .number")
        .get_text()  # type: ignore[union-attr]
        for _ in range(3)
    }
    assert len(numbers) == 1
    found = live_session.scalars(select(Need).join(Need.requester).where(Need.title != "")).all()
    assert sum(need.requester_id is not None for need in found if need.title == form["title"]) >= 1


def test_a_double_tap_at_the_same_moment_makes_one_need(live: Live, live_session: Session) -> None:
    """The very first form of a session, sent by two taps that overtake each other."""
    for number in range(5):
        visitor = Visitor(live.url)
        form = FIELDS | {
            "requester_name": f"連打 {number}子",
            "title": f"連打 {number}",
            "start_date": clock.today().fromordinal(clock.today().toordinal() + 5).isoformat(),
            "csrf_token": visitor.token("/needs/new"),
            "request_key": "same",
        }
        taps = [threading.Thread(target=visitor.post, args=("/needs/new", form)) for _ in range(4)]
        for tap in taps:
            tap.start()
        for tap in taps:
            tap.join()
        live_session.rollback()
        found = live_session.scalars(select(Need).where(Need.title == f"連打 {number}")).all()
        assert len(found) == 1

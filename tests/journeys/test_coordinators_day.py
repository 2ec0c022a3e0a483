"""A coordinator's calls, counted in clicks, filled fields and seconds.

The table of docs/coordinators-day.md:
`COORDINATOR_CALLS=20 .venv/bin/pytest -s tests/journeys/test_coordinators_day.py`
"""

import os
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

import pytest
from playwright.sync_api import BrowserContext, Page, expect
from sqlalchemy.orm import Session

from matching.kernel import clock
from tests.journeys.test_first_light import JOURNEYS, cast, sign_in
from tests.live import Live

pytestmark = pytest.mark.browser
CALLS = int(os.environ.get("COORDINATOR_CALLS", "3"))
MOST_CLICKS = {"new caller": 4, "known caller": 5, "offer by phone": 7}


@dataclass
class Hand:
    """What one call cost: clicks and fields by hand, seconds by the clock."""

    page: Page
    kind: str
    clicks: int = 0
    fields: int = 0
    seconds: float = 0.0

    def click(self, role: str, name: str) -> None:
        """Press something once."""
        self.clicks += 1
        self.page.get_by_role(role, name=name, exact=True).first.click()  # type: ignore[arg-type]

    def fill(self, **answers: str) -> None:
        """Type into fields, moving on by the tab key."""
        for name, text in answers.items():
            self.fields += 1
            field = self.page.locator(f"[name={name}]").first
            if name in {"category", "requester_relation"}:
                field.select_option(text)
            else:
                field.fill(text)

    def tick(self, name: str) -> None:
        """Tick a box."""
        self.clicks += 1
        self.page.locator(f"[name={name}]").first.check()


def begin(hand: Hand, url: str) -> None:
    """From the worklist to the intake page: what somebody does when the telephone rings."""
    hand.page.goto(f"{url}/desk")
    hand.click("link", "困りごとを受け付ける")


def new_caller(hand: Hand, url: str, number: int) -> None:
    """Somebody nobody knows asks for rubbish to be taken out."""
    begin(hand, url)
    day = clock.today() + timedelta(days=5 + number % 5)
    hand.fill(
        requester_name=f"呼出 {number}江",
        phone=f"01910{number:05d}",
        category="garbage",
        title="ごみを出せない",
        address="一関市赤荻字亀田9012",
        start_date=day.isoformat(),
    )
    hand.tick("consent_coordination")
    hand.tick("consent_volunteer")
    hand.click("button", "受け付ける")
    expect(hand.page).to_have_url(f"{url}/needs/received")


def known_caller(hand: Hand, url: str, number: int) -> None:
    """Who called before is found by the telephone; the address is there already."""
    begin(hand, url)
    day = clock.today() + timedelta(days=9)
    hand.fill(phone=f"01910{number - 1:05d}")
    hand.click("button", "この方です")
    hand.fill(category="garbage", title="またお願いしたい", start_date=day.isoformat())
    hand.tick("consent_coordination")
    hand.click("button", "受け付ける")
    expect(hand.page).to_have_url(f"{url}/needs/received")


def offer_by_phone(hand: Hand, url: str, number: int) -> None:
    """A call is received, somebody is looked for at once and called while the list is open."""
    begin(hand, url)
    day = clock.today() + timedelta(days=6)
    hand.fill(
        requester_name=f"急用 {number}子",
        phone=f"01911{number:05d}",
        category="garbage",
        title="ごみを出せない",
        address="一関市赤荻字亀田9012",
        start_date=day.isoformat(),
    )
    hand.tick("consent_coordination")
    hand.tick("consent_volunteer")
    hand.click("button", "受け付けて、すぐ手伝う人をさがす")
    hand.page.get_by_role("button", name="電話でお願いする").first.wait_for(timeout=60_000)
    hand.click("button", "電話でお願いする")
    expect(hand.page.get_by_role("main")).to_contain_text("お願いできますか")


DAY: tuple[tuple[str, Callable[[Hand, str, int], None]], ...] = (
    ("new caller", new_caller),
    ("known caller", known_caller),
    ("new caller", new_caller),
    ("offer by phone", offer_by_phone),
)


@pytest.mark.parametrize("scripts", [True], indirect=True, ids=["with JavaScript"])
def test_each_call_costs_few_clicks(
    live: Live, live_session: Session, desktop: BrowserContext
) -> None:
    journey = next(JOURNEYS)
    cast(live_session, journey)
    desk = desktop.new_page()
    sign_in(desk, live.url, f"desk-{journey}")
    hands = []
    for place in range(CALLS):
        kind, take = DAY[place % len(DAY)]
        hand = Hand(desk, kind)
        began = time.monotonic()
        take(hand, live.url, journey * 100 + place)
        hand.seconds = time.monotonic() - began
        hands.append(hand)
    for hand in hands:
        print(f"| {hand.kind} | {hand.clicks} | {hand.fields} | {hand.seconds:.1f} |")  # noqa: T201
        assert hand.clicks <= MOST_CLICKS[hand.kind]

"""A whole life on two phones: asked, offered, agreed, visited and reported by links of LINE."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import os
import re
import time
from datetime import UTC, datetime, timedelta
from urllib.request import Request, urlopen

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect
from sqlalchemy import select
from sqlalchemy.orm import Session

from matching.activities.models import Activity
from matching.coordination.models import Placement
from matching.evaluation.figures import needs_by_category
from matching.kernel import clock
from matching.kernel.actor import SYSTEM
from matching.needs.models import Need
from matching.people.accounts import AccountEntry, add_account
from matching.people.models import Person
from tests import factories
from tests.factories import PASSWORD
from tests.journeys.conftest import opened
from tests.journeys.test_first_light import ask, sign_in
from tests.lives.conftest import Clock
from tests.messaging.http_gateways import SECRET, Service

pytestmark = pytest.mark.browser
MONDAY = datetime(2026, 11, 30, 1, 0, tzinfo=UTC)  # ten in the morning in Japan
HELPER, RESIDENT = "旅路 一郎", "髙橋 結江"
SHOTS = os.environ.get("LIFE_SHOTS")
FRIENDS = {"helper": "U" + "1" * 32, "resident": "U" + "2" * 32}


class Chat:
    """Somebody's LINE: what the centre pushed, and what they send back, signed as LINE signs."""

    def __init__(self, service: Service, url: str, who: str) -> None:
        self.service, self.url, self.friend, self.read = service, url, FRIENDS[who], 0

    def send(self, **event: object) -> None:
        told = {
            "webhookEventId": f"{self.friend[1]}{time.monotonic_ns()}",
            "timestamp": int(clock.now().timestamp() * 1000),
            "source": {"type": "user", "userId": self.friend},
            "deliveryContext": {"isRedelivery": False},
        }
        body = json.dumps({"events": [told | event]}).encode()
        signed = hmac.new(SECRET.encode(), body, hashlib.sha256).digest()
        headers = {"X-Line-Signature": base64.b64encode(signed).decode()}
        with urlopen(Request(f"{self.url}/hooks/line", data=body, headers=headers)) as answer:
            assert answer.status == 200

    def link(self, page: Page, words: str) -> str:
        """Wait for a push that says something; return the address in it."""
        for _ in range(240):
            pushed = [
                call["body"]["messages"][0]["text"]
                for call in self.service.calls
                if call["body"].get("to") == self.friend
            ]
            found = [text for text in pushed[self.read :] if words in text]
            if found:
                self.read = pushed.index(found[0]) + 1
                assert RESIDENT not in found[0] and HELPER not in found[0]
                return re.search(r"http\S+", found[0])[0]  # type: ignore[index]
            page.wait_for_timeout(500)
        raise AssertionError(f"nothing came by LINE that says {words}: {pushed}")


def join_line(page: Page, chat: Chat, url: str) -> None:
    """Add the centre as a friend and send the code of my page."""
    page.goto(f"{url}/my/messages")
    page.get_by_role("button", name="番号を出す").click()
    code = page.locator("p.number").inner_text()
    chat.send(type="follow")
    chat.send(type="message", message={"type": "text", "id": "1", "text": code})
    page.goto(f"{url}/my/messages")
    expect(page.get_by_role("main")).to_contain_text("LINEとつながっています")


def enter(page: Page, url: str, login: str) -> None:
    """Be signed in: a phone that was here three days ago still is."""
    page.goto(f"{url}/my")
    if "/login" in page.url:
        sign_in(page, url, login)
    page.wait_for_url(lambda where: "/login" not in where)


def people(session: Session) -> None:
    """A coordinator, a volunteer with time every day who likes LINE, each with an account."""
    now = clock.now()
    contact = factories.contact(
        HELPER, lat=38.9482, lon=141.1187, address="一関市赤荻", contact_method="line"
    )
    slots = tuple((day, 360, 1080) for day in range(7))
    helper = factories.volunteer(
        session, now, contact=contact, categories=("garbage",), slots=slots
    )
    account(session, "helper", "volunteer", helper.person_id)
    account(session, "desk", "coordinator", None)
    account(session, "boss", "center_manager", None)
    session.commit()


def account(session: Session, login: str, role: str, person_id: int | None) -> None:
    entry = AccountEntry(login, PASSWORD, login, ((role, None, None),), person_id, demo=True)
    add_account(session, entry, SYSTEM, clock.now())


def triaged_and_asked(desk: Page, url: str, reference: str) -> None:
    """The coordinator's two steps: she accepts, and asks by LINE whom the plan names first."""
    desk.goto(f"{url}/desk/needs/{reference}")
    desk.get_by_label(re.compile("受ける（手伝う人をさがす）")).check()
    desk.get_by_role("button", name="見立てを記録する").click()
    chosen = desk.get_by_role("listitem").filter(has_text=HELPER).last
    for _ in range(120):
        if chosen.get_by_role("button", name="メッセージでお願いする").count():
            break
        desk.wait_for_timeout(500)
        desk.reload()
    chosen.get_by_role("button", name="メッセージでお願いする").click()
    expect(desk.get_by_role("main")).to_contain_text("お願いを送りました")


def test_a_life_on_two_phones_ends_in_the_years_figures(
    town_at: Clock, line: tuple[Service, str], browser: Browser
) -> None:
    contexts = [opened(browser, 390, 844, scripts=True) for _ in range(2)]
    office = opened(browser, 1280, 900, scripts=True)
    with town_at(MONDAY) as (live, session):
        reference, starts_at = agree_on_a_visit(live.url, session, line[0], contexts, office)
    with town_at(starts_at - timedelta(seconds=30)) as (live, session):
        visit_and_report(live.url, session, contexts[0].new_page())
        verified_and_counted(live.url, session, office.new_page(), reference)
    for context in (*contexts, office):
        context.close()


def agree_on_a_visit(
    url: str, session: Session, service: Service, contexts: list[BrowserContext],
    office: BrowserContext,
) -> tuple[str, datetime]:  # fmt: skip
    people(session)
    helper, resident = (context.new_page() for context in contexts)
    chats = Chat(service, url, "helper"), Chat(service, url, "resident")
    enter(helper, url, "helper")
    join_line(helper, chats[0], url)

    day = clock.today() + timedelta(days=3)
    reference = ask(resident, url, RESIDENT, day)
    session.rollback()
    need = session.scalars(select(Need).where(Need.reference == reference)).one()
    person = session.get_one(Person, need.requester_id)
    person.contact_method = "line"
    account(session, "resident", "requester", person.id)
    session.commit()
    enter(resident, url, "resident")
    join_line(resident, chats[1], url)

    desk = office.new_page()
    enter(desk, url, "desk")
    triaged_and_asked(desk, url, reference)

    helper.goto(chats[0].link(helper, "お願いできる方をさがしています"))
    helper.get_by_role("button", name="はい、引き受けます").click()
    expect(helper.get_by_role("main")).to_contain_text("お返事をいただきました")

    resident.goto(chats[1].link(resident, "うかがえる方が見つかりました"))
    expect(resident.get_by_role("main")).to_contain_text("この方がうかがってもよいですか")
    if SHOTS:
        resident.screenshot(path=f"{SHOTS}/resident-asked.png", full_page=True)
    resident.get_by_role("button", name="はい、お願いします").click()
    expect(resident.get_by_role("main")).to_contain_text("うかがう日")

    helper.goto(chats[0].link(helper, "活動が決まりました"))
    session.rollback()
    placed = session.scalars(select(Placement).where(Placement.need_id == need.id)).one()
    assert placed.state == "confirmed"
    return reference, placed.starts_at


def visit_and_report(url: str, session: Session, helper: Page) -> None:
    """On the day: sees where to go, arrives, and tells how it was, all on the phone."""
    number = session.scalars(select(Placement.id)).one()
    enter(helper, url, "helper")
    helper.goto(f"{url}/my/activities/{number}")
    seen = helper.get_by_role("main")
    seen.get_by_role("button", name="お名前と住所を表示する").click()
    expect(seen).to_contain_text(RESIDENT)
    helper.goto(f"{url}/my/activities/{number}")
    seen.get_by_role("button", name="着きました").click()
    expect(seen.get_by_role("button", name="終わって帰ります")).to_be_visible()
    for _ in range(200):  # a moment until it begins; then it can be told
        if seen.get_by_role("button", name="報告を送る").count():
            break
        helper.wait_for_timeout(1000)
        helper.reload()
    seen.get_by_role("button", name="終わって帰ります").click()
    seen.get_by_role("button", name="報告を送る").click()
    expect(seen).to_contain_text("ありがとうございました")


def verified_and_counted(url: str, session: Session, boss: Page, reference: str) -> None:
    number = session.scalars(select(Placement.id)).one()
    enter(boss, url, "boss")
    boss.goto(f"{url}/desk/activities/{number}")
    boss.get_by_role("button", name=re.compile("確認")).first.click()
    session.rollback()
    assert session.scalars(select(Activity.state)).one() == "verified"
    assert needs_by_category(session, 2026)["garbage"].received == 1
    boss.goto(f"{url}/reports?fiscal_year=2026")
    expect(boss.get_by_role("main")).to_be_visible()

"""A resident asks, the worker proposes, the coordinator confirms, the volunteer sees it."""

import re
from datetime import date, timedelta
from itertools import count

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import BrowserContext, Page, expect
from sqlalchemy.orm import Session

from matching.kernel import clock
from matching.kernel.actor import SYSTEM
from matching.people.accounts import AccountEntry, add_account
from tests import factories
from tests.factories import PASSWORD
from tests.live import Live

pytestmark = pytest.mark.browser
JOURNEYS = count(1)


def sign_in(page: Page, url: str, login: str) -> None:
    page.goto(f"{url}/login")
    page.get_by_label("ログイン名").fill(login)
    page.get_by_label("パスワード").fill(PASSWORD)
    page.get_by_role("main").get_by_role("button", name="ログイン").click()


def cast(session: Session, number: int) -> str:
    """A coordinator, and a volunteer who has time every day near the place of this journey."""
    now = clock.now()
    name = f"旅路 {'一二三四五六七八九'[number % 9]}郎"
    person = factories.volunteer(
        session,
        now,
        contact=factories.contact(name, lat=38.9482, lon=141.1187, address="一関市赤荻"),
        categories=("garbage",),
        slots=tuple((day, 360, 1080) for day in range(7)),
    )
    for login, role, owner in (
        (f"desk-{number}", "coordinator", None),
        (f"helper-{number}", "volunteer", person.person_id),
    ):
        roles = ((role, None, None),)
        add_account(
            session, AccountEntry(login, PASSWORD, login, roles, owner, demo=True), SYSTEM, now
        )
    session.commit()
    return name


def forward(page: Page) -> None:
    """Go to the next question."""
    page.get_by_role("main").get_by_role("button", name="次へ").click()


def ask(page: Page, url: str, resident: str, day: date) -> str:
    """Fill in the form as somebody on a phone would; return the number on the slip."""
    page.goto(url)
    page.get_by_role("link", name=re.compile("手伝ってほしい")).last.click()
    forward(page)
    page.get_by_text("ゴミ出し", exact=True).first.click()
    forward(page)
    page.get_by_role("textbox", name="困っていること").fill("腰を痛めて、ごみを出せません")
    forward(page)
    page.get_by_label("いつから").fill(day.isoformat())
    forward(page)
    page.get_by_label(re.compile("^手伝ってほしい場所の住所")).fill("岩手県一関市赤荻字亀田9012")
    forward(page)
    forward(page)
    page.get_by_role("textbox", name="お名前").fill(resident)
    page.get_by_role("textbox", name="電話番号").fill("０１９１－００－１２３４")
    forward(page)
    page.get_by_role("checkbox", name=re.compile("手伝う人をさがすために")).check()
    page.get_by_role("checkbox", name=re.compile("手伝いが決まったら")).check()
    forward(page)
    expect(page).to_have_url(re.compile("/needs/new/check$"))
    page.get_by_role("main").get_by_role("button", name="この内容で申し込む").click()
    expect(page).to_have_url(re.compile("/needs/received$"))
    found = re.search(r"R\d+-\d{4}", page.get_by_role("main").inner_text())
    assert found is not None
    return found[0]


def test_from_a_residents_phone_to_a_confirmed_match(
    live: Live, live_session: Session, phone: BrowserContext, desktop: BrowserContext
) -> None:
    number = next(JOURNEYS)
    volunteer = cast(live_session, number)
    resident = f"髙橋 {'一二三四五六七八九'[number % 9]}江"
    day = clock.today() + timedelta(days=6)
    reference = ask(phone.new_page(), live.url, resident, day)

    desk = desktop.new_page()
    sign_in(desk, live.url, f"desk-{number}")
    desk.get_by_role("link", name=re.compile(resident)).first.click()
    expect(desk.get_by_role("main")).to_contain_text(reference)
    desk.get_by_label(re.compile("受ける")).check()
    desk.get_by_role("button", name=re.compile("記録|保存|決定")).first.click()
    chosen = desk.get_by_role("listitem").filter(has_text=volunteer).last
    for _ in range(40):  # a page without JavaScript is opened again by hand
        if chosen.get_by_role("button", name="この方に決める").count():
            break
        desk.wait_for_timeout(250)
        desk.reload()
    chosen.get_by_role("button", name="この方に決める").click()
    expect(desk.get_by_role("main")).to_contain_text("決定しました")

    helper = phone.new_page()
    sign_in(helper, live.url, f"helper-{number}")
    seen = helper.get_by_role("main")
    expect(seen).to_contain_text("ゴミ出し")
    expect(seen).to_contain_text(f"{day.month}月{day.day}日")
    expect(seen).not_to_contain_text(resident)
    seen.get_by_role("link", name=re.compile("くわしく見る")).first.click()
    seen.get_by_role("button", name="お名前と住所を表示する").click()
    expect(seen).to_contain_text(resident)


PAGES = ("/", "/needs/new", "/register/volunteer", "/login", "/privacy", "/accessibility")
DESK_PAGES = ("/desk", "/desk/plan", "/desk/volunteers", "/desk/activities", "/reports", "/my")


@pytest.mark.parametrize("scripts", [True], indirect=True, ids=["with JavaScript"])
def test_no_page_has_a_barrier_that_axe_can_see(
    live: Live, live_session: Session, phone: BrowserContext, desktop: BrowserContext
) -> None:
    number = next(JOURNEYS)
    cast(live_session, number)
    found: dict[str, list[str]] = {}
    for context in (phone, desktop):
        page = context.new_page()
        for path in PAGES:
            found |= _barriers(page, live.url, path)
        sign_in(page, live.url, f"desk-{number}")
        for path in DESK_PAGES:
            found |= _barriers(page, live.url, path)
    assert found == {}


def _barriers(page: Page, url: str, path: str) -> dict[str, list[str]]:
    page.goto(url + path)
    violations = Axe().run(page).response["violations"]
    wide = page.evaluate("document.documentElement.scrollWidth > window.innerWidth")
    named = [violation["id"] for violation in violations] + (["sideways scroll"] if wide else [])
    return {path: named} if named else {}

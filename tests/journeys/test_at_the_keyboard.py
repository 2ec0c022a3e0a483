"""The desk without a mouse, at 400 %, in forced colours; names of any length and direction."""

from __future__ import annotations

import re
import time

import pytest
from playwright.sync_api import BrowserContext, Page, Route, expect
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from matching.kernel import clock
from matching.kernel.actor import SYSTEM
from matching.needs.models import Need
from matching.people.accounts import AccountEntry, add_account
from matching.web.help import CARDS
from tests import factories
from tests.factories import PASSWORD
from tests.live import Live

pytestmark = pytest.mark.browser

NAMES = (
    "Nguyễn Thị Ánh Nguyệt",
    "محمد عبد الرحمن بن عبد العزيز",
    "寿限無" * 30,
    "Wolfeschlegelsteinhausenbergerdorff" * 3,
)
PAGES = ("/desk", "/desk/needs", "/desk/search?q=Nguy", "/reports", "/desk/plan/week", "/my")
WITH_SCRIPTS = pytest.mark.parametrize("scripts", [True], indirect=True, ids=["with JavaScript"])


def coordinator(page: Page, live: Live, session: Session, login: str) -> list[str]:
    """Sign a coordinator in, over needs of people with all sorts of names; give their numbers."""
    now = clock.now()
    needs = [factories.need(session, now, name=name[:200], urgency="emergency") for name in NAMES]
    entry = AccountEntry(login, PASSWORD, login, (("coordinator", None, None),), demo=True)
    add_account(session, entry, SYSTEM, now)
    numbers = [need.reference for need in needs]
    session.commit()
    page.goto(f"{live.url}/login")
    page.get_by_label("ログイン名").press_sequentially(login)
    page.keyboard.press("Tab")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url("**/desk")
    ready(page, "worklist.js")
    return numbers


def ready(page: Page, script: str) -> None:
    """Wait until a module of the page listens."""
    page.wait_for_selector(f"[data-enlivened*='{script}']", state="attached")


@WITH_SCRIPTS
def test_a_coordinator_works_the_list_and_searches_by_keyboard(
    live: Live, live_session: Session, desktop: BrowserContext
) -> None:
    page = desktop.new_page()
    numbers = coordinator(page, live, live_session, "keys")
    page.keyboard.press("j")
    page.keyboard.press("j")
    page.keyboard.press("k")
    focused = page.evaluate("document.activeElement.getAttribute('href')")
    assert re.fullmatch(r"/desk/needs/R\d+-\d+", focused)
    page.keyboard.press("Enter")
    page.wait_for_url(f"**{focused}")
    ready(page, "search_box.js")
    page.keyboard.press("/")
    page.keyboard.type("Nguyễn")
    panel = page.locator("#search-box-found")
    expect(panel).to_contain_text(numbers[0])
    page.keyboard.press("Escape")
    expect(panel).to_be_empty()
    page.keyboard.press("Enter")
    page.wait_for_url("**/desk/search?q=*")
    expect(page.get_by_role("main")).to_contain_text(numbers[0])
    held: list[Route] = []
    page.route("**/htmx.min.js", lambda route: held.append(route))
    page.goto(f"{live.url}/desk/needs")
    page.get_by_role("searchbox").first.fill("Nguyễn")
    while not held:
        page.wait_for_timeout(20)
    held[0].continue_()
    expect(panel, "typed before the scripts were there").to_contain_text(numbers[0])


@WITH_SCRIPTS
def test_letters_are_no_shortcuts_for_who_does_not_want_them(
    live: Live, live_session: Session, desktop: BrowserContext
) -> None:
    """WCAG 2.1.4: dictation software types letters."""
    page = desktop.new_page()
    coordinator(page, live, live_session, "dictation")
    page.get_by_role("link", name="使わない").click()
    ready(page, "worklist.js")
    page.keyboard.press("j")
    page.keyboard.press("/")
    assert page.evaluate("document.activeElement.tagName") not in {"A", "INPUT"}
    page.get_by_role("link", name="使う").click()
    ready(page, "worklist.js")
    page.keyboard.press("j")
    assert page.evaluate("document.activeElement.tagName") == "A"


@WITH_SCRIPTS
def test_the_text_size_stays_on_the_next_page(live: Live, phone: BrowserContext) -> None:
    page = phone.new_page()
    for size, name in (("largest", "特大"), ("large", "大")):
        page.goto(live.url)
        page.wait_for_selector("[data-enlivened*='text_size.js']", state="attached")
        with page.expect_response("**/preferences?**"):
            page.get_by_role("link", name=name, exact=True).click()
        assert page.evaluate("document.documentElement.dataset.textSize") == size
        page.goto(f"{live.url}/contact")
        assert page.evaluate("document.documentElement.dataset.textSize") == size


@WITH_SCRIPTS
def test_names_of_any_length_and_direction_push_nothing_off_the_screen(
    live: Live, live_session: Session, desktop: BrowserContext
) -> None:
    page = desktop.new_page()
    numbers = coordinator(page, live, live_session, "names")
    pages = (*PAGES, *(f"/desk/needs/{number}" for number in numbers))
    wide = []
    for width in (320, 640):  # a screen of 1280 px at 400 % and at 200 %
        page.set_viewport_size({"width": width, "height": 800})
        for path in pages:
            page.goto(live.url + path)
            if page.evaluate("document.documentElement.scrollWidth > window.innerWidth"):
                wide.append((width, path))
    assert wide == []


@WITH_SCRIPTS
@pytest.mark.parametrize("register", ["ja", "ja-easy", "en"])
def test_every_quick_card_is_one_sheet_of_paper(
    live: Live, desktop: BrowserContext, register: str
) -> None:
    desktop.add_cookies([{"name": "language", "value": register, "url": live.url}])
    page = desktop.new_page()
    for card in CARDS:
        page.goto(f"{live.url}/help/{card}")
        sheets = len(re.findall(rb"/Type\s*/Page[^s]", page.pdf(format="A4")))
        assert sheets == 1, card


@WITH_SCRIPTS
def test_in_forced_colours_every_control_keeps_an_edge(
    live: Live, live_session: Session, desktop: BrowserContext
) -> None:
    page = desktop.new_page()
    page.emulate_media(forced_colors="active")
    for path in ("/", "/needs/new", "/login"):
        page.goto(live.url + path)
        bare = page.evaluate(
            """() => [...document.querySelectorAll("main .button, main .input, main .door")]
            .filter((each) => each.offsetParent && getComputedStyle(each).borderTopWidth === "0px")
            .map((each) => each.outerHTML.slice(0, 80))"""
        )
        assert bare == [], path


FOCUSED = """() => {
  const at = document.activeElement;
  if (!at.matches("a, button, input, select, textarea, summary")) return "";
  const said = at.labels && at.labels.length ? at.labels[0].innerText : at.innerText;
  return (said || at.getAttribute("aria-label") || "").trim();
}"""
PAGES_OF_ASKING = (
    ({}, "次へ"),
    ({"買い物": "ArrowDown"}, "次へ"),
    ({"困っていること": "鍵盤だけで頼む"}, "次へ"),
    ({"いつから": "2026-12-15"}, "次へ"),
    ({"手伝ってほしい場所の住所": "岩手県一関市山目字中野9013"}, "次へ"),
    ({}, "次へ"),
    ({"お名前": "菊池 ヨネ", "電話番号": "0191-00-1111"}, "次へ"),
    ({"手伝う人をさがすために": " "}, "次へ"),
)


def tab_to(page: Page, name: str, key: str = "Tab") -> None:
    """Walk with a key until what carries a name has the focus."""
    for _ in range(80):
        if name in page.evaluate(FOCUSED):
            return
        page.keyboard.press(key)
    raise AssertionError(f"the keyboard does not get to {name}")


@WITH_SCRIPTS
def test_a_resident_asks_by_keyboard_and_a_double_enter_on_a_slow_line_files_once(
    live: Live, live_session: Session, phone: BrowserContext
) -> None:
    page = phone.new_page()
    page.goto(f"{live.url}/needs/new")
    for fields, onward in PAGES_OF_ASKING:
        for name, typed in fields.items():
            if typed == "ArrowDown":  # one stop for all choices, arrows between them
                page.locator("main input[type=radio]").first.focus()
                tab_to(page, name, typed)
            else:
                tab_to(page, name)
                page.keyboard.press("Space") if typed == " " else page.locator(":focus").fill(typed)
        tab_to(page, onward)
        before = page.url
        page.keyboard.press("Enter")
        page.wait_for_url(lambda url, before=before: url != before)
    assert page.url.endswith("/needs/new/check")
    page.route("**/needs/new/check", lambda route: (time.sleep(0.5), route.continue_()))
    tab_to(page, "この内容で申し込む")
    page.keyboard.press("Enter")
    page.keyboard.press("Enter")
    page.wait_for_url("**/needs/received")
    filed = select(func.count(Need.id)).where(Need.title == "鍵盤だけで頼む")
    assert live_session.scalar(filed) == 1

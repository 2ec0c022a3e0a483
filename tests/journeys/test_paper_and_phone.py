"""A paper form comes back, is typed in and leads to a visit, with scripts and without."""

import re
from datetime import timedelta

import pytest
from playwright.sync_api import BrowserContext, Page, expect
from sqlalchemy.orm import Session

from matching.kernel import clock
from tests.journeys.test_first_light import JOURNEYS, cast, sign_in
from tests.live import Live

pytestmark = pytest.mark.browser


def type_in(desk: Page, resident: str) -> None:
    """Type what the sheet says, as the clerk would."""
    day = clock.today() + timedelta(days=6)
    desk.get_by_role("textbox", name="お名前", exact=True).fill(resident)
    desk.get_by_role("textbox", name="電話番号", exact=True).fill("電話なし")
    desk.get_by_label(re.compile("^電話のほかの連絡")).fill("となりの佐藤さんに伝える")
    desk.get_by_label("種類").select_option("garbage")
    desk.get_by_role("textbox", name="困っていること").fill("腰を痛めて、ごみを出せません")
    desk.get_by_label("手伝ってほしい場所の住所").fill("岩手県一関市赤荻字亀田9012")
    desk.get_by_label("いつから").fill(day.isoformat())
    desk.get_by_label(re.compile("手伝う人をさがすために")).check()
    desk.get_by_label(re.compile("手伝いが決まったら")).check()


def test_a_paper_form_is_typed_in_and_somebody_is_looked_for_at_once(
    live: Live, live_session: Session, desktop: BrowserContext, scripts: bool
) -> None:
    number = next(JOURNEYS)
    volunteer = cast(live_session, number)
    desk = desktop.new_page()
    sign_in(desk, live.url, f"desk-{number}")
    desk.goto(f"{live.url}/desk/paper")
    desk.get_by_label(re.compile("^枚数")).fill("1")
    desk.get_by_role("button", name="番号を入れて印刷する").click()
    sheet = desk.locator(".paper__number strong").inner_text()
    desk.goto(f"{live.url}/desk/paper")
    desk.get_by_label("申込書の番号").fill(sheet)
    desk.get_by_role("button", name="入力を始める").click()
    expect(desk.get_by_role("main")).to_contain_text(sheet)
    type_in(desk, f"紙野 {'一二三四五六七八九'[number % 9]}江")
    if scripts:
        expect(desk.locator("#beside")).to_contain_text("書きかけを保存しました")
    desk.get_by_role("button", name="受け付けて、すぐ手伝う人をさがす").click()
    expect(desk).to_have_url(re.compile("/desk/needs/R"))
    chosen = desk.get_by_role("listitem").filter(has_text=volunteer).last
    for _ in range(60):  # a page without scripts is opened again by hand
        if chosen.get_by_role("button", name="この方に決める").count():
            break
        desk.wait_for_timeout(250)
        desk.reload()
    chosen.get_by_role("button", name="この方に決める").click()
    expect(desk.get_by_role("main")).to_contain_text("決定しました")

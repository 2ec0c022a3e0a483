"""A passkey in a real browser: made at the first sign-in, and enough for the next one."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page, expect
from sqlalchemy.orm import Session

from matching.kernel import clock
from matching.kernel.actor import SYSTEM
from matching.people.accounts import AccountEntry, add_account
from tests.factories import PASSWORD
from tests.live import Live

pytestmark = pytest.mark.browser
LOGIN = "passkey-desk"
AUTHENTICATOR = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


def with_authenticator(page: Page) -> None:
    """Give the browser a fingerprint reader whose owner always touches it."""
    devices = page.context.new_cdp_session(page)
    devices.send("WebAuthn.enable")
    devices.send("WebAuthn.addVirtualAuthenticator", {"options": AUTHENTICATOR})


def name_and_password(page: Page, base: str) -> None:
    page.goto(f"{base}/login")
    page.get_by_label("ログイン名").fill(LOGIN)
    page.get_by_label("パスワード").fill(PASSWORD)
    page.get_by_role("main").get_by_role("button", name="ログイン").click()


def test_a_passkey_is_made_and_opens_the_desk(
    live: Live, live_session: Session, browser: Browser
) -> None:
    entry = AccountEntry(LOGIN, PASSWORD, "鍵野 守", (("coordinator", None, None),))
    add_account(live_session, entry, SYSTEM, clock.now())
    live_session.commit()
    base = f"http://localhost:{urlsplit(live.url).port}"
    with browser.new_context(locale="ja-JP") as context:
        page = context.new_page()
        with_authenticator(page)
        name_and_password(page, base)
        expect(page).to_have_url(re.compile("/account/factors$"))
        page.goto(f"{base}/desk")
        expect(page).to_have_url(re.compile("/account/factors$"))

        page.get_by_role("button", name="この機器のパスキーを加える").click()
        expect(page.get_by_role("heading", name="予備の番号")).to_be_visible()
        assert page.locator(".recovery-codes li").count() == 10
        page.get_by_role("link", name="しまいました。先へ進む").click()
        expect(page).to_have_url(re.compile("/desk$"))

        page.get_by_role("button", name="ログアウト").first.click()
        name_and_password(page, base)
        page.goto(f"{base}/desk")  # name and password alone open nothing
        expect(page).to_have_url(re.compile("/login"))
        name_and_password(page, base)
        page.get_by_role("button", name="パスキーで入る").click()
        expect(page).to_have_url(re.compile("/desk$"))

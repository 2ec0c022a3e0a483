"""A real Chromium, of the system, without any word to the outside."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, sync_playwright

CHROMIUM = "/usr/bin/chromium"
QUIET = [
    *("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
]


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=CHROMIUM, args=QUIET)
        yield browser
        browser.close()


@pytest.fixture(params=[True, False], ids=["with JavaScript", "without JavaScript"])
def scripts(request: pytest.FixtureRequest) -> bool:
    return bool(request.param)


def opened(browser: Browser, width: int, height: int, scripts: bool) -> BrowserContext:
    return browser.new_context(
        locale="ja-JP",
        timezone_id="Asia/Tokyo",
        viewport={"width": width, "height": height},
        java_script_enabled=scripts,
    )


@pytest.fixture
def phone(browser: Browser, scripts: bool) -> Iterator[BrowserContext]:
    """An old phone in Japan."""
    with opened(browser, 390, 844, scripts) as context:
        yield context


@pytest.fixture
def desktop(browser: Browser, scripts: bool) -> Iterator[BrowserContext]:
    """The computer on a coordinator's desk."""
    with opened(browser, 1280, 900, scripts) as context:
        yield context

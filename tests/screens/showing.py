"""A running demo city to look at, started for the occasion or already there."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from playwright.sync_api import Browser, BrowserContext, sync_playwright

from tests.live import free_port

CHROMIUM = "/usr/bin/chromium"
QUIET = ("--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-sync")
NOBODY = "nobody"
START = "from matching.cli import main; main()"
START_SECONDS = 240.0


class Demo(NamedTuple):
    """Where a demo city is, and the one password of its people."""

    url: str
    password: str


@contextmanager
def demo(given: str | None) -> Iterator[Demo]:
    """Give the demo named as `URL,PASSWORD`, or start one and end it afterwards."""
    if given:
        url, _, password = given.partition(",")
        yield Demo(url, password)
        return
    with tempfile.TemporaryDirectory(prefix="musubi-screens-") as place:
        log = Path(place) / "demo.log"
        environ = os.environ | {"MUSUBI_DATA": f"{place}/var", "PORT": str(free_port())}
        with log.open("wb") as out:
            running = subprocess.Popen(
                [sys.executable, "-c", START, "demo"], env=environ, stdout=out, stderr=out
            )
        try:
            city = _told(log, running)
            live = [sys.executable, "-m", "tests.screens.living"]
            subprocess.run(live, env=environ, check=True)
            yield city
        finally:
            running.terminate()
            running.wait(60)


def _told(log: Path, running: subprocess.Popen[bytes]) -> Demo:
    """Read the address and the password of a demo from what it says when it is ready."""
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline and running.poll() is None:
        said = log.read_text(encoding="utf-8")
        address, password = (
            re.search(r"^address: +(\S+)", said, re.M),
            re.search(r"^password: +(\S+)", said, re.M),
        )
        if address and password:
            return Demo(address[1], password[1])
        time.sleep(0.5)
    raise TimeoutError(f"the demo did not start:\n{log.read_text(encoding='utf-8')}")


@contextmanager
def chromium() -> Iterator[Browser]:
    """A quiet browser."""
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=CHROMIUM, args=list(QUIET))
        yield browser
        browser.close()


def signed_in(browser: Browser, city: Demo, login: str, **how: object) -> BrowserContext:
    """Return a context in which somebody of the demo is signed in; `nobody` is the public."""
    context = browser.new_context(locale="ja-JP", timezone_id="Asia/Tokyo", **how)  # type: ignore[arg-type]
    if login == NOBODY:
        return context
    page = context.new_page()
    page.goto(f"{city.url}/login")
    page.fill("input[name=login]", login)
    page.fill("input[name=password]", city.password)
    page.click("main form button[type=submit]")
    page.wait_for_load_state()
    if page.url.endswith("/login"):
        raise PermissionError(f"{login} could not sign in")
    page.close()
    return context


def reading(context: BrowserContext, city: Demo, register: str) -> None:
    """Let a context read in a register, as the switch on every page does."""
    context.add_cookies([{"name": "language", "value": register, "url": city.url}])

"""The pictures of the first-day tour (docs/first-day.md), small enough to keep beside it."""

from __future__ import annotations

from pathlib import Path

from playwright.sync_api import Browser, Page

from tests.screens.showing import Demo, reading, signed_in

FOLDER = Path(__file__).parents[2] / "docs" / "images" / "first-day"
SIZE = {"width": 1120, "height": 720}
STOPS = {
    "worklist": "/desk",
    "search": "/desk",
    "need": "/desk/needs?state=searching",
    "compare": "/desk/needs?state=searching",
    "week": "/desk/plan/week",
    "statistics": "/reports",
}


def tour(browser: Browser, city: Demo) -> list[Path]:
    """Take the pictures as a coordinator sees them."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    context = signed_in(browser, city, "coordinator", viewport=SIZE)
    reading(context, city, "ja")
    page = context.new_page()
    taken = []
    for name, path in STOPS.items():
        page.goto(city.url + path)
        _go_on(page, name)
        file = FOLDER / f"{name}.jpg"
        page.screenshot(path=file, type="jpeg", quality=55)
        taken.append(file)
    context.close()
    return taken


def _go_on(page: Page, name: str) -> None:
    """From a list to what the picture is about."""
    if name == "search":
        page.wait_for_selector("[data-enlivened*='search_box.js']", state="attached")
        page.wait_for_function("window.htmx !== undefined")
        page.fill("#search-box", "さとう")
        page.wait_for_selector("#search-box-found a")
    if name in {"need", "compare"}:
        page.locator("main .data-table a").first.click()
        page.wait_for_load_state()
    if name == "compare":
        page.get_by_role("link", name="二人を並べて比べる").click()
        page.wait_for_load_state()

"""Pages on paper with nothing to print, and read aloud in the order in which they stand."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page, expect
from sqlalchemy.orm import Session

from tests.journeys.test_at_the_keyboard import WITH_SCRIPTS, coordinator
from tests.live import Live

pytestmark = pytest.mark.browser

EMPTY_LISTS = ("/desk/needs?state=all&q=どこにもない", "/desk/volunteers?q=どこにもない")
ONLY_ON_SCREENS = ".skip-link, .preferences, .page-nav, .search-box, .buttons, .button"
READ_BY_ALL = ("/", "/needs/new", "/register/volunteer", "/contact", "/login")
READ_AT_THE_DESK = ("/desk", "/desk/needs", "/desk/intake", "/desk/plan", "/my")

# what is written, where; a row that scrolls or floats has an order of its own
WRITTEN = """() => {
  const told = [];
  const walker = document.createTreeWalker(document.querySelector("main"), NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const text = walker.currentNode.data.trim().replace(/\\s+/g, " ");
    const parent = walker.currentNode.parentElement;
    if (!text || !parent.checkVisibility({ visibilityProperty: true })) continue;
    if (parent.closest("[aria-hidden=true], .visually-hidden, option, table, svg")) continue;
    const range = document.createRange();
    range.selectNodeContents(walker.currentNode);
    const { left, right, top, bottom } = range.getBoundingClientRect();
    if (bottom > top) told.push({ text, left, right, top, bottom });
  }
  return told;
}"""


@WITH_SCRIPTS
def test_an_empty_list_on_paper_says_what_it_means_and_shows_no_buttons(
    live: Live, live_session: Session, desktop: BrowserContext
) -> None:
    page = desktop.new_page()
    coordinator(page, live, live_session, "paper")
    for path in EMPTY_LISTS:
        page.goto(live.url + path)
        page.emulate_media(media="print")
        expect(page.locator("h1")).to_be_visible()
        expect(page.locator(".empty-state__title")).to_be_visible()
        shown = page.locator(ONLY_ON_SCREENS).filter(visible=True)
        assert shown.count() == 0, (path, shown.first.evaluate("each => each.className"))
        sheets = re.findall(rb"/Type\s*/Page[^s]", page.pdf(format="A4"))
        assert len(sheets) == 1, path
        page.emulate_media(media="screen")


@WITH_SCRIPTS
def test_pages_are_read_aloud_in_the_order_in_which_they_stand(
    live: Live, live_session: Session, phone: BrowserContext
) -> None:
    page = phone.new_page()
    for path in READ_BY_ALL:
        page.goto(live.url + path)
        assert list(_out_of_order(page)) == [], path
    numbers = coordinator(page, live, live_session, "aloud")
    for path in (*READ_AT_THE_DESK, f"/desk/needs/{numbers[0]}"):
        page.goto(live.url + path)
        assert list(_out_of_order(page)) == [], path


def _out_of_order(page: Page) -> Iterator[str]:
    """Name what is read at another place than it stands, or not at all."""
    written = page.evaluate(WRITTEN)
    assert written
    for before, after in pairwise(written):
        above, beside = after["bottom"] <= before["top"], after["left"] >= before["right"] - 1
        if above and not beside:
            yield f"{before['text']} stands below {after['text']}"
    spoken = iter(_spoken(page))
    for each in written:
        if not any(each["text"] in said for said in spoken):
            yield f"{each['text']} is not read in its place"
            return
    headings = page.locator("main :is(h1, h2, h3, h4)").filter(visible=True)
    levels = headings.evaluate_all("all => all.map((each) => Number(each.localName[1]))")
    if levels[:1] != [1] or any(b > a + 1 for a, b in pairwise(levels)):
        yield f"headings {levels}"


def _spoken(page: Page) -> Sequence[str]:
    """Return the texts of the browser's accessibility tree, in its order."""
    session = page.context.new_cdp_session(page)
    nodes = session.send("Accessibility.getFullAXTree")["nodes"]
    session.detach()
    known = {node["nodeId"]: node for node in nodes}
    return list(_below(nodes[0], known))


def _below(node: Mapping[str, Any], known: Mapping[str, Mapping[str, Any]]) -> Iterator[str]:
    if node.get("role", {}).get("value") == "StaticText":
        yield re.sub(r"\s+", " ", str(node["name"]["value"])).strip()
        return
    for child in node.get("childIds", []):
        if child in known:
            yield from _below(known[child], known)

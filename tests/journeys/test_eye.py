"""The eye that looks at every page sees a flaw in the one condition in which it shows."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser

from tests.screens.judging import CONDITIONS, Eye

pytestmark = pytest.mark.browser

SOUND = (
    '<!DOCTYPE html><html lang="ja"><head><meta name="viewport" content="width=device-width">'
    "<title>題</title><style>{style}</style></head><body><main><h1>題</h1>{main}</main></body></html>"
)
FLAWS: tuple[tuple[str, str, set[tuple[str, str]]], ...] = (
    ("", "", set()),
    (
        "@media (prefers-color-scheme: dark) { p { color: #777; background: #666 } }",
        "<p>文章です</p>",
        {("390 dark", "color-contrast")},  # and at 1280 px it is the same look
    ),
    (
        "@media (width > 700px) and (width < 1000px) { button span { display: none } }",
        "<button><span>送る</span></button>",
        {("768", "button-name")},
    ),
    (
        "@media (width < 350px) { div { overflow-y: scroll; height: 40px } }",
        f"<div>{'<p>文章です</p>' * 9}</div>",
        {("400 %", "scrollable-region-focusable")},
    ),
    (
        "a { display: block } @media (width > 1000px) { a { height: 8px; overflow: hidden } }",
        '<a href="/1">一番目</a><a href="/2">二番目</a><a href="/3">三番目</a>',
        {("1280", "target-size")},
    ),
    ("", "<details><summary>開く</summary><img src='/x'></details>", {("390 opened", "image-alt")}),
    ("h2 { width: 330px }", "<h2>中</h2>", {("400 %", "px wider than the screen")}),
)


def test_each_flaw_is_seen_where_it_shows_and_nowhere_else(browser: Browser) -> None:
    eye = Eye(CONDITIONS)
    for style, main, expected in FLAWS:
        page = browser.new_page()
        page.set_content(SOUND.format(style=style, main=main))
        seen = {
            (where, what.partition(":")[0].lstrip("0123456789 ")) for where, what in eye.look(page)
        }
        assert seen == expected, main
        page.close()

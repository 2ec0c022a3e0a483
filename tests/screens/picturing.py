"""Pictures of every page in every width and register, and the sheets that show them together."""

from __future__ import annotations

import re
from collections.abc import Sequence
from html import escape
from pathlib import Path
from typing import NamedTuple

from playwright.sync_api import Browser, BrowserContext

from tests.screens.pages import found
from tests.screens.showing import Demo, reading, signed_in

WIDTHS = (390, 768, 1280)
REGISTERS = ("ja", "ja-easy", "en")
TALLEST = 6000
# else it lies across the middle
IN_PLACE = (
    "document.querySelectorAll('.phone-line').forEach((e) => { e.style.position = 'static' })"
)
STYLE = """
body { font: 14px sans-serif; margin: 24px; background: #eee; }
section { margin-bottom: 32px; } h2 { font-size: 16px; }
div { display: flex; gap: 12px; align-items: flex-start; }
figure { margin: 0; background: #fff; } img { display: block; max-height: 620px; object-fit: cover;
object-position: top; } figcaption { padding: 2px 6px; }
"""


class Shot(NamedTuple):
    """One page as it looked at one width in one register; `wider` than the screen by so much."""

    href: str
    register: str
    width: int
    file: str
    wider: int


def name_of(href: str) -> str:
    """Return a file name for an address."""
    return re.sub(r"[^\w-]+", "_", href.strip("/")) or "home"


def picture(
    browser: Browser,
    city: Demo,
    login: str,
    out: Path,
    *,
    registers: Sequence[str] = REGISTERS,
    widths: Sequence[int] = WIDTHS,
    only: str = "",
    dark: bool = False,
) -> list[Shot]:
    """Take the pictures of one role into a folder of its name."""
    folder = out / (f"{login}-dark" if dark else login)
    folder.mkdir(parents=True, exist_ok=True)
    context = signed_in(browser, city, login, color_scheme="dark" if dark else "light")
    hrefs = [href for href in found(context, city, login) if re.search(only, href)]
    shots = [
        shot
        for register in registers
        for href in hrefs
        for shot in _page(context, city, href, register, widths, folder)
    ]
    context.close()
    return shots


def _page(
    context: BrowserContext,
    city: Demo,
    href: str,
    register: str,
    widths: Sequence[int],
    folder: Path,
) -> list[Shot]:
    reading(context, city, register)
    page = context.new_page()
    page.goto(city.url + href)
    page.evaluate(IN_PLACE)
    shots = []
    for width in widths:
        page.set_viewport_size({"width": width, "height": 900})
        height = min(page.evaluate("document.documentElement.scrollHeight"), TALLEST)
        file = f"{name_of(href)}.{register}.{width}.jpg"
        clip = {"x": 0, "y": 0, "width": width, "height": height}
        page.screenshot(
            path=folder / file,
            type="jpeg",
            quality=70,
            full_page=True,
            clip=clip,
        )
        wider = page.evaluate("document.documentElement.scrollWidth") - width
        shots.append(Shot(href, register, width, file, max(wider, 0)))
    page.close()
    return shots


def sheet(browser: Browser, folder: Path, shots: Sequence[Shot]) -> None:
    """Write the contact sheet of a folder: one row a page, as HTML and as one picture."""
    rows = []
    for href in dict.fromkeys(shot.href for shot in shots):
        figures = "".join(
            f'<figure><a href="{shot.file}"><img src="{shot.file}" width="{shot.width // 4}" '
            f'alt=""></a><figcaption>{shot.register} {shot.width}'
            f"{f' +{shot.wider}px' if shot.wider else ''}</figcaption></figure>"
            for shot in shots
            if shot.href == href
        )
        rows.append(f"<section><h2>{escape(href)}</h2><div>{figures}</div></section>")
    body = f'<!DOCTYPE html><meta charset="utf-8"><title>{folder.name}</title>'
    written = folder / "index.html"
    written.write_text(f"{body}<style>{STYLE}</style>{''.join(rows)}", encoding="utf-8")
    page = browser.new_page(viewport={"width": 2200, "height": 900})
    page.goto(written.resolve().as_uri())
    page.screenshot(
        path=folder / "sheet.jpg", type="jpeg", quality=60, full_page=True, timeout=300_000
    )
    page.close()

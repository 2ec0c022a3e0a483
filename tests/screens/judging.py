"""What checkers say of every page: axe, sideways scrolling, and the Nu HTML checker."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Sequence
from html import escape
from pathlib import Path
from typing import Literal, NamedTuple

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page

from tests.screens.pages import found
from tests.screens.picturing import name_of
from tests.screens.showing import Demo, reading, signed_in

ASKING = Path(__file__).with_name("barriers.js").read_text(encoding="utf-8")
OPENED = """() => document.querySelectorAll("details").forEach(
  (each) => { each.removeAttribute("name"); each.open = true; })"""


class Condition(NamedTuple):
    """How a page is shown; `opened` with everything folded open."""

    name: str
    width: int
    colours: Literal["light", "dark"] = "light"
    size: str = "standard"
    forced: Literal["active", "none"] = "none"
    opened: bool = False
    sizes: bool = False  # of targets: they are the same at the widths between


# a screen of 1280 px at 200 % and at 400 % is 640 and 320 px wide
CONDITIONS = (
    Condition("390", 390, sizes=True),
    Condition("390 dark", 390, colours="dark"),
    Condition("390 forced colours", 390, forced="active"),
    Condition("400 %", 320),
    Condition("200 %", 640, size="largest"),
    Condition("768", 768),
    Condition("1280", 1280, sizes=True),
    Condition("1280 dark", 1280, colours="dark"),
    Condition("1280 forced colours", 1280, forced="active"),
    Condition("390 opened", 390, opened=True, sizes=True),
)


class Finding(NamedTuple):
    """Something a checker does not like on a page."""

    login: str
    register: str
    href: str
    condition: str
    what: str


class Judged(NamedTuple):
    """Which pages were looked at, in how many conditions, and what was found."""

    pages: tuple[str, ...] = ()
    looks: int = 0
    findings: tuple[Finding, ...] = ()


def judge(
    browser: Browser,
    city: Demo,
    login: str,
    out: Path,
    registers: Sequence[str],
    *,
    only: str = "",
    conditions: str = "",
    share: tuple[int, int] = (1, 1),
) -> Iterator[tuple[str, Judged]]:
    """Look at the pages of one role, one register after the other; keep their sources for Nu.

    `share` is (2, 3) for the second third of the pages. A run into a folder goes on where the
    last one ended, so a repetition after mending takes a folder of its own.
    """
    context = signed_in(browser, city, login)
    hrefs = [href for href in _pages(context, city, login, out) if re.search(only, href)]
    hrefs = hrefs[share[0] - 1 :: share[1]]
    eye = Eye([each for each in CONDITIONS if re.search(conditions, each.name)], remembered(out))
    for register in registers:
        reading(context, city, register)
        part = out / "parts" / f"{login}.{register}.{share[0]}of{share[1]}.json"
        folder = out / "sources" / f"{login}.{register}"
        folder.mkdir(parents=True, exist_ok=True)
        judged = kept([part])
        for href in hrefs:
            if href in judged.pages:
                continue
            page = context.new_page()
            answer = page.goto(city.url + href)
            if answer is None:
                raise LookupError(f"{href} did not answer")
            (folder / f"{name_of(href)}.html").write_text(answer.text(), encoding="utf-8")
            found_here = tuple(Finding(login, register, href, *each) for each in eye.look(page))
            page.close()
            judged = together([judged, Judged((href,), len(eye.wanted), found_here)])
            keep(part, judged)
            remember(out, eye.known)
        yield register, judged
    context.close()


def _pages(context: BrowserContext, city: Demo, login: str, out: Path) -> list[str]:
    """Find the pages of a role, once for all runs into a folder."""
    file = out / f"pages.{login}.txt"
    if not file.exists():
        file.write_text("\n".join(found(context, city, login)), "utf-8")
    return file.read_text("utf-8").splitlines()


class Eye:
    """Looks at pages in every condition, and knows which texts it has seen."""

    def __init__(self, wanted: Sequence[Condition], known: Iterable[str] = ()) -> None:
        self.wanted = wanted
        self.known = list(known)
        self.whole = True

    def look(self, page: Page) -> Iterator[tuple[str, str]]:
        """Name the conditions of a page in which something was found, and what."""
        page.evaluate(Axe().axe_script)
        page.evaluate(ASKING)
        page.evaluate("known => window.looksKnown(known)", self.known)
        for each in self.wanted:
            _show(page, each)
            for what in _barriers(page, each, self.whole):
                yield each.name, what
            self.whole = False
        self.known += page.evaluate("window.looksAdded()")


def _show(page: Page, how: Condition) -> None:
    page.set_viewport_size({"width": how.width, "height": 900})
    page.emulate_media(color_scheme=how.colours, forced_colors=how.forced)
    page.evaluate("size => { document.documentElement.dataset.textSize = size }", how.size)
    if how.opened:
        page.evaluate(OPENED)


def _barriers(page: Page, how: Condition, whole: bool) -> Iterator[str]:
    """Name what axe finds on a page as it stands, and scrolling sideways."""
    asked = "([colours, sizes, whole]) => window.barriers(colours, sizes, whole)"
    for rule, places in page.evaluate(asked, [f"{how.colours} {how.forced}", how.sizes, whole]):
        yield f"{rule}: {', '.join(map(str, places))}"
    wider = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
    if wider > 0:
        yield f"{wider} px wider than the screen"


def remembered(out: Path) -> set[str]:
    """Return what runs into a folder know."""
    file = out / "known.txt"
    return set(file.read_text("utf-8").split()) if file.exists() else set()


def remember(out: Path, known: Iterable[str]) -> None:
    """Add to what runs into a folder know."""
    (out / "known.txt").write_text("\n".join(sorted(remembered(out) | set(known))), "utf-8")


def keep(part: Path, judged: Judged) -> None:
    """Write what was found so far, so that a run that ends early loses nothing."""
    part.parent.mkdir(parents=True, exist_ok=True)
    told = judged._asdict() | {"findings": [each._asdict() for each in judged.findings]}
    part.write_text(json.dumps(told, ensure_ascii=False, indent=1), encoding="utf-8")


def kept(parts: Iterable[Path]) -> Judged:
    """Return what was kept in parts, those that are there."""
    told = [json.loads(part.read_text("utf-8")) for part in parts if part.exists()]
    return together(
        Judged(tuple(t["pages"]), t["looks"], tuple(Finding(**f) for f in t["findings"]))
        for t in told
    )


def together(parts: Iterable[Judged]) -> Judged:
    """Return several parts as one."""
    told = list(parts)
    return Judged(
        tuple(page for part in told for page in part.pages),
        sum(part.looks for part in told),
        tuple(finding for part in told for finding in part.findings),
    )


def write_results(out: Path, looks: int, findings: Sequence[Finding]) -> Path:
    """Write the results as a page and as data."""
    head = "<tr><th>role<th>register<th>page<th>condition<th>what</tr>"
    rows = "".join(
        f"<tr>{''.join(f'<td>{escape(part)}' for part in finding)}</tr>" for finding in findings
    )
    page = out / "checks.html"
    page.write_text(
        '<!DOCTYPE html><html lang="en"><meta charset="utf-8"><title>Checks</title>'
        f"<h1>{looks} looks, {len(findings)} findings</h1><table>{head}{rows}</table></html>",
        encoding="utf-8",
    )
    told = {"looks": looks, "findings": [finding._asdict() for finding in findings]}
    (out / "checks.json").write_text(json.dumps(told, ensure_ascii=False, indent=1))
    return page

"""What checkers say of every page: axe, sideways scrolling, and the Nu HTML checker."""

from __future__ import annotations

import json
import re
import subprocess
from collections.abc import Iterator, Sequence
from html import escape
from pathlib import Path
from typing import Literal, NamedTuple

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page

from tests.screens.pages import found
from tests.screens.picturing import name_of
from tests.screens.showing import Demo, reading, signed_in

ASKED = "axe.run(document, { resultTypes: ['violations'] }).then((told) => told.violations)"


class Condition(NamedTuple):
    """How a page is shown."""

    name: str
    width: int
    colours: Literal["light", "dark"] = "light"
    size: str = "standard"
    forced: Literal["active", "none"] = "none"


# a screen of 1280 px at 200 % and at 400 % is 640 and 320 px wide
CONDITIONS = (
    Condition("390", 390),
    Condition("768", 768),
    Condition("1280", 1280),
    Condition("200 %", 640, size="largest"),
    Condition("400 %", 320),
    Condition("390 dark", 390, colours="dark"),
    Condition("1280 dark", 1280, colours="dark"),
    Condition("390 forced colours", 390, forced="active"),
    Condition("1280 forced colours", 1280, forced="active"),
)


class Finding(NamedTuple):
    """Something a checker does not like on a page."""

    login: str
    register: str
    href: str
    condition: str
    what: str


class Judged(NamedTuple):
    """How many pages were looked at in how many conditions, and what was found."""

    looks: int
    findings: list[Finding]


def judge(
    browser: Browser,
    city: Demo,
    login: str,
    out: Path,
    registers: Sequence[str],
    *,
    only: str = "",
    conditions: str = "",
) -> Judged:
    """Look at the pages of one role in every register and condition; keep their sources for Nu."""
    context = signed_in(browser, city, login)
    hrefs = [href for href in found(context, city, login) if re.search(only, href)]
    wanted = [each for each in CONDITIONS if re.search(conditions, each.name)]
    findings: list[Finding] = []
    for register in registers:
        reading(context, city, register)
        folder = out / "sources" / f"{login}.{register}"
        folder.mkdir(parents=True, exist_ok=True)
        for href in hrefs:
            source = context.request.get(city.url + href).text()
            (folder / f"{name_of(href)}.html").write_text(source, encoding="utf-8")
            for condition, what in _looked_at(context, city.url + href, wanted):
                findings.append(Finding(login, register, href, condition, what))
    context.close()
    return Judged(len(hrefs) * len(registers) * len(wanted), findings)


def _looked_at(
    context: BrowserContext, url: str, wanted: Sequence[Condition]
) -> Iterator[tuple[str, str]]:
    page = context.new_page()
    page.goto(url)
    page.evaluate(Axe().axe_script)
    for each in wanted:
        page.set_viewport_size({"width": each.width, "height": 900})
        page.emulate_media(color_scheme=each.colours, forced_colors=each.forced)
        page.evaluate("size => { document.documentElement.dataset.textSize = size }", each.size)
        for what in _barriers(page):
            yield each.name, what
    page.close()


def _barriers(page: Page) -> Iterator[str]:
    """Name what axe finds on a page as it stands, and scrolling sideways."""
    for violation in page.evaluate(ASKED):
        places = ", ".join(str(node["target"][0]) for node in violation["nodes"][:3])
        yield f"{violation['id']}: {places}"
    wider = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
    if wider > 0:
        yield f"{wider} px wider than the screen"


def invalid(checker: Path, out: Path) -> list[Finding]:
    """Return what the Nu HTML checker calls an error in the sources that were kept."""
    done = subprocess.run(
        ["java", "-jar", str(checker), "--format", "json", "--errors-only", str(out / "sources")],  # noqa: S607
        capture_output=True,
        text=True,
        check=False,
    )
    findings = []
    for message in json.loads(done.stderr or '{"messages": []}')["messages"]:
        place = Path(message.get("url", ""))
        login, _, register = place.parent.name.partition(".")
        what = f"{message['message']} (line {message.get('lastLine', '?')})"
        findings.append(Finding(login, register, place.name, "Nu", what))
    return findings


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

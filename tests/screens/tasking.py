"""Tasks of a new user in a real browser: clicks, filled fields and seconds of each."""

from __future__ import annotations

import os
import re
import time
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from playwright.sync_api import Browser, Error, Locator, Page

from tests.screens.showing import Demo, signed_in

BOOK = Path(__file__).with_name("tasks.txt")
PATIENCE = 15_000.0


class Task(NamedTuple):
    """What somebody of a role wants, and the steps that lead there from their first page."""

    login: str
    wish: str
    steps: tuple[tuple[str, str], ...]


class Cost(NamedTuple):
    """What a task took; `stuck` says at which step it ended, or nothing."""

    task: Task
    clicks: int
    fields: int
    seconds: float
    stuck: str


def tasks(text: str) -> Iterator[Task]:
    """Read the book: a role after one `#`, a wish after two, then a verb and its object a line."""
    login = ""
    for part in re.split(r"^(?=#)", text, flags=re.M):
        head, _, body = part.strip().partition("\n")
        if head.startswith("## "):
            lines = [line.partition(" ") for line in body.splitlines() if line.strip()]
            yield Task(login, head[3:], tuple((verb, rest) for verb, _, rest in lines))
        elif head.startswith("# "):
            login = head[2:]


def try_tasks(browser: Browser, city: Demo, logins: list[str]) -> Iterator[Cost]:
    """Try the tasks of some roles one after the other, each from the role's first page."""
    for login in logins:
        context = signed_in(browser, city, login)
        page = context.new_page()
        page.set_default_timeout(PATIENCE)
        for task in tasks(BOOK.read_text(encoding="utf-8")):
            if task.login == login and re.search(os.environ.get("TASK", ""), task.wish):
                yield _try(page, city, task)
        context.close()


def _try(page: Page, city: Demo, task: Task) -> Cost:
    page.goto(f"{city.url}/login")  # leads on to the role's first page
    page.wait_for_load_state("networkidle")
    started, done = (
        time.monotonic(),
        {"press": 0, "first": 0, "fill": 0, "tick": 0, "choose": 0, "see": 0},
    )
    stuck = ""
    for verb, said in task.steps:
        try:
            STEPS[verb](page, said)
        except (Error, AssertionError) as reason:
            stuck = f"{verb} {said}: {str(reason).splitlines()[0]}"
            break
        done[verb] += 1
    clicks = done["press"] + done["first"] + done["tick"]
    return Cost(task, clicks, done["fill"] + done["choose"], time.monotonic() - started, stuck)


def _press(page: Page, name: str) -> None:
    _named(page, name).click()
    page.wait_for_load_state()


def _named(page: Page, name: str) -> Locator:
    """What carries just this name, else the first that has it in its own."""
    for exact in (True, False):
        found = page.get_by_role("button", name=name, exact=exact)
        found = found.or_(page.get_by_role("link", name=name, exact=exact))
        found = found.or_(page.locator("summary", has_text=name)).locator("visible=true")
        if exact and found.count():
            break
    return found.first


def _first(page: Page, heading: str) -> None:
    """Press the first link below a heading."""
    page.locator(
        f"section:has(h2:has-text('{heading}')) a, h1:has-text('{heading}') ~ * a"
    ).locator("visible=true").first.click()
    page.wait_for_load_state()


def _labelled(page: Page, name: str) -> Locator:
    return page.get_by_label(name).locator("visible=true").first


def _fill(page: Page, said: str) -> None:
    name, _, value = said.partition(" = ")
    _labelled(page, name).fill(value)


def _tick(page: Page, name: str) -> None:
    page.get_by_label(name).first.check(force=True)


def _choose(page: Page, said: str) -> None:
    name, _, value = said.partition(" = ")
    _labelled(page, name).select_option(label=value)


def _see(page: Page, text: str) -> None:
    page.get_by_role("main").get_by_text(text).locator("visible=true").first.wait_for()


STEPS = {
    "press": _press,
    "first": _first,
    "fill": _fill,
    "tick": _tick,
    "choose": _choose,
    "see": _see,
}

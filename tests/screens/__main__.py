"""Look at every page: `python -m tests.screens pictures|checks|tour|tasks [--roles a,b …]`."""

from __future__ import annotations

import argparse
import sys
import time
from pathlib import Path

from playwright.sync_api import Browser

from tests.screens.judging import judge, kept, write_results
from tests.screens.pages import LOGINS
from tests.screens.picturing import REGISTERS, WIDTHS, picture, sheet
from tests.screens.showing import Demo, chromium, demo
from tests.screens.sources import invalid
from tests.screens.tasking import try_tasks
from tests.screens.touring import tour


def main() -> int:
    """Take pictures of the roles asked for, or check their pages; tell where the result is."""
    wanted = _asked()
    wanted.out.mkdir(parents=True, exist_ok=True)
    with demo(wanted.demo) as city, chromium() as browser:
        return ACTS[wanted.what](browser, city, wanted)


def _asked() -> argparse.Namespace:
    asked = argparse.ArgumentParser(prog="python -m tests.screens")
    asked.add_argument("what", choices=tuple(ACTS))
    asked.add_argument("--out", type=Path, default=Path("build/screens"))
    asked.add_argument("--demo", help="URL,PASSWORD of a demo that runs already")
    asked.add_argument("--roles", default=",".join(LOGINS))
    asked.add_argument("--registers", default=",".join(REGISTERS))
    asked.add_argument("--widths", default=",".join(map(str, WIDTHS)))
    asked.add_argument("--only", default="", help="only addresses that match this pattern")
    asked.add_argument("--conditions", default="", help="only conditions that match this pattern")
    asked.add_argument("--dark", action="store_true")
    asked.add_argument("--share", default="1/1", help="2/3: the second third of the pages only")
    asked.add_argument("--nu", type=Path, help="the Nu HTML checker (vnu.jar), if it is there")
    return asked.parse_args()


def _pictures(browser: Browser, city: Demo, wanted: argparse.Namespace) -> int:
    for login in wanted.roles.split(","):
        shots = picture(
            browser,
            city,
            login,
            wanted.out,
            registers=wanted.registers.split(","),
            widths=[int(width) for width in wanted.widths.split(",")],
            only=wanted.only,
            dark=wanted.dark,
        )
        folder = wanted.out / (f"{login}-dark" if wanted.dark else login)
        sheet(browser, folder, shots)
        _say(f"{login}: {len(shots)} pictures, {folder / 'index.html'}")
        for shot in shots:
            if shot.wider:
                _say(f"  {shot.href} {shot.register} {shot.width}: {shot.wider} px too wide")
    return 0


def _checks(browser: Browser, city: Demo, wanted: argparse.Namespace) -> int:
    which, of = (int(part) for part in wanted.share.split("/"))
    for login in wanted.roles.split(","):
        began = time.monotonic()
        for register, judged in judge(
            browser,
            city,
            login,
            wanted.out,
            wanted.registers.split(","),
            only=wanted.only,
            conditions=wanted.conditions,
            share=(which, of),
        ):
            pages, looks, findings = judged
            told = f"{len(pages)} pages, {looks} looks, {len(findings)} findings"
            _say(f"{login} {register}: {told}, {time.monotonic() - began:.0f} s")
    return _tell(wanted)


def _tell(wanted: argparse.Namespace) -> int:
    """Say what all parts of a run found, and what the Nu checker says of their sources."""
    pages, looks, known = kept(sorted(wanted.out.glob("parts/*.json")))
    findings = list(known)
    if wanted.nu:
        sources, wrong = invalid(wanted.nu, wanted.out)
        findings += wrong
        _say(f"Nu: {sources} different sources, {len(wrong)} findings")
    for finding in findings:
        _say("  " + " | ".join(finding))
    told = f"{len(pages)} pages, {looks} looks, {len(findings)} findings"
    _say(f"{told}: {write_results(wanted.out, looks, findings)}")
    return 1 if findings else 0


def _tour(browser: Browser, city: Demo, _wanted: argparse.Namespace) -> int:
    for file in tour(browser, city):
        _say(f"{file.stat().st_size // 1024} kB {file}")
    return 0


def _tasks(browser: Browser, city: Demo, wanted: argparse.Namespace) -> int:
    costs = []
    for cost in try_tasks(browser, city, wanted.roles.split(",")):
        costs.append(cost)
        took = f"{cost.clicks} clicks, {cost.fields} fields, {cost.seconds:.1f} s"
        _say(f"{cost.task.login} | {cost.task.wish} | {took} | {cost.stuck or 'done'}")
    stuck = sum(bool(cost.stuck) for cost in costs)
    _say(f"{len(costs)} tasks, {stuck} not done")
    return 1 if stuck else 0


ACTS = {"pictures": _pictures, "checks": _checks, "tour": _tour, "tasks": _tasks}


def _say(words: str) -> None:
    print(words, flush=True)  # noqa: T201 - the answer


if __name__ == "__main__":
    sys.exit(main())

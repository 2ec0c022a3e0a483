"""Run every mutant against the tests of its module: `python -m tests.mutation [MODULE…]`.

Each mutant gets a process of its own, in which the module is loaded with the mistake and its tests
run without database. The results are written to docs/mutants.md; a score below 90 % is a failure.
MUTANTS limits how many of each module are tried, spread evenly.
"""

from __future__ import annotations

import contextlib
import importlib.abc
import importlib.util
import io
import os
import signal
import sys
import time
from collections.abc import Sequence
from importlib.machinery import ModuleSpec
from pathlib import Path
from types import ModuleType

import pytest

from tests.mutation.mutating import Mutant, mutants

ROOT = Path(__file__).resolve().parents[2]
RESULTS = ROOT / "docs" / "mutants.md"
WANTED = 90.0
SECONDS = 60  # a mutant that never ends is noticed as well
MOST = int(os.environ.get("MUTANTS", "0"))

TARGETS = {
    "matching.kernel.permissions": "tests/kernel/test_permissions.py tests/kernel/test_reach.py",
    "matching.coordination.stages": "tests/coordination/test_stages.py",
    "matching.coordination.rules": "tests/coordination/test_coordination_rules.py",
    "matching.people.rules": "tests/people/test_people_rules.py",
    "matching.needs.rules": "tests/needs/test_needs_rules.py",
    "matching.activities.rules": "tests/activities/test_activities_rules.py",
    "matching.messaging.rules": "tests/messaging/test_messaging_rules.py",
    "matching.safeguarding.rules": "tests/safeguarding/test_safeguarding_rules.py",
    "matching.volunteers.rules": "tests/volunteers/test_volunteers_rules.py",
    "matching.volunteers.term_rules": "tests/volunteers/test_term_rules.py",
    "matching.activities.absence_rules": "tests/activities/test_absence_rules.py",
    "matching.activities.alarm_rules": "tests/activities/test_alarm_rules.py",
    "matching.activities.case_rules": "tests/activities/test_case_rules.py",
    "matching.activities.expense_rules": "tests/activities/test_expense_rules.py",
    "matching.activities.follow_rules": "tests/activities/test_follow_rules.py",
    "matching.needs.snow": "tests/needs/test_snow_rules.py",
    "matching.noticeboard.rules": "tests/noticeboard/test_noticeboard_rules.py",
}


class Mistaken(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Loads one module from another source."""

    def __init__(self, name: str, source: str) -> None:
        self.name, self.source = name, source

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        """Find the one module, leave the others to the others."""
        return importlib.util.spec_from_loader(fullname, self) if fullname == self.name else None

    def exec_module(self, module: ModuleType) -> None:
        """Run the other source as the module."""
        exec(compile(self.source, f"<mutant of {self.name}>", "exec"), vars(module))  # noqa: S102


def tests_pass(name: str, source: str, tests: str) -> bool:
    """Run the tests of a module in a process of their own, with this source as the module."""
    child = os.fork()
    if child == 0:
        signal.alarm(SECONDS)
        os.environ["PYTEST_DISABLE_PLUGIN_AUTOLOAD"] = "1"  # the tests of rules need none
        sys.meta_path.insert(0, Mistaken(name, source))
        with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
            found = pytest.main(
                [
                    "-x",
                    "-q",
                    "--noconftest",
                    "-p",
                    "no:cacheprovider",
                    *(str(ROOT / each) for each in tests.split()),
                ]
            )
        os._exit(int(found))
    _, status = os.waitpid(child, 0)
    return status == 0


def chosen(source: str) -> list[Mutant]:
    """Return the mutants of a module, or an even share of them."""
    found = list(mutants(source))
    return found[:: max(1, -(-len(found) // MOST))] if MOST else found


def survivors(name: str) -> tuple[int, list[str]]:
    """Return how many mutants of a module were tried, and which of them nobody noticed."""
    path, tests = ROOT / (name.replace(".", "/") + ".py"), TARGETS[name]
    source = path.read_text("utf-8")
    if not tests_pass(name, source, tests):
        raise SystemExit(f"{tests} fails on the module as it is")
    tried = chosen(source)
    return len(tried), [each.what for each in tried if tests_pass(name, each.source, tests)]


def main(names: list[str]) -> None:
    """Try the modules, write the page, say whether it is enough."""
    began, rows, alive, total = time.process_time(), [], [], 0
    for name in names or TARGETS:
        count, left = survivors(name)
        total += count
        rows.append(f"| `{name}` | {count} | {count - len(left)} | {_share(count, left)} |")
        alive += [f"- `{name}` {what}" for what in left]
        print(rows[-1], *alive[len(alive) - len(left) :], sep="\n", flush=True)  # noqa: T201
    score = 100 * (total - len(alive)) / total
    used = time.process_time() - began + sum(os.times()[2:4])
    if not names and not MOST:
        RESULTS.write_text(_page(rows, alive, total, score, used), "utf-8")
    sys.exit(score < WANTED)


def _share(count: int, left: list[str]) -> str:
    return f"{100 * (count - len(left)) / count:.1f} %"


def _page(rows: list[str], alive: list[str], total: int, score: float, used: float) -> str:
    return "\n".join(
        [
            "# Mutants",
            "Small mistakes put into rules, permissions and stages of disclosure, one at a time: a",
            "comparison turned, a number one higher, a role left out, a condition turned round,",
            "nothing returned. `make mutants` tries each against the tests of its module and fails",
            f"below {WANTED:.0f} %.",
            "",
            f"Last run: {total} mutants, {score:.1f} % noticed, {used:.0f} seconds of processor.",
            "",
            "| module | mutants | noticed | share |",
            "|---|---|---|---|",
            *rows,
            "",
            "## Not noticed",
            *(alive or ["None."]),
            "",
        ]
    )


if __name__ == "__main__":
    main(sys.argv[1:])

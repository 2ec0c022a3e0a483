"""Fail when a test report (JUnit XML) tells of a test that was skipped."""

import sys
from pathlib import Path
from xml.etree import ElementTree


def skipped(report: Path) -> list[str]:
    """Return the names of the skipped tests with their reasons."""
    cases = ElementTree.parse(report).iter("testcase")  # noqa: S314 - our own file
    return [
        f"{case.get('classname')}: {case.get('name')} ({note.get('message')})"
        for case in cases
        for note in case.findall("skipped")
    ]


if __name__ == "__main__":
    left_out = skipped(Path(sys.argv[1]))
    for line in left_out:
        print("skipped:", line)  # noqa: T201 - the answer
    sys.exit(bool(left_out))

"""Asks the integer programme in a process of its own, many instances at once."""

import json
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

from .instance import Instance, to_text
from .valuing import Value

ROOT = Path(__file__).resolve().parents[2]


def best_values(instances: Iterable[Instance]) -> list[Value]:
    """Return the proven best value of each instance."""
    command = [sys.executable, "-m", "tests.judges.programme"]
    lines = "".join(to_text(instance) + "\n" for instance in instances)
    ran = subprocess.run(command, cwd=ROOT, input=lines, capture_output=True, text=True)
    if ran.returncode != 0:
        raise RuntimeError(f"The programme gave up: {ran.stderr[-2000:]}")
    return [tuple(json.loads(line)) for line in ran.stdout.splitlines()]

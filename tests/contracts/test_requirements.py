"""What runs in production comes from the production lock, not from what tests bring along."""

import re
import subprocess
import sys
from importlib.metadata import packages_distributions
from pathlib import Path

STARTS = """
import sys
hidden = set(sys.argv[1].split())

class Hide:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in hidden:
            raise ModuleNotFoundError(f"No module named {name!r}", name=name)

sys.meta_path.insert(0, Hide())
import gunicorn.app.wsgiapp, gunicorn.workers.gthread
import matching.app, matching.cli, matching.local.prepare
import worker.tasks, worker.relay
from celery.bin import beat, celery
from worker.app import celery as app
app.connection_for_write().transport
for command in matching.cli.COMMANDS:
    matching.cli.main.get_command(None, command)
"""


def test_every_process_starts_with_what_the_production_lock_holds(checkout: Path) -> None:
    locked = {
        line.partition("==")[0].lower()
        for line in (checkout / "requirements.txt").read_text().splitlines()
        if "==" in line
    }
    hidden = [
        module
        for module, owners in packages_distributions().items()
        if not {re.sub(r"[-_.]+", "-", owner).lower() for owner in owners} & {*locked, "musubi"}
    ]
    assert "pytest" in hidden
    started = subprocess.run(
        [sys.executable, "-c", STARTS, " ".join(hidden)],
        cwd=checkout,
        capture_output=True,
        text=True,
        check=False,
    )
    assert started.returncode == 0, started.stderr

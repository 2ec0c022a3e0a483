"""As whom PostgreSQL runs: it refuses root, so root needs a namespace or another account."""

import os
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from matching.local.errors import LocalServiceError

_LAUNCHER = Path(__file__).with_name("launch.py")
_PROBE_SECONDS = 20


@dataclass(frozen=True)
class Identity:
    """`same`, `namespace` or `user:NAME`, in the spelling the launcher understands."""

    name: str

    @property
    def account(self) -> str | None:
        """The account that must own the files, or None where they stay the caller's own."""
        return self.name.removeprefix("user:") if self.name.startswith("user:") else None

    def command(self, argv: Sequence[str]) -> list[str]:
        """Wrap `argv` (absolute program first) so that it runs as this and ends with us."""
        launcher = [sys.executable, "-I", "-S", str(_LAUNCHER), str(os.getpid()), self.name]
        return [*launcher, *argv]


OURSELVES = Identity("same")
NAMESPACE = Identity("namespace")


def can_run(identity: Identity, program: Path) -> bool:
    """Tell whether `program --version` runs as `identity`: tried, not guessed."""
    done = subprocess.run(
        identity.command([str(program), "--version"]),
        capture_output=True,
        check=False,
        timeout=_PROBE_SECONDS,
        cwd="/",
    )
    return done.returncode == 0


def choose_identity(
    program: Path,
    environ: Mapping[str, str],
    *,
    is_root: bool | None = None,
    probe: Callable[[Identity, Path], bool] = can_run,
) -> Identity:
    """Choose as whom PostgreSQL may run here; `MUSUBI_PG_USER` names an account outright.

    An ordinary user runs it as themselves. Root tries a user namespace (files stay root's own),
    then the account `nobody`.
    """
    root = os.geteuid() == 0 if is_root is None else is_root
    if not root:
        return OURSELVES
    named = environ.get("MUSUBI_PG_USER")
    choices = [Identity(f"user:{named}")] if named else [NAMESPACE, Identity("user:nobody")]
    for identity in choices:
        if probe(identity, program):
            return identity
    raise LocalServiceError(_refusal(program, named))


def _refusal(program: Path, named: str | None) -> str:
    tried = f"the account {named}" if named else "a user namespace or the account nobody"
    return (
        f"PostgreSQL does not run as root, and {program} could not be run as {tried}. "
        "Start as an ordinary user, or allow user namespaces, or name in MUSUBI_PG_USER an account "
        "that can reach this folder, or give the address of a server in DATABASE_URL."
    )

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
_PASSAGE = 0o011  # others may pass through, not look around


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


def can_run(identity: Identity, program: Path, folder: Path) -> bool:
    """Tell whether `program` runs as `identity` and reaches `folder`: tried, not guessed."""
    script = 'cd "$1" && exec "$2" --version'
    done = subprocess.run(
        identity.command(["/bin/sh", "-c", script, "sh", str(folder), str(program)]),
        capture_output=True,
        check=False,
        timeout=_PROBE_SECONDS,
        cwd="/",
    )
    return done.returncode == 0


def choose_identity(
    program: Path,
    folder: Path,
    environ: Mapping[str, str],
    *,
    is_root: bool | None = None,
    probe: Callable[[Identity, Path, Path], bool] = can_run,
) -> Identity:
    """Choose as whom PostgreSQL may run here; `MUSUBI_PG_USER` names an account outright.

    An ordinary user runs it as themselves. Root tries a user namespace (files stay root's own),
    then the account `nobody`, which must be able to pass through to `folder`.
    """
    root = os.geteuid() == 0 if is_root is None else is_root
    if not root:
        return OURSELVES
    named = environ.get("MUSUBI_PG_USER")
    choices = [Identity(f"user:{named}")] if named else [NAMESPACE, Identity("user:nobody")]
    for identity in choices:
        if identity.account:
            folder.chmod(folder.stat().st_mode | _PASSAGE)
        if probe(identity, program, folder):
            return identity
    raise LocalServiceError(_refusal(program, folder, named))


def _refusal(program: Path, folder: Path, named: str | None) -> str:
    tried = f"the account {named}" if named else "a user namespace or the account nobody"
    return (
        f"PostgreSQL does not run as root, and {program} with its data in {folder} could not be "
        f"run as {tried}. Start as an ordinary user, or allow user namespaces, or name in "
        "MUSUBI_PG_USER an account that can reach both folders, or give the address of a server "
        "in DATABASE_URL."
    )

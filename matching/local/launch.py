"""Take on an identity, tie one's life to the parent's, then become the wanted program.

Run by path as a script of its own (`python -I -S launch.py PARENT IDENTITY PROGRAM ARG…`), so
that the caller needs no code between fork and exec, which threads would make unsafe. IDENTITY is
`same`, `namespace` (a user namespace in which root appears as an ordinary user) or `user:NAME`.
"""

import ctypes
import os
import pwd
import signal
import sys
from pathlib import Path

_CLONE_NEWUSER = 0x10000000
_PR_SET_PDEATHSIG = 1


def enter_namespace() -> None:
    """Leave root behind: the same files, seen by a process whose user id is not zero."""
    outer_uid, outer_gid = os.geteuid(), os.getegid()
    ordinary = _ordinary_account()
    _checked(_libc().unshare(_CLONE_NEWUSER), "unshare")
    Path("/proc/self/setgroups").write_text("deny")
    Path("/proc/self/uid_map").write_text(f"{ordinary.pw_uid} {outer_uid} 1")
    Path("/proc/self/gid_map").write_text(f"{ordinary.pw_gid} {outer_gid} 1")


def become(name: str) -> None:
    """Give up root for the account called `name`, with no supplementary groups."""
    account = pwd.getpwnam(name)
    os.setgroups([])
    os.setgid(account.pw_gid)
    os.setuid(account.pw_uid)


def die_with_parent(parent: int) -> None:
    """Ask the kernel to end this process when the one that started it ends, however it ends."""
    if sys.platform == "linux":
        _checked(_libc().prctl(_PR_SET_PDEATHSIG, signal.SIGKILL), "prctl")
    if os.getppid() != parent:
        raise SystemExit("the starting process ended first")


def main(arguments: list[str]) -> None:
    """Never returns: either becomes the program or ends with a sentence on stderr."""
    parent, identity, *command = arguments
    try:
        if identity == "namespace":
            enter_namespace()
        elif identity.startswith("user:"):
            become(identity.removeprefix("user:"))
        # After the change of identity: the kernel forgets the wish when credentials change.
        die_with_parent(int(parent))
        os.execv(command[0], command)  # noqa: S606 - no shell is wanted  # nosec B606
    except (OSError, KeyError) as error:
        raise SystemExit(f"cannot start {command[0]} as {identity}: {error}") from None


def _ordinary_account() -> pwd.struct_passwd:
    """PostgreSQL looks its user up by id, so the id must belong to an existing account."""
    return next(account for account in pwd.getpwall() if account.pw_uid != 0)


def _libc() -> ctypes.CDLL:
    return ctypes.CDLL(None, use_errno=True)


def _checked(result: int, call: str) -> None:
    if result != 0:
        code = ctypes.get_errno()
        raise OSError(code, f"{call}: {os.strerror(code)}")


if __name__ == "__main__":
    main(sys.argv[1:])

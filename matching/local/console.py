"""How the commands speak: a calm line at a time, refusals on stderr with exit code 1."""

import os
import sys
from collections.abc import Callable

import click

from matching.local.errors import LocalServiceError

_PRIVATE = 0o077


def say(text: str) -> None:
    """Print at once; a reader that has gone (`| head`) is no reason to stop serving."""
    try:
        click.echo(text)
    except BrokenPipeError:
        sys.stdout = open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115, PTH123


def run_or_refuse(run: Callable[[], None]) -> None:
    """Run with private files; a refusal becomes a sentence and exit code 1."""
    os.umask(_PRIVATE)
    try:
        run()
    except LocalServiceError as refusal:
        click.echo(str(refusal), err=True)
        sys.exit(1)

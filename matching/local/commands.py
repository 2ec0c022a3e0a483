"""The commands that start processes; each stays in the foreground until told to stop."""

import os

import click

from matching.local.banner import demo_banner
from matching.local.console import run_or_refuse, say
from matching.local.serving import prepare_alone, run_one, serve
from matching.local.surroundings import demo_password, place_of


@click.command("serve")
def serve_command() -> None:
    """Run the whole service: database, broker, web, relay, worker, beat."""
    run_or_refuse(lambda: serve(os.environ, say, lambda url: say(f"ready: {url}"), demo=False))


@click.command("demo")
def demo_command() -> None:
    """Run the whole service with the demo city."""

    def welcome(url: str) -> None:
        say(demo_banner(url, demo_password(place_of(os.environ))))

    say("starting the database, the broker and the pages ...")
    run_or_refuse(lambda: serve(os.environ, say, welcome, demo=True))
    say("stopped; the data is kept")


@click.command("web")
def web_command() -> None:
    """Serve the pages."""
    run_or_refuse(lambda: run_one("web", os.environ, say))


@click.command("worker")
def worker_command() -> None:
    """Do the jobs."""
    run_or_refuse(lambda: run_one("worker", os.environ, say))


@click.command("beat")
def beat_command() -> None:
    """Ring for the jobs of set times."""
    run_or_refuse(lambda: run_one("beat", os.environ, say))


@click.command("relay")
def relay_command() -> None:
    """Carry jobs from their rows to the broker."""
    run_or_refuse(lambda: run_one("relay", os.environ, say))


@click.command("migrate")
def migrate_command() -> None:
    """Bring the database to the newest shape."""
    run_or_refuse(lambda: prepare_alone(os.environ))


COMMANDS: tuple[click.Command, ...] = (
    serve_command,
    demo_command,
    web_command,
    worker_command,
    beat_command,
    relay_command,
    migrate_command,
)
"""To be added to the `musubi` group."""

"""`musubi`: every command in one place; a command's module is read only when it is called."""

from __future__ import annotations

import importlib

import click

# command -> the module and name where it lives
COMMANDS = {
    "serve": "matching.local.commands:serve_command",
    "demo": "matching.local.commands:demo_command",
    "web": "matching.local.commands:web_command",
    "worker": "matching.local.commands:worker_command",
    "beat": "matching.local.commands:beat_command",
    "relay": "matching.local.commands:relay_command",
    "migrate": "matching.local.commands:migrate_command",
    "import": "matching.commands.sheets:import_command",
    "export": "matching.commands.sheets:export_command",
    "engine": "matching.commands.engine:engine",
    "plan": "matching.commands.planning:plan",
    "account": "matching.commands.accounts:account",
    "acceptance": "matching.commands.acceptance:acceptance",
    "routes": "matching.commands.inspecting:routes",
    "invariants": "matching.commands.inspecting:invariants",
    "audit": "matching.commands.audit:audit",
    "backup": "matching.commands.records:backup",
    "restore": "matching.commands.records:restore",
    "erase": "matching.commands.records:erase",
    "hold": "matching.commands.retention:hold",
    "retain": "matching.commands.retention:retain",
    "subject-export": "matching.commands.retention:subject_export",
    "breach-report": "matching.commands.records:breach_report",
    "seed": "matching.commands.seed:seed",
    "report": "matching.commands.report:report",
    "mail": "matching.commands.mail:mail",
    "keys": "matching.commands.keys:keys",
    "doctor": "matching.commands.inspecting:doctor",
}


class Lazy(click.Group):
    """A group that knows its commands by name and loads the one that is called."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names of all commands."""
        return sorted(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Load a command; None for a name that does not exist."""
        if cmd_name not in COMMANDS:
            return None
        module, _, name = COMMANDS[cmd_name].partition(":")
        found: click.Command = getattr(importlib.import_module(module), name)
        return found


@click.group(cls=Lazy, context_settings={"help_option_names": ["-h", "--help"]})
def main() -> None:
    """結び Musubi: what a volunteer centre runs its day on."""

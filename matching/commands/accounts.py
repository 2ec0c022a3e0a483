"""`musubi account …`: log-ins and their roles."""

from __future__ import annotations

import sys
from datetime import datetime
from typing import Any

import click

from matching.commands.application import application, json_option, tell
from matching.kernel.permissions import ROLES

# The names of the demo's log-ins for the roles that are called otherwise.
SHORT = {
    "manager": "center_manager",
    "clerk": "intake_clerk",
    "commissioner": "welfare_commissioner",
    "resident": "requester",
    "partner": "partner_agency",
    "officer": "city_officer",
    "sysadmin": "system_admin",
}


@click.group()
def account() -> None:
    """Add and list log-ins."""


@account.command("add")
@click.argument("login")
@click.option("--role", required=True, type=click.Choice([*ROLES, *SHORT]))
@click.option("--area", help="Area code that limits the role; branch staff need one.")
@click.option("--district", help="District code of a commissioner; its area is known by it.")
@click.option(
    "--ends-on", type=click.DateTime(["%Y-%m-%d"]), help="Last day of the role, as 2028-11-30."
)
@click.option("--name", help="Name shown on the screen.")
@click.option("--password-stdin", is_flag=True, help="Read the password from standard input.")
@json_option
def add(
    login: str,
    role: str,
    area: str | None,
    district: str | None,
    ends_on: datetime | None,
    name: str | None,
    password_stdin: bool,
    as_json: bool,
) -> None:
    """Add the log-in LOGIN with one role."""
    from matching.kernel import clock
    from matching.kernel.actor import SYSTEM
    from matching.kernel.database import transaction
    from matching.people.accounts import AccountEntry, add_account

    role = SHORT.get(role, role)
    if role == "branch_staff" and area is None:
        raise click.UsageError("branch staff see their own area only: name it with --area")
    if district is not None:
        area = _area_of(district, area)
    typed = _from_stdin() if password_stdin else _ask()
    with application(), transaction() as session:
        reach = ((role, area, district),)
        last = ends_on.date() if ends_on else None
        entry = AccountEntry(login, typed, name or login, reach, ends_on=last)
        made = add_account(session, entry, SYSTEM, clock.now())
        found = {"login": made.login, "role": role, "area": area}
    tell(found, as_json, f"{found['login']}: {ROLES[role]}")


def _area_of(district: str, area: str | None) -> str:
    from matching.places.reference import DISTRICT_BY_CODE

    found = DISTRICT_BY_CODE.get(district)
    if found is None or area not in (None, found.area_code):
        raise click.BadParameter("there is no such district in that area", param_hint="--district")
    return found.area_code


def _ask() -> str:
    return str(click.prompt("パスワード", hide_input=True, confirmation_prompt=True, err=True))


def _from_stdin() -> str:
    typed = sys.stdin.readline().rstrip("\r\n")
    if not typed:
        raise click.UsageError("standard input holds no password")
    return typed


@account.command("list")
@json_option
def list_accounts(as_json: bool) -> None:
    """List the log-ins with their roles."""
    from matching.kernel.database import db
    from matching.people import queries

    with application():
        rows: list[dict[str, Any]] = [
            {
                "login": found.login,
                "name": found.display_name,
                "disabled": found.disabled_at is not None,
                "roles": [
                    {
                        "role": role.role,
                        "area": role.area_code,
                        "district": role.district_code,
                        "starts_on": role.starts_on,
                        "ends_on": role.ends_on,
                    }
                    for role in found.roles
                ],
            }
            for found in queries.list_accounts(db.session())
        ]
        text = "\n".join(
            f"{row['login']}: " + "、".join(ROLES[role["role"]] for role in row["roles"])
            for row in rows
        )
        tell({"accounts": rows}, as_json, text or "アカウントはまだありません。")


@account.command("token")
@click.argument("login")
@click.option("--scope", type=click.Choice(["read", "write"]), default="read")
@click.option("--name", default="command line", help="What it is for.")
def token(login: str, scope: str, name: str) -> None:
    """Print a new token for the JSON API that acts for LOGIN; it is shown once."""
    from matching.kernel import clock
    from matching.kernel.actor import SYSTEM
    from matching.kernel.database import transaction
    from matching.kernel.errors import NotFound
    from matching.people import queries
    from matching.people.tokens import make_token

    with application(), transaction() as session:
        found = queries.find_account_by_login(session, login)
        if found is None:
            raise NotFound
        click.echo(make_token(session, found.id, name, scope, SYSTEM, clock.now()))

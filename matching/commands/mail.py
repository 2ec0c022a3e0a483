"""`musubi mail bounced`: what the mail server's box for failures pipes in."""

from __future__ import annotations

from typing import BinaryIO

import click

from matching.commands.application import application, json_option, tell


@click.group("mail")
def mail() -> None:
    """Mail that comes back."""


@mail.command("bounced")
@click.argument("file", type=click.File("rb"), default="-")
@json_option
def bounced(file: BinaryIO, as_json: bool) -> None:
    """Take in one note of failure from FILE or standard input, as mail servers pipe them."""
    from matching.kernel import clock
    from matching.kernel.database import transaction
    from matching.messaging import bouncing

    raw = file.read(bouncing.MOST_BYTES)
    with application(), transaction() as session:
        result = bouncing.take_in(session, raw, clock.now())
    tell({"result": result}, as_json, result)

"""Mails about signing in: made when they leave, for their links are never kept."""

from __future__ import annotations

from matching.messaging.gateways import Parcel
from matching.messaging.registers import register_of, say
from matching.messaging.templates import CENTRE, FROM_CENTRE

RESET_SUBJECT = "パスワードを決めなおす"
RESET_LINES = (
    "パスワードを決めなおす申し込みがありました。",
    "30分のうちに、次のページを開いて、新しいパスワードを決めてください。",
)
RESET_END = "心あたりのないときは、このメールを捨ててください。何も変わりません。"


def reset_parcel(ref: str, address: str, link: str, language: str | None) -> Parcel:
    """Return the mail with a link by which somebody chooses a new password."""
    register = register_of(language)
    opening = (FROM_CENTRE, *RESET_LINES)
    text = "\n\n".join(
        ("\n".join(say(register, line) for line in opening), link, say(register, RESET_END))
    )
    subject = f"{say(register, RESET_SUBJECT)} - {say(register, CENTRE)}"
    return Parcel(ref, address, subject, text + "\n")

"""Quick cards: one sheet of paper for each of the people who meet here."""

from __future__ import annotations

from flask import Blueprint, abort, render_template
from flask_babel import lazy_gettext as _

from matching.web.access import access

pages = Blueprint("help", __name__)

CARDS = {
    "resident": (_("手伝ってほしい方へ"), "help/resident.html"),
    "volunteer": (_("手伝ってくださる方へ"), "help/volunteer.html"),
    "commissioner": (_("民生委員・児童委員の方へ"), "help/commissioner.html"),
    "coordinator": (_("センターで働く方へ"), "desk/help.html"),
}


@pages.get("/help")
@access("public.read")
def index() -> str:
    """List the cards."""
    return render_template("help/index.html", cards=CARDS)


@pages.get("/help/<card>")
@access("public.read")
def show(card: str) -> str:
    """Show one card, made to be printed on one sheet of A4."""
    if card not in CARDS:
        abort(404)
    title, template = CARDS[card]
    return render_template(template, title=title)

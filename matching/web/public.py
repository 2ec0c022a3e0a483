"""Pages for everybody: home, how we treat personal data, accessibility."""

from __future__ import annotations

from flask import Blueprint, jsonify, render_template
from werkzeug.wrappers import Response

from matching.catalogue.reference import CATEGORIES
from matching.evaluation.month import hands_wanted, last_month
from matching.kernel import clock
from matching.kernel.database import db
from matching.places.reference import find_postal
from matching.web import wording
from matching.web.access import access

pages = Blueprint("public", __name__)

WANTED = 6
PICTURES = {kind.code: kind.icon for kind in CATEGORIES}


@pages.get("/")
@access("public.read")
def home() -> str:
    """Two doors, a third for who does not know, and how it works."""
    session = db.session()
    return render_template(
        "public/home.html",
        month=last_month(session, clock.today()),
        wanted=[
            {"what": wording.category(code), "picture": PICTURES[code], "count": count}
            for code, count in hands_wanted(session, WANTED)
        ],
    )


@pages.get("/privacy")
@access("public.read")
def privacy() -> str:
    """What we keep, why, and for how long."""
    return render_template("public/privacy.html")


@pages.get("/accessibility")
@access("public.read")
def accessibility() -> str:
    """What works for whom, and where to say that it does not."""
    return render_template("public/accessibility.html")


@pages.get("/contact")
@access("public.read")
def contact() -> str:
    """Where to call or come when unsure whom to ask."""
    return render_template("public/contact.html")


@pages.get("/places/postal/<code>")
@access("public.read")
def postal(code: str) -> Response:
    """Return the towns of a postal code, for the form that asks for an address."""
    towns = find_postal(code.replace("-", ""))
    return jsonify(
        postal_code=code,
        towns=[{"address": f"岩手県一関市{town.town}", "kana": town.kana} for town in towns],
    )

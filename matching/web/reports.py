"""Statistics: what was asked for and what came of it, with small numbers hidden (BR-35)."""

from __future__ import annotations

from flask import Blueprint, render_template

from matching.evaluation import figures
from matching.kernel import clock
from matching.kernel.database import db
from matching.places.calendar import fiscal_year_of, format_fiscal_year
from matching.places.reference import AREAS
from matching.web import wording
from matching.web.access import access, current_actor
from matching.web.reports_view import city, trend, unmet

pages = Blueprint("reports", __name__)


@pages.get("/reports")
@access("report.read")
def overview() -> str:
    """Show this fiscal year by area and by kind of help; outsiders never see a small number."""
    today = clock.today()
    year = fiscal_year_of(today)
    hide = "city_officer" in current_actor().roles
    session = db.session()
    by_area = figures.needs_by_area(session, year)
    by_category = figures.needs_by_category(session, year)
    return render_template(
        "reports/overview.html",
        year=format_fiscal_year(year),
        areas=figures.told(
            [(area.name, by_area.get(area.code, figures.NOTHING)) for area in AREAS], hide=hide
        ),
        categories=figures.told(
            [(wording.category(code), counts) for code, counts in by_category.items()], hide=hide
        ),
        hidden=hide,
        city=city(session, hide=hide),
        unmet=unmet(session, hide=hide),
        trend=trend(session, today, hide=hide),
    )

"""The enrolment roster for the insurer, as a sheet; each time it is handed out is written down."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Sequence
from io import BytesIO, StringIO

from flask import Blueprint, make_response, request
from openpyxl import Workbook
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from matching.cells.escaping import escape_cell
from matching.kernel import audit, clock
from matching.kernel.database import transaction
from matching.kernel.errors import NotFound
from matching.places.calendar import fiscal_year_of
from matching.volunteers import insuring
from matching.volunteers.term_rules import PLANS
from matching.web.access import access, current_actor

pages = Blueprint("insurance_roster", __name__)

HEADS = (
    "番号",
    "登録番号",
    "氏名",
    "フリガナ",
    "生年月日",
    "住所",
    "電話番号",
    "プラン",
    "加入日",
    "補償の始まり",
    "補償の終わり",
)
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@pages.get("/desk/insurance/roster.<any(csv, xlsx):form>")
@access("insurance.roster")
def roster(form: str) -> Response:
    """Hand out the enrolment roster for the insurer, which is written down."""
    year, plan = _year(), request.args.get("plan", "basic")
    if plan not in PLANS:
        raise NotFound
    actor, now = current_actor(), clock.now()
    with transaction() as work:
        rows = list(_roster_rows(work, year, plan))
        audit.record(
            work, actor, now, "roster_exported", "insurance_plan", year, plan=plan, rows=len(rows)
        )
    code = "cp932" if request.args.get("encoding") == "cp932" else "utf-8-sig"
    content, kind = (_csv(rows, code), "text/csv") if form == "csv" else (_xlsx(rows), XLSX)
    answer = make_response(content)
    answer.headers["Content-Type"] = kind
    answer.headers["Content-Disposition"] = f'attachment; filename="roster-{year}-{plan}.{form}"'
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _roster_rows(session: Session, year: int, plan: str) -> Iterator[list[str]]:
    found = insuring.roster(session, year, plan)
    for number, (enrolment, volunteer) in enumerate(found, start=1):
        person = volunteer.person
        yield [
            str(number),
            volunteer.reference,
            person.name,
            person.name_kana or "",
            person.birth_on.isoformat() if person.birth_on else "",
            person.address or "",
            person.phone or person.mobile or "",
            PLANS[plan],
            enrolment.enrolled_on.isoformat(),
            enrolment.covers_from.isoformat(),
            enrolment.covers_until.isoformat(),
        ]


def _csv(rows: Sequence[Sequence[str]], code: str) -> bytes:
    text = StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(HEADS)
    writer.writerows([escape_cell(cell) for cell in row] for row in rows)
    return text.getvalue().encode(code, "replace")


def _xlsx(rows: Sequence[Sequence[str]]) -> bytes:
    book = Workbook()
    sheet = book.worksheets[0]
    sheet.title = "加入者名簿"
    sheet.append(list(HEADS))
    for row in rows:
        sheet.append([escape_cell(cell) for cell in row])
    buffer = BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def _year() -> int:
    """The fiscal year asked for, this one where none is."""
    this = fiscal_year_of(clock.today())
    years = {str(each): each for each in (this - 1, this, this + 1)}
    return years.get(request.args.get("year", ""), this)

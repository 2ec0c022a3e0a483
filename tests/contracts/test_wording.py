"""The three registers: nothing said in only one of them, readings in easy Japanese, kind words."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.frontend import CommandLineInterface
from babel.messages.mofile import read_mo
from babel.messages.pofile import read_po
from bs4 import BeautifulSoup
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from matching.kernel import clock
from matching.kernel.actor import SYSTEM
from matching.people.accounts import AccountEntry, add_account
from matching.web import surroundings
from matching.web.registers import place, weekday
from matching.web.ruby import with_ruby
from tests.factories import PASSWORD
from tests.web.browsing import sign_in, token
from tests.web.test_asking import GOOD

PUBLIC = ("/", "/privacy", "/accessibility", "/contact", "/login", "/needs/new", "/nothing/here")
PUBLIC += ("/register/volunteer", "/needs/new?all=1", "/register/volunteer?all=1", "/find")
PUBLIC += ("/find?whom=elderly", "/find?whom=child&about=money")
PUBLIC += ("/find?whom=elderly&about=care&area=hanaizumi",)
MY = ("/my", "/my/offers", "/my/activities", "/commissioner")
LOCALES = {"en": "en", "ja-easy": "ja_JP@easy"}
FORBIDDEN = re.compile("マッチング|エラー|断られ|ニーズ|打診|支援者")
JAPANESE = re.compile(r"[ぁ-ゖァ-ヺ一-鿿\u3000-\u303f\uff01-\uff60]")
KANJI = re.compile(r"[一-鿿々]")
READ = re.compile(r"[一-鿿々]+（[ぁ-ゖー]+）")
PLACEHOLDER = re.compile(r"%\((\w+)\)")
ADDRESS = "岩手県一関市山目字中野"  # an example; addresses are understood in Japanese only

# Pages of staff and what only they show; these may stay in plain Japanese beside easy Japanese.
STAFF_ONLY = (
    *("templates/desk", "templates/admin", "templates/reports", "templates/needs/phone_script"),
    *(f"templates/components/{name}" for name in ("candidate", "why_not", "factor", "work_item")),
    *(f"templates/components/{name}" for name in ("pagination", "tabs", "figures", "search_box")),
    *(
        f"matching/web/{name}"
        for name in ("needs", "need_story", "briefs", "plan", "pairs", "desk", "wording", "admin")
    ),
    *(f"matching/web/{name}" for name in ("audit_trail", "trail_words")),
    *("matching/coordination", "matching/needs/triaging", "matching/needs/rules"),
    "matching/volunteers/rules",
    "matching/kernel/tasks",
    "matching/web/offers",
    "matching/web/waves_view",
    "matching/web/need_li",  # one need in a line, and the list of all
    "matching/web/reports",
    "matching/web/fairness",
    "matching/web/weights",
    "matching/web/travel",
    *("matching/web/office_menu", "matching/web/noticeboard", "matching/web/modes"),
    *("matching/noticeboard/rules", "matching/noticeboard/publishing"),
    "matching/noticeboard/switching",
    *("matching/web/need_bulk", "matching/web/task_bulk", "matching/needs/handing"),
    "templates/components/bulk",
    "matching/places/travelling",
    *("matching/web/tasks", "matching/web/task_subjects"),
    *("matching/web/visits", "matching/web/visit_changes", "matching/web/weather"),
    *("matching/activities/revoking", "matching/activities/rescheduling"),
    *("matching/activities/relocating", "matching/evacuation", "matching/web/evacuation"),
    *("matching/web/follow_ups", "matching/activities/follow_rules", "matching/web/terms"),
    *("matching/activities/following", "matching/activities/closing"),
    *("matching/volunteers/insuring", "matching/volunteers/renewing"),
    *("matching/volunteers/admitting", "matching/web/insurance_roster"),
    *("matching/volunteers/term_rules", "matching/activities/completing"),
    "matching/evaluation/silence",
    *("matching/activities/absence_rules", "matching/activities/alarm", "matching/web/today"),
    *("matching/web/cases", "matching/activities/case_rules", "matching/activities/cases"),
    *("matching/web/need_days", "matching/needs/days_off", "matching/activities/swapping"),
    *("matching/web/intake", "matching/web/paper", "matching/web/referral"),
    *("matching/needs/referring", "matching/needs/referral_models", "matching/web/triage_form"),
    *("matching/needs/inbox", "matching/web/partner", "templates/partner"),
    *("matching/needs/paper", "matching/needs/approv", "matching/web/approvals"),
    "templates/paper",
    *("matching/people/rules", "matching/people/likeness", "matching/people/shielding"),
    *("matching/people/consenting", "matching/people/representing", "matching/people/wishing"),
    *("matching/web/people.py", "matching/web/reveals"),
    *("matching/people/inviting", "matching/people/managing"),
    "matching/web/safeguarding",
    *("matching/web/messages", "matching/messaging/handling", "templates/print"),
    *("matching/safeguarding/handling", "matching/safeguarding/queries"),
)
# Labels of code tables carry their English with them.
TABLES = ("matching/catalogue",)


@pytest.fixture(scope="module")
def said(checkout: Path, tmp_path_factory: pytest.TempPathFactory) -> Catalog:
    """Every text that a page may look up."""
    found = tmp_path_factory.mktemp("texts") / "messages.pot"
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(checkout)
        CommandLineInterface().run(
            ["pybabel", "--quiet", "extract", "-F", "babel.cfg", "-o", str(found), "."]
        )
    with found.open("rb") as file:
        return read_po(file)


def kept(checkout: Path, locale: str) -> Path:
    return checkout / "matching" / "translations" / locale / "LC_MESSAGES" / "messages.po"


@pytest.fixture(scope="module", params=LOCALES.values())
def catalogue(request: pytest.FixtureRequest, checkout: Path) -> Catalog:
    with kept(checkout, request.param).open("rb") as file:
        return read_po(file, locale=request.param)


@pytest.fixture(scope="module")
def english(checkout: Path) -> Catalog:
    with kept(checkout, "en").open("rb") as file:
        return read_po(file, locale="en")


@pytest.fixture(scope="module")
def easy(checkout: Path) -> Catalog:
    with kept(checkout, "ja_JP@easy").open("rb") as file:
        return read_po(file, locale="ja_JP@easy")


def texts(catalogue: Catalog) -> list[Message]:
    return [message for message in catalogue if message.id]


def only_from(message: Message, places: tuple[str, ...]) -> bool:
    return all(path.startswith(places) for path, _line in message.locations)


def missing(said: Catalog, catalogue: Catalog, left_out: tuple[str, ...]) -> list[str]:
    wanted = [message for message in texts(said) if not only_from(message, left_out)]
    return [each.id for each in wanted if not _said_in(catalogue, each)]


def _said_in(catalogue: Catalog, message: Message) -> bool:
    found = catalogue.get(message.id, message.context)
    return found is not None and bool(found.string)


def test_every_text_of_every_page_is_there_in_english(said: Catalog, english: Catalog) -> None:
    assert len(texts(said)) > 500
    assert missing(said, english, TABLES) == []


def test_every_text_of_public_pages_is_there_in_easy_japanese(said: Catalog, easy: Catalog) -> None:
    assert missing(said, easy, STAFF_ONLY) == []


def test_catalogues_hold_nothing_that_no_page_says(said: Catalog, catalogue: Catalog) -> None:
    assert [each.id for each in texts(catalogue) if said.get(each.id, each.context) is None] == []
    assert not catalogue.obsolete


def test_the_compiled_catalogues_are_in_step(checkout: Path, catalogue: Catalog) -> None:
    source = kept(checkout, catalogue.locale_identifier or "")
    with source.with_suffix(".mo").open("rb") as file:
        compiled = {_key(each): each.string for each in texts(read_mo(file))}
    written = {_key(each): each.string for each in texts(catalogue) if each.string}
    assert compiled == written


def _key(message: Message) -> tuple[str | None, str]:
    context = message.context
    return (context.decode() if isinstance(context, bytes) else context, message.id)


def test_translations_fill_in_the_same_values(catalogue: Catalog) -> None:
    for message in texts(catalogue):
        names = set(PLACEHOLDER.findall(message.id))
        assert set(PLACEHOLDER.findall(str(message.string))) <= names, message.id
        assert str(message.string) % dict.fromkeys(names, 1) is not None, message.id


def test_english_has_no_japanese_in_it(english: Catalog) -> None:
    wrong = [m.string for m in texts(english) if JAPANESE.search(m.string.replace(ADDRESS, ""))]
    assert wrong == []


def test_every_kanji_of_easy_japanese_has_its_reading(easy: Catalog) -> None:
    assert [m.string for m in texts(easy) if KANJI.search(READ.sub("", m.string))] == []


def test_easy_japanese_writes_western_years_only(easy: Catalog) -> None:
    assert [m.string for m in texts(easy) if re.search("令和|平成|昭和", m.string)] == []


def reader(app: Flask, register: str) -> FlaskClient:
    client = app.test_client()
    client.set_cookie("language", register)
    return client


def visible(html: bytes) -> str:
    """What a page says, aloud too; the switch names each language in itself."""
    page = BeautifulSoup(html, "html.parser")
    for element in page.select(".preferences, script, option[value='']"):
        element.decompose()
    aloud = [str(element["aria-label"]) for element in page.select("[aria-label]")]
    return " ".join([*page.stripped_strings, *aloud])


@pytest.mark.parametrize("path", PUBLIC)
def test_no_japanese_is_left_on_a_public_page_in_english(app: Flask, path: str) -> None:
    words = visible(reader(app, "en").get(path).data).replace(ADDRESS, "")
    assert JAPANESE.findall(words) == []


@pytest.mark.parametrize("path", MY)
def test_no_japanese_is_left_on_a_page_of_ones_own_in_english(
    app: Flask, session: Session, path: str
) -> None:
    roles = (("welfare_commissioner", "ichinoseki", None), ("volunteer", None, None))
    add_account(session, AccountEntry("me", PASSWORD, "Me", roles), SYSTEM, clock.now())
    session.commit()
    client = reader(app, "en")
    sign_in(client, "me")
    answer = client.get(path)
    assert answer.status_code == 200
    assert JAPANESE.findall(visible(answer.data)) == []


def test_the_slip_of_a_filed_need_is_in_english(app: Flask) -> None:
    client = reader(app, "en")
    fields = {**GOOD, "csrf_token": token(client, "/needs/new")}
    slip = client.post("/needs/new", data=fields, follow_redirects=True)
    assert slip.request.path == "/needs/received"
    words = visible(slip.data)
    assert "By Thu 26 November 2026" in words
    assert JAPANESE.findall(words) == []


def test_a_form_that_was_open_too_long_is_given_back_in_english(app: Flask) -> None:
    answer = reader(app, "en").post("/needs/new", data={"title": "Shopping"})
    assert answer.status_code == 400
    assert "Nothing you typed is lost" in answer.get_data(as_text=True)
    assert JAPANESE.findall(visible(answer.data)) == []


def test_a_rules_refusal_is_told_in_the_readers_register(app: Flask) -> None:
    client = reader(app, "en")
    fields = {**GOOD, "start_date": "2020-01-01", "csrf_token": token(client, "/needs/new")}
    answer = client.post("/needs/new", data=fields)
    assert answer.status_code == 422
    assert "has already passed" in answer.get_data(as_text=True)


@pytest.mark.parametrize("register", ["ja", "ja-easy"])
@pytest.mark.parametrize("path", PUBLIC)
def test_public_pages_never_use_the_words_of_the_office(
    app: Flask, path: str, register: str
) -> None:
    assert FORBIDDEN.findall(visible(reader(app, register).get(path).data)) == []


@pytest.mark.parametrize(("register", "lang"), [("ja", "ja"), ("ja-easy", "ja"), ("en", "en")])
def test_every_page_names_its_language(app: Flask, register: str, lang: str) -> None:
    for path in PUBLIC:
        page = BeautifulSoup(reader(app, register).get(path).data, "html.parser")
        assert page.html is not None
        assert page.html["lang"] == lang, path


def test_a_browser_that_asks_for_english_gets_it_until_its_reader_chooses(app: Flask) -> None:
    asks = {"Accept-Language": "en-GB,en;q=0.9"}
    assert b'<html lang="en"' in app.test_client().get("/", headers=asks).data
    assert b'<html lang="ja"' in reader(app, "ja").get("/", headers=asks).data


def test_easy_japanese_has_its_readings_above_the_kanji(app: Flask) -> None:
    page = BeautifulSoup(reader(app, "ja-easy").get("/needs/new?all=1").data, "html.parser")
    assert len(page.select("main ruby")) > 50
    assert not page.select("title ruby, option ruby, textarea ruby")
    assert page.select_one("title").get_text().startswith("手伝（てつだ）って")  # type: ignore[union-attr]
    assert not BeautifulSoup(reader(app, "ja").get("/").data, "html.parser").select("ruby")


def test_ruby_leaves_attributes_and_plain_text_elements_alone() -> None:
    ruby = "<ruby>雪<rp>（</rp><rt>ゆき</rt><rp>）</rp></ruby>"
    kept_as_is = '<title>雪（ゆき）</title><textarea a="雪（ゆき）">雪（ゆき）</textarea>'
    kept_as_is += "<svg><desc>雪（ゆき）</desc><text>雪（ゆき）</text></svg>"
    assert with_ruby(f'{kept_as_is}<p title="雪（ゆき）">雪（ゆき）雪（X）') == (
        f'{kept_as_is}<p title="雪（ゆき）"><span>{ruby}雪（X）</span>'
    )


DATES = {
    "ja": ("2026年11月23日（月）", "11月23日（月）", "月", "花泉"),
    "ja-easy": ("2026年11月23日 げつようび", "11月23日 げつようび", "げつ", "花泉（はないずみ）"),
    "en": ("Mon 23 November 2026", "Mon 23 November", "Mon", "Hanaizumi"),
}


@pytest.mark.parametrize("register", DATES)
def test_days_and_places_are_written_as_the_reader_says_them(app: Flask, register: str) -> None:
    day = date(2026, 11, 23)
    with app.test_request_context(headers={"Cookie": f"language={register}"}):
        written = (surroundings.day(day), surroundings.short_day(day), weekday(0), place("花泉"))
    assert written == DATES[register]

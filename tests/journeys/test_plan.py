"""A coordinator reads the plan, holds somebody else, has it made anew, decides what is safe."""

import re
from collections.abc import Iterator
from datetime import timedelta
from itertools import count

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect
from sqlalchemy import update
from sqlalchemy.orm import Session

from matching.coordination import queries
from matching.coordination.answering import Answer, answer
from matching.coordination.models import Proposal
from matching.coordination.offering import offer
from matching.coordination.placing import Choice
from matching.coordination.planning import plan_all
from matching.kernel import clock
from matching.kernel.actor import SYSTEM, Actor
from matching.needs.models import Need
from matching.people.accounts import AccountEntry, add_account
from matching.volunteers.models import Volunteer
from tests import factories
from tests.factories import PASSWORD
from tests.journeys.conftest import opened
from tests.live import Live

pytestmark = pytest.mark.browser
JOURNEYS = count(1)


def sign_in(page: Page, url: str, login: str) -> None:
    page.goto(f"{url}/login")
    page.get_by_label("ログイン名").fill(login)
    page.get_by_label("パスワード").fill(PASSWORD)
    page.get_by_role("main").get_by_role("button", name="ログイン").click()


def cast(session: Session, login: str) -> tuple[Need, Volunteer, Volunteer]:
    """A need, the volunteer nearest to it, and one further off who knows the resident well."""
    session.execute(update(Volunteer).values(state="paused"))  # those of the journey before
    now = clock.now()
    today = clock.local_date(now)
    daily = tuple((day, 540, 720) for day in range(7))
    near, known = (
        factories.volunteer(
            session,
            now,
            contact=factories.contact(name, lat=lat, lon=141.2),
            categories=("reading",),
            slots=daily,
            max_distance_km=20.0,
        )
        for name, lat in (("近野 一郎", 38.93), ("遠野 二郎", 38.97))
    )
    need = factories.need(
        session,
        now,
        category_code="reading",
        location=(38.93, 141.2),
        start_on=today + timedelta(days=5),
    )
    known.insured_until = today + timedelta(days=90)
    near.insured_until = known.insured_until
    past = Proposal(need_id=need.id, volunteer_id=known.id, state="accepted", outcome="completed")
    past.proposed_at = now - timedelta(days=30)
    session.add(past)
    roles = (("coordinator", None, None),)
    add_account(session, AccountEntry(login, PASSWORD, login, roles, demo=True), SYSTEM, now)
    plan_all(session, SYSTEM, now)
    session.commit()
    return need, near, known


def test_from_the_plan_to_a_held_pair_to_a_new_plan_to_a_decision(
    live: Live, live_session: Session, desktop: BrowserContext
) -> None:
    login = f"planner-{next(JOURNEYS)}"
    need, _near, known = cast(live_session, login)
    name = "遠野 二郎"
    page = desktop.new_page()
    sign_in(page, live.url, login)
    page.goto(f"{live.url}/desk/needs/{need.reference}")
    hold = page.get_by_role("button", name="この日時でおさえる")
    row = page.get_by_role("listitem").filter(has_text=name).filter(has=hold)
    row.first.get_by_role("button", name="この日時でおさえる").click()
    main = page.get_by_role("main")
    expect(main).to_contain_text("おさえました")

    page.goto(f"{live.url}/desk/plan")
    page.get_by_role("button", name="全体を作り直す").click()
    changed = page.get_by_role("region", name=re.compile("変更")).get_by_role("listitem")
    held = changed.filter(has_text="コーディネーターがおさえた").filter(has_text=need.reference)
    shown = page.get_by_role("row").filter(has_text=need.reference).filter(has_text=name)
    for _ in range(60):  # a page without JavaScript is opened again by hand
        if shown.count() and "作り直しています" not in main.inner_text():
            break
        page.wait_for_timeout(250)
        page.goto(f"{live.url}/desk/plan?since=yesterday")
    expect(shown).to_contain_text("おさえています")
    expect(held).to_contain_text(name)

    page.get_by_role("link", name=re.compile("安心して決められるもの")).click()
    safe = main.get_by_role("listitem").filter(has=page.get_by_role("checkbox"))
    expect(safe.filter(has_text=need.reference)).to_contain_text(name)
    for box in safe.filter(has_not_text=need.reference).get_by_role("checkbox").all():
        box.uncheck()
    page.get_by_role("button", name="しるしのついたものを決める").click()
    expect(main).to_contain_text("決定しました")
    page.goto(f"{live.url}/desk/needs/{need.reference}")
    expect(main).to_contain_text("決まった活動")
    assert known.reference in page.content()


@pytest.fixture
def two_pages(browser: Browser) -> Iterator[tuple[Page, Page]]:
    """Two pages of one coordinator, both with JavaScript."""
    with opened(browser, 1280, 900, scripts=True) as context:
        yield context.new_page(), context.new_page()


def decline(session: Session, need: Need, volunteer: Volunteer, actor: Actor) -> None:
    """Ask somebody by phone for the planned hour, and hear a no."""
    [proposal] = [p for p in queries.list_candidates(session, need.id) if p.volunteer is volunteer]
    [slot] = [slot for slot in proposal.slots if slot["planned"] is not None]
    day = clock.today() + timedelta(days=5)
    offer(session, proposal.id, [Choice(day, slot["planned"])], "phone", actor, clock.now())
    answer(session, proposal.id, Answer("no", "phone", "date"), actor, clock.now())
    session.commit()


def test_open_pages_show_who_comes_instead_of_somebody_who_declined_without_being_reloaded(
    live: Live, live_session: Session, two_pages: tuple[Page, Page]
) -> None:
    login = f"planner-{next(JOURNEYS)}"
    need, near, _known = cast(live_session, login)
    plan, page = two_pages
    sign_in(plan, live.url, login)
    plan.goto(f"{live.url}/desk/plan")
    page.goto(f"{live.url}/desk/needs/{need.reference}")
    row = plan.get_by_role("row").filter(has_text=need.reference)
    expect(row).to_contain_text("近野 一郎")
    people = page.get_by_role("region", name="手伝ってくれそうな人")
    expect(people).to_contain_text("近野 一郎")
    for each in two_pages:
        each.evaluate("window.neverReloaded = true")

    decline(live_session, need, near, factories.actor(live_session, "coordinator"))

    expect(row).to_contain_text("遠野 二郎", timeout=30_000)
    expect(row).not_to_contain_text("近野 一郎")
    changes = plan.get_by_role("region", name=re.compile("変更")).get_by_role("listitem")
    came = changes.filter(has_text=need.reference).filter(has_text="遠野 二郎")
    expect(came).to_contain_text("前の方の代わり")
    expect(people).not_to_contain_text("近野 一郎", timeout=30_000)
    expect(people).to_contain_text("遠野 二郎")
    assert [each.evaluate("window.neverReloaded") for each in two_pages] == [True, True]

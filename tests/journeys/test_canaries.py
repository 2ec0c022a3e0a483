"""Marked data goes through the whole service, and is then looked for where it must never be."""

from __future__ import annotations

import mmap
import os
import re
import shutil
import subprocess
import sys
import time
import unicodedata
from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from pathlib import Path

import psutil
import pytest
import redis
from bs4 import BeautifulSoup
from sqlalchemy import select, text
from sqlalchemy.orm import Session, joinedload

import config as settings
from matching.coordination.models import Placement, Proposal
from matching.kernel import clock
from matching.kernel.actor import SYSTEM, Actor
from matching.kernel.outbox import OutboxJob
from matching.local.binaries import find_postgres_bin
from matching.local.endpoints import libpq_url
from matching.messaging import feeding
from matching.needs.models import Need
from matching.people.accounts import AccountEntry, add_account
from matching.people.models import Person
from matching.volunteers.models import Volunteer
from tests.factories import PASSWORD
from tests.interchange.sheet_files import csv_bytes
from tests.live import Live, Visitor

# What only the sealed columns may hold, and what may stand in the database but nowhere else.
SECRETS = {
    "phone": "0191007531",
    "volunteer phone": "09000007531",
    "sheet phone": "0191007532",
    "e-mail": "kanaria7531@example.jp",
    "address": "字奥山9753",
    "volunteer address": "字里山9754",
    "note": "鍵は青い植木鉢の下",
    "volunteer note": "膝に人工関節があります",
    "reason": "認知症の疑いを娘さんから聞く",
    "said on the phone": "息子さんには内緒にしてほしい",
    "why apart": "以前の職場でのいさかい",
    "why called off": "検査入院が決まったため",
    "what to mind": "玄関の段差でよくつまずかれます",
    "report": "台所に空の酒びんが並んでいました",
    "follow-up": "娘さんの話はしないでほしいそうです",
    "concern": "腕に青いあざがありました",
}
SOON = timedelta(minutes=1)
NAMES = {"resident": "金糸雀 うたえ", "kana": "カナリア ウタエ", "volunteer": "目白 なくぞう"}


def spellings(text: str) -> set[bytes]:
    """A text as it may have been written down: plain, in other widths, with hyphens, escaped."""
    wide = "".join(chr(ord(c) + 0xFEE0) if "!" <= c <= "~" else c for c in text)
    forms = {text, wide, unicodedata.normalize("NFKC", text), ascii(text)[1:-1]}
    if text.isdecimal():
        cut = 4 if text.startswith("0191") else 3
        forms |= {f"{text[:cut]}-{text[cut:-4]}-{text[-4:]}", f"+81{text[1:]}"}
    return {form.encode() for form in forms} | {text.encode("utf-16-le")}


def wished() -> date:
    """The day that is asked for, and on whose weekday somebody has time."""
    return clock.today() + timedelta(days=5)


class Canaries:
    """One journey of marked people through a running service."""

    def __init__(self, live: Live) -> None:
        self.live, self.public, self.desk = live, Visitor(live.url), Visitor(live.url)
        self.began = time.time()

    def fields(self, visitor: Visitor, path: str, action: str) -> dict[str, str]:
        forms = visitor.get(path).page.select("form[method=post]")
        [form] = [each for each in forms if each.get("action", path) == action]
        hidden = form.select("input[type=hidden]")
        return {str(each["name"]): str(each.get("value", "")) for each in hidden}

    def ask(self, **changes: str) -> int:
        fields = {
            **self.fields(self.public, "/needs/new", "/needs/new"),
            "requester_relation": "self",
            "requester_name": NAMES["resident"],
            "requester_kana": "かなりあ うたえ",
            "phone": "０１９１－００－７５３１",
            "email": SECRETS["e-mail"],
            "category": "shopping",
            "title": "買い物",
            "start_date": wished().isoformat(),
            "address": f"岩手県一関市赤荻{SECRETS['address']}",
            "note": SECRETS["note"],
            "recurrence": "once",
            "gender_preference": "any",
            "channel": "web",
            "urgency": "normal",
            "consent_coordination": "y",
            **changes,
        }
        return self.public.post("/needs/new", fields).status

    def register(self) -> int:
        path = "/register/volunteer"
        fields = {
            **self.fields(self.public, path, path),
            "name": NAMES["volunteer"],
            "name_kana": "めじろ なくぞう",
            "birth_date": "1960-04-01",
            "phone": SECRETS["volunteer phone"],
            "address": f"岩手県一関市赤荻{SECRETS['volunteer address']}",
            "note": SECRETS["volunteer note"],
            "categories": "shopping",
            "availability": f"{wished().weekday()}-morning",
            "transport": "car",
            "contact_method": "phone",
            "consent_coordination": "y",
            "pledge": "y",
        }
        return self.public.post(path, fields).status

    def look(self, reference: str) -> None:
        for path in (
            *("/desk", f"/desk/needs/{reference}", "/desk/volunteers", "/desk/plan", "/metrics"),
            f"/desk/volunteers?q={SECRETS['volunteer phone']}",
            "/admin/audit",
        ):
            assert self.desk.get(path).status == 200, path

    def triage(self, reference: str) -> int:
        path = f"/desk/needs/{reference}"
        fields = {
            **self.fields(self.desk, path, f"{path}/triage"),
            "outcome": "accept",
            "reason": SECRETS["reason"],
            "next_action": "手伝う人をさがす",
        }
        return self.desk.post(f"{path}/triage", fields).status

    def visit(self, session: Session, need: Need) -> None:
        """Somebody is asked, agrees, is looked up, called off and kept apart."""
        helper = session.scalars(
            select(Volunteer).join(Person).where(Person.name == NAMES["volunteer"])
            .options(joinedload(Volunteer.person))
        ).one()  # fmt: skip
        helper.state = "active"
        helper.person.lat, helper.person.lon = need.lat, need.lon
        session.commit()
        page, person = f"/desk/needs/{need.reference}", f"/desk/people/{need.requester_id}"
        words = {"outline": "買い物です", "care": SECRETS["what to mind"]}
        assert self.send(f"{page}/brief", f"{page}/brief", **words) == 200
        placed = self.agree(session, need, helper)
        assert self.desk.get(person).status == 200
        off = f"/desk/placements/{placed.id}/cancel"
        assert self.send(page, off, reason=SECRETS["why called off"]) == 200
        self.report(session, self.agree(session, need, helper))
        apart = {"reference": helper.reference, "reason": SECRETS["why apart"]}
        assert self.send(person, f"{person}/block", **apart) == 200

    def agree(self, session: Session, need: Need, helper: Volunteer) -> Placement:
        """From a plan to a visit that is settled."""
        assert run(self.live, "plan", "run").returncode == 0
        session.expire_all()
        found = select(Proposal).where(Proposal.need_id == need.id, Proposal.state == "suggested")
        proposal = session.scalars(found.where(Proposal.volunteer_id == helper.id)).one()
        on, start = proposal.slots[0]["on"], proposal.slots[0]["starts"][0]
        own, slot = f"/desk/proposals/{proposal.id}", f"{on}T{start // 60:02d}:{start % 60:02d}"
        told = {"slot": slot, "channel": "phone"}
        form = self.fields(self.desk, f"/desk/needs/{need.reference}", f"{own}/confirm")
        assert self.desk.post(f"{own}/offer", {**form, **told}).status == 200
        said = {"kind": "yes", "channel": "phone", "said": SECRETS["said on the phone"]}
        assert self.send(own, f"{own}/answer", **said) == 200
        assert self.send(own, f"{own}/resident", **said) == 200
        session.rollback()
        placed = select(Placement).where(Placement.proposal_id == proposal.id)
        return session.scalars(placed.where(Placement.state == "confirmed")).one()

    def report(self, session: Session, placed: Placement) -> None:
        """The visit is over: its report, a complaint, a concern, and what both said afterwards."""
        happened(session, placed)
        visit = f"/desk/activities/{placed.id}"
        told = {"minutes": "60", "condition": "usual", "said": SECRETS["report"]}
        assert self.send(visit, f"{visit}/report", **told) == 200
        calls = self.desk.get("/desk/follow-ups").page.select("a[href^='/desk/follow-ups/']")
        call = str(calls[0]["href"])
        heard = {"outcome": "continue", "said": SECRETS["follow-up"]}
        assert self.send(call, call, **heard) == 200
        worry = {"body": SECRETS["concern"], "target": "other"}
        assert self.send("/concern", "/concern", **worry) == 200

    def send(self, page: str, action: str, **fields: str) -> int:
        return self.desk.post(action, {**self.fields(self.desk, page, action), **fields}).status

    def fail(self) -> None:
        """Requests that are refused in every way we know, with marked data in them."""
        marked = {**SECRETS, **NAMES}
        assert self.ask(start_date="2020-01-01") == 422
        assert self.ask(note=SECRETS["note"] * 1000) == 422
        for path in ("/needs/new", "/login", "/nothing/here"):
            assert self.public.post(path, marked).status in (400, 404, 405)
        assert self.desk.get("/desk/needs/R8-999999").status == 404
        fields = {"login": SECRETS["e-mail"], "password": SECRETS["phone"]}
        token = self.public.token("/login")
        assert self.public.post("/login", {**fields, "csrf_token": token}).status < 500


@pytest.fixture
def travelled(live: Live, live_session: Session, tmp_path: Path) -> Iterator[Canaries]:
    now = clock.now()
    roles = (("center_manager", None, None),)
    entry = AccountEntry("canary", PASSWORD, "見張り", roles, demo=True)
    add_account(live_session, entry, SYSTEM, now)
    live_session.commit()
    journey = Canaries(live)
    journey.desk.sign_in("canary", PASSWORD)
    assert journey.ask() == 200
    assert journey.register() == 200
    sheet = tmp_path / "volunteers.csv"
    row = ("V7532", "鶯 なくみ", SECRETS["sheet phone"], SECRETS["volunteer note"])
    sheet.write_bytes(csv_bytes([("登録番号", "氏名", "電話番号", "備考"), row]))
    assert run(live, "import", "volunteers", str(sheet)).returncode == 0
    need = live_session.scalars(
        select(Need).join(Person, Person.id == Need.requester_id)
        .where(Person.name == NAMES["resident"])
    ).first()  # fmt: skip
    assert need is not None
    assert journey.triage(need.reference) == 200
    journey.fail()
    assert run(live, "plan", "run").returncode == 0
    journey.look(need.reference)
    journey.visit(live_session, need)
    wait_for_jobs(live_session)
    yield journey


def run(live: Live, *arguments: str) -> subprocess.CompletedProcess[bytes]:
    command = [str(Path(sys.executable).with_name("musubi")), *arguments]
    return subprocess.run(command, env=dict(live.environ), capture_output=True, check=False)


def wait_for_jobs(session: Session) -> None:
    """Wait for all that is due; what is put off to another hour would not be done today."""
    for _ in range(100):
        session.rollback()
        due = (OutboxJob.state == "pending") & (OutboxJob.due_at <= clock.now() + SOON)
        if session.scalar(select(OutboxJob.id).where(due)) is None:
            return
        time.sleep(0.2)
    pending = select(OutboxJob.name, OutboxJob.attempts).where(due)
    raise AssertionError(f"these jobs were not done: {session.execute(pending).all()}")


def happened(session: Session, placed: Placement) -> None:
    """Let a week go by for one visit alone: the service itself is on the clock of the machine."""
    week = "interval '7 days'"
    busy = f", busy = tstzrange(lower(busy) - {week}, upper(busy) - {week})"
    session.execute(text("SET LOCAL session_replication_role = replica"))
    for table, number, more in (
        ("need_occurrences", placed.occurrence_id, ""),
        ("placements", placed.id, busy),
    ):
        shifted = f"starts_at = starts_at - {week}, ends_at = ends_at - {week}{more}"
        session.execute(text(f"UPDATE {table} SET {shifted} WHERE id = {number}"))  # noqa: S608
    session.commit()


def feed_of(live: Live, session: Session, name: str) -> str:
    """What the calendar of somebody reads without signing in."""
    person = session.scalars(select(Person).where(Person.name == name)).one()
    entry = AccountEntry("mejiro", PASSWORD, "手伝い", (("volunteer", None, None),), person.id)
    made = add_account(session, entry, SYSTEM, clock.now())
    session.flush()
    token = feeding.make(session, "電話", Actor(("volunteer",), made.id, person.id), clock.now())
    session.commit()
    return Visitor(live.url).get(f"/calendar/{token}.ics").text


def found_in(data: bytes | mmap.mmap, marks: Mapping[str, str]) -> set[str]:
    return {
        name
        for name, text in marks.items()
        if any(data.find(form) >= 0 for form in spellings(text))
    }


def found_below(folder: Path, marks: Mapping[str, str], since: float = 0) -> dict[str, set[str]]:
    """Search every file that was written `since`: what is older cannot hold what came later."""
    told = {}
    for path in folder.rglob("*"):
        if path.is_symlink() or not path.is_file():
            continue
        if path.stat().st_size and path.stat().st_mtime >= since:
            with path.open("rb") as file, mmap.mmap(file.fileno(), 0, prot=mmap.PROT_READ) as data:
                if found := found_in(data, marks):
                    told[str(path.relative_to(folder))] = found
    return told


def test_nothing_marked_is_where_it_must_not_be(
    travelled: Canaries,
    live_session: Session,
    live_database: str,
    config: settings.Config,
    tmp_path_factory: pytest.TempPathFactory,
    tmp_path: Path,
) -> None:
    everything = {**SECRETS, **NAMES}
    desk = travelled.desk.get("/desk/volunteers").text
    assert "090-0000-7531" in desk, "the journey must have shown what we look for"

    feed = feed_of(travelled.live, live_session, NAMES["volunteer"])
    assert "BEGIN:VEVENT" in feed
    assert found_in(feed.replace("\n ", "").encode(), everything) == set(), "the calendar"
    dump = dumped(live_database)
    assert found_in(dump, NAMES) == set(NAMES), "names may be read, so a search finds them"
    assert found_in(dump, SECRETS) == set(), "sealed in the database"
    base = tmp_path_factory.getbasetemp()
    services = next(base.glob("services*"))
    files, since = services / "postgres", travelled.began - 5
    assert found_below(files, NAMES, since), "the files are those of this database"
    assert found_below(files, SECRETS, since) == {}, "its files and its log of writes"
    assert found_below(services / "valkey", everything) == {}, "the broker's files"
    for log in [*base.glob("live*/*.log"), *services.glob("*.log")]:
        assert found_in(log.read_bytes(), everything) == set(), log.name
    assert found_in(b"".join(broker_values(config.redis_url)), everything) == set()
    assert found_in(travelled.desk.get("/metrics").text.encode(), everything) == set()
    assert found_in(processes(), everything) == set(), "what ps and /proc tell"
    assert found_in(outbox(dump), everything) == set(), "jobs carry numbers only"

    backup = tmp_path / "backup"
    assert run(travelled.live, "backup", str(backup)).returncode == 0
    assert found_in(backup.read_bytes(), everything) == set()
    trail = tmp_path / "trail.jsonl"
    assert run(travelled.live, "audit", "export", "--out", str(trail)).returncode == 0
    assert found_in(trail.read_bytes(), everything) == set()


def dumped(url: str) -> bytes:
    program = find_postgres_bin(os.environ) / "pg_dump"
    if not program.exists():
        program = Path(shutil.which("pg_dump") or program)
    asked = [str(program), f"--dbname={libpq_url(url)}"]
    return subprocess.run(asked, capture_output=True, check=True).stdout


def outbox(dump: bytes) -> bytes:
    found = re.search(rb"COPY public\.outbox_jobs .*?\n\\\.", dump, re.DOTALL)
    assert found is not None
    return found[0]


def broker_values(url: str) -> Iterator[bytes]:
    broker = redis.Redis.from_url(url)
    for key in broker.scan_iter():
        yield key
        yield broker.dump(key) or b""


def processes() -> bytes:
    told = []
    for process in [psutil.Process(), *psutil.Process().children(recursive=True)]:
        for name in ("environ", "cmdline"):
            try:
                told.append(Path(f"/proc/{process.pid}/{name}").read_bytes())
            except OSError:
                continue
    assert len(told) > 4
    return b"\n".join(told)


def test_a_search_for_what_is_there_finds_it(tmp_path: Path) -> None:
    """The search itself is tried, so that it cannot find nothing by being blind."""
    page = BeautifulSoup("<p>０１９１－００－７５３１</p>", "html.parser").get_text().encode()
    assert found_in(page, {"phone": "0191-00-7531"}) == {"phone"}
    (tmp_path / "log").write_bytes(b'{"note": "\\u9375"} 0191-00-7531')
    assert found_below(tmp_path, {"note": "鍵", "phone": "0191007531"}) == {
        "log": {"note", "phone"}
    }

"""The commands read, report, refuse and write as they promise."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import create_engine, text

import config as settings
from matching.cli import main
from matching.kernel import keyring
from tests.conftest import NOW
from tests.interchange.sheet_files import csv_bytes

ROWS = [
    ("登録番号", "氏名", "電話番号", "希望する活動", "生年月日", "年齢", "保険", "備考"),
    ("V1", "佐藤 清", "0191-00-1111 内線3", "雪かき、手品", "昭和二十年頃", "", "加入", "=1"),
    ("V2", "", "", "", "", "", "", ""),
    ("V3", "千葉 正", "191001112", "", "S25.3.3", "十九", "", ""),
]
Run = Callable[..., Result]


@pytest.fixture
def run(
    database: str, config: settings.Config, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Run]:
    """`musubi …` on a database of this test's own, with keys of its own."""
    keys = keyring.path()
    environ = {
        "DATABASE_URL": database,
        "REDIS_URL": config.redis_url,
        "SECRET_KEYS_FILE": str(tmp_path / "secret"),
        "MUSUBI_DATA": str(tmp_path / "data"),
        "MUSUBI_DEMO": "1",
        "MUSUBI_NOW": NOW.isoformat(),
        "LOG_LEVEL": "ERROR",
    }
    (tmp_path / "secret").write_text("k" * 40)
    for name, value in environ.items():
        monkeypatch.setenv(name, value)

    def invoke(*arguments: str | Path) -> Result:
        return CliRunner().invoke(main, [str(argument) for argument in arguments])

    yield invoke
    keyring.configure(keys)


@pytest.fixture
def sheet(tmp_path: Path) -> Path:
    path = tmp_path / "名簿.csv"
    path.write_bytes(csv_bytes(ROWS, "cp932"))
    return path


def count(database: str, table: str) -> int:
    engine = create_engine(database)
    with engine.connect() as connection:
        found = connection.scalar(text(f"SELECT count(*) FROM {table}"))  # noqa: S608
    engine.dispose()
    return int(found or 0)


def report(result: Result) -> dict[str, Any]:
    assert result.exit_code == 0, result.output
    told: dict[str, Any] = json.loads(result.stdout)
    return told


def test_an_import_reports_every_row(run: Run, sheet: Path, tmp_path: Path) -> None:
    told = report(run("import", "volunteers", sheet, "--json", "--report", tmp_path / "r.json"))
    assert json.loads((tmp_path / "r.json").read_text()) == told
    figures = ("rows", "created", "updated", "unchanged", "refused", "encoding")
    assert [told[name] for name in figures] == [3, 2, 0, 0, 1, "cp932"]
    assert [(p["line"], p["column"], p["code"], p["severity"]) for p in told["problems"]] == [
        (2, "希望する活動", "codes_unknown", "warning"),
        (2, "生年月日", "date_invalid", "error"),
        (3, "氏名", "required_missing", "error"),
        (4, "電話番号", "phone_leading_zero_restored", "warning"),
    ]
    assert "records" not in told


def test_a_second_import_creates_nothing(run: Run, sheet: Path) -> None:
    run("import", "volunteers", sheet)
    told = report(run("import", "volunteers", sheet, "--json"))
    assert (told["created"], told["updated"], told["unchanged"]) == (0, 0, 2)


def test_a_trial_shows_the_values_and_changes_nothing(run: Run, sheet: Path, database: str) -> None:
    told = report(run("import", "volunteers", sheet, "--dry-run", "--json"))
    assert (told["created"], count(database, "persons"), count(database, "events")) == (2, 0, 0)
    assert told["records"] == [
        {
            "line": 2,
            "volunteer_id": "V1",
            "name": "佐藤 清",
            "phone": "0191001111",
            "phone_extension": "3",
            "categories": ["snow_removal"],
            "birth_date": None,
            "age": None,
            "insured": True,
            "note": "=1",
        },
        {
            "line": 4,
            "volunteer_id": "V3",
            "name": "千葉 正",
            "phone": "0191001112",
            "categories": [],
            "birth_date": "1950-03-03",
            "age": 19,
            "insured": None,
            "note": "",
        },
    ]


def test_a_refused_file_is_one_sentence_and_exit_code_1(run: Run, tmp_path: Path) -> None:
    (tmp_path / "x.csv").write_bytes(b"<html><table>")
    result = run("import", "needs", tmp_path / "x.csv", "--json")
    assert result.exit_code == 1
    assert json.loads(result.stdout)["problems"][0]["code"] == "file_is_html"
    assert "HTML" in result.stderr


@pytest.mark.parametrize(
    "arguments", [("import", "cats", "x"), ("import", "needs"), ("export", "needs")]
)
def test_wrong_usage_is_exit_code_2(run: Run, arguments: tuple[str, ...]) -> None:
    assert run(*arguments).exit_code == 2


def test_a_wrong_layout_file_is_refused(run: Run, sheet: Path, tmp_path: Path) -> None:
    (tmp_path / "m.toml").write_text("sheet = 3")
    result = run("import", "volunteers", sheet, "--map", tmp_path / "m.toml")
    assert (result.exit_code, "対応表" in result.stderr) == (1, True)


def test_people_read_a_summary_in_their_language(run: Run, sheet: Path) -> None:
    result = run("import", "volunteers", sheet)
    assert result.stdout.startswith("3行：新規 2、更新 0、変更なし 0、取り込めない行 1\n")
    assert "[誤り] 3行目 氏名：必ず要る項目が空です。入力してください。" in result.stdout


def add_account(login: str, *options: str) -> None:
    command = ("from matching.cli import main; main()", "account", "add", login, *options)
    subprocess.run(
        [sys.executable, "-c", *command, "--password-stdin"],
        input=b"correct horse battery staple",
        cwd=settings.ROOT,
        check=True,
        capture_output=True,
    )


def test_an_account_imports_in_its_own_role(run: Run, sheet: Path, database: str) -> None:
    add_account("suzuki", "--role", "coordinator")
    report(run("import", "volunteers", sheet, "--as", "suzuki", "--json"))
    engine = create_engine(database)
    with engine.connect() as connection:
        role = connection.scalar(
            text("SELECT actor_role FROM events WHERE action = 'sheet_imported'")
        )
    engine.dispose()
    assert role == "coordinator"


@pytest.mark.parametrize(
    ("login", "options"),
    [
        ("nobody", None),
        ("officer", ("--role", "city_officer")),
        ("branch", ("--role", "branch_staff", "--area", "hanaizumi")),
    ],
)
def test_who_has_no_role_for_the_whole_city_is_refused(
    run: Run, sheet: Path, database: str, login: str, options: tuple[str, ...] | None
) -> None:
    if options is not None:
        add_account(login, *options)
    refused = run("import", "volunteers", sheet, "--as", login)
    assert (refused.exit_code, login in refused.stderr) == (1, True)
    assert count(database, "volunteers") == 0


def test_an_export_is_written_and_reads_back(run: Run, sheet: Path, tmp_path: Path) -> None:
    run("import", "volunteers", sheet)
    out = tmp_path / "out.csv"
    told = report(run("export", "volunteers", "--out", out, "--encoding", "cp932", "--json"))
    assert told == {"rows": 2, "encoding": "cp932", "out": str(out), "lost": []}
    again = report(run("import", "volunteers", out, "--json"))
    assert (again["unchanged"], again["encoding"], again["problems"]) == (2, "cp932", [])


def test_an_export_to_nowhere_is_refused(run: Run, tmp_path: Path) -> None:
    result = run("export", "needs", "--out", tmp_path / "no" / "x.csv")
    assert (result.exit_code, "書けません" in result.stderr) == (1, True)


def test_a_name_too_long_for_its_column_costs_its_own_row_only(
    run: Run, tmp_path: Path, database: str
) -> None:
    path = tmp_path / "long.csv"
    path.write_bytes(csv_bytes([ROWS[0], ("V9", "甲" * 201, *[""] * 6), ROWS[1]]))
    told = report(run("import", "volunteers", path, "--json"))
    assert (told["rows"], told["created"], told["refused"]) == (2, 1, 1)
    assert (told["problems"][0]["line"], told["problems"][0]["code"]) == (2, "text_too_long")
    assert count(database, "persons") == 1


def test_what_the_tables_refuse_is_told_without_a_value_of_the_sheet(
    run: Run, sheet: Path, database: str
) -> None:
    run("import", "volunteers", sheet, "--dry-run")  # brings the database to its shape
    engine = create_engine(database)
    with engine.begin() as connection:
        connection.execute(
            text("ALTER TABLE persons ADD CONSTRAINT stricter CHECK (name <> '佐藤 清')")
        )
    engine.dispose()
    refused = run("import", "volunteers", sheet)
    assert refused.exit_code == 1
    assert "1行も取り込んでいません" in refused.stderr
    for told in ("佐藤", "0191", "INSERT", "COPY", "Traceback", "stricter"):
        assert told not in refused.output
    assert (count(database, "persons"), count(database, "events")) == (0, 0)


def test_a_layout_that_does_not_exist_is_a_sentence(run: Run, sheet: Path, tmp_path: Path) -> None:
    refused = run("import", "needs", sheet, "--map", tmp_path / "nowhere.toml")
    assert refused.exit_code == 1
    assert "対応表「nowhere.toml」を開けません" in refused.stderr
    assert "Errno" not in refused.output


@pytest.mark.parametrize("number", ["999999", "9" * 30, "abc"])
def test_a_run_that_does_not_exist_is_named(run: Run, number: str) -> None:
    refused = run("plan", "show", number)
    assert (refused.exit_code, refused.stderr) == (1, f"計画 {number} はありません。\n")


def test_without_any_run_the_latest_is_told_as_none_yet(run: Run) -> None:
    refused = run("plan", "show", "latest")
    assert (refused.exit_code, refused.stderr) == (1, "まだ計画がありません。\n")

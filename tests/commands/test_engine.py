"""`musubi engine solve` from outside: exit codes, files and sentences."""

import json
from pathlib import Path

from click.testing import CliRunner

from matching.commands.engine import engine
from tests.engine_sheets import folder


def test_solve_writes_the_file_and_says_how_it_went(tmp_path: Path) -> None:
    out = tmp_path / "plan.json"
    ran = CliRunner().invoke(engine, ["solve", str(folder(tmp_path / "in")), "--out", str(out)])
    assert ran.exit_code == 0
    assert ran.stdout.startswith("1 visits, 4 of at most 4 weighted seats filled, gap 0.0000%")
    assert json.loads(out.read_text(encoding="utf-8"))["run"]["visits"] == 1


def test_solve_can_answer_in_json_with_the_seconds_it_took(tmp_path: Path) -> None:
    out = tmp_path / "plan.json"
    arguments = ["solve", str(folder(tmp_path / "in")), "--out", str(out), "--json"]
    ran = CliRunner().invoke(engine, [*arguments, "--seed", "7", "--deadline", "30"])
    assert ran.exit_code == 0
    run = json.loads(ran.stdout)
    assert run["seconds"] > 0
    assert run["seed"] == 7


def test_a_folder_that_cannot_be_used_is_refused_in_one_sentence(tmp_path: Path) -> None:
    ran = CliRunner().invoke(engine, ["solve", str(tmp_path), "--out", str(tmp_path / "x.json")])
    assert ran.exit_code == 1
    assert ran.stderr == "volunteers.csv is missing: put it into the folder.\n"
    assert not (tmp_path / "x.json").exists()


def test_a_file_that_cannot_be_written_is_refused(tmp_path: Path) -> None:
    out = tmp_path / "nowhere" / "plan.json"
    ran = CliRunner().invoke(engine, ["solve", str(folder(tmp_path / "in")), "--out", str(out)])
    assert ran.exit_code == 1
    assert "cannot be written" in ran.stderr


def test_wrong_usage_has_its_own_exit_code(tmp_path: Path) -> None:
    assert CliRunner().invoke(engine, ["solve", str(tmp_path)]).exit_code == 2
    negative = ["solve", str(tmp_path), "--out", "x.json", "--deadline", "-1"]
    assert CliRunner().invoke(engine, negative).exit_code == 2


def test_a_deadline_of_no_length_is_refused_in_one_sentence(tmp_path: Path) -> None:
    out = tmp_path / "plan.json"
    arguments = ["solve", str(folder(tmp_path / "in")), "--out", str(out), "--deadline", "nan"]
    ran = CliRunner().invoke(engine, arguments)
    assert (ran.exit_code, out.exists()) == (1, False)
    assert ran.stderr == "The deadline must be a number of seconds, like 30.\n"

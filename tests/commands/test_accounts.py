"""`musubi account add`: what it takes, and what it refuses before anything is written."""

from __future__ import annotations

import json

from click.testing import CliRunner, Result

from matching.cli import main
from matching.places.reference import DISTRICTS
from tests.commands.test_sheets import Run, run  # noqa: F401 - a fixture

PASSWORD = "みちのく川べり散歩道を行く二〇二六"


def add(*arguments: str, typed: str = PASSWORD) -> Result:
    return CliRunner().invoke(
        main, ["account", "add", *arguments, "--password-stdin"], input=typed + "\n"
    )


def test_an_account_is_added_under_either_name_of_its_role(run: Run) -> None:  # noqa: F811
    told = add("kato", "--role", "clerk", "--json")
    assert json.loads(told.stdout) == {"login": "kato", "role": "intake_clerk", "area": None}
    assert add("kato", "--role", "intake_clerk").exit_code == 1
    [listed] = json.loads(run("account", "list", "--json").stdout)["accounts"]
    assert (listed["login"], listed["disabled"]) == ("kato", False)


def test_a_commissioner_has_a_district_and_a_term(run: Run) -> None:  # noqa: F811
    district = next(each for each in DISTRICTS if each.area_code == "hanaizumi").code
    more = ("--role", "commissioner", "--district", district)
    assert add("abe", *more, "--area", "daito").exit_code == 2
    assert add("abe", *more, "--ends-on", "2028-11-30").exit_code == 0
    listed = json.loads(run("account", "list", "--json").stdout)["accounts"]
    [role] = next(each["roles"] for each in listed if each["login"] == "abe")
    assert (role["area"], role["district"]) == ("hanaizumi", district)
    assert role["ends_on"] == "2028-11-30"


def test_no_account_is_added_without_its_password_or_area() -> None:
    assert add("sato", "--role", "coordinator", typed="").exit_code == 2
    assert add("sato", "--role", "branch_staff").exit_code == 2

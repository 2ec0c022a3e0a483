"""How far somebody sees is asked of one table; nobody else reads where a role is held."""

import ast
from dataclasses import fields
from pathlib import Path

from matching.kernel.actor import Actor

# Who makes the grants, and who says what they mean.
READERS = {"kernel/actor.py", "kernel/permissions.py"}


def test_an_actor_has_no_area_of_its_own_because_each_role_may_have_another() -> None:
    assert {each.name for each in fields(Actor)} & {"area_code", "district_code"} == set()


def test_nobody_outside_the_table_reads_where_roles_are_held(checkout: Path) -> None:
    found = {
        str(module.relative_to(checkout / "matching"))
        for module in (checkout / "matching").rglob("*.py")
        for node in ast.walk(ast.parse(module.read_text("utf-8")))
        if isinstance(node, ast.Attribute) and node.attr == "grants"
    }
    assert found <= READERS

"""Small mistakes put into a module one at a time: what a careful test of it must notice."""

from __future__ import annotations

import ast
import copy
from collections.abc import Iterator
from dataclasses import dataclass

OPPOSITE: dict[type[ast.AST], type[ast.AST]] = {
    ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Gt: ast.GtE, ast.GtE: ast.Gt,
    ast.Eq: ast.NotEq, ast.NotEq: ast.Eq, ast.In: ast.NotIn, ast.NotIn: ast.In,
    ast.Is: ast.IsNot, ast.IsNot: ast.Is, ast.And: ast.Or, ast.Or: ast.And,
    ast.Add: ast.Sub, ast.Sub: ast.Add, ast.Mult: ast.FloorDiv, ast.FloorDiv: ast.Mult,
    ast.Mod: ast.Mult, ast.BitOr: ast.BitAnd, ast.BitAnd: ast.BitOr, ast.LShift: ast.Mult,
}  # fmt: skip


@dataclass(frozen=True)
class Mutant:
    """A module with one mistake; `what` names it by line and change."""

    what: str
    source: str


def mutants(source: str) -> Iterator[Mutant]:
    """Yield every mutant of a module, in the order of its lines."""
    tree = ast.parse(source)
    notes = _annotations(tree)
    for number, node in enumerate(ast.walk(tree)):
        if id(node) in notes:
            continue
        for change in range(len(_changes(node))):
            other = copy.deepcopy(tree)
            target = next(each for at, each in enumerate(ast.walk(other)) if at == number)
            what = _changes(target)[change]()
            line = getattr(target, "lineno", 0)
            yield Mutant(f"line {line}: {what}", ast.unparse(ast.fix_missing_locations(other)))


def _changes(node: ast.AST) -> list:  # type: ignore[type-arg]
    """The mistakes that can be made at a node, as functions that make them and tell their name."""
    found = []
    if isinstance(node, ast.Compare):
        found += [lambda at=at: _swap(node.ops, at) for at in range(len(node.ops))]
    if isinstance(node, ast.BoolOp | ast.BinOp | ast.AugAssign) and type(node.op) in OPPOSITE:
        found.append(lambda: _turn(node))
    if isinstance(node, ast.If | ast.IfExp | ast.While):
        found.append(lambda: _negate(node))
    if isinstance(node, ast.Constant) and not _is_text(node):
        found.append(lambda: _other(node))
    if isinstance(node, ast.Set) and len(node.elts) > 0:
        found += [lambda at=at: _leave_out(node.elts, at) for at in range(len(node.elts))]
    if isinstance(node, ast.Return) and node.value is not None and not _is_none(node.value):
        found.append(lambda: _nothing(node))
    return found


def _swap(operators: list[ast.cmpop], at: int) -> str:
    before = operators[at]
    operators[at] = OPPOSITE[type(before)]()  # type: ignore[call-overload]
    return f"{type(before).__name__} becomes {type(operators[at]).__name__}"


def _turn(node: ast.BoolOp | ast.BinOp | ast.AugAssign) -> str:
    before = node.op
    node.op = OPPOSITE[type(before)]()  # type: ignore[assignment]
    return f"{type(before).__name__} becomes {type(node.op).__name__}"


def _negate(node: ast.If | ast.IfExp | ast.While) -> str:
    node.test = ast.UnaryOp(ast.Not(), node.test)
    return "the condition is turned round"


def _other(node: ast.Constant) -> str:
    before = node.value
    if isinstance(before, bool):
        node.value = not before
    elif isinstance(before, int | float):
        node.value = before + 1
    else:
        node.value = f"{before}~"
    return f"{before!r} becomes {node.value!r}"


def _leave_out(elements: list[ast.expr], at: int) -> str:
    return f"without {ast.unparse(elements.pop(at))}"


def _nothing(node: ast.Return) -> str:
    node.value = ast.Constant(None)
    return "returns nothing"


def _is_none(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and node.value is None


def _is_text(node: ast.Constant) -> bool:
    """Whether a constant is no rule: a label for people, a docstring, None."""
    if node.value is None or node.value is Ellipsis:
        return True
    if isinstance(node.value, str):
        return " " in node.value or not node.value.isascii() or not node.value
    return False


def _annotations(tree: ast.Module) -> set[int]:
    """The parts of types: they say nothing about what happens."""
    names = ("annotation", "returns")
    notes = [getattr(each, name, None) for each in ast.walk(tree) for name in names]
    return {id(part) for note in notes if note is not None for part in ast.walk(note)}

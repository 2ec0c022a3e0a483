"""Numbers for outsiders never point at one person."""

from matching.evaluation.figures import Counts, counted, told


def column(values: list[int], *, hide: bool = True) -> list[str]:
    rows = [(str(place), Counts(value, 0, 0)) for place, value in enumerate(values)]
    return [row["received"] for row in told(rows, hide=hide)]


def test_a_small_number_is_hidden_and_another_with_it() -> None:
    """BR-35: alone it could be computed from the sum."""
    assert column([20, 3, 7, 0]) == ["20", "―", "―", "0"]


def test_two_small_numbers_protect_each_other() -> None:
    assert column([20, 3, 4, 9]) == ["20", "―", "―", "9"]


def test_staff_see_every_number() -> None:
    assert column([20, 3], hide=False) == ["20", "3"]


def test_nothing_is_not_a_small_number() -> None:
    assert column([0, 0]) == ["0", "0"]


def test_programs_are_told_numbers_and_nothing_where_one_is_hidden() -> None:
    rows = [("a", Counts(20, 0, 0)), ("b", Counts(3, 0, 0))]
    assert [row["received"] for row in counted(rows, hide=True)] == [None, None]
    assert [row["received"] for row in counted(rows, hide=False)] == [20, 3]

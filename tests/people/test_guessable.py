"""What a password may be: long enough and not guessable, and nothing else is asked."""

import pytest

from matching.kernel.errors import Invalid
from matching.people.guessable import check, common_passwords

RESIDENT = ("requester",)
STAFF = ("volunteer", "coordinator")


@pytest.mark.parametrize(
    ("password", "roles"),
    [
        ("あいうえおかきくけこさしすせ", RESIDENT),
        ("tkmw ztrq", RESIDENT),
        ("雪かき 柿の木 ふたつ", RESIDENT),
        ("correct horse battery", STAFF),
        ("x7" + "long and quiet river " * 9, STAFF),
        ("川べりのぼらんてぃあは猫と昼寝する", STAFF),
    ],
)
def test_any_kind_of_letters_will_do(password: str, roles: tuple[str, ...]) -> None:
    check(password, roles, ("tanaka", "田中"))


@pytest.mark.parametrize(
    ("password", "roles", "code"),
    [
        ("abcdefg", RESIDENT, "short"),
        ("fourteen chars", STAFF, "short"),
        ("a" * 257, RESIDENT, "long"),
        ("password1", RESIDENT, "common"),
        ("ｐａｓｓｗｏｒｄ１", RESIDENT, "common"),
        ("Basketball2026!", STAFF, "common"),
        ("12341234123412341234", STAFF, "common"),
        ("            ", RESIDENT, "common"),
        ("ichinoseki2026", RESIDENT, "around"),
        ("一関市ボランティアセンター", RESIDENT, "around"),
        ("musubi-hanaizumi-2026", STAFF, "around"),
        ("tanaka-20261123", STAFF, "around"),
    ],
)
def test_what_guessing_finds_is_refused(password: str, roles: tuple[str, ...], code: str) -> None:
    with pytest.raises(Invalid) as refused:
        check(password, roles, ("tanaka", "田中"))
    assert (refused.value.code, refused.value.field) == (code, "password")


def test_none_of_the_common_passwords_passes() -> None:
    for password in common_passwords():
        with pytest.raises(Invalid):
            check(password, RESIDENT)

"""What a place keeps and says: secrets, sockets, logs, its address, its environment."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest

from matching.local.endpoints import Endpoints
from matching.local.errors import LocalServiceError
from matching.local.instance import Place
from matching.local.keys import kept_secret, new_password
from matching.local.listening import Address, address, listen
from matching.local.logs import trim
from matching.local.sockets import fits, make_socket_dir
from matching.local.surroundings import demo_password, place_of, process_environ

ENDPOINTS = Endpoints("postgresql+psycopg://@/m", "redis://h/0")


def test_a_secret_is_made_once_however_many_ask_at_once(tmp_path: Path) -> None:
    answers: set[str] = set()
    path = tmp_path / "keys" / "secret"
    asking = [
        threading.Thread(target=lambda: answers.add(kept_secret(path, new_password)))
        for _ in range(8)
    ]
    for one in asking:
        one.start()
    for one in asking:
        one.join()
    assert len(answers) == 1
    assert path.stat().st_mode & 0o777 == 0o600


def test_a_data_folder_that_cannot_be_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    for folder in (tmp_path / "file", tmp_path / "file" / "below"):
        with pytest.raises(LocalServiceError, match="MUSUBI_DATA"):
            Place(folder).prepare()


def test_the_demo_password_stays_the_same_and_is_easy_to_type(tmp_path: Path) -> None:
    password = demo_password(Place(tmp_path))
    assert demo_password(Place(tmp_path)) == password
    assert len(password) == 14
    assert not set(password) & set("il1o0")


def test_a_folder_with_a_long_or_foreign_name_is_not_used_for_sockets(tmp_path: Path) -> None:
    long, foreign = tmp_path / ("x" * 100), tmp_path / "一関"
    long.mkdir()
    foreign.mkdir()
    assert not fits(long)
    assert not fits(foreign)
    assert fits(Path("/tmp"))  # noqa: S108


def test_sockets_live_in_a_folder_of_our_own(monkeypatch: pytest.MonkeyPatch) -> None:
    one, two = make_socket_dir({}), make_socket_dir({})
    try:
        assert one != two
        assert one.stat().st_mode & 0o777 == 0o700
    finally:
        one.rmdir()
        two.rmdir()


def test_a_grown_log_is_cut_while_its_program_goes_on_writing(tmp_path: Path) -> None:
    log = tmp_path / "web.log"
    with log.open("ab", buffering=0) as program:
        program.write(b"old\n" * 10)
        trim(tmp_path, largest=20)
        program.write(b"new\n")
    assert log.read_text() == "new\n"
    assert (tmp_path / "web.log.1").read_text() == "old\n" * 10


def test_the_address_is_local_unless_told_otherwise() -> None:
    assert address({}) == Address("127.0.0.1", 8000)
    assert address({"PORT": "9", "BIND": "::"}).url == "http://[::1]:9"
    assert address({"PORT": "9", "BIND": "127.0.0.2"}).url == "http://127.0.0.2:9"


@pytest.mark.parametrize("port", ["0", "65536", "eighty", "８０", "-1"])
def test_a_port_that_is_none_is_refused_with_a_sentence(port: str) -> None:
    with pytest.raises(LocalServiceError, match="PORT must be a whole number"):
        address({"PORT": port})


def test_an_address_of_another_machine_is_refused_with_a_sentence() -> None:
    with pytest.raises(LocalServiceError, match="Correct BIND and PORT"):
        listen(Address("192.0.2.1", 8123))


def test_processes_are_told_addresses_keys_and_folder(tmp_path: Path) -> None:
    told = process_environ(Place(tmp_path), ENDPOINTS, {"PGHOST": "x", "LANG": "ja_JP.UTF-8"})
    assert told["DATABASE_URL"] == ENDPOINTS.database_url
    assert told["MUSUBI_DATA"] == str(tmp_path)
    assert len(Path(told["SECRET_KEYS_FILE"]).read_text().strip()) >= 32
    assert Path(told["FIELD_KEYS_FILE"]).stat().st_mode & 0o077 == 0
    assert told["LANG"] == "ja_JP.UTF-8"
    assert "PGHOST" not in told
    assert "MUSUBI_DEMO" not in told


def test_keys_named_by_the_operator_are_left_alone(tmp_path: Path) -> None:
    named = {"SECRET_KEYS_FILE": "/etc/keys", "FIELD_KEYS_FILE": "/etc/field-keys"}
    told = process_environ(Place(tmp_path), ENDPOINTS, named)
    assert {name: told[name] for name in named} == named
    assert not (tmp_path / "keys").exists()


def test_a_place_where_the_demo_has_been_is_a_demo_for_single_commands(tmp_path: Path) -> None:
    demo_password(Place(tmp_path))
    assert process_environ(Place(tmp_path), ENDPOINTS, {})["MUSUBI_DEMO"] == "1"
    assert "MUSUBI_DEMO" not in process_environ(Place(tmp_path), ENDPOINTS, {}, demo=False)


def test_the_data_folder_is_named_by_the_environment(tmp_path: Path) -> None:
    assert place_of({"MUSUBI_DATA": str(tmp_path)}).data_dir == tmp_path
    assert place_of({}).data_dir.name == "var"
    assert place_of({}).data_dir.is_absolute()

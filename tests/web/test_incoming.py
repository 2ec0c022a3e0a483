"""Fields are cleaned where they come in; passwords are what was typed."""

from flask import Flask
from werkzeug.test import EnvironBuilder

from matching.web.incoming import Incoming


def test_fields_and_parameters_are_clean_and_passwords_untouched(migrated_app: Flask) -> None:
    assert migrated_app.request_class is Incoming
    fields = {"title": ["雪\x00かき\r\n", "\x01"], "password": "a\x02b", "a\u202e": "x"}
    asked = Incoming(
        EnvironBuilder("/?q=%00a%1Bb&q=%ED%A0%80", method="POST", data=fields).get_environ()
    )
    assert asked.form.getlist("title") == ["雪かき\n", ""]
    assert asked.form["password"] == "a\x02b"
    assert asked.args.getlist("q")[0] == "ab"
    assert asked.values["title"]

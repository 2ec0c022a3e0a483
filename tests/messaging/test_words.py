"""Each kind says what it should in each register, fits its channel, and takes nothing literally."""

import re
from dataclasses import replace

import pytest
from bs4 import BeautifulSoup

from matching.messaging.registers import LOCALES, register_of
from matching.messaging.rules import KINDS, LONGEST_SMS
from matching.messaging.templates import TEMPLATES
from matching.messaging.words import Facts, chat_text, mail_page, mail_text, sms_text, words_of

LINK = "https://musubi.example.jp/answer/" + "x" * 43
SHORT = "https://musubi.example.jp/a/" + "x" * 22
FACTS = Facts(
    "山田 太郎", "買い物", "一関　山目", ("11月26日（木） 9:00〜10:00",), "11月26日（木）"
)
ENGLISH = Facts("Taro Yamada", "Shopping", "Ichinoseki", ("Thu 26 November 9:00–10:00",), "Thu")
FORBIDDEN = re.compile("マッチング|エラー|断られ|断り|ニーズ|打診|支援者|[Ff]ail")
JAPANESE = re.compile(r"[ぁ-ゖァ-ヺ一-鿿]")
CASES = [(kind, register) for kind in KINDS for register in LOCALES]


def test_every_kind_has_its_words() -> None:
    assert set(TEMPLATES) == set(KINDS)


@pytest.mark.parametrize(("kind", "register"), CASES)
def test_every_kind_is_kind_and_whole_in_every_register(kind: str, register: str) -> None:
    words = words_of(kind, ENGLISH if register == "en" else FACTS, register)
    text = mail_text(words, LINK)
    assert LINK in text
    assert "%(" not in text
    assert not FORBIDDEN.search(text)
    if register == "en":
        assert not JAPANESE.search(text)
    if register == "ja-easy":
        assert "（" in text
    assert words.subject.strip()
    page = BeautifulSoup(mail_page(words, LINK), "html.parser")
    assert [a["href"] for a in page.select("a")] == [LINK]
    assert not page.select("script, img, style, link, form")


@pytest.mark.parametrize(("kind", "register"), CASES)
def test_short_messages_fit_and_name_nobody(kind: str, register: str) -> None:
    words = words_of(kind, FACTS, register)
    text = sms_text(words, SHORT)
    assert len(text) <= LONGEST_SMS
    assert "山田" not in text + chat_text(words, LINK)
    assert "山目" not in text
    if kind.startswith("offer") and register == "ja":
        assert SHORT in text


@pytest.mark.parametrize(
    "name", ["{0.__class__}", "%(what)s", "%s%d", "<script>alert(1)</script>", "{{7*7}}", "a\r\nb"]
)
def test_a_name_is_taken_as_it_is_written(name: str) -> None:
    """ASVS 1.3.7, 1.3.10: nothing that somebody typed is a template."""
    words = words_of("offer", replace(FACTS, name=name), "ja")
    assert name in mail_text(words, LINK)
    assert "\n" not in words.subject
    page = mail_page(words, LINK)
    assert "<script>" not in page
    assert name.split() == BeautifulSoup(page, "html.parser").select("p")[0].text.split()[:-1]


@pytest.mark.parametrize(
    ("language", "register"),
    [("ja", "ja"), (None, "ja"), ("en", "en"), ("ja-easy", "ja-easy"), ("vi", "ja-easy")],
)
def test_who_reads_another_language_gets_easy_japanese(language: str | None, register: str) -> None:
    assert register_of(language) == register

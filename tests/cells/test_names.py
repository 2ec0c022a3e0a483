"""Names keep their glyphs; the key finds the same person in other writing."""

import pytest

from matching.cells.names import (
    name_key,
    organisation_key,
    read_kana,
    read_name,
    read_organisation,
)


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("　髙橋　　花子 ", "髙橋 花子"),
        ("山﨑\u200b 一", "山﨑 一"),
        ("齋藤　ﾐﾉﾙ", "齋藤 ミノル"),
        ("渡邉\U000e0101　清", "渡邉\U000e0101 清"),
        ("神\ufa19 太郎", "神\ufa19 太郎"),
        ("がくと".replace("が", "か\u3099"), "がくと"),
        ("Nguye\u0302\u0303n Thi", "Nguyễn Thi"),
        ("𠮷田\n誠", "𠮷田 誠"),
        ("ＡＢＣ　太郎", "ＡＢＣ 太郎"),
        ("森", "森"),
        ("田中 \u202e反転", "田中 反転"),
    ],
)
def test_a_name_is_trimmed_and_its_glyphs_stay(typed: str, name: str) -> None:
    assert read_name(typed) == (name, "", True, ())


@pytest.mark.parametrize("typed", ["同上", "〃", "々"])
def test_a_ditto_mark_is_nobodys_name(typed: str) -> None:
    assert read_name(typed) == ("", "ditto_mark", False, ())


def test_a_name_that_lost_characters_is_kept_and_marked() -> None:
    assert read_name("Nguy?n Hoa") == ("Nguy?n Hoa", "characters_lost", True, ())


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("髙橋 花子", "高橋花子"),
        ("山﨑 一", "山崎　一"),
        ("渡邉 清", "渡辺清"),
        ("渡邊 清", "渡辺 清様"),
        ("齋藤 実", "斎藤実"),
        ("𠮷田 誠", "吉田 誠"),
        ("辺\U000e0100見 学", "辺見 学"),
        ("ﾔﾏﾀﾞ ﾀﾛｳ", "ヤマダ　タロウ"),
        ("SMITH John", "Ｓｍｉｔｈ　Ｊｏｈｎ"),
    ],
)
def test_one_person_has_one_key(one: str, other: str) -> None:
    assert name_key(one) == name_key(other)


def test_different_people_have_different_keys() -> None:
    assert (
        len({name_key(n) for n in ("佐藤 清", "佐藤 清子", "斉藤 清", "斎藤 清", "左藤 清")}) == 5
    )


@pytest.mark.parametrize(
    ("typed", "kana"),
    [
        ("ｻﾄｳ ﾀﾛｳ", "サトウ タロウ"),
        ("さとう　たろう", "サトウ タロウ"),
        ("がくと".replace("が", "か\u3099"), "ガクト"),
        ("ヴァン・ゴッホ", "ヴァン・ゴッホ"),
        ("ｼﾞｬｽﾞ", "ジャズ"),
    ],
)
def test_a_reading_is_full_width_katakana(typed: str, kana: str) -> None:
    assert read_kana(typed) == (kana, "", True, ())


def test_kanji_in_a_reading_is_marked() -> None:
    assert read_kana("佐藤 タロウ").code == "kana_not_kana"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("㈱千厩サービス", "株式会社千厩サービス"),
        ("（有）ことり", "有限会社　ことり"),
        ("ＮＰＯ法人　せせらぎ", "特定非営利活動法人せせらぎ"),
        ("（社福）ひかり会", "社会福祉法人ひかり会"),
        ("(一社)むすび", "一般社団法人むすび"),
    ],
)
def test_one_body_has_one_key(one: str, other: str) -> None:
    assert organisation_key(one) == organisation_key(other)


def test_the_place_of_the_legal_form_tells_bodies_apart() -> None:
    assert organisation_key("㈱むすび") != organisation_key("むすび㈱")


def test_a_bodys_name_keeps_what_was_typed() -> None:
    assert read_organisation("㈱千厩　サービス").text == "㈱千厩 サービス"

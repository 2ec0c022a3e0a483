"""Files are read in the encoding they are in, or not at all."""

import pytest

from matching.interchange.decoding import decode
from matching.interchange.problems import SheetError

TEXT = "氏名,備考\n髙橋 花子,①㈱むすび～\n千葉 正,雪かき\n"
PLAIN = "氏名,フリガナ,備考\n千葉　正,チバ タダシ,雪かきと草刈り\n"


@pytest.mark.parametrize(
    ("codec", "name"),
    [
        ("utf-8", "utf-8"),
        ("utf-8-sig", "utf-8-sig"),
        ("cp932", "cp932"),
        ("utf-16", "utf-16"),
    ],
)
def test_each_encoding_is_told_from_the_bytes(codec: str, name: str) -> None:
    decoded = decode(TEXT.encode(codec))
    assert (decoded.text, decoded.encoding, decoded.bad_lines) == (TEXT, name, {})


def test_utf_16_of_the_other_byte_order_is_told_by_its_mark() -> None:
    assert decode(b"\xfe\xff" + TEXT.encode("utf-16-be")).text == TEXT


@pytest.mark.parametrize(("codec", "name"), [("euc-jp", "euc-jp"), ("iso-2022-jp", "iso-2022-jp")])
def test_encodings_of_old_systems_are_read(codec: str, name: str) -> None:
    decoded = decode(PLAIN.encode(codec))
    assert (decoded.text, decoded.encoding) == (PLAIN, name)


def to_euc(text: str) -> bytes:
    """EUC-JP as Windows programs write it, with the vendor characters of CP932."""
    out = bytearray()
    for char in text:
        unit = char.encode("cp932")
        if len(unit) == 1:
            out += unit if unit[0] < 0x80 else b"\x8e" + unit
            continue
        lead, trail = unit
        row = (lead - (0x70 if lead < 0xA0 else 0xB0)) * 2 - (1 if trail < 0x9F else 0)
        cell = trail - (0x7E if trail >= 0x9F else 0x1F if trail < 0x80 else 0x20)
        out += bytes((row | 0x80, cell | 0x80))
    return bytes(out)


def test_vendor_characters_in_old_encodings_are_read() -> None:
    text = "氏名,備考\n髙橋 花子,①㈱ｻｰﾋﾞｽ\n佐藤 清,かなの長い文章を書いておきます\n"
    assert decode(to_euc(text)).text == text
    in_jis = "\x1b$B" + "".join(chr(b & 0x7F) for b in to_euc("①㈱髙橋")) + "\x1b(B,1\n"
    assert decode(in_jis.encode("ascii")).text == "①㈱髙橋,1\n"


def test_half_width_kana_alone_is_no_sign_of_another_encoding() -> None:
    text = "ｼﾒｲ,ﾌﾘｶﾞﾅ\nｻﾄｳ ﾀﾛｳ,ｻﾄｳ ﾀﾛｳ\n"
    decoded = decode(text.encode("cp932"))
    assert (decoded.text, decoded.encoding) == (text, "cp932")


def test_a_file_that_changes_from_utf8_to_cp932_names_the_foreign_lines() -> None:
    raw = "氏名,備考\n千葉 正,雪かき\n".encode() + "佐藤 清,買い物\n".encode("cp932")
    decoded = decode(raw)
    assert decoded.encoding == "utf-8"
    assert decoded.bad_lines == {3: ("encoding_changed", "utf-8 → cp932")}
    assert "買" not in decoded.text


def test_a_file_that_changes_from_cp932_to_utf8_names_the_foreign_lines() -> None:
    raw = "氏名,備考\n千葉 正,雪かき\n".encode("cp932") + "佐藤 清,買い物\n".encode()
    decoded = decode(raw)
    assert decoded.encoding == "cp932"
    assert decoded.bad_lines == {3: ("encoding_changed", "cp932 → utf-8")}
    assert "雪かき" in decoded.text
    assert "菴" not in decoded.text


def test_a_line_of_no_encoding_at_all_is_named() -> None:
    raw = "氏名,備考\n千葉 正,雪かき\n".encode() + b"\xff\xfd\x80\n"
    assert decode(raw).bad_lines == {3: ("bytes_broken", "")}


@pytest.mark.parametrize(
    ("raw", "code"),
    [
        (b"", "file_empty"),
        (b"\xef\xbb\xbf \r\n\r\n", "file_empty"),
        (b"\xff\xfe", "file_empty"),
        (b"name,phone\n\0\0\0", "nul_bytes"),
        ("氏名\0,電話".encode("utf-16"), "nul_bytes"),
        (b"<!DOCTYPE html><html><table>", "file_is_html"),
        (b"\r\n <html xmlns='x'>", "file_is_html"),
        (b"\xef\xbb\xbf<table border=1>", "file_is_html"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 512, "file_is_old_excel"),
        (b"%PDF-1.7 ...", "file_is_binary"),
        (b"\x89PNG\r\n\x1a\n", "file_is_binary"),
        (b"\xff\xfe\x00\xd8", "encoding_unknown"),
        (b"\x80\xff\xa0\n\xfd\xfd\n", "encoding_unknown"),
    ],
)
def test_what_is_no_sheet_is_refused_with_its_reason(raw: bytes, code: str) -> None:
    with pytest.raises(SheetError) as refused:
        decode(raw)
    assert refused.value.problem.code == code
    assert refused.value.problem.text.endswith("ください。")

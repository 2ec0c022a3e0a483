"""Bytes to text: which encoding a file is in, and which lines are not in it."""

import re
from dataclasses import dataclass, field

from matching.interchange.problems import SheetError

_BOMS = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))
_ESCAPES = (b"\x1b$", b"\x1b(")
_JIS_SEGMENT = re.compile(rb"\x1b(\$[@B]|\([BJI])([^\x1b]*)")
_HTML = re.compile(rb"\s*<(?:!doctype html|html|head|body|table|meta|\?xml)", re.I)
_JAPANESE = re.compile("[\u3041-\u30ff\u4e00-\u9fff\uff01-\uff5e]")
_KANA, _HALF_KANA = re.compile("[\u3041-\u30ff]"), re.compile("[\uff61-\uff9f]")
# Bytes that Python's codec lets through although CP932 gives them no character.
_UNASSIGNED = re.compile("[\x80\xa0\uf8f0-\uf8f3]")
OLE_MAGIC, ZIP_MAGIC = b"\xd0\xcf\x11\xe0", b"PK\x03\x04"
_BINARY_MAGIC = (b"%PDF", b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"{\\rtf", b"\x1f\x8b")


@dataclass(frozen=True, slots=True)
class Decoded:
    """The text, its encoding, and the lines (from 1) that are not in it: problem code and why."""

    text: str
    encoding: str
    bad_lines: dict[int, tuple[str, str]] = field(default_factory=dict)


def decode(raw: bytes) -> Decoded:
    """Decodes a text file; refuses what is no text file with one clear problem."""
    _refuse_other_formats(raw)
    for bom, encoding in _BOMS:
        if raw.startswith(bom):
            return _with_bom(raw, encoding)
    if b"\0" in raw:
        raise SheetError("nul_bytes")
    if any(escape in raw for escape in _ESCAPES) and raw.isascii():
        return Decoded(_iso_2022_jp(raw), "iso-2022-jp")
    try:
        return Decoded(raw.decode("utf-8"), "utf-8")
    except UnicodeDecodeError:
        return _legacy(raw)


def _refuse_other_formats(raw: bytes) -> None:
    if not raw.strip(b"\xef\xbb\xbf\xff\xfe \t\r\n"):
        raise SheetError("file_empty")
    if raw.startswith(OLE_MAGIC):
        raise SheetError("file_is_old_excel")
    if raw.startswith(_BINARY_MAGIC):
        raise SheetError("file_is_binary")
    if _HTML.match(raw.removeprefix(b"\xef\xbb\xbf")[:400]):
        raise SheetError("file_is_html")


def _with_bom(raw: bytes, encoding: str) -> Decoded:
    try:
        text = raw.decode(encoding)
    except UnicodeDecodeError as error:
        if encoding == "utf-16":
            raise SheetError("encoding_unknown") from error
        return _line_by_line(raw.removeprefix(b"\xef\xbb\xbf"), "utf-8", "utf-8-sig")
    if "\0" in text:
        raise SheetError("nul_bytes", encoding=encoding)
    return Decoded(text, encoding)


def _legacy(raw: bytes) -> Decoded:
    lines = [line for line in raw.split(b"\n") if not line.isascii()]
    utf8 = [line for line in lines if _is_japanese_utf8(line)]
    others = [line for line in lines if not _is_japanese_utf8(line)]
    legacy = _likelier(b"\n".join(others))
    if utf8 and _is_japanese_utf8(lines[0]):
        return _line_by_line(raw, "utf-8", "utf-8")
    text = _decoded(raw, legacy)
    if text is not None and not utf8:
        return Decoded(text, legacy)
    if not utf8 and not any(_decoded(line, legacy) for line in lines):
        raise SheetError("encoding_unknown")
    return _line_by_line(raw, legacy, legacy)


def _likelier(raw: bytes) -> str:
    cp932, euc = _decoded(raw, "cp932"), _decoded(raw, "euc-jp")
    if cp932 is None or euc is None:
        return "cp932" if euc is None else "euc-jp"
    return "euc-jp" if _score(euc) > _score(cp932) else "cp932"


def _score(text: str) -> int:
    return len(_KANA.findall(text)) - len(_HALF_KANA.findall(text))


def _is_japanese_utf8(line: bytes) -> bool:
    text = _decoded(line, "utf-8")
    return text is not None and _JAPANESE.search(text) is not None


def _line_by_line(raw: bytes, codec: str, name: str) -> Decoded:
    texts: list[str] = []
    bad: dict[int, tuple[str, str]] = {}
    for number, line in enumerate(raw.split(b"\n"), 1):
        text = _decoded(line, codec)
        foreign = codec != "utf-8" and not line.isascii() and _is_japanese_utf8(line)
        if text is None or foreign:
            bad[number] = _other_encoding(line, codec)
            text = line.decode("ascii", errors="replace")
        texts.append(text)
    return Decoded("\n".join(texts), name, bad)


def _other_encoding(line: bytes, codec: str) -> tuple[str, str]:
    for other in ("utf-8", "cp932", "euc-jp"):
        if other != codec and _decoded(line, other) is not None:
            return "encoding_changed", f"{codec} → {other}"
    return "bytes_broken", ""


def _decoded(raw: bytes, codec: str) -> str | None:
    """The text, or None; EUC-JP includes the vendor characters that Windows wrote into it."""
    try:
        text = raw.decode(codec)
    except UnicodeDecodeError:
        return _decoded_vendor_euc(raw) if codec == "euc-jp" else None
    return None if codec == "cp932" and _UNASSIGNED.search(text) else text


def _decoded_vendor_euc(raw: bytes) -> str | None:
    try:
        return _shift_jis(raw).decode("cp932")
    except (UnicodeDecodeError, ValueError):
        return None


def _iso_2022_jp(raw: bytes) -> str:
    try:
        return raw.decode("iso-2022-jp")
    except UnicodeDecodeError:
        text = _decoded(_JIS_SEGMENT.sub(_to_euc, raw), "euc-jp")
    if text is None:
        raise SheetError("encoding_unknown", encoding="iso-2022-jp")
    return text


def _to_euc(segment: re.Match[bytes]) -> bytes:
    if segment[1].startswith(b"$"):
        return bytes(byte | 0x80 if byte > 0x20 else byte for byte in segment[2])
    if segment[1] == b"(I":
        return b"".join(bytes((0x8E, byte | 0x80)) for byte in segment[2])
    return segment[2]


def _shift_jis(euc: bytes) -> bytes:
    """The EUC-JP bytes as Shift_JIS, code point by code point of the 94 by 94 table."""
    out, units = bytearray(), iter(euc)
    for unit in units:
        if unit < 0x80:
            out.append(unit)
            continue
        trail = next(units, 0)
        if unit == 0x8E:
            out.append(trail)
            continue
        if unit < 0xA1 or not 0xA1 <= trail <= 0xFE:
            raise ValueError("not EUC-JP")
        out += _shift_jis_pair(unit - 0x80, trail - 0x80)
    return bytes(out)


def _shift_jis_pair(row: int, cell: int) -> bytes:
    lead = (row + 1) // 2 + (0x70 if row < 0x5F else 0xB0)
    if row % 2 == 0:
        return bytes((lead, cell + 0x7E))
    return bytes((lead, cell + (0x1F if cell < 0x60 else 0x20)))

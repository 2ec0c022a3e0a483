"""What hostile callers send: values, fields, headers, paths and bodies, drawn from a seed."""

from __future__ import annotations

import random
from typing import Any

MARK = "<x-fuzz"  # found in a page as it is, somebody's text became part of the page

TEXTS: tuple[str, ...] = (
    "",
    " ",
    "\u3000",
    "\x00",
    "a\x00b",
    "\x01\x02\x1b[31m\x7f\x85",
    "\r\nSet-Cookie: x=1",
    "a\r\nBcc: evil@example.jp",
    "\ud800",
    "\udfff\ud800",
    "\ufeff\ufffe\uffff",
    "\u202eevil\u2066\u2069",
    "\u200b\u200d\u2060",
    "e\u0301" * 500,
    "か\u3099" * 50,
    "👩‍👩‍👧‍👦🇯🇵🧑🏽‍🦽",
    "𠮷野家﨑髙",
    "あ" * 10_000,
    "a" * 100_000,
    "9" * 400,
    f"{MARK} onload=1>",
    f"\"'>{MARK}>",
    f"＜script＞{MARK}>",
    f"</script>{MARK}>",
    "javascript:alert(1)",
    "{{7*7}}{% raw %}${7*7}",
    "%(x)s %s {0.__class__}",
    "' OR 1=1 --",
    "'; DROP TABLE persons; --",
    "%_\\",
    "../../etc/passwd",
    "＝1+1",
    "=cmd|' /C calc'!A0",
    "//evil.test",
    "／／evil.test",
    "null",
    "undefined",
    "NaN",
    "Infinity",
    "true",
    "[]",
    "{}",
)
NUMBERS: tuple[str, ...] = (
    "0", "-0", "-1", "1", "2", "3", "7", "1.5", "1e309", "1e5", "-1e5", "0x10", "1_000", "１２",
    "٣",     "²", "①", "2147483647", "2147483648", "-2147483649", "9223372036854775807",
    "9223372036854775808", "18446744073709551616", "9" * 60, "+5", " 5 ", "5,0", "1'0",
)  # fmt: skip
DATES: tuple[str, ...] = (
    "2027-02-29", "2028-02-29", "2026-02-30", "2026-13-01", "0000-00-00", "0001-01-01",
    "9999-12-31", "10000-01-01", "-1-01-01", "1868-10-22", "令和元年5月1日", "令和99年1月1日",
    "平成32年1月1日",
    "昭和64年1月8日", "明日", "2026-11-23T25:61", "2026-11-30", "2026-12-01", "11/30", "2026/11/30",
    "2026-1-1", "٢٠٢٦-١١-٣٠", "2026-11-30\x00", "99991231",
)  # fmt: skip
TIMES: tuple[str, ...] = (
    "24:00", "23:59", "00:00", "25:00", "-1:00", "9:5", "09:00", "12:00", "午後3時", "9時半",
    "99:99",    "0900", "１０：００", "09:00:00", "24:01",
)  # fmt: skip
CONTACTS: tuple[str, ...] = (
    "0191-00-1234", "+819000001234", "090" * 50, "110", "119", "0", "-", "(((((((", "内線",
    "a@example.jp", "a@b@c", "a@\r\nb", "@", "“a”@example.jp", "あ@例え.jp", "021-0001", "021",
    "〒",
)  # fmt: skip
POOLS = (TEXTS, NUMBERS, DATES, TIMES, CONTACTS)
EXTRA_FIELDS = (
    "role", "roles", "branch_id", "area_code", "state", "status", "version", "verified", "id",
    "created_by", "person_id", "account_id", "decided_by_id", "next", "_method", "csrf_token",
    "request_key", "a[]", "__proto__", "confirm_value", "form-0-x",
)  # fmt: skip
QUERIES = (
    "page", "cursor", "limit", "q", "sort", "state", "area", "area_code", "next", "about", "from",
    "to", "after", "before", "week", "day", "login", "action", "language", "filter", "again",
)  # fmt: skip
METHODS = (
    "GET",
    "HEAD",
    "POST",
    "PUT",
    "PATCH",
    "DELETE",
    "OPTIONS",
    "TRACE",
    "CONNECT",
    "あ",
    "X",
)
CONTENT_TYPES = (
    "application/json",
    "application/x-www-form-urlencoded; charset=utf-16",
    "application/x-www-form-urlencoded; charset=nonsense",
    "multipart/form-data",
    "multipart/form-data; boundary=x",
    "multipart/form-data; boundary=" + "b" * 300,
    "text/plain",
    "text/xml",
    "application/octet-stream",
    "",
    "////",
)
BODIES: tuple[bytes, ...] = (
    b"",
    b"\x00",
    b"\xff\xfe\xfd",
    b"&&&===&",
    b"%" * 50,
    b"a=%zz&b=%ED%A0%80&c=%00",
    b"a=1&" * 2_000,
    b"=" * 10_000,
    b'--x\r\nContent-Disposition: form-data; name="csrf_token"\r\n\r\nv',
    b"--x\r\nContent-Disposition: form-data; name=a; filename*=utf-8''%00%ff\r\n\r\nv\r\n--x--",
    b"--x\r\n\r\n\r\n--x--",
    b"{",
    b"[]",
    b"null",
    b'"text"',
    b"1e999",
    b"NaN",
    b"{}",
    b'{"a":' * 3_000,
    b"[" * 60_000,
    b'{"title": "\\ud800"}',
    b'{"title": "\\u0000"}',
    b'{"x": 1, "x": 2}',
    b'{"headcount": ' + b"9" * 5_000 + b"}",
    b"\xef\xbb\xbf{}",
    "ニーズ=雪かき".encode("cp932"),
    "ニーズ=雪かき".encode("utf-7"),
    "ニーズ=雪かき".encode("iso-2022-jp"),
)
HEADERS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("If-Match", ('"1"', '"0"', "1", "*", "W/\"1\"", '"' + "9" * 50 + '"', '"a', "\xff", "")),
    ("If-None-Match", ('"1"', "*", "W/", "\xff")),
    ("If-Modified-Since", ("yesterday", "Mon, 32 Foo 2026 25:61:61 GMT", "0")),
    ("If-Range", ('"x"', "yesterday")),
    ("Range", ("bytes=0-", "bytes=-1", "bytes=9999999-1", "bytes=0-0,1-1,2-2", "x=1", "bytes=a-b")),
    ("Idempotency-Key", ("k", "", " ", "x" * 5_000, "\xe3\x81\x82", "a b", "k", "k")),
    ("Accept", ("*/*", "application/json", "text/html;q=x", "/", ",,,;;", "a/b" * 300)),
    ("Accept-Language", ("en", "ja-easy", "xx", "*", "ja;q=9", "-_-", "en-" * 200, "zh-Hant-TW")),
    ("Accept-Encoding", ("gzip", "br;q=x", "\xff")),
    ("Cookie", ("musubi=x", "language=xx; text_size=9", "=;=;;", "musubi=" + "a" * 4_000)),
    ("Referer", ("http://[", "//", "http://localhost/desk", "http://localhost//evil.test")),
    ("User-Agent", ("", "x" * 8_000, "\xff\xfe", MARK + ">")),
    ("X-Forwarded-For", ("127.0.0.1", "x" * 500, "::1, 1.2.3.4")),
    ("Authorization", ("Bearer", "Bearer ", "Bearer musubi_x", "Bearer \xff", "x" * 99)),
    ("Sec-Fetch-Site", ("cross-site", "same-origin", "nonsense", "none")),
    ("Origin", ("null", "http://localhost", "http://[", "\xff")),
    ("Content-Encoding", ("gzip", "deflate", "x")),
    ("Content-Length", ("0", "5")),
    ("HX-Request", ("true", "\xff")),
    ("Expect", ("100-continue", "x")),
)  # fmt: skip
PARTS = (
    "0", "-1", "1", "2", "99999999999999999999", "9223372036854775807", "9223372036854775808", "x",
    "R8-0001", "r8-0001", "Ｒ８-0001", "V-0001", "..", "%2e%2e", "%00", "%ff", "a%2fb", "あ" * 300,
    "' OR 1=1", "{}", "=1+1", "1.0", "1e3", "٣", "%0d%0aX:1", "R8-" + "9" * 30, "new", " ",
    "%ED%A0%80",
)  # fmt: skip


def text(chance: random.Random) -> str:
    """A hostile value for a field of any kind."""
    pool = chance.choice(POOLS)
    drawn = chance.choice(pool)
    if chance.random() < 0.1:
        drawn += chance.choice(chance.choice(POOLS))
    if chance.random() < 0.05:
        drawn = "".join(chr(chance.randrange(0x110000)) for _ in range(chance.randrange(1, 40)))
    return drawn


def json_value(chance: random.Random, depth: int = 0) -> Any:
    """A hostile JSON value: any type at any place."""
    if depth < 3 and chance.random() < 0.25:
        if chance.random() < 0.5:
            return [json_value(chance, depth + 1) for _ in range(chance.choice((0, 1, 2, 50)))]
        return {
            text(chance)[:50]: json_value(chance, depth + 1) for _ in range(chance.randrange(4))
        }
    plain: tuple[Any, ...] = (
        None, True, False, 0, -1, 1, 2**31, 2**63, -(2**63) - 1, 10**40, 0.1, 1e308, float("inf"),
        float("nan"), -0.0,
    )  # fmt: skip
    return chance.choice(plain) if chance.random() < 0.4 else text(chance)


def header(chance: random.Random) -> tuple[str, str]:
    """A hostile header."""
    name, values = chance.choice(HEADERS)
    return name, chance.choice(values)

"""Small over a slow line: what is the same for all, and nothing else."""

import gzip
import re

from flask.testing import FlaskClient

FIRST_PAGE_BYTES = 100_000
ZIPPED = {"Accept-Encoding": "gzip"}
STRANGE = ("cross-site", "same-site", "", "odd")
OWN_FILE = re.compile(r'(?:src|href)="(/(?:static|style-)[^"#]+)')


def test_the_stylesheet_is_the_same_text_but_small(client: FlaskClient) -> None:
    href = next(h for h in OWN_FILE.findall(client.get("/").text) if h.endswith(".css"))
    plain, small = client.get(href), client.get(href, headers=ZIPPED)
    assert small.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(small.data) == plain.data
    assert len(small.data) < len(plain.data) / 3
    assert "Accept-Encoding" in plain.headers["Vary"]
    assert "Content-Encoding" not in plain.headers


def test_a_file_that_is_here_already_is_not_sent_again(client: FlaskClient) -> None:
    href = "/static/js/app.js"
    with client.get(href, headers=ZIPPED) as first:
        assert first.headers["Content-Encoding"] == "gzip"
        etag = first.headers["ETag"]
    with client.get(href, headers=ZIPPED | {"If-None-Match": etag}) as again:
        assert again.status_code == 304


def test_who_refuses_gzip_and_who_asks_for_a_part_gets_it_plain(client: FlaskClient) -> None:
    for headers in ({"Accept-Encoding": "gzip;q=0"}, ZIPPED | {"Range": "bytes=0-9"}):
        with client.get("/static/js/app.js", headers=headers) as answer:
            assert "Content-Encoding" not in answer.headers


def test_a_page_is_small_for_who_came_from_us_and_plain_when_another_site_asks(
    client: FlaskClient,
) -> None:
    for site in ("same-origin", "none"):
        page = client.get("/needs/new", headers=ZIPPED | {"Sec-Fetch-Site": site})
        assert page.headers["Content-Encoding"] == "gzip"
        assert "csrf_token" in gzip.decompress(page.data).decode()
    for headers in (ZIPPED, *(ZIPPED | {"Sec-Fetch-Site": site} for site in STRANGE)):
        page = client.get("/needs/new", headers=headers)
        assert "csrf_token" in page.text
        assert "Content-Encoding" not in page.headers
        assert "Sec-Fetch-Site" in page.headers["Vary"]


def test_the_first_page_with_all_it_needs_stays_light(client: FlaskClient) -> None:
    page = client.get("/", headers=ZIPPED)
    total = len(page.data)
    for href in set(OWN_FILE.findall(page.text)):
        with client.get(href, headers=ZIPPED) as answer:
            assert answer.status_code == 200, href
            total += len(answer.data)
    assert total <= FIRST_PAGE_BYTES, total

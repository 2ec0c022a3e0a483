"""Pages and files travel small over a slow line, without telling what is in them.

The length of a compressed page tells about secrets beside text that somebody else chose (BREACH).
So the form token is masked anew in every answer (`form_tokens`), and a page is compressed only for
a reader who came from a page of ours or typed the address, never when another site made the
browser ask. Browsers that do not say where a question comes from get it plain.
"""

from __future__ import annotations

import gzip
from functools import lru_cache

from flask import Flask, Response, request

SAME_FOR_ALL = frozenset({"static", "stylesheet"})
TEXTS = ("text/", "image/svg+xml", "application/javascript", "application/json")
OF_OUR_OWN = frozenset({"same-origin", "none"})  # Sec-Fetch-Site; `none`: typed, or a bookmark
LEAST_BYTES = 500
QUICK = 5


def register(app: Flask) -> None:
    """Compress pages, stylesheets, scripts and drawings for readers that take gzip."""
    app.after_request(_squeeze)


def _squeeze(answer: Response) -> Response:
    shared = request.endpoint in SAME_FOR_ALL and (answer.mimetype or "").startswith(TEXTS)
    page = answer.mimetype == "text/html" and not answer.is_streamed
    if not shared and not page:
        return answer
    answer.vary.add("Accept-Encoding")
    if page:
        answer.vary.add("Sec-Fetch-Site")
        if request.headers.get("Sec-Fetch-Site") not in OF_OUR_OWN:
            return answer
    elif answer.status_code != 200 or "Range" in request.headers:
        return answer
    if request.accept_encodings["gzip"] <= 0:
        return answer
    return _small_one(answer, once=page)


def _small_one(answer: Response, *, once: bool) -> Response:
    answer.direct_passthrough = False
    body = answer.get_data()
    if len(body) >= LEAST_BYTES:
        answer.set_data(gzip.compress(body, QUICK, mtime=0) if once else _kept(body))
        answer.headers["Content-Encoding"] = "gzip"
        if etag := answer.get_etag()[0]:
            answer.set_etag(etag, weak=True)
    return answer


@lru_cache(maxsize=64)
def _kept(body: bytes) -> bytes:
    return gzip.compress(body, mtime=0)

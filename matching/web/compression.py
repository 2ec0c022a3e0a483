"""Files that are the same for everybody travel small over a slow line.

Pages do not: they carry a secret token beside what a reader typed, and the length of a compressed
page would tell about both (BREACH).
"""

from __future__ import annotations

import gzip
from functools import lru_cache

from flask import Flask, Response, request

SAME_FOR_ALL = frozenset({"static", "stylesheet"})
TEXTS = ("text/", "image/svg+xml", "application/javascript", "application/json")
LEAST_BYTES = 500


def register(app: Flask) -> None:
    """Compress stylesheets, scripts and drawings for readers that take gzip."""
    app.after_request(_squeeze)


def _squeeze(answer: Response) -> Response:
    if request.endpoint not in SAME_FOR_ALL or not (answer.mimetype or "").startswith(TEXTS):
        return answer
    answer.vary.add("Accept-Encoding")
    if answer.status_code != 200 or "Range" in request.headers:
        return answer
    if request.accept_encodings["gzip"] <= 0:
        return answer
    answer.direct_passthrough = False
    body = answer.get_data()
    if len(body) >= LEAST_BYTES:
        answer.set_data(_small(body))
        answer.headers["Content-Encoding"] = "gzip"
        if etag := answer.get_etag()[0]:
            answer.set_etag(etag, weak=True)
    return answer


@lru_cache(maxsize=64)
def _small(body: bytes) -> bytes:
    return gzip.compress(body, mtime=0)

"""Smaller pages for slow networks: public pages travel compressed.

Pages that hold a person's data or repeat what somebody typed do not: the size of a compressed page could
give a secret away (BREACH).
"""

from __future__ import annotations

import gzip
from typing import TYPE_CHECKING, Final

from flask import request

if TYPE_CHECKING:
    from flask import Flask, Response

SMALLEST: Final = 2_000
LEVEL: Final = 5  # beyond it costs more time than it saves bytes
PRIVATE: Final = ("/office", "/registrations", "/sign-in", "/desk", "/api", "/b/")


def _compress(response: Response) -> Response:
    if (
        request.method != "GET"
        or response.status_code != 200
        or response.mimetype != "text/html"
        or response.is_streamed
        or response.direct_passthrough
        or "Content-Encoding" in response.headers
        or request.path.startswith(PRIVATE)
    ):
        return response
    response.vary.add("Accept-Encoding")
    body = response.get_data()
    if len(body) >= SMALLEST and request.accept_encodings["gzip"] > 0:
        response.set_data(gzip.compress(body, LEVEL, mtime=0))
        response.headers["Content-Encoding"] = "gzip"
    return response


def install(app: Flask) -> None:
    """Compress the answers that may be."""
    app.after_request(_compress)

"""Static files under a name that changes with their content, so that browsers may keep them for ever."""

from __future__ import annotations

import gzip
import hashlib
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Final

from flask import Response, abort, request, send_file

from eventsys.web.shared.access import public

if TYPE_CHECKING:
    from flask import Flask

STATIC: Final = Path(__file__).parent.parent.parent.parent / "static"
COMPRESSED: Final = {".css", ".js", ".svg", ".json", ".wasm", ".txt", ".ttf", ".webmanifest"}
YEAR: Final = 365 * 86400
LONGEST_NAME: Final = 200
HASH_LENGTH: Final = 10


@cache
def _digest(path: str, modified: float) -> str:  # noqa: ARG001 (part of the cache key)
    return hashlib.sha256((STATIC / path).read_bytes()).hexdigest()[:HASH_LENGTH]


def asset(path: str) -> str:
    """Give the address of a static file, with the hash of its content in front of its name."""
    file = STATIC / path
    try:
        modified = file.stat().st_mtime
    except FileNotFoundError:
        raise LookupError(f"no static file {path}") from None
    return f"/static/{_digest(path, modified)}/{path}"


@cache
def _gzipped(path: str, modified: float) -> bytes:  # noqa: ARG001 (part of the cache key)
    return gzip.compress((STATIC / path).read_bytes(), 9, mtime=0)


@public
def serve(filename: str) -> Response:
    """Serve a static file; with a hash in front it may be kept for a year."""
    if len(filename) > LONGEST_NAME:
        abort(404)  # the system would call it an error, not a file that is not there
    first, slash, rest = filename.partition("/")
    hashed = bool(slash) and len(first) == HASH_LENGTH and (STATIC / rest).is_file()
    path = rest if hashed else filename
    file = (STATIC / path).resolve()
    if not file.is_relative_to(STATIC.resolve()) or not file.is_file():
        abort(404)
    if file.suffix in COMPRESSED and "gzip" in request.headers.get("Accept-Encoding", ""):
        plain = send_file(file, conditional=False)
        response = Response(_gzipped(path, file.stat().st_mtime), mimetype=plain.mimetype)
        plain.close()
        response.headers["Content-Encoding"] = "gzip"
    else:
        response = send_file(file)
    response.headers["Vary"] = "Accept-Encoding"
    response.headers["Cache-Control"] = (
        f"public, max-age={YEAR}, immutable" if hashed else "no-cache"
    )
    return response


def install(app: Flask) -> None:
    """Serve ``/static/…`` and give templates ``asset``."""
    app.add_url_rule("/static/<path:filename>", "static", serve)
    app.jinja_env.globals["asset"] = asset

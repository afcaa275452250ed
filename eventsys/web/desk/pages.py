"""The desk's page and its decoder. Both are public: what they may do comes with the device's token."""

from __future__ import annotations

import hashlib
from functools import cache
from typing import Final

from flask import Response, render_template, request, url_for

from eventsys.checkin.rules import OVERRIDABLE, Result
from eventsys.core.i18n import LANGUAGES, OWN_NAMES, current_language
from eventsys.web.desk.blueprint import bp
from eventsys.web.desk.texts import texts_in_all_languages
from eventsys.web.shared.access import public
from eventsys.web.shared.assets import HASH_LENGTH, STATIC, asset
from eventsys.web.shared.headers import WORKER_POLICY

DECODER: Final = STATIC / "desk" / "decoder.js"
# What the screen can show: the results of the rules, and what only the phone knows.
SCREENS: Final = (*(result.value for result in Result), "checking", "unverified", "failed")


@cache
def _version(modified: float) -> str:  # noqa: ARG001 (part of the cache key)
    """Hash all modules together: they import each other by relative address."""
    whole = hashlib.sha256()
    for file in sorted((STATIC / "desk").iterdir()):
        whole.update(file.read_bytes())
    return whole.hexdigest()[:HASH_LENGTH]


def desk_asset(name: str) -> str:
    """Give the address of a file of the desk under the hash of all of them."""
    newest = max(file.stat().st_mtime for file in (STATIC / "desk").iterdir())
    return f"/static/{_version(newest)}/desk/{name}"


@bp.get("/desk")
@bp.get("/desk/")
@public
def shell() -> str:
    """Show the page that scans; the device's token is in the fragment and never reaches the server here."""
    config = {
        "api": "/api/v1",
        "urls": {
            "worker": url_for("desk.decoder", v=desk_asset("decoder.js").split("/")[2]),
            "zxing": asset("vendor/zxing-wasm-3.1.4/reader.js"),
            "wasm": asset("vendor/zxing-wasm-3.1.4/zxing_reader.wasm"),
            "qr": asset("vendor/qr-0.7.0/decode.js"),
        },
    }
    texts = texts_in_all_languages()
    for made in texts.values():
        made.update({f"may_override.{result.value}": "yes" for result in OVERRIDABLE})
    return render_template(
        "desk/shell.html",
        config=config,
        texts=texts,
        here=texts[current_language()],
        names=[(code, OWN_NAMES[code]) for code in LANGUAGES],
        screens=SCREENS,
        desk_asset=desk_asset,
    )


@bp.get("/desk/decoder.js")
@public
def decoder() -> Response:
    """Serve the worker that reads codes: the one file that may compile wasm."""
    response = Response(DECODER.read_bytes(), mimetype="text/javascript")
    response.headers["Content-Security-Policy"] = WORKER_POLICY
    versioned = "v" in request.args
    response.headers["Cache-Control"] = (
        "public, max-age=31536000, immutable" if versioned else "no-cache"
    )
    return response

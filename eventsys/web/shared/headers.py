"""Security headers of every answer."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from flask import request

if TYPE_CHECKING:
    from flask import Flask, Response

    from eventsys.core.settings import Settings

POLICY: Final = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; font-src 'self'; "
    "connect-src 'self'; manifest-src 'self'; worker-src 'self'; media-src 'self' blob:; "
    "form-action 'self' https://checkout.stripe.com; base-uri 'none'; frame-ancestors 'none'"
)
# The scanner's worker alone may compile the decoder.
WORKER_POLICY: Final = (
    "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; connect-src 'self'"
)


def install(app: Flask, settings: Settings) -> None:
    """Set the headers on every answer; pages with personal data are never kept by a cache."""

    def secure(response: Response) -> Response:
        headers = response.headers
        headers.setdefault("Content-Security-Policy", POLICY)
        headers.setdefault("X-Content-Type-Options", "nosniff")
        # Links of persons are secrets: they must not travel in a Referer.
        headers.setdefault(
            "Referrer-Policy",
            "same-origin" if not request.path.startswith("/registrations/") else "no-referrer",
        )
        headers.setdefault("Permissions-Policy", "camera=(self), microphone=(), geolocation=()")
        headers.setdefault("Cross-Origin-Opener-Policy", "same-origin")
        headers.setdefault(
            "Cache-Control",
            "no-store"
            if request.path.startswith(("/office", "/registrations"))
            else "private, no-cache",
        )
        if settings.https:
            headers.setdefault("Strict-Transport-Security", "max-age=31536000; includeSubDomains")
        return response

    app.after_request(secure)

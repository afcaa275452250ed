"""The language of a page: in the address, chosen by link, else by the browser's wish.

``/fr/events/x`` is served as ``/events/x`` with ``/fr`` in front of every link that Flask makes,
because the prefix is moved to SCRIPT_NAME before routing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from flask import redirect, request

from eventsys.core.i18n import LANGUAGES, OWN_NAMES, SOURCE, current_language, set_language

if TYPE_CHECKING:
    from collections.abc import Iterable

    from flask import Flask
    from flask.typing import ResponseReturnValue

ENVIRON_KEY: Final = "eventsys.language"
COOKIE: Final = "language"
# Addresses that machines call, or that are printed: they have no language of their own.
PLAIN: Final = (
    "/static/",
    "/colours/",
    "/api/",
    "/hooks/",
    "/healthz",
    "/readyz",
    "/b/",
    "/B/",
    "/robots.txt",
    "/favicon.ico",
    "/desk/sw.js",
)


class LanguagePrefix:
    """WSGI layer that takes the language off the path."""

    def __init__(self, application: Any) -> None:  # noqa: ANN401 (WSGI)
        """Wrap a WSGI application."""
        self.application = application

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:  # noqa: ANN401 (WSGI)
        """Move ``/en``, ``/es`` or ``/fr`` from the path to SCRIPT_NAME."""
        path: str = environ.get("PATH_INFO", "")
        first, slash, rest = path[1:].partition("/")
        if path.startswith("/") and first in LANGUAGES:
            environ[ENVIRON_KEY] = first
            environ["SCRIPT_NAME"] = environ.get("SCRIPT_NAME", "") + "/" + first
            environ["PATH_INFO"] = slash + rest or "/"
        result: Iterable[bytes] = self.application(environ, start_response)
        return result


def _wished() -> str:
    chosen = request.cookies.get(COOKIE)
    if chosen in LANGUAGES:
        return str(chosen)
    return request.accept_languages.best_match(LANGUAGES) or SOURCE


def _choose() -> ResponseReturnValue | None:
    language = request.environ.get(ENVIRON_KEY)
    if language:
        set_language(language)
        return None
    set_language(_wished())
    if request.path.startswith(PLAIN) or request.path == "/api" or request.endpoint is None:
        return None
    target = "/" + current_language() + request.full_path.rstrip("?")
    # 307 keeps the method and what was posted.
    answer = redirect(target, 302 if request.method in {"GET", "HEAD"} else 307)
    answer.headers["Vary"] = "Accept-Language, Cookie"
    return answer


def language_links() -> list[tuple[str, str, str]]:
    """List the other languages of this page: code, own name, address.

    The refusal of something that was sent has none: its address cannot be fetched.
    """
    rule = request.url_rule
    if rule is not None and "GET" not in (rule.methods or ()):
        return []
    query = f"?{request.query_string.decode(errors='replace')}" if request.query_string else ""
    # A page that does not exist does not exist in another language either.
    path = request.path if request.endpoint is not None else "/"
    return [
        (code, OWN_NAMES[code], f"/{code}{path}{query}")
        for code in LANGUAGES
        if code != current_language()
    ]


def install(app: Flask) -> None:
    """Choose the language of every request, first of all."""
    app.before_request(_choose)
    app.wsgi_app = LanguagePrefix(app.wsgi_app)  # type: ignore[method-assign]  # how Flask wants it wrapped


def remember(language: str, response: Any) -> None:  # noqa: ANN401 (a response)
    """Keep a choice of language for the pages to come."""
    response.set_cookie(
        COOKIE, language, max_age=365 * 86400, samesite="Lax", path="/", httponly=True
    )

"""What somebody typed outlives a page that was open too long, and a session that ended meanwhile.

The fields come back on a page whose button sends them again with a fresh token. Only a form of our own site is
offered back: one press on it must not carry out what another site has put together.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlsplit

from flask import current_app, make_response, render_template, request, url_for

from eventsys.web.shared.access import current_staff

if TYPE_CHECKING:
    from flask import Flask, Response

    from eventsys.core.settings import Settings

TOKEN: Final = "csrf_token"  # noqa: S105 (the name of a field)
# Never sent back to a browser; a test compares it with the password fields of all forms.
SECRET_FIELDS: Final = frozenset({"password", "old", "new"})
MULTIPART: Final = "multipart/form-data"


@dataclass(frozen=True, slots=True)
class Kept:
    """What a form carried, without what must not or cannot be given back."""

    fields: tuple[tuple[str, str], ...]
    lost_secret: bool
    lost_file: bool
    multipart: bool


def _site(address: str) -> str:
    return urlsplit(address).netloc.casefold()


def from_own_page() -> bool:
    """Tell whether the browser says that a page of this site sent the form; without a word of it, it did not."""
    site = request.headers.get("Sec-Fetch-Site")
    if site is not None:
        return site == "same-origin"
    settings: Settings = current_app.config["EVENTSYS"]
    sender = request.headers.get("Origin") or request.headers.get("Referer") or ""
    return bool(_site(sender)) and _site(sender) in {
        request.host.casefold(),
        _site(settings.base_url),
    }


def keep() -> Kept:
    """Gather the fields of the present form."""
    fields = [item for item in request.form.items(multi=True) if item[0] != TOKEN]
    return Kept(
        fields=tuple(item for item in fields if item[0] not in SECRET_FIELDS),
        lost_secret=any(name in SECRET_FIELDS and value for name, value in fields),
        lost_file=any(sent.filename for sent in request.files.values()),
        multipart=request.mimetype == MULTIPART,
    )


def page(kept: Kept, *, status: int, sign_in: bool) -> Response:
    """Make the page that gives the fields back."""
    target = request.script_root + request.full_path.rstrip("?")
    answer = make_response(
        render_template(
            "errors/resend.html",
            kept=kept,
            target=target,
            sign_in_url=url_for("public.sign_in") if sign_in else None,
        ),
        status,
    )
    # It holds what was typed, wherever that was.
    answer.headers["Cache-Control"] = "no-store"
    return answer


def after_stale_token() -> Response | None:
    """Give the page for a form whose token is stale or missing; None where it must not be offered."""
    if not from_own_page():
        return None
    needs_staff = request.path.startswith("/office") and current_staff() is None
    return page(keep(), status=400, sign_in=needs_staff)


def _signed_out() -> Any:  # noqa: ANN401 (a response or nothing)
    if request.method != "POST" or request.blueprint != "office" or not from_own_page():
        return None
    if current_staff() is not None:
        return None
    kept = keep()
    return page(kept, status=403, sign_in=True) if kept.fields else None


def install(app: Flask) -> None:
    """Stop a form of somebody whose session has ended before the way to the sign-in throws it away."""
    app.before_request(_signed_out)

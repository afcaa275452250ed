"""What every template can use."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, cast

from flask import current_app, get_flashed_messages, request
from flask_wtf.csrf import generate_csrf
from werkzeug.routing import IntegerConverter

from eventsys.accounts.rules import Permission
from eventsys.core.i18n import current_language, gettext, ngettext
from eventsys.web.shared.access import current_staff, may
from eventsys.web.shared.locale import language_links

if TYPE_CHECKING:
    from flask import Flask
    from werkzeug.routing import Map

    from eventsys.core.settings import Settings

LARGEST_ROW: Final = 2**31 - 1


def settings() -> Settings:
    """Give the settings of this application."""
    return cast("Settings", current_app.config["EVENTSYS"])


def absolute(path: str) -> str:
    """Give the full address of a path, for mails, calendars and share pictures."""
    return settings().base_url + path


def _flashes() -> list[tuple[str, str]]:
    return cast("list[tuple[str, str]]", get_flashed_messages(with_categories=True))


def _context() -> dict[str, Any]:
    return {
        "language": current_language(),
        "languages": language_links(),
        "staff": current_staff() if request.path.startswith("/office") else None,
        "current_path": request.path,
    }


class RowNumber(IntegerConverter):
    """A number in an address: what no row can have is not found, rather than too large for the database."""

    def __init__(self, url_map: Map, **options: Any) -> None:  # noqa: ANN401 (handed to Werkzeug)
        """Take Werkzeug's own converter, with the largest number of a row."""
        super().__init__(url_map, **{"max": LARGEST_ROW, **options})


def install(app: Flask, settings: Settings) -> None:
    """Give templates our globals, and addresses our kind of number."""
    app.url_map.converters["int"] = RowNumber
    app.context_processor(_context)
    app.jinja_env.globals.update(
        _=gettext,
        ngettext=ngettext,
        absolute=absolute,
        csrf_token=generate_csrf,
        flashes=_flashes,
        may=may,
        Permission=Permission,
        site_name=settings.site_name,
    )

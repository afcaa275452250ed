"""The colour of an event, as a small style sheet: pages carry no style of their own (CSP)."""

from __future__ import annotations

from typing import Final

from flask import Response, abort

from eventsys.events.rules.colour import WHITE, read_colour, readable_on
from eventsys.web.public.blueprint import bp
from eventsys.web.shared.access import public

# The papers of static/css/main.css on which links are hardest to read: grey tags by day, green banners by night.
LIGHT_PANEL: Final = "#e7eaed"
DARK_PANEL: Final = "#12301f"
YEAR: Final = 365 * 86400
SHEET: Final = """:root{{--brand:{brand};--action:{light};--action-hover:var(--ink)}}
@media (prefers-color-scheme:dark){{:root{{--brand:{brand};--action:{dark}}}}}
@media print{{:root{{--brand:#fff;--action:#000}}}}
"""


@bp.get("/colours/<hue>.css")
@public
def colours(hue: str) -> Response:
    """Give the tokens of a colour, readable by day and by night; one address is one sheet for ever."""
    colour = read_colour(hue)
    if colour is None:
        abort(404)
    sheet = SHEET.format(
        brand=readable_on(colour, WHITE),
        light=readable_on(colour, LIGHT_PANEL),
        dark=readable_on(colour, DARK_PANEL),
    )
    response = Response(sheet, mimetype="text/css")
    response.headers["Cache-Control"] = f"public, max-age={YEAR}, immutable"
    return response

"""A person's badge as PDF, from the own page."""

from __future__ import annotations

from flask import Response

from eventsys.badges.operations.render import render_badge
from eventsys.registration.errors import WrongState
from eventsys.registration.queries.detail import get_by_link
from eventsys.registration.rules.states import has_badge
from eventsys.web.public.blueprint import bp
from eventsys.web.shared.access import link_holder, settings_secret
from eventsys.web.shared.pages import settings


@bp.get("/registrations/<token>/badge.pdf")
@link_holder
def my_badge(token: str) -> Response:
    """Give the badge, to print at home or to show on the phone."""
    detail = get_by_link(token)
    if not has_badge(detail.registration.status):
        raise WrongState(status=detail.registration.status)
    made = render_badge(detail, secret=settings_secret(), base_url=settings().base_url)
    return Response(
        made,
        mimetype="application/pdf",
        headers={"Content-Disposition": f'inline; filename="badge-{detail.event.slug}.pdf"'},
    )

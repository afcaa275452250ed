"""Pages that stand by themselves: help, privacy, accessibility."""

from __future__ import annotations

from flask import render_template

from eventsys.web.public.blueprint import bp
from eventsys.web.public.registration_form import CONSENT_VERSION
from eventsys.web.shared.access import public


@bp.get("/help")
@public
def help_page() -> str:
    """Say how registration works and what to do when something is lost."""
    return render_template("public/pages/help.html")


@bp.get("/privacy")
@public
def privacy() -> str:
    """Say what is kept, why, for how long, and who sees it."""
    return render_template("public/pages/privacy.html", version=CONSENT_VERSION)


@bp.get("/accessibility")
@public
def accessibility() -> str:
    """Say how these pages can be used, and whom to tell about a barrier."""
    return render_template("public/pages/accessibility.html")

"""WSGI entry point: ``flask …`` and gunicorn find the application here."""

from __future__ import annotations

from eventsys.factory import create_app

app = create_app()

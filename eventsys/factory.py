"""The only file that sees everything: it wires the application, checks it, and refuses to start it wrong."""

from __future__ import annotations

import os
import sys
from datetime import timedelta
from typing import TYPE_CHECKING, Any, cast

from flask import Flask
from flask_wtf.csrf import CSRFProtect
from werkzeug.middleware.proxy_fix import ProxyFix

from eventsys import cli
from eventsys.cli import refusals
from eventsys.core import render
from eventsys.core.db import db, prepare_engine
from eventsys.core.errors import SettingError
from eventsys.core.setting_rules import check_values
from eventsys.core.settings import Settings, read_settings
from eventsys.places.queries import configure as configure_places
from eventsys.web import blueprints
from eventsys.web.shared import (
    access,
    assets,
    compress,
    errors,
    headers,
    locale,
    pages,
    resend,
    texts,
    transaction,
)
from eventsys.web.shared.sentences import sentence
from eventsys.worker.command import worker

if TYPE_CHECKING:
    from collections.abc import Callable

MEGABYTE = 1024 * 1024

csrf = CSRFProtect()


def create_app(settings: Settings | None = None) -> Flask:
    """Make the application. Without settings they are read from the environment; a wrong one ends the process."""
    if settings is None:
        try:
            check_values(os.environ)
            settings = read_settings(os.environ)
        except SettingError as error:
            sys.stderr.write(f"eventsys: {error}\n")
            raise SystemExit(2) from None
    app = Flask(__name__, template_folder="../templates", static_folder=None)
    _configure(app, settings)
    db.init_app(app)
    configure_places(settings.data_dir)
    with app.app_context():
        prepare_engine(db.engine)
    _install_web(app, settings)
    cli.install(app)
    app.cli.add_command(worker)
    refusals.install(app, sentence)
    access.list_access(app)  # raises when a route declares no access
    return app


def _configure(app: Flask, settings: Settings) -> None:
    app.config.update(
        SECRET_KEY=settings.secret_key,
        SQLALCHEMY_DATABASE_URI=settings.database_url,
        SQLALCHEMY_ENGINE_OPTIONS=_engine_options(settings),
        SESSION_COOKIE_NAME="eventsys",
        SESSION_COOKIE_PATH="/",
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=settings.https,
        PERMANENT_SESSION_LIFETIME=timedelta(days=1),
        MAX_CONTENT_LENGTH=20 * MEGABYTE,
        MAX_FORM_MEMORY_SIZE=2 * MEGABYTE,
        MAX_FORM_PARTS=2_000,
        WTF_CSRF_TIME_LIMIT=None,
        WTF_CSRF_SSL_STRICT=False,
        TESTING=settings.testing,
        EVENTSYS=settings,
    )


def _engine_options(settings: Settings) -> dict[str, Any]:
    if settings.sqlite:
        return {"pool_size": 10, "max_overflow": 10, "connect_args": {"check_same_thread": False}}
    return {"pool_size": 5, "max_overflow": 10}


def _install_web(app: Flask, settings: Settings) -> None:
    render.install(app.jinja_env)
    compress.install(app)
    headers.install(app, settings)
    locale.install(app)
    texts.install(app)
    transaction.install(app)
    csrf.init_app(app)
    resend.install(app)
    assets.install(app)
    errors.install(app)
    pages.install(app, settings)
    for blueprint in blueprints.ALL:
        app.register_blueprint(blueprint)
    for name in blueprints.WITHOUT_CSRF:
        csrf.exempt(name)
    if settings.trusted_proxies:
        wrapped = cast("Callable[..., Any]", app.wsgi_app)
        app.wsgi_app = ProxyFix(wrapped, x_for=settings.trusted_proxies, x_proto=1, x_host=1)  # type: ignore[method-assign]

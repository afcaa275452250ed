"""Background work by command."""

from __future__ import annotations

import signal
import threading

import click
from flask import current_app
from flask.cli import AppGroup

from eventsys.worker.run import work_forever, work_once

worker = AppGroup("worker", help="Jobs and mail.")


@worker.command("run")
@click.option("--once", is_flag=True, help="Do what is due, then stop.")
def run(*, once: bool) -> None:
    """Deliver mails and do jobs, until stopped."""
    app = current_app._get_current_object()  # type: ignore[attr-defined]  # the application behind the proxy
    if once:
        _say(f"{work_once(app)} mails and jobs done")
        return
    stopped = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stopped.set())
    _say("worker started")
    work_forever(app, stopped.is_set)
    _say("worker stopped")


def _say(message: str) -> None:
    click.echo(message, err=True)

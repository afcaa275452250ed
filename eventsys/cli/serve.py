"""``flask serve``: everything in one command: migrations, demo if empty, web and worker."""

from __future__ import annotations

import gc
import os
import signal
from multiprocessing import get_context
from typing import TYPE_CHECKING, Final

import click
from flask import current_app
from gunicorn.app.base import BaseApplication
from gunicorn.workers.gthread import ThreadWorker

from eventsys.accounts.operations.create import issue_link
from eventsys.accounts.queries import find_account, list_accounts
from eventsys.cli.db import upgrade_when_needed
from eventsys.cli.demo import DEMO_STAFF, load_demo
from eventsys.cli.transaction import COMMAND, now, say, writing
from eventsys.core.db import db
from eventsys.events.queries import list_events

if TYPE_CHECKING:
    from multiprocessing.context import ForkProcess

    from flask import Flask
    from gunicorn.http.message import Request

    from eventsys.core.settings import Settings

GRACE_SECONDS: Final = 15
# Of each web process. Measured with 32 people at one event: with 8, the one that holds the write lock waits
# for its turn among the others, and the slowest submits take half as long again.
THREADS: Final = 4
WORKER_NICENESS: Final = 10
LOOK_EVERY: Final = 0.2
_FORK: Final = get_context("fork")


@click.command("serve")
@click.option("--demo/--no-demo", default=True, help="Load the demo when the database is empty.")
def serve(*, demo: bool) -> None:
    """Migrate, load the demo into an empty database, then run web and worker until stopped."""
    settings: Settings = current_app.config["EVENTSYS"]
    upgrade_when_needed()
    link = _prepare(settings, demo=demo)
    # No connection of ours may be shared with the children that are forked.
    db.session.remove()
    db.engine.dispose()
    # What is loaded stays: the children need not look through it for waste, and go on sharing its memory.
    gc.collect()
    gc.freeze()
    app = current_app._get_current_object()  # type: ignore[attr-defined]  # the application behind the proxy
    web = _FORK.Process(target=_run_web, args=(app, settings))
    web.start()
    worker = _start_worker(app)
    say(f"\n  eventsys runs at {settings.base_url}")
    if link:
        say(f"  Staff sign-in ({DEMO_STAFF}), works once: {link}")
    say("  Stop with Ctrl-C.\n")
    _watch(app, web, worker)


def _prepare(settings: Settings, *, demo: bool) -> str:
    """Load the demo into an empty database; gives a one-time link of the demo's staff account."""
    if demo and not list_accounts() and not list_events():
        say("The database is empty: loading the demo (about a minute) …")
        load_demo(settings)
    account = find_account(DEMO_STAFF)
    if account is None:
        return ""
    with writing():
        token = issue_link(account.id, actor=COMMAND, now=now())
    return f"{settings.base_url}/en/sign-in/{token}"


class Process(ThreadWorker):  # type: ignore[misc]  # gunicorn ships no types
    """A web process that leaves people in the one line before all processes while its own threads are busy.

    Otherwise, in a rush, the process that wakes first takes nearly all: 29 of 32 were seen, who all waited
    while the other process had nothing to do. A connection that stays open would stay with its process, so it
    is closed after the answer where others wait; the next request joins the common line.
    """

    def crowded(self, most: int) -> bool:
        """Tell whether more than so many requests are answered or wait here."""
        idle = len(self.keepalived_conns) + len(self.pending_conns)
        return bool(self.nr_conns - idle > most)

    def wait_for_and_dispatch_events(self, timeout: float) -> None:
        """Take the next one only when a thread will soon be free."""
        self.set_accept_enabled(self._accepting and not self.crowded(THREADS))
        super().wait_for_and_dispatch_events(timeout)


def _join_the_line(process: Process, request: Request) -> None:
    if process.crowded(THREADS):
        request.force_close()


class _Web(BaseApplication):  # type: ignore[misc]  # gunicorn ships no types
    """gunicorn with the application that is loaded already: starting anew would load it twice."""

    def __init__(self, app: Flask, settings: Settings) -> None:
        self.served, self.settings = app, settings
        super().__init__()

    def load_config(self) -> None:
        """Threads, because a request may wait for the database or for Stripe."""
        for name, value in {
            "bind": f"{self.settings.host}:{self.settings.port}",
            "worker_class": f"{Process.__module__}.{Process.__qualname__}",
            "workers": self.settings.workers,
            "threads": THREADS,
            "backlog": 2048,
            "max_requests": 20_000,
            "max_requests_jitter": 2_000,
            "timeout": 60,
            "graceful_timeout": 20,
            "keepalive": 15,
            "pre_request": _join_the_line,
            "preload_app": True,
            "errorlog": "-",
            "loglevel": "warning",
            "control_socket_disable": True,
        }.items():
            self.cfg.set(name, value)

    def load(self) -> Flask:
        """Give the application."""
        return self.served


def _run_web(app: Flask, settings: Settings) -> None:
    _Web(app, settings).run()


def _run_worker(app: Flask) -> None:
    # In a rush, people who wait before a page go first; their mails and badges follow a moment later.
    os.nice(WORKER_NICENESS)
    app.cli.main(["worker", "run"], prog_name="flask")


def _start_worker(app: Flask) -> ForkProcess:
    # Forked from what is loaded: a process that starts anew takes a core away from the first pages, and
    # shares no memory with the others.
    worker = _FORK.Process(target=_run_worker, args=(app,))
    worker.start()
    return worker


def _watch(app: Flask, web: ForkProcess, worker: ForkProcess) -> None:
    """Keep both running: the worker is started again when it dies; without web everything ends."""
    stopping = False

    def stop(*_: object) -> None:
        nonlocal stopping
        stopping = True

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, stop)
    while not stopping and web.is_alive():
        if not worker.is_alive():
            say("the worker has ended: starting it again")
            worker = _start_worker(app)
        web.join(LOOK_EVERY)
    failed = not stopping and web.exitcode != 0
    if web.is_alive():
        web.terminate()
    worker.terminate()
    web.join(GRACE_SECONDS)
    web.kill()
    worker.join(GRACE_SECONDS)
    worker.kill()
    if failed:
        raise click.ClickException("the web server has ended")

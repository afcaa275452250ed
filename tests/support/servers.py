"""Servers of our own: the application in a thread for the browser, gunicorn for races, and a mail sink."""

from __future__ import annotations

import contextlib
import contextvars
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from dataclasses import replace
from email import message_from_bytes, policy
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.error import URLError
from urllib.request import urlopen

import pytest
from aiosmtpd.controller import Controller
from flask import has_app_context
from werkzeug.serving import make_server

from eventsys.core.db import db
from eventsys.worker.run import work_once
from tests.support.database import SECRET

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from email.message import EmailMessage

    from flask import Flask

ROOT = Path(__file__).parent.parent.parent
START_SECONDS = 30


def free_port() -> int:
    """Find a port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Site:
    """The application of the test, served from a thread of it: for the browser."""

    def __init__(self, app: Flask) -> None:
        self._server = make_server("127.0.0.1", 0, app, threaded=True)
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Stop serving."""
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()


@pytest.fixture
def site(app: Flask) -> Iterator[Site]:
    """Give the application of the test at an address: ``site.url``."""
    before = app.config["EVENTSYS"]
    made = Site(app)
    app.config["EVENTSYS"] = replace(before, base_url=made.url)
    yield made
    made.stop()
    app.config["EVENTSYS"] = before


class Server:
    """The product as it is run: gunicorn with several processes, on the database of the test."""

    def __init__(
        self, app: Flask, folder: Path, workers: int, threads: int, settings: dict[str, str]
    ) -> None:
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.log = folder / f"gunicorn-{self.port}.log"
        ours = app.config["EVENTSYS"]
        self.environment = {
            **{
                name: value
                for name, value in os.environ.items()
                if not name.startswith("EVENTSYS_")
            },
            "EVENTSYS_DATA_DIR": str(ours.data_dir),
            "EVENTSYS_DATABASE_URL": ours.database_url,
            "EVENTSYS_SECRET_KEY": SECRET,
            "EVENTSYS_BASE_URL": self.url,
            "EVENTSYS_PORT": str(self.port),
            **settings,
        }
        self.command = [
            sys.executable, "-m", "gunicorn", "app:app", "--worker-class", "gthread",
            "--workers", str(workers), "--threads", str(threads), "--bind", f"127.0.0.1:{self.port}",
            "--preload", "--worker-tmp-dir", "/dev/shm" if Path("/dev/shm").is_dir() else "/tmp",
        ]  # fmt: skip
        self.start()

    def start(self) -> None:
        """Start, and wait until it answers."""
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                self.command, cwd=ROOT, env=self.environment, stdin=subprocess.DEVNULL,
                stdout=log, stderr=log, start_new_session=True,
            )  # fmt: skip
        end = time.monotonic() + START_SECONDS
        while time.monotonic() < end:
            if self.process.poll() is not None:
                break
            try:
                with urlopen(f"{self.url}/healthz", timeout=5) as answer:
                    if answer.status == 200:
                        return
            except (URLError, ConnectionError, TimeoutError):
                time.sleep(0.05)
        said = self.log.read_text()
        self.stop()
        pytest.fail(f"gunicorn did not start:\n{said[-3000:]}")

    def stop(self) -> None:
        """End it kindly: running requests are answered."""
        self._signal(signal.SIGTERM)

    def kill(self) -> None:
        """End all its processes at once, as a power cut would."""
        self._signal(signal.SIGKILL)
        # Its children end a moment after it.
        while self._listens():
            time.sleep(0.01)

    def _listens(self) -> bool:
        with socket.socket() as probe:
            return probe.connect_ex(("127.0.0.1", self.port)) == 0

    def _signal(self, number: int) -> None:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.process.pid, number)
        try:
            self.process.wait(timeout=20)
        except subprocess.TimeoutExpired:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()


@pytest.fixture
def start_server(app: Flask, tmp_path: Path) -> Iterator[Callable[..., Server]]:
    """Give a way to start real servers: ``start_server(workers=3, threads=4, EVENTSYS_RATE_LIMITS="off")``."""
    started: list[Server] = []

    def start(workers: int = 2, threads: int = 4, **settings: str) -> Server:
        started.append(Server(app, tmp_path, workers, threads, settings))
        return started[-1]

    yield start
    for server in started:
        server.stop()


@pytest.fixture
def server(start_server: Callable[..., Server]) -> Server:
    """Give a real server: two processes of four threads on the database of the test."""
    return start_server()


class Sink:
    """A mail server that keeps what it is given; it can be told to refuse."""

    def __init__(self) -> None:
        self.messages: list[EmailMessage] = []
        self.answer = "250 OK"
        self._controller = Controller(self, hostname="127.0.0.1", port=free_port())
        self._controller.start()
        self.url = f"smtp://127.0.0.1:{self._controller.port}"

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802 (aiosmtpd calls it so)
        """Keep a message, or refuse it."""
        if self.answer.startswith("2"):
            message: Any = message_from_bytes(envelope.content, policy=policy.default)
            self.messages.append(message)
        return self.answer

    def take_ascii_only(self) -> None:
        """Be an old server, which knows no letters beyond ASCII in an address."""
        self._controller.SMTP_kwargs["enable_SMTPUTF8"] = False

    def to(self, address: str) -> list[EmailMessage]:
        """List what was delivered to an address."""
        return [message for message in self.messages if address in str(message["To"])]

    def stop(self) -> None:
        """Close the mail server; who delivers now is refused the connection."""
        self._controller.stop()


@pytest.fixture
def smtp(app: Flask) -> Iterator[Sink]:
    """Give a mail server and make the application deliver to it."""
    sink = Sink()
    before = app.config["EVENTSYS"]
    app.config["EVENTSYS"] = replace(before, mail_url=sink.url)
    yield sink
    app.config["EVENTSYS"] = before
    with contextlib.suppress(AssertionError, OSError):
        sink.stop()


@pytest.fixture
def worker(app: Flask) -> Callable[[], int]:
    """Give a way to do all due mails and jobs once, as ``flask worker run --once`` does."""

    def work() -> int:
        if has_app_context():
            db.session.commit()
        # The worker chooses language and kind of transaction for itself, not for the test.
        done = contextvars.copy_context().run(work_once, app)
        if has_app_context():
            db.session.expire_all()
        return done

    return work

"""``flask serve`` on a database of an older version: it migrates, serves, and starts a worker again that was killed."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from http.client import HTTPConnection
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.request import urlopen

import pytest
import sqlalchemy as sa
from flask_migrate import upgrade

from eventsys.core.db import db
from eventsys.core.migrations import code_version, database_version
from eventsys.factory import create_app
from tests.support.database import SECRET, create_database, settings_for
from tests.support.servers import ROOT, free_port

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from flask import Flask

PATIENCE = 60
CROWD, VISITS = 32, 6


@pytest.fixture
def old_app(engine: str, tmp_path: Path) -> Iterator[Flask]:
    """Give an application whose database is at the first migration."""
    url = f"sqlite:///{tmp_path / 'old.sqlite3'}"
    if engine == "postgresql":
        url = create_database("eventsys_serve")
    made = create_app(settings_for(tmp_path, url))
    with made.app_context():
        upgrade(revision="0001")
        db.engine.dispose()
        yield made
        db.session.remove()
        db.engine.dispose()


def eventually(what: Callable[[], object]) -> object:
    end = time.monotonic() + PATIENCE
    while not (found := what()):
        assert time.monotonic() < end, "waited in vain"
        time.sleep(0.1)
    return found


def workers_of(process: int) -> list[int]:
    """List the children of a process that let others go first."""
    try:
        children = Path(f"/proc/{process}/task/{process}/children").read_text().split()
        return [int(pid) for pid in children if os.getpriority(os.PRIO_PROCESS, int(pid)) > 0]
    except (ProcessLookupError, FileNotFoundError):
        return []


def visit(port: int) -> list[int]:
    """Look at the calendar some times, on a connection that stays open while the server keeps it."""
    connection, seen = HTTPConnection("127.0.0.1", port, timeout=PATIENCE), []
    for _ in range(VISITS):
        connection.request("GET", "/en/")
        answer = connection.getresponse()
        answer.read()
        seen.append(answer.status)
    connection.close()
    return seen


@pytest.mark.db
@pytest.mark.slow
def test_serve_migrates_and_keeps_web_and_worker_running(old_app, tmp_path):
    port = free_port()
    settings = old_app.config["EVENTSYS"]
    environment = {
        **{name: value for name, value in os.environ.items() if not name.startswith("EVENTSYS_")},
        "EVENTSYS_DATA_DIR": str(tmp_path),
        "EVENTSYS_DATABASE_URL": settings.database_url,
        "EVENTSYS_SECRET_KEY": SECRET,
        "EVENTSYS_PORT": str(port),
        "EVENTSYS_BASE_URL": f"http://127.0.0.1:{port}",
    }
    command = [sys.executable, "-m", "flask", "serve", "--no-demo"]
    serving = subprocess.Popen(command, cwd=ROOT, env=environment, stderr=subprocess.DEVNULL)

    def ready() -> bool:
        assert serving.poll() is None, "it has ended"
        try:
            with urlopen(f"http://127.0.0.1:{port}/readyz", timeout=5) as answer:
                return answer.status == 200
        except OSError:
            return False

    try:
        eventually(ready)
        with db.engine.connect() as connection:
            assert database_version(connection) == code_version()
        with ThreadPoolExecutor(CROWD) as crowd:
            answers = [
                status for them in crowd.map(lambda _: visit(port), range(CROWD)) for status in them
            ]
        # In a crowd connections are closed after an answer, never instead of one.
        assert answers == [200] * CROWD * VISITS
        (first,) = eventually(lambda: workers_of(serving.pid))
        os.kill(first, signal.SIGKILL)
        (second,) = eventually(lambda: [pid for pid in workers_of(serving.pid) if pid != first])
        assert ready()
        serving.terminate()
        assert serving.wait(PATIENCE) == 0
        with pytest.raises(ProcessLookupError):
            os.kill(second, 0)
    finally:
        serving.kill()
        serving.wait()


@pytest.mark.db
def test_a_database_that_says_two_versions_or_none_is_never_taken_for_current(old_app):
    with db.engine.begin() as connection:
        assert database_version(connection) == "0001"
        connection.execute(sa.text("INSERT INTO alembic_version VALUES ('0002')"))
        assert database_version(connection) is None
        connection.execute(sa.text("DROP TABLE alembic_version"))
        assert database_version(connection) is None

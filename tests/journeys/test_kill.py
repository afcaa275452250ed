"""Kill -9 at any moment: who saw a confirmation is there exactly once and gets the mail at least once."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from http.client import HTTPException

import pytest

from eventsys.core.db import db
from eventsys.events.models import Event
from eventsys.mail.models import Message
from eventsys.registration.models import Registration
from eventsys.registration.queries.integrity import find_faults
from eventsys.worker.run import work_once
from tests.factories.events import make_event
from tests.support.people import Visitor
from tests.support.servers import ROOT

PEOPLE, CLIENTS = 200, 8
KILLS = 8
PATIENCE = 240  # seconds in which a person tries again


def _start_worker(environment: dict[str, str]) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-m", "flask", "worker", "run"],
        cwd=ROOT,
        env=environment,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )


@pytest.mark.slow
def test_nobody_who_saw_a_confirmation_is_lost(app, session, smtp, start_server):
    event_id = make_event(capacity=PEOPLE).id
    db.session.rollback()
    server = start_server(workers=2, threads=4, EVENTSYS_MAIL_URL=smtp.url)
    worker = _start_worker(server.environment)
    seen: list[str] = []
    work = [f"p{number}@example.org" for number in range(PEOPLE)]
    lock = threading.Lock()

    def client() -> None:
        while True:
            with lock:
                if not work:
                    return
                email = work.pop()
            # A person whose browser shows an error tries again, with a new page.
            end = time.monotonic() + PATIENCE
            while time.monotonic() < end:
                visitor = Visitor(server.port, "summit", email)
                try:
                    visitor.open_form()
                    result = visitor.press()
                except (OSError, HTTPException):
                    result = "away"
                if result == "confirmed":
                    with lock:
                        seen.append(email)
                if result in {"confirmed", "other"}:
                    break
                time.sleep(0.2)

    threads = [threading.Thread(target=client) for _ in range(CLIENTS)]
    for thread in threads:
        thread.start()
    chance = random.Random(7)
    for kill in range(KILLS):
        time.sleep(chance.uniform(0.3, 2))
        if kill % 2:
            server.kill()
            server.start()
        else:
            os.killpg(worker.pid, signal.SIGKILL)
            worker.wait()
            worker = _start_worker(server.environment)
    for thread in threads:
        thread.join()
    os.killpg(worker.pid, signal.SIGKILL)
    worker.wait()
    # The next worker gives back what the killed ones had claimed.
    work_once(app)
    db.session.rollback()
    stored = Counter(
        row.email for row in db.session.query(Registration).filter_by(event_id=event_id)
    )
    assert set(seen) <= set(stored)
    assert set(stored.values()) == {1}
    assert len(stored) == PEOPLE
    assert db.session.get(Event, event_id).places_taken == PEOPLE
    assert {row.status for row in db.session.query(Message)} == {"sent"}
    delivered = Counter(
        str(mail["To"]).rpartition("<")[2].rstrip(">")
        for mail in smtp.messages
        if "registered:" in str(mail["Subject"])
    )
    assert set(stored) <= set(delivered)
    assert find_faults() == []

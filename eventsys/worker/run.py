"""Background work: claims mails and jobs, does them, commits each. The only commit of a job.

Killed at any point nothing is lost: a claim is a lease, and what a dead worker of this machine had
claimed is given back as soon as another one looks.
"""

from __future__ import annotations

import logging
import os
import socket
import time
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Final

from eventsys.core.db import db, transaction_mode
from eventsys.core.limits import forget_old_tries
from eventsys.jobs import operations as jobs
from eventsys.mail import operations as mail
from eventsys.worker.mail import Delivery, deliver
from eventsys.worker.table import JOBS

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask import Flask

log = logging.getLogger(__name__)

IDLE_SECONDS: Final = 1.0
SWEEP_EVERY: Final = timedelta(seconds=30)
BATCH: Final = 20
HOST: Final = socket.gethostname()


def now() -> datetime:
    """Give the present moment in UTC, for background work."""
    return datetime.now(UTC)


def worker_name() -> str:
    """Name this process, so that its claims can be given back when it is dead."""
    return f"{HOST}:{os.getpid()}"


def work_once(app: Flask) -> int:
    """Do all due work once; gives how many mails and jobs were done or tried."""
    done = 0
    with app.app_context(), transaction_mode("write"):
        _sweep()
        while (count := _mails(app) + _jobs(app)) > 0:
            done += count
    return done


def work_forever(app: Flask, stop: Callable[[], bool]) -> None:
    """Work until told to stop; looks for due work every second and for dead workers every half minute."""
    swept = datetime.min.replace(tzinfo=UTC)
    while not stop():
        try:
            with app.app_context(), transaction_mode("write"):
                if now() - swept > SWEEP_EVERY:
                    _sweep()
                    swept = now()
                count = _mails(app) + _jobs(app)
        except Exception:
            # The database may be away for a moment; the worker must outlive that.
            log.exception("worker")
            count = 0
        if not count:
            time.sleep(IDLE_SECONDS)


def _sweep() -> None:
    for names, release in (
        (jobs.list_claimants(), jobs.release_claims),
        (mail.list_claimants(), mail.release_claims),
    ):
        for name in names:
            if _dead(name):
                log.warning("giving back what %s had claimed", name)
                release(name, now=now())
    forget_old_tries(now=now())
    db.session.commit()


def _dead(name: str) -> bool:
    host, _, process = name.rpartition(":")
    if host != HOST or not process.isdigit() or int(process) == os.getpid():
        return False
    try:
        os.kill(int(process), 0)
    except ProcessLookupError:
        return True
    except PermissionError:
        return False
    return False


def _mails(app: Flask) -> int:
    letters = mail.claim(worker_name(), now=now(), limit=BATCH)
    db.session.commit()
    if not letters:
        return 0
    with Delivery(app) as delivery:
        for letter in letters:
            deliver(delivery, letter, now=now)
            db.session.commit()
            db.session.expunge_all()
    return len(letters)


def _jobs(app: Flask) -> int:
    claimed = jobs.claim(worker_name(), now=now())
    db.session.commit()
    for job_id, name, arguments in claimed:
        try:
            # A long job says by itself where it can be committed: what it has done stays done.
            for _ in JOBS[name](app, arguments, now=now()) or ():
                db.session.commit()
            jobs.finish(job_id, now=now())
            db.session.commit()
        except Exception as error:
            # Whatever went wrong: keep it with the job, try again later, show it in the office.
            log.exception("job %s (%s)", job_id, name)
            db.session.rollback()
            jobs.fail(job_id, f"{type(error).__name__}: {error}", now=now())
            db.session.commit()
        db.session.expunge_all()
    return len(claimed)

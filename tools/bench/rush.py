"""The rushes, over HTTP: people who register and phones that scan, against web and worker as they are run."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from eventsys.checkin.operations.devices import device_token, enrol_device
from eventsys.core.actor import Actor
from eventsys.core.db import db, transaction_mode
from eventsys.events.queries import get_event
from tools.bench.server import ROOT, Product

if TYPE_CHECKING:
    from tools.bench.__main__ import Bench

SECRET = "only the bench uses this secret and it is no secret"
SLUG = "rush"
LEVELS = ((1, 60), (8, 400), (32, 600))  # clients, registrations


def percentile(times: list[float], share: float) -> float:
    """Give the time under which a share of all lies."""
    return times[min(len(times) - 1, int(len(times) * share))]


def ask(**job: object) -> dict[str, Any]:
    """Let the client process do a job."""
    done = subprocess.run(  # our own module
        [sys.executable, "-m", "tools.bench.client"],
        input=json.dumps(job),
        capture_output=True,
        text=True,
        check=True,
        cwd=ROOT,
    )
    result: dict[str, Any] = json.loads(done.stdout)
    if result["failed"]:
        sys.stderr.write(f"{result['failed']} failed: {result['errors']}\n")
    return result


def registration(bench: Bench) -> None:
    """Whole registrations per second with 1, 8 and 32 clients, mail and badge included."""
    product = Product(bench.environment)
    try:
        took = product.started_after
        bench.note("start to the first page", "≤ 3 s", f"{took:.1f} s", kept=took <= 3)
        time.sleep(3)
        idle = product.memory_megabytes()
        bench.note("idle memory, web and worker", "≤ 250 MB", f"{idle:.0f} MB", kept=idle <= 250)
        warm = [f"warm{number}" for number in range(24)]
        ask(kind="register", port=product.port, slug=SLUG, clients=4, work=warm)
        for clients, count in LEVELS:
            _level(bench, product, clients, count)
    finally:
        product.stop()


def _level(bench: Bench, product: Product, clients: int, count: int) -> None:
    work = [f"c{clients}n{number}" for number in range(count)]
    before = product.cpu_seconds()
    result = ask(kind="register", port=product.port, slug=SLUG, clients=clients, work=work)
    _drain()
    spent = (product.cpu_seconds() - before) / count * 1000
    times = result["times"]
    rate, p95 = len(times) / result["seconds"], percentile(times, 0.95)
    bench.note(
        f"registration, whole flow, {clients} clients",
        "≥ 30/s; p95 of the submit ≤ 0.5 s at 32",
        f"{rate:.0f}/s, submit p50 {percentile(times, 0.5) * 1000:.0f} ms, p95 {p95 * 1000:.0f} ms",
        kept=not result["failed"]
        and (clients == 1 or rate >= 30)
        and (clients != 32 or p95 <= 0.5),
    )
    if clients == 8:
        what = "processor time of one registration, mail and badge included"
        bench.note(what, "≤ 40 ms", f"{spent:.1f} ms", kept=spent <= 40)


def _drain() -> None:
    """Wait until the worker has delivered everything."""
    left = sa.text("SELECT count(*) FROM mail_message WHERE status IN ('queued', 'sending')")
    while db.session.execute(left).scalar():
        db.session.rollback()
        time.sleep(0.1)
    db.session.rollback()


def _enrol() -> str:
    db.session.rollback()
    with transaction_mode("write"):
        event = get_event(SLUG)
        device = enrol_device(
            event.id,
            "Bench",
            event_ends_at=event.ends_at,
            actor=Actor.system("bench"),
            now=datetime.now(UTC),
            secret=SECRET,
        )
        token = device_token(SECRET, device.key)
        db.session.commit()
    return token


def check_in(bench: Bench, codes: list[str]) -> None:
    """Scans per second, one by one with eight phones, and in batches."""
    token = _enrol()
    product = Product(bench.environment)
    try:
        scan = {"kind": "scan", "port": product.port, "token": token}
        ask(**scan, clients=8, work=[[code] for code in codes[:64]])
        before = product.cpu_seconds()
        singles = [[code] for code in codes[100:1600]]
        result = ask(**scan, clients=8, work=singles)
        spent = (product.cpu_seconds() - before) / len(singles) * 1000
        rate, p99 = len(result["times"]) / result["seconds"], percentile(result["times"], 0.99)
        said = f"{rate:.0f}/s, p99 {p99 * 1000:.0f} ms"
        kept = rate >= 150 and p99 <= 0.15 and not result["failed"]
        bench.note("scans one by one, 8 phones", "≥ 150/s, p99 ≤ 150 ms", said, kept=kept)
        what = "processor time of one scan in the server"
        bench.note(what, "≤ 10 ms", f"{spent:.1f} ms", kept=spent <= 10)
        batches = [codes[start : start + 200] for start in range(2000, 10_000, 200)]
        result = ask(**scan, clients=2, work=batches)
        rate = sum(map(len, batches)) / result["seconds"]
        kept = rate >= 1000 and not result["failed"]
        bench.note("scans in batches of 200", "≥ 1,000/s", f"{rate:.0f}/s", kept=kept)
    finally:
        product.stop()

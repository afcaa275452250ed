"""Run all measurements and write docs/bench.md."""

from __future__ import annotations

import os
import platform
import resource
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click
import sqlalchemy as sa
from flask_migrate import upgrade

from eventsys.accounts.operations.create import create_account
from eventsys.accounts.operations.sign_in import open_session
from eventsys.badges.operations.render import render_badge, render_event
from eventsys.core.actor import Actor
from eventsys.core.db import db, transaction_mode
from eventsys.core.settings import read_settings
from eventsys.events.queries import get_event
from eventsys.factory import create_app
from eventsys.registration.models import Registration
from eventsys.registration.queries.detail import get_detail
from eventsys.web.shared.access import SESSION_KEY
from tests.support.postgresql import Cluster
from tools.bench import rush
from tools.bench.fill import ask_for_fees, fill
from tools.bench.rush import SECRET
from tools.bench.server import ROOT
from tools.bench.sink import Sink

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask.testing import FlaskClient

BENCH = Actor.system("bench")
Row = tuple[str, str, str, bool]


class Bench:
    """All measurements on one engine."""

    def __init__(self, engine: str, environment: dict[str, str], *, quick: bool) -> None:
        self.engine, self.environment, self.quick = engine, environment, quick
        self.rows: list[Row] = []
        self.app = create_app(read_settings(environment))

    def note(self, what: str, budget: str, value: str, *, kept: bool) -> None:
        """Keep one line of the table."""
        self.rows.append((what, budget, value, kept))
        sys.stderr.write(
            f"{self.engine}: {what}: {value} ({budget}){'' if kept else '  NOT KEPT'}\n"
        )

    def run(self) -> None:
        """Measure everything."""
        with self.app.app_context():
            upgrade()
            codes = fill("rush", 20_000, SECRET, attended=False)
            fill("small", 1_400, SECRET)
            fill("middle", 20_000, SECRET)
            if not self.quick:
                fill("large", 100_000, SECRET)
            rush.registration(self)
            rush.check_in(self, codes)
            self.badges()
        # Outside: inside a context of the application, its requests would share what each looks up for itself.
        self.pages()
        self.exports()

    def staff(self) -> FlaskClient:
        """Give a browser in which a member of the secretariat is signed in."""
        with self.app.app_context(), transaction_mode("write"):
            now = datetime.now(UTC)
            account, _ = create_account(
                f"bench{now.timestamp()}@example.org", "secretariat", actor=BENCH, now=now
            )
            token = open_session(account, now=now)
            db.session.commit()
        client = self.app.test_client()
        with client.session_transaction() as cookie:
            cookie[SESSION_KEY] = token
        return client

    def pages(self) -> None:
        """The office's pages in process: statistics, lists and searches."""
        client = self.staff()
        sizes = [("small", 1_400, None), ("middle", 20_000, 100)] + (
            [] if self.quick else [("large", 100_000, 300)]
        )
        for slug, size, limit in sizes:
            took = self._fastest(
                lambda slug=slug: self._page(client, f"/en/office/events/{slug}/statistics")
            )
            self.note(
                f"statistics page, {size:,} registrations",
                f"≤ {limit} ms" if limit else "–",
                f"{took:.0f} ms",
                kept=limit is None or took <= limit,
            )
        slug, size = ("middle", 20_000) if self.quick else ("large", 100_000)
        self._lists(
            client,
            slug,
            f"{size:,} registrations",
            {"list": "", "search by name": "?q=fernandez+4711", "search, many found": "?q=diallo"},
        )
        with self.app.app_context():
            ask_for_fees(slug)
        self._lists(
            client,
            slug,
            f"{size:,} registrations with fees",
            {
                "list": "",
                "list of who has paid": "?payment=paid",
                "list of who gets money back": "?payment=to_refund",
            },
        )

    def _lists(self, client: FlaskClient, slug: str, size: str, queries: dict[str, str]) -> None:
        for what, query in queries.items():
            path = f"/en/office/events/{slug}/participants{query}"
            took = self._fastest(lambda path=path: self._page(client, path))
            self.note(f"office {what}, {size}", "≤ 100 ms", f"{took:.0f} ms", kept=took <= 100)

    @staticmethod
    def _page(client: FlaskClient, path: str) -> None:
        answer = client.get(path)
        if answer.status_code != 200:
            raise RuntimeError(f"{path} answered {answer.status_code}")

    @staticmethod
    def _fastest(work: Callable[[], None], times: int = 5) -> float:
        """Give the median of some runs in milliseconds, after one to warm up."""
        work()
        taken = []
        for _ in range(times):
            start = time.perf_counter()
            work()
            taken.append((time.perf_counter() - start) * 1000)
        return sorted(taken)[times // 2]

    def badges(self) -> None:
        """1,400 badges as one PDF, and one badge in a warm process."""
        settings = self.app.config["EVENTSYS"]
        event = get_event("middle")
        ids = list(
            db.session.scalars(
                sa.select(Registration.id)
                .where(Registration.event_id == event.id, Registration.status == "confirmed")
                .limit(1400)
            )
        )
        render_badge(get_detail(ids[0]), secret=SECRET, base_url=settings.base_url)
        took = self._fastest(
            lambda: (
                render_badge(get_detail(ids[1]), secret=SECRET, base_url=settings.base_url) and None
            )
        )
        self.note("one badge", "≤ 30 ms", f"{took:.0f} ms", kept=took <= 30)
        start = time.process_time()
        made = render_event(event, secret=SECRET, base_url=settings.base_url, registration_ids=ids)
        spent = time.process_time() - start
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        self.note(
            "1,400 badges with QR, one PDF",
            "≤ 5 s of one core",
            f"{spent:.1f} s, {len(made) / 1e6:.1f} MB",
            kept=spent <= 5,
        )
        self.note(
            "memory of the process that made them (with all the bench in it)",
            "≤ 400 MB",
            f"{peak:.0f} MB",
            kept=peak <= 400,
        )

    def exports(self) -> None:
        """20,000 rows as CSV and XLSX through the office's own export."""
        client = self.staff()
        page = client.get("/en/office/events/middle/participants").get_data(as_text=True)
        csrf = page.split('name="csrf_token" value="', 1)[1].split('"', 1)[0]
        for kind, limit in (("csv", 2), ("xlsx", 5)):
            start = time.perf_counter()
            answer = client.post(
                "/en/office/events/middle/participants/export",
                data={"csrf_token": csrf, "form": kind},
            )
            size = len(answer.data)
            took = time.perf_counter() - start
            self.note(
                f"export, 20,000 rows, {kind.upper()}",
                f"≤ {limit} s",
                f"{took:.1f} s, {size / 1e6:.1f} MB, status {answer.status_code}",
                kept=took <= limit and answer.status_code == 200,
            )


def write(results: dict[str, list[Row]]) -> None:
    """Write the table that stands in the documentation."""
    names = list(results)
    lines = [
        "# Measured against the budgets",
        "",
        f"Made by `make bench` on {datetime.now(UTC):%Y-%m-%d}: {os.cpu_count()} cores, Python {platform.python_version()}, client and server on the same machine.",
        "",
        f"| What | Budget | {' | '.join(names)} |",
        f"|---|---|{'---|' * len(names)}",
    ]
    for index, (what, budget, _, _) in enumerate(results[names[0]]):
        cells = [
            f"{results[name][index][2]}{'' if results[name][index][3] else ' **(not kept)**'}"
            for name in names
        ]
        lines.append(f"| {what} | {budget} | {' | '.join(cells)} |")
    Path(ROOT / "docs" / "bench.md").write_text("\n".join(lines) + "\n")


@click.command()
@click.option("--engine", type=click.Choice(["both", "sqlite", "postgresql"]), default="both")
@click.option("--quick", is_flag=True, help="Leave out the 100,000.")
def main(engine: str, *, quick: bool) -> None:
    """Measure the budgets and write docs/bench.md."""
    results: dict[str, list[Row]] = {}
    for name in ("sqlite", "postgresql") if engine == "both" else (engine,):
        with tempfile.TemporaryDirectory(prefix="eventsys-bench-") as folder, Sink() as sink:
            environment = {
                "EVENTSYS_DATA_DIR": folder,
                "EVENTSYS_MAIL_URL": sink.url,
                "EVENTSYS_SECRET_KEY": SECRET,
                "EVENTSYS_RATE_LIMITS": "off",
            }
            # As it is run for real: every commit reaches the disk.
            cluster = Cluster(options=()) if name == "postgresql" else None
            if cluster is not None:
                cluster.start()
                environment["EVENTSYS_DATABASE_URL"] = cluster.url
            bench = Bench(name, environment, quick=quick)
            try:
                bench.run()
            finally:
                with bench.app.app_context():
                    db.engine.dispose()
                if cluster is not None:
                    cluster.stop()
            results[name] = bench.rows
    write(results)
    click.echo((ROOT / "docs" / "bench.md").read_text())


if __name__ == "__main__":
    main()

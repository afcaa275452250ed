"""Every page of the demo opens, in three languages, is a good page, and writes nothing.

GET never writes: readers have a read-only transaction on both engines, and here the whole database is
watched while every route that answers GET is called.
"""

from __future__ import annotations

import re
import uuid
from datetime import date
from typing import TYPE_CHECKING, Any

import pytest
import sqlalchemy as sa

from eventsys.accounts.operations.create import create_account
from eventsys.checkin.operations.apply_scans import Reading, apply_scans
from eventsys.checkin.operations.devices import device_token, enrol_device
from eventsys.cli.demo import load_demo
from eventsys.cli.transaction import now
from eventsys.core.actor import Actor
from eventsys.core.db import db
from eventsys.events.queries import get_event
from eventsys.payments.operations.bank import store_lines
from eventsys.payments.queries.bank import plan_bank
from eventsys.payments.rules.movements import Movement, Statement
from eventsys.registration.operations.documents import give_receipt
from eventsys.registration.operations.identify import address_proof, badge_token, link_token
from eventsys.registration.operations.import_files import bring_file
from eventsys.registration.queries.undecided import list_undecided
from eventsys.statistics.operations.freeze import freeze_event, freeze_year
from eventsys.statistics.operations.publish import publish
from eventsys.statistics.rules.ladder import Rung
from tests.factories.fees import make_money
from tests.support.database import SECRET

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from flask import Flask

    from tests.support.page import Client

TABLE = b"first_name,last_name,email,country,city\nAna,Lopez,ana@example.org,ES,Madrid\nBea,,nobody,XX,\n"
STATEMENT = Statement("CSV", [Movement(date(2026, 11, 3), 25_000, "EUR", "Ana", "fee")])
ACTOR = Actor.system("test")
# Devices show a token that a browser has not; they are refused, and write nothing either.
REFUSED = {401, 403}
PAGES = {"staff", "public", "link holder"}


# A placeholder that means something else there, or a question that the address must ask.
ELSEWHERE = {
    "desk.badge": {"code": "badge"},
    "public.set_password": {"token": "sign_in_link"},
    "office.ask_place": {"text": "text", "country": "country"},
    "office.imported_file": {"key": "import_key"},
    "office.back_to_imported_file": {"key": "import_key"},
    "office.problems_of_file": {"key": "import_key"},
    "office.document_pdf": {"key": "document_key"},
    "office.document_xml": {"key": "invoice_key"},
    "public.my_document": {"key": "document_key"},
    "public.my_address": {"to": "new_address"},
}


def rows(table: str, **where: Any) -> sa.RowMapping:
    """Give the first row of a table, as it is stored."""
    chosen = db.metadata.tables[table]
    query = sa.select(chosen).where(*(chosen.c[name] == value for name, value in where.items()))
    return db.session.execute(
        query.order_by(*chosen.primary_key.columns)
    ).mappings().first() or pytest.fail(table)


def prepare(app: Flask) -> dict[str, Any]:
    """Load the demo and what it lacks; gives a value for every placeholder of an address."""
    load_demo(app.config["EVENTSYS"])
    event = rows("event", slug="metropolitan-summit")
    device = enrol_device(
        event["id"], "Door", event_ends_at=event["ends_at"], secret=SECRET, actor=ACTOR, now=now()
    )
    reading = Reading(str(uuid.uuid4()), "unknown", now())
    apply_scans(device_token(SECRET, device.key), [reading], sent_at=None, now=now())
    publish(event["slug"], Rung.REGISTERED, 5, actor=ACTOR, now=now())
    _, link = create_account("dia@example.org", "viewer", actor=ACTOR, now=now())
    unknown = {"city_typed": "Nowhere-upon-Sea", "city_status": "unknown", "city_id": None}
    chosen = db.metadata.tables["registration"]
    db.session.execute(sa.update(chosen).where(chosen.c.status == "cancelled").values(unknown))
    undecided = list_undecided()[0]
    table = bring_file(event["id"], "people.csv", TABLE, actor=ACTOR, now=now())
    frozen = freeze_event(event["slug"], Rung.REGISTERED, actor=ACTOR, now=now())
    frozen_year = freeze_year(now().year, Rung.REGISTERED, actor=ACTOR, now=now())
    store_lines(plan_bank(STATEMENT), actor=ACTOR, now=now())
    db.session.commit()
    registration = rows("registration", event_id=event["id"], status="confirmed")
    person = registration["key"], registration["link_generation"]
    badge = registration["key"], registration["badge_generation"]
    money = make_money(get_event(event["slug"]), registration["id"])
    receipt = give_receipt(money["payment_id"], actor=ACTOR, now=now())
    db.session.commit()
    return {
        "slug": event["slug"],
        "code": rows("category", event_id=event["id"])["code"],
        "name": rows("question", event_id=event["id"])["name"],
        "key": device.key,
        "frozen_id": frozen,
        "frozen_year_id": frozen_year,
        "table": "summary",
        "account_id": rows("account")["id"],
        "bank_account_id": rows("bank_account")["id"],
        "message_id": rows("mail_message", event_id=event["id"])["id"],
        "registration_id": registration["id"],
        "import_key": table,
        "line_id": rows("bank_line")["id"],
        "sign_in_link": link,
        "text": undecided.typed,
        "country": undecided.country,
        "organisation_id": rows("organisation")["id"],
        "token": link_token(SECRET, *person),
        "new_address": "new@example.org",
        "proof": address_proof(SECRET, person[0], registration["email"], "new@example.org"),
        "badge": badge_token(SECRET, *badge),
        "filename": "css/main.css",
        "scan_id": reading.id,
        "year": now().year,
        "hue": "0a5a7a",
        "document_key": receipt.key,
        "invoice_key": rows("document", kind="invoice")["key"],
        **money,
    }


def addresses(app: Flask, values: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """Go through all addresses that answer GET, filled in: address, access."""
    adapter = app.url_map.bind("localhost")
    for rule in app.url_map.iter_rules():
        if "GET" not in (rule.methods or ()):
            continue
        access = str(getattr(app.view_functions[rule.endpoint], "access", "")).partition(":")[0]
        # What can only be one of a few words: the first of them.
        words = dict(re.findall(r"<any\((\w+)[^)]*\):(\w+)>", rule.rule))
        chosen = {name: word for word, name in words.items()}
        chosen |= {name: values[name] for name in rule.arguments - chosen.keys()}
        chosen |= {name: values[other] for name, other in ELSEWHERE.get(rule.endpoint, {}).items()}
        yield adapter.build(rule.endpoint, chosen, force_external=False), access


# PostgreSQL tells nobody at once that a table was written, and its transaction numbers are those of the whole
# server, on which other tests write: so each table counts its own writes, also those that are taken back.
WATCH = """
CREATE SEQUENCE writes;
CREATE FUNCTION count_write() RETURNS trigger LANGUAGE plpgsql AS
    'BEGIN PERFORM nextval(''writes''); RETURN NULL; END';
"""
TRIGGER = 'CREATE TRIGGER watch AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON "{}" EXECUTE FUNCTION count_write();'
# Each changes whenever another connection writes, and only then.
VERSION = {
    "sqlite": "PRAGMA data_version",
    "postgresql": "SELECT last_value + is_called::int FROM writes",
}


@pytest.fixture
def version(app: Flask) -> Iterator[Callable[[], int]]:
    """Give a number that changes whenever anybody writes to the database."""
    with app.app_context():
        observer = sa.create_engine(
            db.engine.url, poolclass=sa.NullPool, isolation_level="AUTOCOMMIT"
        )
    engine = observer.dialect.name
    with observer.connect() as connection:
        if engine == "postgresql":
            connection.exec_driver_sql(
                WATCH + "".join(TRIGGER.format(name) for name in db.metadata.tables)
            )
        yield lambda: int(connection.exec_driver_sql(VERSION[engine]).scalar_one())
        if engine == "postgresql":
            connection.exec_driver_sql("DROP FUNCTION count_write CASCADE; DROP SEQUENCE writes")


def test_every_page_opens_and_writes_nothing(
    app: Flask, page: Client, worker: Callable[[], int], version: Callable[[], int]
) -> None:
    with app.app_context():
        values = prepare(app)
    worker()
    page.sign_in()
    bad = []
    for language in ("en", "es", "fr"):
        page.language = language
        for address, access in sorted(addresses(app, values)):
            before = version()
            answer = page.get(address)
            if version() != before:
                bad.append(f"{address} wrote")
            if answer.status >= 400 and not (access not in PAGES and answer.status in REFUSED):
                bad.append(f"{address} answered {answer.status}")
    assert "\n".join(bad) == ""


def test_the_watch_sees_a_write(page: Client, version: Callable[[], int]) -> None:
    before = version()
    page.get("/")
    assert version() == before
    page.sign_in()
    assert version() != before

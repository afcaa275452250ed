"""Two people want one new address at the same moment: one has it, the other is told, and nothing is lost."""

from __future__ import annotations

import re
import threading
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import pytest
import sqlalchemy as sa

from eventsys.core.actor import Actor
from eventsys.core.db import db
from eventsys.events.models import Event
from eventsys.events.queries import event_facts, list_categories
from eventsys.mail.models import Message
from eventsys.registration.errors import EmailTaken
from eventsys.registration.models import Registration
from eventsys.registration.operations.address import confirm_address
from eventsys.registration.operations.identify import address_proof
from eventsys.registration.queries.integrity import find_faults
from tests.factories.events import make_event
from tests.factories.registrations import register
from tests.support.database import SECRET
from tests.support.page import Page
from tests.support.race import one_after_the_other

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask import Flask
    from sqlalchemy.orm import Session

    from tests.support.page import Client

NEW = "office@example.org"
TAKEN = "This address has a registration of its own"


def addresses() -> list[str]:
    db.session.rollback()
    return sorted(db.session.scalars(sa.select(Registration.email)))


def confirming(registration_id: int) -> Callable[[], None]:
    """Give what the press of the button in the mail does."""
    row = db.session.get_one(Registration, registration_id)
    event = db.session.get_one(Event, row.event_id)
    window = event_facts(event, list_categories(event.id)).window
    proof, actor = address_proof(SECRET, row.key, row.email, NEW), Actor("person", None, row.email)
    return lambda: confirm_address(
        registration_id, NEW, proof, secret=SECRET, window=window,
        actor=actor, now=datetime.now(UTC),
    )  # fmt: skip


@pytest.mark.parametrize("known", [False, True])
def test_the_second_is_refused_while_the_first_is_not_yet_stored(
    app: Flask, session: Session, known: bool
) -> None:
    """Neither sees the other's address: the index decides, and the loser's own registration stays whole."""
    if known:
        register(make_event("other"), NEW)
    event = make_event()
    ana, bea = (
        register(event, f"{name}@example.org").registration_id or 0 for name in ("ana", "bea")
    )
    first, second = one_after_the_other(app, confirming(ana), confirming(bea))
    assert first is None
    assert isinstance(second, EmailTaken)
    assert addresses() == sorted(["bea@example.org", NEW] + [NEW] * known)
    loser = db.session.get_one(Registration, bea)
    assert (loser.status, loser.email_key) == ("confirmed", "bea@example.org")
    assert find_faults() == []


def asked(client: Client, event: Event, name: str) -> None:
    """Register by the public operation and ask for the new address on the own page."""
    link = register(event, f"{name}@example.org", first_name=name).link
    own = client.get(f"/registrations/{link}")
    client.submit(client.get(own.link("Change")), {"email": NEW})


def links(worker: Callable[[], object]) -> list[str]:
    worker()
    query = sa.select(Message).where(Message.template == "registration/address")
    found = []
    for mail in db.session.scalars(query.order_by(Message.id)):
        link = re.search(r"http\S+/address/\S+", str(mail.body_text))
        assert link is not None
        parts = urlsplit(link[0])
        found.append(f"{parts.path}?{parts.query}")
    return found


def test_both_press_at_once_and_the_loser_reads_why(
    new_client: Callable[..., Client], session: Session, worker: Callable[[], object]
) -> None:
    event = make_event()
    clients = [new_client(), new_client()]
    for client, name in zip(clients, ("ana", "bea"), strict=True):
        asked(client, event, name)
    shown = [client.get(link) for client, link in zip(clients, links(worker), strict=True)]
    barrier, answers = threading.Barrier(2), dict[int, Page]()

    def press(number: int) -> None:
        barrier.wait(30)
        answers[number] = clients[number].submit(shown[number])

    threads = [threading.Thread(target=press, args=(number,)) for number in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    db.session.rollback()
    won, lost = sorted(answers, key=lambda number: answers[number].status)
    assert [answers[won].status, answers[lost].status] == [303, 422]
    assert TAKEN in answers[lost].main
    kept = ("ana", "bea")[lost]
    assert addresses() == sorted([f"{kept}@example.org", NEW])
    # The loser's own page still opens, and the link of the mail can be tried again: it says the same.
    again: Any = clients[lost].submit(shown[lost])
    assert (again.status, TAKEN in again.main) == (422, True)
    told = db.session.query(Message).filter_by(template="registration/changed", to_address=NEW)
    assert told.count() == 1
    assert find_faults() == []

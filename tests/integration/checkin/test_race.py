"""One badge in front of many phones at one moment: each person is let in once, on both engines, over HTTP."""

from __future__ import annotations

import http.client
import json
import threading
import uuid
from collections import Counter
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Self
from urllib.parse import urlsplit

import pytest
from sqlalchemy import delete, func, insert, select

from eventsys.checkin.models import Presence, Scan
from eventsys.checkin.operations import apply_scans as apply_module
from eventsys.checkin.operations import presence as presence_module
from eventsys.core.db import db
from eventsys.registration.models import Registration
from tests.factories.checkin import badge, make_device, make_guest, reading
from tests.factories.events import make_event

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask import Flask
    from sqlalchemy.orm import Session

    from tests.support.servers import Server

PHONES = 8
PEOPLE = 60


class Phone:
    """A device with one open connection; use it as a context manager."""

    def __init__(self, url: str, token: str) -> None:
        self.connection = http.client.HTTPConnection(urlsplit(url).netloc, timeout=30)
        self.headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.connection.close()

    def send(self, *codes: str, ids: list[str] | None = None) -> list[dict[str, Any]]:
        """Send scans made now."""
        names = ids or [str(uuid.uuid4()) for _ in codes]
        at = datetime.now(UTC).isoformat()
        scans = [
            {"id": name, "code": code, "at": at} for name, code in zip(names, codes, strict=True)
        ]
        body = json.dumps({"scans": scans, "sent_at": at})
        self.connection.request("POST", "/api/v1/check-ins", body, self.headers)
        answer = self.connection.getresponse()
        content = answer.read()
        assert answer.status == 200, content
        verdicts: list[dict[str, Any]] = json.loads(content)["verdicts"]
        return verdicts


def together(work: Callable[[int], None], count: int) -> None:
    """Run work in threads and hand on the first failure."""
    failures: list[BaseException] = []

    def guarded(number: int) -> None:
        try:
            work(number)
        except BaseException as error:  # noqa: BLE001 (handed on below)
            failures.append(error)

    threads = [threading.Thread(target=guarded, args=(number,)) for number in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if failures:
        raise failures[0]


@pytest.fixture
def door(session: Session) -> tuple[list[str], list[str]]:
    """Give the badges of 60 people and the tokens of 8 devices of one event."""
    event = make_event()
    codes = [badge(make_guest(event, f"guest{number}@example.org")) for number in range(PEOPLE)]
    return codes, [make_device(event, f"Door {number}") for number in range(PHONES)]


def test_eight_phones_show_sixty_badges_at_one_moment_and_each_person_is_let_in_once(
    session: Session, door: tuple[list[str], list[str]], start_server: Callable[..., Server]
) -> None:
    codes, tokens = door
    url = start_server(workers=3, threads=4).url
    barrier = threading.Barrier(PHONES)
    told: list[list[str]] = [[] for _ in codes]

    def work(number: int) -> None:
        with Phone(url, tokens[number]) as phone:
            for place, code in enumerate(codes):
                barrier.wait(timeout=30)
                told[place].append(phone.send(code)[0]["result"])

    together(work, PHONES)
    session.rollback()  # a snapshot from before the race would show nothing of it
    assert [Counter(answers) for answers in told] == [
        Counter(admitted=1, already_in=PHONES - 1)
    ] * PEOPLE
    assert session.scalar(select(func.count(Scan.id))) == PHONES * PEOPLE
    assert session.scalar(select(func.count(Presence.id))) == PEOPLE
    assert session.scalar(select(func.count(Registration.attended_at))) == PEOPLE


def test_a_scan_sent_twice_at_one_moment_is_one_scan(
    session: Session, door: tuple[list[str], list[str]], start_server: Callable[..., Server]
) -> None:
    codes, tokens = door
    url = start_server(workers=3, threads=4).url
    barrier = threading.Barrier(PHONES)
    ids = [str(uuid.uuid4()) for _ in codes[:20]]
    told: list[set[str]] = [set() for _ in ids]

    def work(_number: int) -> None:
        with Phone(url, tokens[0]) as phone:
            for place, name in enumerate(ids):
                barrier.wait(timeout=30)
                told[place].add(json.dumps(phone.send(codes[place], ids=[name]), sort_keys=True))

    together(work, PHONES)
    session.rollback()  # a snapshot from before the race would show nothing of it
    assert [len(answers) for answers in told] == [1] * len(ids)
    assert session.scalar(select(func.count(Scan.id))) == len(ids)
    assert set(session.scalars(select(Scan.result))) == {"admitted"}


def test_whole_queues_of_two_phones_cross_without_waiting_for_each_other_in_a_circle(
    session: Session, door: tuple[list[str], list[str]], start_server: Callable[..., Server]
) -> None:
    codes, tokens = door
    url = start_server(workers=3, threads=4).url
    barrier = threading.Barrier(PHONES)
    told: Counter[str] = Counter()
    lock = threading.Lock()

    def work(number: int) -> None:
        with Phone(url, tokens[number]) as phone:
            barrier.wait(timeout=30)
            verdicts = phone.send(*(codes if number % 2 else reversed(codes)))
        with lock:
            told.update(verdict["result"] for verdict in verdicts)

    together(work, PHONES)
    session.rollback()  # a snapshot from before the race would show nothing of it
    assert told == Counter(admitted=PEOPLE, already_in=PEOPLE * (PHONES - 1))


def both_judge_before_either_stores(
    app: Flask, monkeypatch: pytest.MonkeyPatch, code: str, tokens: list[str]
) -> list[str]:
    """Hold two scans of one badge between judging and storing, so that the database alone decides."""
    barrier = threading.Barrier(2)
    real = apply_module.store_stays
    waited: set[int] = set()

    def held(*arguments: Any) -> Any:
        if threading.get_ident() not in waited:
            waited.add(threading.get_ident())
            barrier.wait(timeout=30)
        return real(*arguments)

    monkeypatch.setattr(apply_module, "store_stays", held)
    told: list[str] = []

    def work(number: int) -> None:
        with app.app_context():
            (answer,) = apply_module.apply_scans(
                tokens[number], [reading(code)], sent_at=None, now=datetime.now(UTC)
            )
            db.session.commit()
            told.append(json.loads(answer)["result"])

    together(work, 2)
    return sorted(told)


def test_the_unique_index_decides_the_race_and_without_it_both_are_let_in(
    app: Flask,
    session: Session,
    engine: str,
    door: tuple[list[str], list[str]],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    if engine == "sqlite":
        pytest.skip("SQLite lets one writer in at a time: two scans never judge at one moment")
    codes, tokens = door
    assert both_judge_before_either_stores(app, monkeypatch, codes[0], tokens) == [
        "admitted",
        "already_in",
    ]

    table = Presence.__table__
    (index,) = (index for index in table.indexes if index.unique)  # type: ignore[attr-defined]  # a Table
    connection = db.session.connection()
    index.drop(connection)
    db.session.commit()
    guarded = presence_module.insert_ignoring_conflict

    def unguarded(model: Any, unique: Any, returning: Any, rows: Any) -> set[tuple[Any, ...]]:
        if model is not Presence:
            return guarded(model, unique, returning, rows)
        db.session.execute(insert(Presence), list(rows))
        return {tuple(row[name] for name in returning) for row in rows}

    monkeypatch.undo()
    monkeypatch.setattr(presence_module, "insert_ignoring_conflict", unguarded)
    try:
        assert both_judge_before_either_stores(app, monkeypatch, codes[1], tokens) == [
            "admitted",
            "admitted",
        ]
    finally:
        monkeypatch.undo()
        db.session.execute(delete(Presence))
        index.create(db.session.connection())
        db.session.commit()

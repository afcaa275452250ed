"""The check-in interface as CONTRACT says it: order kept, one verdict per scan, clear refusals."""

from __future__ import annotations

import contextvars
import uuid
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select

from eventsys.checkin.models import Device, Scan
from eventsys.checkin.operations.devices import revoke_device
from eventsys.checkin.rules import MAX_BATCH, Profile, Reason, Result
from eventsys.core.db import db
from tests.factories.checkin import EVA, badge, make_device, make_guest
from tests.factories.events import make_event
from tests.support.schema import problems

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask import Flask
    from sqlalchemy.orm import Session
    from werkzeug.test import TestResponse

PATH = "/api/v1/check-ins"


class Program(FlaskClient):
    """A program outside: each request has a context of its own and sees what the test committed."""

    def open(self, *arguments: Any, **more: Any) -> TestResponse:
        db.session.commit()
        return contextvars.copy_context().run(super().open, *arguments, **more)


@pytest.fixture
def client(app: Flask, session: Session) -> FlaskClient:
    return Program(app)


def bearer(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}


def scan(code: str, **more: Any) -> dict[str, Any]:
    return {
        "id": str(uuid.uuid4()),
        "code": code,
        "point": "entrance",
        "direction": "in",
        "at": datetime.now(UTC).isoformat(),
        **more,
    }


def send(client: FlaskClient, token: str, *scans: dict[str, Any], **more: Any) -> TestResponse:
    return client.post(PATH, headers=bearer(token), json={"scans": list(scans), **more})


def test_verdicts_come_in_the_order_sent(client: FlaskClient, session: Session) -> None:
    event = make_event()
    token, guest = make_device(event), make_guest(event)
    scans = [scan("A" * 26), scan(badge(guest)), scan("nonsense"), scan(badge(guest))]
    answer = send(client, token, *scans)
    assert answer.status_code == 200
    verdicts = answer.json["verdicts"]
    assert [verdict["id"] for verdict in verdicts] == [sent["id"] for sent in scans]
    assert [verdict["result"] for verdict in verdicts] == [
        "unknown",
        "admitted",
        "malformed",
        "already_in",
    ]
    assert all(
        set(verdict) >= {"id", "result", "reason", "person", "first_at"} for verdict in verdicts
    )


@pytest.mark.parametrize("sent_at", ["0001-01-01T00:00:00Z", "9999-12-31T23:59:59Z"])
def test_a_phone_of_another_century_lets_people_in_today(
    client: FlaskClient, session: Session, sent_at: str
) -> None:
    event = make_event()
    token, guest = make_device(event), make_guest(event)
    answer = send(client, token, scan(badge(guest), at="1970-01-01T00:00:00Z"), sent_at=sent_at)
    assert answer.status_code == 200
    assert answer.json["verdicts"][0]["result"] == "admitted"
    entered = session.scalars(select(Scan.at)).one()
    assert abs(datetime.now(UTC) - entered) < timedelta(minutes=1)


def test_the_same_request_again_is_answered_byte_for_byte(client: FlaskClient) -> None:
    event = make_event()
    token, sent = make_device(event), scan(badge(make_guest(event)))
    first = send(client, token, sent).data
    assert send(client, token, sent).data == first


def test_every_answer_is_what_the_document_says(client: FlaskClient) -> None:
    document = client.get("/api/v1/openapi.json").json
    assert document["openapi"].startswith("3.1")
    assert document["components"]["schemas"]["Result"]["enum"] == [
        result.value for result in Result
    ]
    assert document["components"]["schemas"]["Reason"]["enum"] == [
        reason.value for reason in Reason
    ]
    event = make_event()
    token, guest = make_device(event), make_guest(event)
    sent = scan(badge(guest))
    head = bearer(token)
    answers = {
        "Verdicts": send(client, token, sent, scan("x"), scan("B" * 26)),
        "Counters": client.get("/api/v1/counters", headers=head),
        "Device": client.get("/api/v1/device", headers=head),
        "Roster": client.get("/api/v1/roster?q=nandu", headers=head),
        "Undone": client.post(
            f"{PATH}/{sent['id']}/undo", headers=head, json={"id": str(uuid.uuid4())}
        ),
        "Error": client.get("/api/v1/counters"),
    }
    for name, answer in answers.items():
        assert problems(document, name, answer.json) == []
    assert problems(document, "Verdicts", {"verdicts": [{"id": 5, "result": "maybe"}]}) != []


def test_the_document_names_every_address_of_the_check_in(app: Flask, client: FlaskClient) -> None:
    document = client.get("/api/v1/openapi.json").json
    described = {
        (method.upper(), path) for path, item in document["paths"].items() for method in item
    }
    served = {
        (method, rule.rule.replace("<", "{").replace(">", "}"))
        for rule in app.url_map.iter_rules()
        if getattr(app.view_functions[rule.endpoint], "access", "") == "device"
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
    }
    assert described == served


@pytest.mark.parametrize(
    ("body", "where", "problem"),
    [
        (b"{", "body", "not_json"),
        (b"\xff\xfe", "body", "not_json"),
        (b"[" * 20000, "body", "not_json"),
        (b"[]", "body", "not_an_object"),
        (b"{}", "scans", "not_a_list"),
        (b'{"scans": ["x"]}', "scans[0]", "not_an_object"),
        (b'{"scans": [{"id": "x", "code": "x"}]}', "scans[0].id", "not_a_uuid"),
        (b'{"scans": [{"code": "x"}]}', "scans[0].id", "not_a_text"),
        (
            b'{"scans": [{"id": "1b8a0a04-858c-478a-b9a1-3f38113dbf6d", "code": 5}]}',
            "scans[0].code",
            "not_a_text",
        ),
        (
            b'{"scans": [{"id": "1b8a0a04-858c-478a-b9a1-3f38113dbf6d", "code": "x", "at": "2026-06-12T09:00:00"}]}',
            "scans[0].at",
            "not_a_moment_with_offset",
        ),
        (
            b'{"scans": [{"id": "1b8a0a04-858c-478a-b9a1-3f38113dbf6d", "code": "x", "direction": "up"}]}',
            "scans[0].direction",
            "not_in_or_out",
        ),
        (b'{"scans": [], "unsent": -1}', "unsent", "not_a_number"),
        (b'{"scans": [], "sent_at": "yesterday"}', "body.sent_at", "not_a_moment_with_offset"),
    ],
)
def test_a_body_that_is_not_as_described_is_refused_with_its_place(
    client: FlaskClient, session: Session, body: bytes, where: str, problem: str
) -> None:
    token = make_device(make_event())
    answer = client.post(PATH, headers=bearer(token), data=body)
    assert answer.status_code == 400
    assert (answer.json["code"], answer.json["where"], answer.json["problem"]) == (
        "bad_body",
        where,
        problem,
    )
    assert session.scalar(select(func.count(Scan.id))) == 0


def test_too_many_scans_and_too_large_a_body_are_refused(client: FlaskClient) -> None:
    token = make_device(make_event())
    assert send(client, token, *(scan("x") for _ in range(MAX_BATCH + 1))).status_code == 413
    assert (
        client.post(PATH, headers=bearer(token), data=b" " * (1024 * 1024 + 1)).status_code == 413
    )
    assert send(client, token, *(scan("x") for _ in range(MAX_BATCH))).status_code == 200


@pytest.mark.parametrize(
    "code",
    [
        "\0",
        "😀" * 50,
        "\u202eX",
        "<script>",
        "' OR 1=1 --",
        "\ud800",
        "x" * 100_000,
        "%00",
        "HTTPS://HOST/B/",
    ],
)
def test_any_text_in_a_code_is_malformed_and_kept(
    client: FlaskClient, session: Session, code: str
) -> None:
    answer = send(client, make_device(make_event()), scan(code))
    assert answer.json["verdicts"][0]["result"] == "malformed"
    assert session.scalar(select(func.count(Scan.id))) == 1


def test_without_a_token_with_a_wrong_one_and_with_a_revoked_one(
    client: FlaskClient, session: Session
) -> None:
    event = make_event()
    token = make_device(event)
    assert client.post(PATH, json={"scans": []}).status_code == 401
    wrong = send(client, "A" * 26, scan("x"))
    assert (wrong.status_code, wrong.json["code"], wrong.headers["WWW-Authenticate"]) == (
        401,
        "unknown_device",
        "Bearer",
    )
    revoke_device(
        event.id, session.scalars(select(Device.key)).one(), actor=EVA, now=datetime.now(UTC)
    )
    db.session.commit()
    for answer in (
        send(client, token, scan("x")),
        client.get("/api/v1/device", headers=bearer(token)),
    ):
        assert (answer.status_code, answer.json["code"]) == (410, "device_withdrawn")


def test_no_answer_holds_anything_of_another_event(client: FlaskClient) -> None:
    event, other = make_event(), make_event("secret-board", title={"en": "Secret board"})
    token = make_device(event)
    stranger = make_guest(other, first_name="Zebulon", last_name="Quartermain")
    there = scan(badge(stranger))
    send(client, make_device(other, "Back door"), there)
    head = bearer(token)
    answers = [
        send(client, token, scan(badge(stranger)), scan(stranger.short_code)),
        client.get("/api/v1/roster?q=quartermain", headers=head),
        client.get("/api/v1/roster?q=zebulon", headers=head),
        client.get("/api/v1/counters", headers=head),
        client.get("/api/v1/device", headers=head),
        client.post(f"{PATH}/{there['id']}/undo", headers=head, json={"id": str(uuid.uuid4())}),
        send(client, token, there),
    ]
    assert [answer.status_code for answer in answers] == [200, 200, 200, 200, 200, 404, 409]
    for answer in answers:
        text = answer.get_data(as_text=True).lower()
        assert not any(word in text for word in ("zebulon", "quartermain", "secret", "back door"))
    assert answers[3].json["confirmed"] == 0


def test_a_search_is_blind_to_accents_and_case_and_wants_three_letters(client: FlaskClient) -> None:
    event = make_event()
    token = make_device(event)
    make_guest(event, first_name="Zoë", last_name="Ångström", organisation="Göteborgs Stad")
    for text in ("angstrom", "ZOE ANG", "ångström zoë", "goteborg"):
        (person,) = client.get(
            "/api/v1/roster", query_string={"q": text}, headers=bearer(token)
        ).json["people"]
        assert person["name"] == "Zoë Ångström"
    assert "email" not in person
    for text in ("zo", "", "  z o ", "%%%", "___"):
        answer = client.get("/api/v1/roster", query_string={"q": text}, headers=bearer(token))
        assert answer.status_code == 400 or answer.json["people"] == []


def test_who_was_found_is_let_in_by_the_short_code(client: FlaskClient) -> None:
    event = make_event()
    token, _ = make_device(event), make_guest(event)
    (person,) = client.get("/api/v1/roster?q=nandu", headers=bearer(token)).json["people"]
    assert send(client, token, scan(person["code"])).json["verdicts"][0]["result"] == "admitted"


def test_a_door_may_not_search_or_override(client: FlaskClient) -> None:
    event = make_event()
    token, guest = make_device(event, profile=Profile.DOOR), make_guest(event, status="waiting")
    assert client.get("/api/v1/roster?q=nandu", headers=bearer(token)).status_code == 403
    assert send(client, token, scan(badge(guest), override="please")).status_code == 403


def test_counters_come_from_the_rows_and_are_not_sent_twice(client: FlaskClient) -> None:
    event = make_event()
    token, guest = make_device(event), make_guest(event)
    make_guest(event, "bo@example.org", status="cancelled")
    first = client.get("/api/v1/counters", headers=bearer(token))
    assert first.json == {"registered": 1, "confirmed": 1, "attended": 0, "inside": {}}
    again = client.get(
        "/api/v1/counters", headers={**bearer(token), "If-None-Match": first.headers["ETag"]}
    )
    assert (again.status_code, again.data) == (304, b"")
    send(client, token, scan(badge(guest)))
    moved = client.get(
        "/api/v1/counters", headers={**bearer(token), "If-None-Match": first.headers["ETag"]}
    )
    assert moved.json == {"registered": 1, "confirmed": 1, "attended": 1, "inside": {"entrance": 1}}


def test_a_sign_of_life_is_noted_with_clock_and_queue(
    client: FlaskClient, session: Session
) -> None:
    token = make_device(make_event())
    slow = datetime.now(UTC) - timedelta(minutes=10)
    answer = client.post(
        PATH, headers=bearer(token), json={"scans": [], "sent_at": slow.isoformat(), "unsent": 3}
    )
    assert answer.json == {"verdicts": []}
    device = session.scalars(select(Device).execution_options(populate_existing=True)).one()
    assert device.seen_at is not None
    assert (device.unsent, round(device.clock_offset, -1)) == (3, 600)


def test_one_scan_over_http_costs_at_most_five_statements(
    client: FlaskClient, count_queries: Callable[[], Any]
) -> None:
    event = make_event()
    token, code = make_device(event), badge(make_guest(event))
    for _ in range(2):
        with count_queries() as queries:
            assert send(client, token, scan(code)).status_code == 200
        assert len(queries) <= 5, queries.statements


def test_an_undo_over_http_says_why_not(client: FlaskClient) -> None:
    event = make_event()
    token, guest = make_device(event), make_guest(event)
    sent, undo = scan(badge(guest)), {"id": str(uuid.uuid4()), "note": "wrong person"}
    send(client, token, sent)
    path = f"{PATH}/{sent['id']}/undo"
    first = client.post(path, headers=bearer(token), json=undo)
    assert first.json == {"id": undo["id"], "result": "undone", "scan": sent["id"]}
    assert client.post(path, headers=bearer(token), json=undo).data == first.data
    again = client.post(path, headers=bearer(token), json={"id": str(uuid.uuid4())})
    assert (again.status_code, again.json["code"]) == (409, "nothing_to_undo")
    missing = client.post(
        f"{PATH}/{uuid.uuid4()}/undo", headers=bearer(token), json={"id": str(uuid.uuid4())}
    )
    assert (missing.status_code, missing.json["code"]) == (404, "scan_not_found")
    assert (
        client.post(f"{PATH}/not-a-uuid/undo", headers=bearer(token), json=undo).status_code == 400
    )


def test_the_city_is_named_in_the_language_of_the_device(
    client: FlaskClient, session: Session
) -> None:
    event = make_event()
    token, guest = make_device(event), make_guest(event)
    guest.city_id, guest.city_typed = 2643743, "Londyn"
    session.commit()
    head = {**bearer(token), "Accept-Language": "es"}
    answer = client.post(PATH, headers=head, json={"scans": [scan(badge(guest))]})
    assert answer.json["verdicts"][0]["person"]["city"] == "Londres"

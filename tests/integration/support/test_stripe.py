"""The stand-in behaves as Stripe does where our program depends on it, and is strict about what we send."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from stripe import IdempotencyError, InvalidRequestError, StripeClient
from stripe import PermissionError as NotPermitted

from eventsys.payments.errors import GatewayAway
from eventsys.payments.gateway import Gateway, NotSigned, Order, RefusedByStripe
from tests.support.stripe.server import KEY, WEBHOOK_SECRET, sign


@pytest.fixture
def gateway(stripe):
    return Gateway(KEY, WEBHOOK_SECRET, stripe.url)


@pytest.fixture
def raw(stripe):
    return StripeClient(KEY, base_addresses={"api": stripe.url})


def order(key="k1", **more):
    values = {
        "amount": 25_000,
        "currency": "EUR",
        "title": "Summit",
        "email": "ana@example.org",
        "language": "es",
        "reference": "RF18000001",
        "success_url": "http://localhost/paid",
        "cancel_url": "http://localhost/own",
        "expires_at": datetime.now(UTC) + timedelta(hours=1),
        **more,
    }
    return Order(payment_key=key, **values)


def test_the_same_order_gives_the_same_page(gateway, stripe):
    wanted = order()
    assert gateway.create_session(wanted).id == gateway.create_session(wanted).id
    assert len(stripe.account.all("checkout.session")) == 1
    with pytest.raises(RefusedByStripe, match="idempotent"):
        gateway.create_session(order(amount=1))


def test_a_lost_answer_is_asked_for_again(gateway, stripe):
    stripe.lose_answers = 1
    assert gateway.create_session(order()).status == "open"
    assert len(stripe.account.all("checkout.session")) == 1


@pytest.mark.parametrize("trouble", ["503", "closed", "slow"])
def test_stripe_away(stripe, monkeypatch, trouble):
    monkeypatch.setattr("eventsys.payments.gateway.TIMEOUT_SECONDS", 0.1)
    stripe.trouble = trouble
    with pytest.raises(GatewayAway):
        Gateway(KEY, WEBHOOK_SECRET, stripe.url).get_session("cs_1")
    assert stripe.requests == 3


def test_a_wrong_key_is_no_answer(stripe):
    with pytest.raises(GatewayAway, match="Authentication"):
        Gateway("sk_test_other", WEBHOOK_SECRET, stripe.url).get_session("cs_1")


@pytest.mark.parametrize("life", [timedelta(minutes=29), timedelta(hours=25)])
def test_a_page_lives_from_half_an_hour_to_a_day(gateway, life):
    with pytest.raises(RefusedByStripe, match="expires_at"):
        gateway.create_session(order(expires_at=datetime.now(UTC) + life))


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"mode": "gift"}, "mode"),
        ({"color": "red"}, "color is unknown"),
        ({"locale": "xx"}, "locale"),
        ({"line_items": [{"quantity": 1, "price_data": {"currency": "eur", "unit_amount": "2.5"}}]}, "integer"),
        ({"line_items": [{"quantity": 1, "price_data": {"unit_amount": 250}}]}, "currency is missing"),
        ({"line_items": [{"quantity": 1, "cost": 250}]}, "cost is unknown"),
    ],
)  # fmt: skip
def test_what_the_specification_does_not_allow_is_refused(raw, stripe, change, said):
    right = {
        "mode": "payment",
        "success_url": "http://localhost/paid",
        "line_items": [
            {
                "quantity": 1,
                "price_data": {
                    "currency": "eur",
                    "unit_amount": 250,
                    "product_data": {"name": "Summit"},
                },
            }
        ],
    }
    raw.v1.checkout.sessions.create(params=right)
    with pytest.raises(InvalidRequestError, match=said):
        raw.v1.checkout.sessions.create(params={**right, **change})
    assert len(stripe.calls.wrong) == 1
    stripe.calls.wrong.clear()


def paid(gateway, stripe, **more):
    session = stripe.account.pay(gateway.create_session(order(**more)).id)
    return session["payment_intent"]


def test_refunds_never_exceed_what_came(gateway, stripe):
    intent = paid(gateway, stripe)
    first = gateway.create_refund("r1", intent, 10_000, "EUR")
    assert (first.status, first.amount, first.refund_key) == ("succeeded", 10_000, "r1")
    assert gateway.create_refund("r1", intent, 10_000, "EUR").id == first.id
    with pytest.raises(RefusedByStripe, match="greater than unrefunded"):
        gateway.create_refund("r2", intent, 15_001, "EUR")
    gateway.create_refund("r3", intent, 15_000, "EUR")
    with pytest.raises(RefusedByStripe, match="already been refunded"):
        gateway.create_refund("r4", intent, 1, "EUR")
    assert [item.amount for item in gateway.list_refunds(intent_id=intent)] == [15_000, 10_000]


def test_a_refund_that_fails_frees_the_money(gateway, stripe):
    intent = paid(gateway, stripe)
    refund = gateway.create_refund("r1", intent, 25_000, "EUR")
    stripe.account.refund_becomes(refund.id, "failed")
    assert gateway.get_refund(refund.id).status == "failed"
    assert gateway.create_refund("r2", intent, 25_000, "EUR").status == "succeeded"


def test_lists_go_on_over_pages(gateway, stripe):
    made = {gateway.create_session(order(f"k{number}")).id for number in range(120)}
    since = datetime.now(UTC) - timedelta(hours=1)
    assert {item.id for item in gateway.list_sessions(since)} == made
    assert list(gateway.list_sessions(datetime.now(UTC) + timedelta(hours=1))) == []


def test_pages_are_found_by_their_payment(gateway, stripe):
    session = gateway.create_session(order())
    intent = stripe.account.pay(session.id)["payment_intent"]
    found = gateway.find_session(intent)
    assert (found.id, found.intent_status, found.payment_status) == (
        session.id,
        "succeeded",
        "paid",
    )
    assert gateway.intent_of_charge(stripe.account.all("charge")[0]["id"]) == intent
    assert gateway.expire_session(session.id).payment_status == "paid"
    assert gateway.find_session("pi_other") is None


def test_the_same_key_for_something_else_is_an_error(raw, stripe):
    options = {"idempotency_key": "one"}
    session = {
        "mode": "payment",
        "success_url": "http://localhost/",
        "line_items": [
            {
                "quantity": 1,
                "price_data": {
                    "currency": "eur",
                    "unit_amount": 250,
                    "product_data": {"name": "x"},
                },
            }
        ],
    }
    raw.v1.checkout.sessions.create(params=session, options=options)
    with pytest.raises(IdempotencyError):
        raw.v1.refunds.create(params={"payment_intent": "pi_1"}, options=options)


def test_events_are_listed(raw, gateway, stripe):
    paid(gateway, stripe)
    kinds = [event.type for event in raw.v1.events.list().data]
    assert kinds[0] == "checkout.session.completed"
    assert "payment_intent.succeeded" in kinds


def test_signatures_are_checked_and_grow_old(gateway):
    body = (
        b'{"id":"evt_1","object":"event","type":"charge.succeeded","livemode":false,"created":1,'
        b'"data":{"object":{"id":"ch_1","object":"charge","metadata":{"payment":"k1"}}}}'
    )
    notice = gateway.read_notice(body, sign(body))
    assert (notice.object_id, notice.object_kind, notice.payment_key) == ("ch_1", "charge", "k1")
    old = datetime.now(UTC).timestamp() - 301
    for header in ("", "t=1", sign(body, secret="whsec_other"), sign(body, at=old), sign(b"{}")):
        with pytest.raises(NotSigned):
            gateway.read_notice(body, header)
    for wrong in (b"[]", b"{}", b"no json", b"\xff"):
        with pytest.raises(NotSigned):
            gateway.read_notice(wrong, sign(wrong))


@pytest.mark.parametrize(
    ("currency", "ours", "theirs"),
    [("EUR", 1250, 1250), ("JPY", 1250, 1250), ("RSD", 7, 700), ("ISK", 1250, 125_000), ("TND", 1250, 1250)],
)  # fmt: skip
def test_amounts_are_in_stripes_units(gateway, stripe, currency, ours, theirs):
    session = gateway.create_session(order(amount=ours * 100, currency=currency))
    asked = stripe.account.items[session.id]
    assert (asked["amount_total"], session.amount) == (theirs * 100, ours * 100)


DEEP = "payment_intent.latest_charge.balance_transaction"


def test_what_is_booked_comes_along_at_once_or_later(gateway, raw, stripe):
    account = stripe.account
    account.fee, account.fee_tax, account.books_later = 475, 75, True
    session = gateway.create_session(order())
    account.pay(session.id)

    def charge(wish):
        params = {"limit": 1, "expand": [f"data.{wish}"]}
        return raw.v1.checkout.sessions.list(params=params).data[0].payment_intent.latest_charge

    assert charge(DEEP).balance_transaction is None
    account.book()
    assert account.events[-1]["type"] == "charge.updated"
    booked = charge(DEEP).balance_transaction
    assert (booked.amount, booked.fee, booked.net, booked.exchange_rate) == (
        25_000,
        475,
        24_525,
        None,
    )
    assert [(row.type, row.amount) for row in booked.fee_details] == [
        ("stripe_fee", 400),
        ("tax", 75),
    ]
    assert charge("payment_intent.latest_charge").balance_transaction == booked.id
    account.currency = "usd"
    refund = account.refund(stripe.account.all("payment_intent")[0]["id"], 1_000)
    params = {"expand": ["balance_transaction"]}
    booked = raw.v1.refunds.retrieve(refund["id"], params=params).balance_transaction
    assert (booked.amount, booked.currency, booked.exchange_rate) == (-1_085, "usd", 1.085)


def test_stripe_opens_up_four_levels_and_what_the_key_may_read(gateway, raw, stripe):
    session = gateway.create_session(order())
    with pytest.raises(InvalidRequestError, match="4 levels"):
        raw.v1.checkout.sessions.list(params={"expand": [f"data.{DEEP}.source"]})
    with pytest.raises(InvalidRequestError, match="cannot be expanded"):
        raw.v1.checkout.sessions.retrieve(session.id, params={"expand": ["payment_intents"]})
    stripe.account.hides_bookings = 403
    with pytest.raises(NotPermitted, match="does not have the required permissions"):
        raw.v1.checkout.sessions.retrieve(session.id, params={"expand": [DEEP]})
    raw.v1.checkout.sessions.retrieve(session.id, params={"expand": ["payment_intent"]})

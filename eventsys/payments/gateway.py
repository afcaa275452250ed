"""The only file that talks to Stripe. Plain facts go in and come out; nobody above sees Stripe's objects.

Never called inside a transaction of the database: a slow answer would hold up everybody who writes.
"""

from __future__ import annotations

import json
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final

from eventsys.core.lazy import lazy_import
from eventsys.payments.errors import GatewayAway
from eventsys.payments.rules.comparing import Listed
from eventsys.payments.rules.stripe_objects import (
    read_dispute,
    read_refund,
    read_session,
    to_stripe,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    import stripe

    from eventsys.core.settings import Settings
    from eventsys.payments.rules.settling import DisputeFacts, RefundFacts, SessionFacts
else:
    stripe = lazy_import("stripe")

TIMEOUT_SECONDS: Final = 15
RETRIES: Final = 2
#: Stripe's own languages of the payment page that are ours.
_LOCALES: Final = {"en": "en-GB", "es": "es", "fr": "fr"}
# What was booked on the account comes along with what we ask for anyway. Stripe opens up four levels, not one more.
_INTENT: Final = ("payment_intent",)
_BOOKED: Final = ("payment_intent.latest_charge.balance_transaction",)
_REFUND_BOOKED: Final = ("balance_transaction", "failure_balance_transaction")


class NotSigned(Exception):
    """A message that does not carry Stripe's signature, or an old one."""


class RefusedByStripe(Exception):
    """Stripe understood and said no: asking again will not help."""


class TooLittleForStripe(RefusedByStripe):
    """Less than what a card can be charged: what a transfer left, as a rule."""


class UnknownToStripe(RefusedByStripe):
    """There is no such object with our key: it is of another account, or of the other mode."""


_REFUSALS: Final = {"resource_missing": UnknownToStripe, "amount_too_small": TooLittleForStripe}


@dataclass(frozen=True, slots=True)
class Order:
    """What a payment page asks for. ``amount`` in our minor units."""

    payment_key: str
    amount: int
    currency: str
    title: str
    email: str
    language: str
    reference: str
    success_url: str
    cancel_url: str
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class Notice:
    """A message of Stripe: only a hint that something happened to an object."""

    id: str
    type: str
    object_id: str
    object_kind: str
    livemode: bool
    created_at: datetime
    payment_key: str


class Gateway:
    """Stripe's API with our key. Raises GatewayAway when it cannot be asked, RefusedByStripe when it says no."""

    def __init__(self, secret_key: str, webhook_secret: str | None, api_base: str | None) -> None:
        """Keep the keys; no network is used yet."""
        self.livemode = secret_key.startswith(("sk_live_", "rk_live_"))
        #: False once Stripe said that a restricted key may not read what was booked on the account.
        self.sees_bookings = True
        self._webhook_secret = webhook_secret
        options: dict[str, Any] = {"max_network_retries": RETRIES}
        if api_base:
            options["base_addresses"] = {"api": api_base}
        self._client = stripe.StripeClient(
            secret_key, http_client=stripe.RequestsClient(timeout=TIMEOUT_SECONDS), **options
        )

    def create_session(self, order: Order) -> SessionFacts:
        """Make a payment page. The same order again gives the same page (idempotency key)."""
        item = {
            "quantity": 1,
            "price_data": {
                "currency": order.currency.lower(),
                "unit_amount": to_stripe(order.amount, order.currency),
                "product_data": {"name": order.title[:250]},
            },
        }
        metadata = {"payment": order.payment_key, "reference": order.reference}
        params: dict[str, Any] = {
            "mode": "payment",
            "line_items": [item],
            "success_url": order.success_url,
            "cancel_url": order.cancel_url,
            "client_reference_id": order.reference,
            "locale": _LOCALES.get(order.language, "auto"),
            "expires_at": int(order.expires_at.timestamp()),
            "metadata": metadata,
            "payment_intent_data": {"metadata": metadata, "description": order.reference},
        }
        if order.email.isascii():  # it only fills in a field; one with other letters is refused
            params["customer_email"] = order.email
        key = {"idempotency_key": f"session-{order.payment_key}"}
        return read_session(
            self._ask(lambda: self._client.v1.checkout.sessions.create(params=params, options=key))  # type: ignore[arg-type]  # plain dicts
        )

    def get_session(self, session_id: str) -> SessionFacts:
        """Ask how a payment page stands now."""
        ask = self._client.v1.checkout.sessions.retrieve
        return read_session(
            self._ask_with(
                lambda expand: ask(session_id, params={"expand": expand}), _BOOKED, _INTENT
            )
        )

    def find_session(self, intent_id: str) -> SessionFacts | None:
        """Find the payment page that a payment intent came from."""
        found = self._list_sessions({"payment_intent": intent_id, "limit": 1})
        return next((read_session(item) for item in found.data), None)

    def intent_of_charge(self, charge_id: str) -> str | None:
        """Find the payment intent behind one of Stripe's charges."""
        found = self._ask(lambda: self._client.v1.charges.retrieve(charge_id)).payment_intent
        return found if found is None or isinstance(found, str) else str(found.id)

    def expire_session(self, session_id: str) -> SessionFacts:
        """Close a payment page; one that was paid meanwhile stays paid, and says so."""
        try:
            return read_session(
                self._ask(lambda: self._client.v1.checkout.sessions.expire(session_id))
            )
        except RefusedByStripe:
            return self.get_session(session_id)

    def list_sessions(self, since: datetime) -> Iterator[SessionFacts]:
        """Go through all payment pages made since a moment."""
        found = self._list_sessions({"created": {"gte": int(since.timestamp())}, "limit": 100})
        for item in self._all(found):
            yield read_session(item)

    def _list_sessions(self, params: dict[str, Any]) -> Any:  # noqa: ANN401 (Stripe's objects)
        ask: Any = self._client.v1.checkout.sessions.list
        return self._ask_with(
            lambda expand: ask(params={**params, "expand": expand}),
            _in_list(_BOOKED),
            _in_list(_INTENT),
        )

    def create_refund(
        self, refund_key: str, intent_id: str, amount: int, currency: str
    ) -> RefundFacts:
        """Send money back; the same refund again is sent once."""
        params: Any = {
            "payment_intent": intent_id,
            "amount": to_stripe(amount, currency),
            "metadata": {"refund": refund_key},
        }
        key: Any = {"idempotency_key": f"refund-{refund_key}"}
        return read_refund(
            self._ask(lambda: self._client.v1.refunds.create(params=params, options=key))
        )

    def get_refund(self, refund_id: str) -> RefundFacts:
        """Ask how a refund stands now."""
        return read_refund(self._ask(lambda: self._client.v1.refunds.retrieve(refund_id)))

    def list_refunds(
        self, *, intent_id: str = "", since: datetime | None = None
    ) -> Iterator[RefundFacts]:
        """Go through the refunds of a payment, or all since a moment."""
        params: Any = {"limit": 100}
        if intent_id:
            params["payment_intent"] = intent_id
        if since is not None:
            params["created"] = {"gte": int(since.timestamp())}
        ask: Any = self._client.v1.refunds.list
        found = self._ask_with(
            lambda expand: ask(params={**params, "expand": expand}), _in_list(_REFUND_BOOKED)
        )
        for item in self._all(found):
            yield read_refund(item)

    def get_dispute(self, dispute_id: str) -> DisputeFacts:
        """Ask how a dispute stands now."""
        return read_dispute(self._ask(lambda: self._client.v1.disputes.retrieve(dispute_id)))

    def list_disputes(self, since: datetime) -> Iterator[DisputeFacts]:
        """Go through the disputes opened since a moment."""
        params: Any = {"created": {"gte": int(since.timestamp())}, "limit": 100}
        found = self._ask(lambda: self._client.v1.disputes.list(params=params))
        for item in self._all(found):
            yield read_dispute(item)

    def list_all(
        self, since: datetime, waiting: Iterable[str], unbooked: Iterable[str] = ()
    ) -> Listed:
        """List what was made since a moment, and older payment pages: open ones, and those whose fee is not known."""
        sessions = [*self.list_sessions(since), *self._older(waiting)]
        if self.sees_bookings:
            sessions += self._older(unbooked)
        refunds, disputes = list(self.list_refunds(since=since)), list(self.list_disputes(since))
        return Listed(since, self.livemode, sessions, refunds, disputes, self.sees_bookings)

    def _older(self, waiting: Iterable[str]) -> Iterator[SessionFacts]:
        for session_id in waiting:
            # Of a page that was made with another key Stripe tells nothing.
            with suppress(RefusedByStripe):
                yield self.get_session(session_id)

    def read_notice(self, body: bytes, signature: str) -> Notice:
        """Check the signature of a message and read it; raises NotSigned."""
        if not self._webhook_secret:
            raise NotSigned("no webhook secret is set")
        try:
            stripe.WebhookSignature.verify_header(
                body.decode(), signature, self._webhook_secret, tolerance=300
            )
            event = json.loads(body)
            about = event["data"]["object"]
            return Notice(
                id=str(event["id"])[:100],
                type=str(event["type"])[:80],
                object_id=str(about.get("id") or "")[:100],
                object_kind=str(about.get("object") or ""),
                livemode=bool(event["livemode"]),
                created_at=datetime.fromtimestamp(int(event["created"]), UTC),
                payment_key=str((about.get("metadata") or {}).get("payment", "")),
            )
        except stripe.SignatureVerificationError as error:
            raise NotSigned(str(error)) from error
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise NotSigned(f"not a message of Stripe: {error}") from error

    def _ask(self, call: Any) -> Any:  # noqa: ANN401 (Stripe's objects)
        try:
            return call()
        except (stripe.InvalidRequestError, stripe.CardError, stripe.IdempotencyError) as error:
            raise _REFUSALS.get(error.code or "", RefusedByStripe)(str(error)) from error
        except stripe.StripeError as error:
            raise GatewayAway(detail=f"{type(error).__name__}: {error}") from error

    def _ask_with(
        self, call: Callable[[Any], Any], wanted: tuple[str, ...], otherwise: tuple[str, ...] = ()
    ) -> Any:  # noqa: ANN401 (Stripe's objects)
        """Ask for objects and what was booked of them; where Stripe refuses that, for the objects all the same.

        Payments must not wait for what only the fees need, as a permission that a restricted key has not.
        """
        if not self.sees_bookings:
            return self._ask(lambda: call(list(otherwise)))
        try:
            return self._ask(lambda: call(list(wanted)))
        except UnknownToStripe:
            raise
        except (RefusedByStripe, GatewayAway) as error:
            if not isinstance(error.__cause__, stripe.InvalidRequestError | stripe.PermissionError):
                raise
        found = self._ask(lambda: call(list(otherwise)))
        self.sees_bookings = False
        return found

    def _all(self, page: Any) -> Iterator[Any]:  # noqa: ANN401 (Stripe's objects)
        while True:
            yield from page.data
            if not page.has_more:
                return
            last = page
            page = self._ask(last.next_page)


def make_gateway(settings: Settings) -> Gateway | None:
    """Make the gateway; None when no key is set, and nobody is offered to pay by card."""
    if settings.stripe_secret_key is None:
        return None
    return Gateway(
        settings.stripe_secret_key, settings.stripe_webhook_secret, settings.stripe_api_base
    )


def _in_list(wanted: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(f"data.{name}" for name in wanted)

"""An account at Stripe as far as we see it: payment pages, payments, refunds, disputes and their events.

What buyers, banks and people in Stripe's dashboard do are methods; what our program may ask for stands in
``calls.py``. Each change leaves events behind, as Stripe's does.
"""

from __future__ import annotations

import itertools
import threading
import time
from copy import deepcopy
from typing import Any

from tests.support.stripe.spec import blank, check_object

Item = dict[str, Any]
API_VERSION = "2026-10-28.dahlia"


class Refusal(Exception):
    """Stripe says no."""

    def __init__(self, message: str, *, status: int = 400, **more: Any) -> None:
        super().__init__(message)
        self.status = status
        self.body = {"error": {"type": "invalid_request_error", "message": message, **more}}


class Account:
    """Everything that Stripe keeps, oldest first."""

    def __init__(self) -> None:
        self.lock = threading.RLock()
        self.items: dict[str, Item] = {}
        self.events: list[Item] = []
        #: What becomes of a refund that is asked for: succeeded, pending or failed.
        self.refunds_become = "succeeded"
        #: The currency in which the account is kept, and what one unit of any other is worth in it.
        self.currency, self.exchange_rate = "eur", 1.085
        #: What is kept of a payment, the tax in it, and what is kept of a refund.
        self.fee, self.fee_tax, self.refund_fee = 0, 0, 0
        #: What is kept for a dispute; what of it comes back when it is won.
        self.dispute_fee, self.dispute_fee_back = 0, 0
        #: Whether what came is booked on the account at once, or later (``book``): asynchronous capture.
        self.books_later = False
        #: With which status it refuses to tell what is booked on the account: 403, our key may not read it.
        self.hides_bookings = 0
        self._numbers = itertools.count(1)

    # ------------------------------------------------------------------------------------ keeping
    def make(self, kind: str, prefix: str, **values: Any) -> Item:
        """Keep a new object."""
        item = blank(kind)
        item.update(
            id=f"{prefix}_test_{next(self._numbers):06d}", object=kind, created=int(time.time()),
            livemode=False,
        )  # fmt: skip
        item.update(values)
        if kind in {"refund", "balance_transaction"}:
            item.pop("livemode", None)
        assert check_object(item) == [], "the stand-in is wrong itself"
        self.items[item["id"]] = item
        return item

    def get(self, item_id: str, kind: str) -> Item:
        """Get an object, or refuse as Stripe does."""
        item = self.items.get(item_id)
        if item is None or item["object"] != kind:
            raise Refusal(
                f"No such {kind}: '{item_id}'", status=404, code="resource_missing", param="id"
            )
        return item

    def all(self, kind: str) -> list[Item]:
        """List the objects of a kind, newest first."""
        return [item for item in reversed(self.items.values()) if item["object"] == kind]

    def tell(self, kind: str, item: Item) -> Item:
        """Leave an event behind, with the object as it is now."""
        event = blank("event") | {
            "id": f"evt_test_{next(self._numbers):06d}",
            "object": "event",
            "api_version": API_VERSION,
            "created": int(time.time()),
            "data": {"object": {name: deepcopy(item[name]) for name in item if name[0] != "_"}},
            "livemode": item.get("livemode", False),
            "pending_webhooks": 1,
            "request": {"id": None, "idempotency_key": None},
            "type": kind,
        }
        self.events.append(event)
        return event

    # ------------------------------------------------------------------------------- what buyers do
    def pay(self, session_id: str) -> Item:
        """Pay by card on the page."""
        with self.lock:
            session = self._open(session_id)
            intent = self._try(session)
            self._receive(intent)
            session.update(status="complete", payment_status="paid", url=None)
            self.tell("payment_intent.succeeded", intent)
            self.tell("charge.succeeded", self.items[intent["latest_charge"]])
            self.tell("checkout.session.completed", session)
            return session

    def decline(self, session_id: str) -> Item:
        """Try a card that the bank declines; the page stays open."""
        with self.lock:
            session = self._open(session_id)
            intent = self._try(session)
            intent["status"] = "requires_payment_method"
            intent["last_payment_error"] = {"type": "card_error", "code": "card_declined"}
            charge = self._charge(intent, status="failed", paid=False, captured=False)
            self.tell("payment_intent.payment_failed", intent)
            self.tell("charge.failed", charge)
            return session

    def pay_later(self, session_id: str) -> Item:
        """Give an order to the bank that takes days (SEPA)."""
        with self.lock:
            session = self._open(session_id)
            intent = self._try(session)
            intent["status"] = "processing"
            self._charge(intent, status="pending", paid=False)
            session.update(status="complete", payment_status="unpaid", url=None)
            self.tell("payment_intent.processing", intent)
            self.tell("checkout.session.completed", session)
            return session

    def bank_decides(self, session_id: str, *, paid: bool) -> Item:
        """Let the bank carry out, or refuse, an order given days ago."""
        with self.lock:
            session = self.get(session_id, "checkout.session")
            intent = self.items[session["payment_intent"]]
            assert intent["status"] == "processing"
            if paid:
                self._receive(intent)
                session["payment_status"] = "paid"
                self.tell("payment_intent.succeeded", intent)
                self.tell("checkout.session.async_payment_succeeded", session)
            else:
                intent["status"] = "requires_payment_method"
                self.items[intent["latest_charge"]]["status"] = "failed"
                self.tell("payment_intent.payment_failed", intent)
                self.tell("checkout.session.async_payment_failed", session)
            return session

    def let_expire(self, session_id: str) -> Item:
        """Let the time of a page run out."""
        with self.lock:
            session = self._open(session_id)
            session.update(status="expired", expires_at=int(time.time()) - 1, url=None)
            self.tell("checkout.session.expired", session)
            return session

    def _open(self, session_id: str) -> Item:
        session = self.get(session_id, "checkout.session")
        if session["status"] != "open":
            raise Refusal(f"This page is {session['status']}.")
        return session

    def _try(self, session: Item) -> Item:
        if session["payment_intent"]:
            return self.items[session["payment_intent"]]
        intent = self.make(
            "payment_intent", "pi", amount=session["amount_total"], currency=session["currency"],
            status="requires_payment_method", payment_method_types=["card"],
            livemode=session["livemode"], metadata=session["_intent"].get("metadata", {}),
            description=session["_intent"].get("description"),
        )  # fmt: skip
        session["payment_intent"] = intent["id"]
        self.tell("payment_intent.created", intent)
        return intent

    def _charge(self, intent: Item, **values: Any) -> Item:
        charge = self.make(
            "charge", "ch", amount=intent["amount"], currency=intent["currency"],
            payment_intent=intent["id"], metadata=intent["metadata"], livemode=intent["livemode"],
            **values,
        )  # fmt: skip
        intent["latest_charge"] = charge["id"]
        return charge

    def _receive(self, intent: Item) -> None:
        charge = self.items.get(intent["latest_charge"] or "")
        if charge is None or charge["status"] == "failed":
            charge = self._charge(intent, status="succeeded")
        charge.update(
            status="succeeded", paid=True, captured=True, amount_captured=charge["amount"]
        )
        intent.update(status="succeeded", amount_received=intent["amount"])
        if not self.books_later:
            self._book_in(charge)

    # ------------------------------------------------------------------- what is booked on the account
    def book(self) -> list[Item]:
        """Book what came and was not booked yet, as Stripe does within an hour."""
        with self.lock:
            waiting = [
                item
                for item in self.all("charge")
                if item["paid"] and item["balance_transaction"] is None
            ]
            for charge in waiting:
                self._book_in(charge)
                self.tell("charge.updated", charge)
            return waiting

    def _book_in(self, charge: Item) -> None:
        booked = self._book(charge, charge["amount"], self.fee, "charge", tax=self.fee_tax)
        charge["balance_transaction"] = booked["id"]

    def _book(self, source: Item, amount: int, fee: int, kind: str, *, tax: int = 0) -> Item:
        """Book a movement in the currency of the account."""
        other = source["currency"] != self.currency
        rate = self.exchange_rate if other else None
        amount = round(amount * rate) if rate else amount
        details = [
            {
                "amount": part, "currency": self.currency, "type": name, "application": None,
                "description": "Stripe processing fees" if name == "stripe_fee" else "VAT",
            }
            for name, part in (("stripe_fee", fee - tax), ("tax", tax))
            if part
        ]  # fmt: skip
        return self.make(
            "balance_transaction", "txn", amount=amount, currency=self.currency, fee=fee, net=amount - fee,
            source=source["id"], type="adjustment" if kind == "dispute" else kind, reporting_category=kind,
            status="available", fee_details=details, exchange_rate=rate, available_on=int(time.time()),
        )  # fmt: skip

    # --------------------------------------------------------------- what people do in the dashboard
    def refund(self, intent_id: str, amount: int | None = None, **values: Any) -> Item:
        """Send money back; refuses as Stripe does when it is more than what is left."""
        with self.lock:
            intent = self.get(intent_id, "payment_intent")
            charge = self.items.get(intent["latest_charge"] or "")
            if charge is None or not charge["paid"]:
                raise Refusal(
                    f"This PaymentIntent ({intent_id}) does not have a successful charge to refund."
                )
            if self._withdrawn(intent_id):
                raise Refusal(
                    f"Charge {charge['id']} has been charged back; cannot issue a refund.",
                    code="charge_disputed",
                )
            left = charge["amount"] - charge["amount_refunded"]
            if left == 0:
                raise Refusal(
                    f"Charge {charge['id']} has already been refunded.",
                    code="charge_already_refunded",
                )
            wanted = left if amount is None else amount
            if wanted <= 0 or wanted > left:
                raise Refusal(
                    f"Refund amount ({wanted}) is greater than unrefunded amount on charge ({left})",
                    param="amount",
                )
            refund = self.make(
                "refund", "re", amount=wanted, currency=charge["currency"], charge=charge["id"],
                payment_intent=intent_id, status=self.refunds_become,
                **{"metadata": {}, "reason": None, **values},
            )  # fmt: skip
            self.tell("refund.created", refund)
            if refund["status"] == "failed":
                refund["failure_reason"] = "expired_or_canceled_card"
                self.tell("refund.failed", refund)
                return refund
            self._take_off(charge, wanted)
            booked = self._book(refund, -wanted, self.refund_fee, "refund")
            refund["balance_transaction"] = booked["id"]
            self.tell("charge.refunded", charge)
            self.tell("refund.updated", refund)
            return refund

    def _withdrawn(self, intent_id: str) -> bool:
        return any(
            item["payment_intent"] == intent_id
            and item["status"] != "won"
            and not item["status"].startswith("warning")
            for item in self.all("dispute")
        )

    def refund_becomes(self, refund_id: str, status: str) -> Item:
        """Let the bank carry out or refuse a refund."""
        with self.lock:
            refund = self.get(refund_id, "refund")
            refund["status"] = status
            if status in {"failed", "canceled"}:
                refund["failure_reason"] = "lost_or_stolen_card"
                self._take_off(self.items[refund["charge"]], -refund["amount"])
                booked = self._book(refund, refund["amount"], 0, "refund_failure")
                refund["failure_balance_transaction"] = booked["id"]
                self.tell("refund.failed", refund)
            else:
                self.tell("refund.updated", refund)
            return refund

    def _take_off(self, charge: Item, amount: int) -> None:
        charge["amount_refunded"] += amount
        charge["refunded"] = charge["amount_refunded"] == charge["amount"]

    def dispute(self, intent_id: str, *, warning: bool = False) -> Item:
        """Let the payer ask their bank for the money back."""
        with self.lock:
            charge = self.items[self.get(intent_id, "payment_intent")["latest_charge"]]
            dispute = self.make(
                "dispute", "du", amount=charge["amount"] - charge["amount_refunded"],
                currency=charge["currency"], charge=charge["id"], payment_intent=intent_id,
                reason="fraudulent",
                status="warning_needs_response" if warning else "needs_response",
            )  # fmt: skip
            if not warning:
                self._move(dispute, -dispute["amount"], self.dispute_fee)
            charge["disputed"] = True
            self.tell("charge.dispute.created", dispute)
            if not warning:
                self.tell("charge.dispute.funds_withdrawn", dispute)
            return dispute

    def _move(self, dispute: Item, amount: int, fee: int) -> None:
        """Take money out of the account, or put it back; the movement stands in the dispute itself."""
        moved = self._book(dispute, amount, fee, "dispute")
        dispute["balance_transactions"] = [*dispute["balance_transactions"], moved]

    def dispute_becomes(self, dispute_id: str, status: str) -> Item:
        """Let the bank look at a dispute, or decide it."""
        with self.lock:
            dispute = self.get(dispute_id, "dispute")
            dispute["status"] = status
            decided = status in {"won", "lost", "warning_closed"}
            if status == "won":
                self._move(dispute, dispute["amount"], -self.dispute_fee_back)
                self.tell("charge.dispute.funds_reinstated", dispute)
            self.tell("charge.dispute.closed" if decided else "charge.dispute.updated", dispute)
            return dispute

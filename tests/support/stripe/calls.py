"""What our program may ask of the stand-in, each call checked against Stripe's specification first."""

from __future__ import annotations

import re
import time
from copy import deepcopy
from typing import TYPE_CHECKING, Any

from tests.support.stripe.account import Account, Refusal
from tests.support.stripe.spec import SPEC, check_object, nested, read

if TYPE_CHECKING:
    from collections.abc import Callable

Item = dict[str, Any]
SHORTEST, LONGEST, SLACK = 30 * 60, 24 * 60 * 60, 5
SMALLEST = 50
_ROUTES = [
    (call, re.compile(re.sub(r"\{[a-z]+\}", "([A-Za-z0-9_]+)", call) + "$"))
    for call in SPEC["calls"]
]
_KINDS = {
    "checkout": "checkout.session",
    "payment_intents": "payment_intent",
    "charges": "charge",
    "refunds": "refund",
    "disputes": "dispute",
}
_EXPANDABLE = {
    "checkout.session": {"payment_intent"},
    "payment_intent": {"latest_charge"},
    "charge": {"payment_intent", "balance_transaction"},
    "refund": {"payment_intent", "charge", "balance_transaction", "failure_balance_transaction"},
    "dispute": {"payment_intent", "charge"},
}
DEEPEST = 4


class NotUnderstood(Refusal):
    """A request that is not what the specification says."""


class Calls:
    """The interface of Stripe on an account."""

    def __init__(self, account: Account, pages: Callable[[], str]) -> None:
        self.account = account
        self.pages = pages
        self.made: list[tuple[str, Item]] = []
        #: Requests of ours that Stripe's specification does not allow.
        self.wrong: list[str] = []
        self._answers: dict[str, tuple[str, int, Item]] = {}

    def forget_keys(self) -> None:
        """Let a day pass: Stripe keeps idempotency keys no longer."""
        self._answers.clear()

    def answer(self, method: str, path: str, query: str, body: str, key: str) -> tuple[int, Item]:
        """Answer a request; the same key again gives the same answer."""
        with self.account.lock:
            same = f"{method} {path}?{query} {body}"
            if key and method == "POST" and key in self._answers:
                before, status, kept = self._answers[key]
                if before != same:
                    return 400, _error(
                        f"Keys for idempotent requests can only be used with the same parameters they were "
                        f"first used with. Try using a key other than '{key}'.",
                        type="idempotency_error",
                    )
                return status, deepcopy(kept)
            try:
                status, answer = 200, self._do(method, path, query, body)
            except NotUnderstood as refusal:
                # Stripe keeps no answer for a request that it did not begin to work on.
                return refusal.status, refusal.body
            except Refusal as refusal:
                status, answer = refusal.status, refusal.body
            if key and method == "POST":
                self._answers[key] = (same, status, deepcopy(answer))
            return status, answer

    def _do(self, method: str, path: str, query: str, body: str) -> Item:
        call, ids = self._find(method, path)
        part = "form" if method == "POST" else "query"
        given, found = read(call, part, nested(body if method == "POST" else query))
        if found:
            self.wrong += [f"{call} {fault}" for fault in found]
            raise NotUnderstood("; ".join(found))
        self._may_expand(given.get("expand", []))
        self.made.append((call, given))
        kind = _KINDS.get(path.split("/")[2], "")
        if call == "POST /v1/checkout/sessions":
            answer = self._create_session(given)
        elif call == "POST /v1/checkout/sessions/{session}/expire":
            answer = self._expire_session(ids[0])
        elif call == "POST /v1/refunds":
            answer = self._create_refund(given)
        elif call == "GET /v1/events":
            return self._page(list(reversed(self.account.events)), path, given)
        elif ids:
            answer = self.account.get(ids[0], kind)
        else:
            return self._list(kind, path, given)
        return self._shown(answer, given.get("expand", []))

    def _find(self, method: str, path: str) -> tuple[str, list[str]]:
        for call, pattern in _ROUTES:
            match = pattern.match(f"{method} {path}")
            if match:
                return call, list(match.groups())
        self.wrong.append(f"{method} {path} is no call that the stand-in knows")
        raise Refusal(f"Unrecognized request URL ({method}: {path}).", status=404)

    def _may_expand(self, wishes: list[str]) -> None:
        for wish in wishes:
            if wish.count(".") >= DEEPEST:
                raise NotUnderstood(f"You cannot expand more than {DEEPEST} levels of a property.")
            if self.account.hides_bookings and wish.endswith("balance_transaction"):
                raise NotUnderstood(
                    "The provided key 'rk_test_*' does not have the required permissions for this endpoint. Having "
                    "the 'rak_balance_transaction_source_read' permission would allow this request to continue.",
                    status=self.account.hides_bookings,
                )

    # ---------------------------------------------------------------------------------- payment pages
    def _create_session(self, given: Item) -> Item:
        items = given["line_items"]
        currencies = {item["price_data"]["currency"] for item in items}
        total = sum(item["price_data"]["unit_amount"] * item["quantity"] for item in items)
        if len(currencies) != 1 or not re.fullmatch("[a-z]{3}", next(iter(currencies))):
            raise Refusal("Invalid currency", param="line_items[0][price_data][currency]")
        if given.get("mode") != "payment":
            raise Refusal("You must specify mode=payment.", param="mode")
        if total < SMALLEST:
            raise Refusal(
                "The total amount due must add up to at least 50 cents.", code="amount_too_small"
            )
        if not given.get("customer_email", "").isascii():
            raise Refusal(
                f"Invalid email address: {given['customer_email']}", code="email_invalid", param="customer_email",
            )  # fmt: skip
        life = given.get("expires_at", int(time.time()) + LONGEST) - time.time()
        if not SHORTEST - SLACK <= life <= LONGEST + SLACK:
            raise Refusal(
                "The `expires_at` timestamp must be between 30 minutes and 24 hours from Checkout Session creation.",
                param="expires_at",
            )
        session = self.account.make(
            "checkout.session", "cs", mode="payment", status="open", payment_status="unpaid",
            amount_total=total, amount_subtotal=total, currency=next(iter(currencies)),
            expires_at=given.get("expires_at", int(time.time()) + LONGEST),
            metadata=given.get("metadata", {}), success_url=given["success_url"],
            **{
                name: given[name]
                for name in ("cancel_url", "client_reference_id", "customer_email", "locale")
                if name in given
            },
        )  # fmt: skip
        session["url"] = f"{self.pages()}/pay/{session['id']}"
        session["_intent"] = given.get("payment_intent_data", {})
        session["_title"] = items[0]["price_data"]["product_data"]["name"]
        return session

    def _expire_session(self, session_id: str) -> Item:
        session = self.account.get(session_id, "checkout.session")
        if session["status"] != "open":
            raise Refusal(
                f'Only Checkout Sessions with a status in ["open"] can be expired. '
                f"This Checkout Session has a status of `{session['status']}`."
            )
        return self.account.let_expire(session_id)

    def _create_refund(self, given: Item) -> Item:
        values = {name: given[name] for name in ("metadata", "reason") if name in given}
        return self.account.refund(given["payment_intent"], given.get("amount"), **values)

    # ------------------------------------------------------------------------------------------- lists
    def _list(self, kind: str, path: str, given: Item) -> Item:
        items = self.account.all(kind)
        for name in ("payment_intent", "charge", "status"):
            if name in given:
                items = [item for item in items if item[name] == given[name]]
        created = given.get("created", {})
        if isinstance(created, int):
            items = [item for item in items if item["created"] == created]
        else:
            items = [item for item in items if created.get("gte", 0) <= item["created"]]
        return self._page(items, path, given)

    def _page(self, items: list[Item], path: str, given: Item) -> Item:
        limit = given.get("limit", 10)
        if not 1 <= limit <= 100:
            raise Refusal("This value must be between 1 and 100.", param="limit")
        after = given.get("starting_after")
        if after:
            ids = [item["id"] for item in items]
            if after not in ids:
                raise Refusal(f"No such object: '{after}'", param="starting_after")
            items = items[ids.index(after) + 1 :]
        expand = []
        for wish in given.get("expand", []):
            if not wish.startswith("data."):
                raise Refusal(f"This property cannot be expanded ({wish}).", param="expand")
            expand.append(wish.removeprefix("data."))
        return {
            "object": "list",
            "url": path,
            "has_more": len(items) > limit,
            "data": [self._shown(item, expand) for item in items[:limit]],
        }

    def _shown(self, item: Item, expand: list[str]) -> Item:
        shown = {name: deepcopy(value) for name, value in item.items() if name[0] != "_"}
        assert check_object(shown) == [], "the stand-in is wrong itself"
        inner: dict[str, list[str]] = {}
        for wish in expand:
            head, _, rest = wish.partition(".")
            inner.setdefault(head, []).extend([rest] if rest else [])
        for head, wishes in inner.items():
            if head not in _EXPANDABLE.get(item["object"], ()):
                raise Refusal(f"This property cannot be expanded ({head}).", param="expand")
            found = self.account.items.get(shown.get(head) or "")
            shown[head] = self._shown(found, wishes) if found else None
        return shown


def _error(message: str, **more: Any) -> Item:
    return {"error": {"type": "invalid_request_error", "message": message, **more}}

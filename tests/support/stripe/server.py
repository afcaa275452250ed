"""The stand-in at an address: Stripe's interface, the payment page that people see, and its troubles."""

from __future__ import annotations

import hmac
import json
import socket
import time
from hashlib import sha256
from html import escape
from typing import TYPE_CHECKING, Any

from werkzeug.exceptions import NotFound
from werkzeug.serving import WSGIRequestHandler, make_server
from werkzeug.utils import redirect
from werkzeug.wrappers import Request, Response

from tests.support.stripe.account import Account, Refusal
from tests.support.stripe.calls import Calls

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

KEY = "sk_test_standin"
WEBHOOK_SECRET = "whsec_standin"
PAGE = """<!doctype html><html lang="en"><meta charset="utf-8"><title>Pay {title}</title>
<link rel="icon" href="data:,"><h1>{title}</h1><p id="sum">{amount} {currency}</p>{note}{ways}
<p><a href="{back}">Back</a></p></html>"""
WAYS = """<form method="post">
<button name="how" value="pay">Pay</button>
<button name="how" value="decline">Pay with a card that is declined</button>
<button name="how" value="pay_later">Pay by direct debit</button></form>"""
DECLINED = "<p role='alert'>Your card was declined.</p>"
OVER = "<p role='alert'>This page is no longer open.</p>"


def sign(body: bytes, *, secret: str = WEBHOOK_SECRET, at: float | None = None) -> str:
    """Sign a message as Stripe does."""
    stamp = int(time.time() if at is None else at)
    digest = hmac.new(secret.encode(), f"{stamp}.".encode() + body, sha256).hexdigest()
    return f"t={stamp},v1={digest}"


class _Handler(WSGIRequestHandler):
    def log(self, *_: Any) -> None:
        pass


class StandIn:
    """Stripe, on this machine. ``post`` is how its messages reach us: ``post(body, signature) -> status``."""

    def __init__(self) -> None:
        self.account = Account()
        self.calls = Calls(self.account, lambda: self.url)
        #: What is wrong with Stripe today: "", "503", "closed" (no answer) or "slow" (none for a second).
        self.trouble = ""
        #: How many answers get lost on their way, after the work was done.
        self.lose_answers = 0
        self.requests = 0
        #: Called while we wait for an answer.
        self.before_answer: Callable[[], None] | None = None
        self.post: Callable[[bytes, str], int] | None = None
        #: Whether messages are sent at once, as for a browser, or when the test says so.
        self.at_once = False
        self.told = 0
        self._server = make_server("127.0.0.1", 0, self, threaded=True, request_handler=_Handler)
        self.url = f"http://127.0.0.1:{self._server.server_port}"

    # ----------------------------------------------------------------------------------------- serving
    def serve(self) -> None:
        """Answer until ``stop``."""
        self._server.serve_forever(poll_interval=0.05)

    def stop(self) -> None:
        """Stop answering."""
        self._server.shutdown()
        self._server.server_close()

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        request = Request(environ)
        response = (
            self._page(request) if request.path.startswith("/pay/") else self._answer(request)
        )
        return response(environ, start_response)

    def _answer(self, request: Request) -> Response:
        self.requests += 1
        if self.before_answer is not None:
            self.before_answer()
        if self.trouble == "503":
            return _json(503, {"error": {"type": "api_error", "message": "Try again later."}})
        if self.trouble == "closed":
            _hang_up(request)
        if self.trouble == "slow":
            time.sleep(1)
        if request.headers.get("Authorization") != f"Bearer {KEY}":
            return _json(
                401, {"error": {"type": "invalid_request_error", "message": "No such key."}}
            )
        status, answer = self.calls.answer(
            request.method,
            request.path,
            request.query_string.decode(),
            request.get_data(as_text=True),
            request.headers.get("Idempotency-Key", ""),
        )
        if self.lose_answers:
            self.lose_answers -= 1
            _hang_up(request)
        if self.at_once:
            self.deliver()
        return _json(status, answer)

    def _page(self, request: Request) -> Response:
        session = self.account.items.get(request.path.removeprefix("/pay/"))
        if session is None:
            raise NotFound
        note = ""
        if request.method == "POST":
            try:
                getattr(self.account, request.form["how"])(session["id"])
            except Refusal:
                note = OVER
            else:
                note = DECLINED
            if self.at_once:
                self.deliver()
        if session["status"] == "complete":
            return redirect(session["success_url"], 303)
        is_open = session["status"] == "open"
        page = PAGE.format(
            title=escape(session["_title"]), amount=session["amount_total"],
            currency=session["currency"].upper(), note=note if is_open else OVER,
            ways=WAYS if is_open else "", back=escape(session["cancel_url"] or ""),
        )  # fmt: skip
        return Response(page, mimetype="text/html")

    # ---------------------------------------------------------------------------------------- messages
    def waiting(self) -> list[dict[str, Any]]:
        """List the messages that were not sent yet, oldest first."""
        return self.account.events[self.told :]

    def deliver(
        self, events: list[dict[str, Any]] | None = None, *, times: int = 1, backwards: bool = False
    ) -> list[int]:
        """Send what waits, or the events given; gives the statuses that came back."""
        if events is None:
            events, self.told = self.waiting(), len(self.account.events)
        ordered = list(reversed(events)) if backwards else events
        return [self.send(event) for event in ordered for _ in range(times)]

    def lose(self) -> None:
        """Lose all messages that wait."""
        self.told = len(self.account.events)

    def send(self, event: dict[str, Any], **signing: Any) -> int:
        """Send one message, signed."""
        assert self.post is not None
        body = json.dumps(event).encode()
        return self.post(body, sign(body, **signing))


def _hang_up(request: Request) -> None:
    request.environ["werkzeug.socket"].shutdown(socket.SHUT_RDWR)


def _json(status: int, answer: dict[str, Any]) -> Response:
    return Response(json.dumps(answer), status, mimetype="application/json")

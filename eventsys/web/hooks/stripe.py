"""Stripe calls: check the signature, store the message once, answer at once. The worker looks at the rest."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import request

from eventsys.payments.gateway import NotSigned, make_gateway
from eventsys.payments.operations.notices import store_notice
from eventsys.web.hooks.blueprint import bp
from eventsys.web.shared.access import signed_hook
from eventsys.web.shared.clock import now
from eventsys.web.shared.pages import settings

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue


@bp.post("/stripe")
@signed_hook
def stripe_notice() -> ResponseReturnValue:
    """Take a message of Stripe. Repeats, unknown kinds and other people's objects change nothing: 204."""
    gateway = make_gateway(settings())
    if gateway is None:
        return {"error": "no key is set"}, 404
    try:
        notice = gateway.read_notice(
            request.get_data(), request.headers.get("Stripe-Signature", "")
        )
    except NotSigned:
        return {"error": "the signature is wrong or old"}, 400
    if notice.livemode is gateway.livemode:
        store_notice(notice, now=now())
    return "", 204

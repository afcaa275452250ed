"""Mails and background work: what was sent, what waits, what failed and can be tried again."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from flask import Response, flash, redirect, render_template, request, url_for

from eventsys.accounts.rules import Permission
from eventsys.core.errors import NotFound
from eventsys.core.i18n import gettext, lazy, text_in
from eventsys.events.queries import get_event, list_events
from eventsys.jobs.operations import retry
from eventsys.jobs.queries import count_jobs, list_jobs
from eventsys.mail.operations import send_again
from eventsys.mail.queries import count_by_status, get_message, list_messages
from eventsys.web.office.blueprint import bp
from eventsys.web.office.navigation import event_page
from eventsys.web.shared.access import current_actor, requires
from eventsys.web.shared.clock import now

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from eventsys.mail.queries import Message

SIZE: Final = 50
STATES: Final[dict[str, Any]] = {
    "failed": lazy("Failed"),
    "queued": lazy("Waiting to be sent"),
    "sending": lazy("Being sent"),
    "sent": lazy("Sent"),
    "kept": lazy("Kept in the outbox"),
}
KINDS: Final[dict[str, Any]] = {
    "registration/confirmed": lazy("Confirmation"),
    "registration/waiting": lazy("Place on the waiting list"),
    "registration/promoted": lazy("Place from the waiting list"),
    "registration/changed": lazy("Registration changed"),
    "registration/address": lazy("Question whether a new address is right"),
    "registration/cancelled": lazy("Registration cancelled"),
    "registration/expired": lazy("Place given up, not paid in time"),
    "registration/existing": lazy("Link sent again"),
    "registration/pay": lazy("Fee to pay, place held"),
    "registration/pay_reminder": lazy("Reminder of a fee, place held"),
    "registration/billed": lazy("Fee billed later"),
    "registration/due_reminder": lazy("Reminder of an overdue fee"),
    "registration/part_paid": lazy("Fee paid in part"),
    "registration/fee_changed": lazy("Fee changed or let go"),
    "registration/refunded": lazy("Money sent back"),
    "registration/payment_undone": lazy("Payment taken off again"),
    "registration/document": lazy("Document about money"),
    "accounts/bank_account": lazy("Bank account changed"),
    "accounts/second_factor_reset": lazy("Second factor taken off"),
}
JOBS: Final[dict[str, Any]] = {
    "registration.import": lazy("Store a table of registrations"),
    "registration.read_file": lazy("Read a table of registrations"),
    "registration.promote": lazy("Give free places to those who wait"),
    "registration.expire": lazy("Give up a place that was not paid"),
    "registration.remind_fee": lazy("Remind of a fee"),
    "registration.remind_due": lazy("Remind of an overdue fee"),
    "payments.match_line": lazy("Match a bank transfer"),
    "payments.receipt": lazy("Make a receipt"),
    "payments.send_document": lazy("Send a document"),
    "payments.look": lazy("Ask Stripe what a message was about"),
    "payments.look_after": lazy("Ask Stripe how a payment stands"),
    "payments.send_refund": lazy("Send money back"),
    "payments.close_page": lazy("Close a payment page"),
    "payments.reconcile": lazy("Compare with Stripe"),
}
# The kept HTML of a mail is given as a file that may do nothing at all when it is opened.
MAIL_POLICY: Final = "sandbox; default-src 'none'; img-src data:"


def _listed(event_id: int | None) -> dict[str, Any]:
    status = request.args.get("status", "")
    status = status if status in (*STATES, "all") else ""
    raw = request.args.get("before", "")
    before = int(raw) if raw.isascii() and raw.isdigit() and len(raw) < 16 else None
    counts = count_by_status(event_id)
    if not status and not before and counts.get("failed"):
        # What failed needs somebody: it is what the page opens with.
        status = "failed"
    wanted = status if status in STATES else None
    rows = list(list_messages(event_id=event_id, status=wanted, before=before, limit=SIZE + 1))
    return {
        "rows": rows[:SIZE],
        "older": rows[SIZE - 1].id if len(rows) > SIZE else None,
        "status": status,
        "counts": counts,
        "total": sum(counts.values()),
        "states": STATES,
        "kinds": KINDS,
    }


@bp.get("/messages")
@requires(Permission.MESSAGES)
def messages() -> str:
    """List the mails of all events, failed ones first, and background work that failed."""
    titles = {event.id: (event.slug, text_in(event.title)) for event in list_events()}
    page = {"titles": titles, "failed_jobs": count_jobs().get("failed", 0), **_listed(None)}
    return render_template("office/messages/list.html", **page)


@bp.get("/messages/<int:message_id>")
@requires(Permission.MESSAGES)
def message(message_id: int) -> str:
    """Show one mail as it was sent."""
    return _shown(get_message(message_id), event=None)


@bp.get("/messages/<int:message_id>/mail.html")
@requires(Permission.MESSAGES)
def message_html(message_id: int) -> Response:
    """Give the HTML of a mail as a file."""
    return _html(get_message(message_id))


@bp.post("/messages/<int:message_id>/again")
@requires(Permission.MESSAGES)
def message_again(message_id: int) -> ResponseReturnValue:
    """Send a mail once more."""
    _tell(done=send_again(get_message(message_id).id, actor=current_actor(), now=now()))
    return redirect(url_for("office.message", message_id=message_id), 303)


@bp.get("/events/<slug>/messages")
@requires(Permission.MESSAGES)
def event_messages(slug: str) -> str:
    """List the mails of one event, failed ones first."""
    event = get_event(slug)
    page = {
        "titles": {},
        "failed_jobs": 0,
        **_listed(event.id),
        **event_page(event, "participants"),
    }
    return render_template("office/messages/event_list.html", **page)


@bp.get("/events/<slug>/messages/<int:message_id>")
@requires(Permission.MESSAGES)
def event_message(slug: str, message_id: int) -> str:
    """Show one mail of an event as it was sent."""
    event = get_event(slug)
    return _shown(_of_event(event.id, message_id), event=event)


@bp.get("/events/<slug>/messages/<int:message_id>/mail.html")
@requires(Permission.MESSAGES)
def event_message_html(slug: str, message_id: int) -> Response:
    """Give the HTML of a mail of an event as a file."""
    return _html(_of_event(get_event(slug).id, message_id))


@bp.post("/events/<slug>/messages/<int:message_id>/again")
@requires(Permission.MESSAGES)
def event_message_again(slug: str, message_id: int) -> ResponseReturnValue:
    """Send a mail of an event once more."""
    found = _of_event(get_event(slug).id, message_id)
    _tell(done=send_again(found.id, actor=current_actor(), now=now()))
    return redirect(url_for("office.event_message", slug=slug, message_id=message_id), 303)


@bp.get("/jobs")
@requires(Permission.MESSAGES)
def jobs() -> str:
    """List background work: what failed, and the latest of everything."""
    return render_template(
        "office/messages/jobs.html",
        failed=list_jobs(status="failed"),
        latest=list_jobs(limit=30),
        counts=count_jobs(),
        names=JOBS,
    )


@bp.post("/jobs/<int:job_id>/retry")
@requires(Permission.MESSAGES)
def retry_job(job_id: int) -> ResponseReturnValue:
    """Try failed work again, at once."""
    retry(job_id, now=now())
    flash(gettext("The work is queued again."), "ok")
    return redirect(url_for("office.jobs"), 303)


def _of_event(event_id: int, message_id: int) -> Message:
    found = get_message(message_id)
    if found.event_id != event_id:
        raise NotFound
    return found


def _shown(found: Message, event: Any) -> str:  # noqa: ANN401 (an event or none)
    page = {"message": found, "kinds": KINDS, "event": event}
    if event is None:
        return render_template("office/messages/message.html", **page)
    return render_template(
        "office/messages/event_message.html", **{**page, **event_page(event, "participants")}
    )


def _html(found: Message) -> Response:
    if not found.body_html:
        raise NotFound
    return Response(
        found.body_html,
        mimetype="application/octet-stream",
        headers={
            "Content-Disposition": f'attachment; filename="mail-{found.id}.html"',
            "Content-Security-Policy": MAIL_POLICY,
        },
    )


def _tell(*, done: bool) -> None:
    if done:
        flash(gettext("The mail is queued again. It is written anew, with what is true now."), "ok")
    else:
        flash(gettext("The mail is on its way already."), "info")

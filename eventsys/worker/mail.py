"""Delivers mails: renders them in the person's language, makes the attachments, hands them to SMTP.

The only file that knows Flask-Mail. A mail is delivered at least once: the Message-ID stays the same
when it is tried again, so that mailboxes can fold a repetition.
"""

from __future__ import annotations

import logging
import re
import smtplib
import socket
from typing import TYPE_CHECKING, Any, Self
from urllib.parse import unquote, urlsplit

from flask_mail import Mail

from eventsys.core.db import db, transaction_mode
from eventsys.core.i18n import in_language
from eventsys.core.render import render
from eventsys.mail import operations as outbox
from eventsys.worker.envelope import Envelope, make_envelope
from eventsys.worker.letter import attachments_of, context_of, detail_of

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime
    from types import TracebackType

    from flask import Flask

    from eventsys.core.settings import Settings
    from eventsys.mail.operations import Letter

log = logging.getLogger(__name__)

TIMEOUT_SECONDS = 20
PERMANENT = 500  # SMTP: 5xx will not get better by trying again
DEFAULT_PORTS = {"smtp": 25, "smtps": 465}


class Delivery:
    """One SMTP connection for a batch of mails; without a mail server mails are kept in the outbox."""

    def __init__(self, app: Flask) -> None:
        """Read where mails go; the connection is opened with the first one."""
        self.app = app
        self.settings: Settings = app.config["EVENTSYS"]
        self._mail = _flask_mail(app, self.settings) if self.settings.mail_url else None
        self._connection: Any = None

    @property
    def possible(self) -> bool:
        """Tell whether there is a mail server."""
        return self._mail is not None

    def __enter__(self) -> Self:
        """Begin a batch."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """End the batch; a connection that has died is not worth an error."""
        self.close()

    def close(self) -> None:
        """Close the connection, if there is one."""
        if self._connection is not None:
            try:
                self._connection.__exit__(None, None, None)
            except (smtplib.SMTPException, OSError):
                log.info("the mail server had closed the connection")
            self._connection = None

    def send(self, envelope: Envelope) -> None:
        """Send one mail; raises what smtplib raises."""
        if self._mail is None:
            raise RuntimeError("no mail server is set")
        if self._connection is None:
            # Flask-Mail sets no time limit: a silent server would hold the worker for ever.
            before = socket.getdefaulttimeout()
            socket.setdefaulttimeout(TIMEOUT_SECONDS)
            try:
                connection = self._mail.connect()
                self._connection = connection.__enter__()
            finally:
                socket.setdefaulttimeout(before)
        server: smtplib.SMTP = self._connection.host
        options = []
        if envelope.international:
            server.ehlo_or_helo_if_needed()
            if not server.has_extn("smtputf8"):
                raise smtplib.SMTPNotSupportedError("the server takes ASCII addresses only")
            options = ["SMTPUTF8", "BODY=8BITMIME"]
        server.sendmail(envelope.sender, [envelope.recipient], envelope.data, options)


def _flask_mail(app: Flask, settings: Settings) -> Mail:
    parts = urlsplit(settings.mail_url or "")
    app.config.update(
        MAIL_SERVER=parts.hostname,
        MAIL_PORT=parts.port or DEFAULT_PORTS[parts.scheme],
        MAIL_USERNAME=unquote(parts.username) if parts.username else None,
        MAIL_PASSWORD=unquote(parts.password) if parts.password else None,
        MAIL_USE_SSL=parts.scheme == "smtps",
        MAIL_USE_TLS="starttls" in parts.query,
        MAIL_DEFAULT_SENDER=(settings.site_name, settings.mail_from),
        MAIL_SUPPRESS_SEND=False,
        MAIL_MAX_EMAILS=None,
    )
    return Mail(app)


def deliver(delivery: Delivery, letter: Letter, *, now: Callable[[], datetime]) -> None:
    """Render and send one claimed mail, and keep what was sent. The caller commits."""
    try:
        # No write lock is held while a badge is drawn or a mail server is spoken to.
        with transaction_mode("read"):
            rendered, envelope = _make(delivery, letter)
            db.session.rollback()
        if envelope is not None:
            delivery.send(envelope)
        outbox.settle(letter.id, rendered, delivered=envelope is not None, now=now())
    except smtplib.SMTPRecipientsRefused as error:
        codes = [code for code, _ in error.recipients.values()]
        _failed(delivery, letter.id, error, now=now, permanent=min(codes) >= PERMANENT)
    except Exception as error:  # noqa: BLE001 (whatever went wrong is kept with the mail and shown in the office)
        permanent = isinstance(error, smtplib.SMTPNotSupportedError) or (
            isinstance(error, smtplib.SMTPResponseException) and error.smtp_code >= PERMANENT
        )
        _failed(delivery, letter.id, error, now=now, permanent=permanent)


def _make(delivery: Delivery, message: Letter) -> tuple[tuple[str, str, str], Envelope | None]:
    detail = detail_of(message)
    with in_language(message.language):
        context = context_of(message, detail, delivery.settings)
        rendered = (
            " ".join(render(f"mail/{message.template}/subject.txt", **context).split()),
            _tidy(render(f"mail/{message.template}/body.txt", **context)),
            render(f"mail/{message.template}/body.html", **context),
        )
        if not delivery.possible:
            return rendered, None
        parts = attachments_of(message, detail, delivery.settings)
    to = (message.to_name, message.to_address)
    return rendered, make_envelope(to, message.key, rendered, parts, delivery.settings)


def _tidy(text: str) -> str:
    """Leave one empty line between paragraphs, whichever of the parts of a template were left out."""
    return re.sub(r"\n{3,}", "\n\n", text.strip()) + "\n"


def _failed(
    delivery: Delivery,
    message_id: int,
    error: Exception,
    *,
    now: Callable[[], datetime],
    permanent: bool,
) -> None:
    log.warning("mail %s: %s", message_id, error)
    delivery.close()
    db.session.rollback()
    outbox.fail(message_id, f"{type(error).__name__}: {error}", now=now(), permanent=permanent)

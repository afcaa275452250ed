"""Puts a mail together, as the bytes that a mail server takes.

Flask-Mail would list the pictures as attachments and send lines longer than SMTP allows. What people typed
(subject, names) is written by the newer classes of the standard library, which let no header begin in it. The
parts are made with the older ones: the newer read each header of each part again and again, a third of the
time of a whole mail.
"""

from __future__ import annotations

from dataclasses import dataclass
from email import policy
from email.charset import QP, Charset
from email.encoders import encode_base64
from email.headerregistry import Address
from email.message import EmailMessage
from email.mime.base import MIMEBase
from email.mime.multipart import MIMEMultipart
from email.mime.nonmultipart import MIMENonMultipart
from email.utils import formatdate
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

from email_validator import EmailNotValidError, validate_email

if TYPE_CHECKING:
    from collections.abc import Sequence
    from email.message import Message

    from eventsys.core.settings import Settings
    from eventsys.worker.letter import Part

# The standard library breaks a longer quoted name into lines of which one is empty: the header would end there.
LONGEST_NAME: Final = 60
_TEXT: Final = Charset("utf-8")
_TEXT.body_encoding = QP
_WIRE: Final = policy.compat32.clone(linesep="\r\n")


@dataclass(frozen=True, slots=True)
class Envelope:
    """A mail as it is handed over: the addresses for the server, and everything the person gets."""

    sender: str
    recipient: str
    data: bytes

    @property
    def international(self) -> bool:
        """Tell whether an address needs the extension for letters beyond ASCII before the @."""
        return not (self.sender + self.recipient).isascii()


def make_envelope(
    to: tuple[str, str],
    key: str,
    rendered: tuple[str, str, str],
    parts: Sequence[Part],
    settings: Settings,
) -> Envelope:
    """Build a mail to (name, address): text or HTML, the pictures of the HTML beside it, files attached."""
    subject, text, html = rendered
    recipient = _recipient(*to)
    sender = Address(settings.site_name, addr_spec=settings.mail_from)
    ascii_only = (sender.addr_spec + recipient.addr_spec).isascii()
    typed = EmailMessage(policy=policy.SMTP if ascii_only else policy.SMTPUTF8)
    typed["Subject"] = subject
    typed["From"] = sender
    typed["To"] = recipient
    pictures = [_file(part) for part in parts if part.content_id]
    files = [_file(part) for part in parts if not part.content_id]
    page = _several("related", key, [_text(html, "html"), *pictures])
    body = _several("alternative", key, [_text(text, "plain"), page])
    whole = _several("mixed", key, [body, *files])
    whole["Date"] = formatdate(localtime=False)
    whole["Message-ID"] = f"<{key}@{urlsplit(settings.base_url).hostname}>"
    whole["Auto-Submitted"] = "auto-generated"
    whole["X-Auto-Response-Suppress"] = "All"
    # The headers of the first end with an empty line; those of the second come before it.
    data = typed.as_bytes().removesuffix(b"\r\n") + whole.as_bytes(policy=_WIRE)
    return Envelope(sender.addr_spec, recipient.addr_spec, data)


def _recipient(name: str, address: str) -> Address:
    shown = " ".join(name.split())
    if len(shown) > LONGEST_NAME:
        shown = f"{shown[: LONGEST_NAME - 1].rstrip()}…"
    try:
        checked = validate_email(address, check_deliverability=False)
    except EmailNotValidError:
        return Address(shown, addr_spec=address)
    # Every server understands the ASCII form of a domain such as münchen.example.
    return Address(shown, checked.local_part, checked.ascii_domain)


def _several(kind: str, key: str, parts: list[Message]) -> Message:
    if len(parts) == 1:
        return parts[0]
    # "=_" stands in no part: quoted-printable and base64 cannot write it. So nothing is searched for it.
    return MIMEMultipart(kind, f"=_{key}.{kind}", parts)


def _text(text: str, kind: str) -> Message:
    made = MIMENonMultipart("text", kind)
    made.set_payload(text, _TEXT)
    return made


def _file(part: Part) -> Message:
    main, _, sub = part.mime.partition("/")
    made = MIMEBase(main, sub)
    if main == "text":
        # Without it the words of a calendar entry are read as ASCII.
        made.set_param("charset", "utf-8")
    made.set_payload(part.data)
    encode_base64(made)
    shown = "inline" if part.content_id else "attachment"
    made.add_header("Content-Disposition", shown, filename=part.name)
    if part.content_id:
        made["Content-ID"] = f"<{part.content_id}>"
    return made

"""The register of documents: of an event or of all, by year; as a file, and all papers in one archive."""

from __future__ import annotations

import zipfile
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

from flask import Response, abort, render_template, request, stream_with_context

from eventsys.accounts.rules import Permission
from eventsys.core.db import db
from eventsys.core.i18n import country_name, gettext, text_in
from eventsys.core.money import plain_amount
from eventsys.events.queries import get_event, list_events
from eventsys.files.sheets import Sheet, csv_stream, xlsx_stream
from eventsys.payments.operations.note_export import note_ledger_export
from eventsys.payments.queries.documents import (
    Wanted,
    count_register,
    find_issuer,
    get_document,
    list_years,
    pdf_of,
    stream_register,
)
from eventsys.payments.queries.receipts import count_unpapered
from eventsys.payments.rules.cii import xml_of
from eventsys.web.office.blueprint import bp
from eventsys.web.office.paging import Pages, page_number
from eventsys.web.office.payments_tabs import money_page
from eventsys.web.office.streams import stream_later
from eventsys.web.shared.access import current_actor, requires
from eventsys.web.shared.clock import now
from eventsys.web.shared.papers import KINDS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from eventsys.events.queries import Event
    from eventsys.payments.queries.documents import RegisterRow

SIZE: Final = 50
TYPES: Final = {
    "csv": "text/csv",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "zip": "application/zip",
}


@bp.get("/documents")
@requires(Permission.PAYMENTS_VIEW)
def all_documents() -> str:
    """List the documents of all events."""
    return _show(None)


@bp.get("/events/<slug>/documents")
@requires(Permission.PAYMENTS_VIEW)
def event_documents(slug: str) -> str:
    """List the documents of an event."""
    return _show(get_event(slug))


def _show(event: Event | None) -> str:
    wanted = _wanted(request.args, event)
    pages = Pages(page_number(), SIZE, count_register(wanted))
    pages = Pages(min(pages.number, pages.last), SIZE, pages.total)
    return render_template(
        "office/documents/register.html",
        rows=list(stream_register(wanted, page=pages.number, size=SIZE)),
        pages=pages,
        wanted=wanted,
        years=list_years(wanted.event_id),
        kinds=KINDS,
        events={row.id: row for row in list_events()} if event is None else {event.id: event},
        issuer=find_issuer(),
        missing=count_unpapered(wanted.event_id),
        **money_page(event, "documents"),
    )


def _wanted(values: Any, event: Event | None) -> Wanted:  # noqa: ANN401 (a MultiDict)
    year, kind = values.get("year", ""), values.get("kind", "")
    return Wanted(
        event_id=event.id if event else None,
        year=int(year) if year.isascii() and year.isdigit() and len(year) == 4 else None,
        kind=kind if kind in KINDS else "",
    )


@bp.post("/documents")
@requires(Permission.PAYMENTS_VIEW)
def take_all_documents() -> Response:
    """Give the register of all events as a file, or all papers in an archive."""
    return _download(None)


@bp.post("/events/<slug>/documents")
@requires(Permission.PAYMENTS_VIEW)
def take_event_documents(slug: str) -> Response:
    """Give the register of an event as a file, or all its papers in an archive."""
    return _download(get_event(slug))


def _download(event: Event | None) -> Response:
    """Hand out the file. A POST, because taking names and amounts away is written to the log."""
    form = request.form.get("form", "")
    if form not in TYPES:
        abort(400)
    wanted = _wanted(request.form, event)
    filters = {"documents": form, "year": wanted.year or "", "kind": wanted.kind}
    note_ledger_export(wanted.event_id, form, filters, actor=current_actor(), now=now())
    titles = {row.id: text_in(row.title) for row in list_events()}
    write: dict[str, Callable[[Wanted, dict[int, str]], Iterator[bytes]]] = {
        "csv": _csv,
        "xlsx": _xlsx,
        "zip": _zip,
    }
    pieces = stream_later(lambda: write[form](wanted, titles))
    parts = (event.slug if event else "", "documents", str(wanted.year or ""), wanted.kind)
    name = "-".join(part for part in parts if part)
    return Response(
        stream_with_context(pieces),
        mimetype=TYPES[form],
        headers={"Content-Disposition": f'attachment; filename="{name}.{form}"'},
    )


def _headings() -> list[str]:
    return [
        gettext("Number"), gettext("Kind"), gettext("Date"), gettext("Event"), gettext("Recipient"),
        gettext("Country"), gettext("Tax number"), gettext("Currency"), gettext("Without tax"), gettext("Tax"),
        gettext("Total"), gettext("Corrects"), gettext("Registration"),
    ]  # fmt: skip


def _rows(wanted: Wanted, titles: dict[int, str]) -> Iterator[list[Any]]:
    for row in stream_register(wanted):
        amounts = [_number(amount, row) for amount in (row.net, row.tax, row.total)]
        yield [
            row.number, str(KINDS[row.kind]), row.issued_on, titles.get(row.event_id, row.title), row.buyer,
            country_name(row.country), row.tax_number, row.currency, *amounts, row.corrects, row.registration_id,
        ]  # fmt: skip


def _number(amount: int, row: RegisterRow) -> Decimal:
    return Decimal(plain_amount(amount, row.currency))


def _csv(wanted: Wanted, titles: dict[int, str]) -> Iterator[bytes]:
    return csv_stream(_headings(), _rows(wanted, titles))


def _xlsx(wanted: Wanted, titles: dict[int, str]) -> Iterator[bytes]:
    return xlsx_stream([Sheet(gettext("Documents"), _headings(), _rows(wanted, titles))])


class _Pieces:
    """A file that is handed on while it is written: an archive of a thousand papers waits nowhere."""

    def __init__(self) -> None:
        self._written = bytearray()

    def write(self, data: bytes) -> int:
        """Take what the archive writes."""
        self._written += data
        return len(data)

    def flush(self) -> None:
        """Nothing is held back."""

    def close(self) -> None:
        """Nothing is open."""

    def take(self) -> bytes:
        """Give what was written since the last time."""
        taken = bytes(self._written)
        self._written.clear()
        return taken


def _zip(wanted: Wanted, titles: dict[int, str]) -> Iterator[bytes]:
    target = _Pieces()
    with zipfile.ZipFile(target, "w") as archive:
        archive.writestr("documents.csv", b"".join(_csv(wanted, titles)))
        for row in list(stream_register(wanted)):
            document = get_document(row.id)
            archive.writestr(_dated(row, "pdf"), pdf_of(document))
            if data := xml_of(document.content):
                archive.writestr(_dated(row, "xml"), data, zipfile.ZIP_DEFLATED)
            db.session.expunge(document)
            yield target.take()
    yield target.take()


def _dated(row: RegisterRow, form: str) -> zipfile.ZipInfo:
    day = row.issued_on
    # PDFs are packed already; the day of issue instead of now makes the same archive twice the same.
    info = zipfile.ZipInfo(f"{row.number}.{form}", (day.year, day.month, day.day, 0, 0, 0))
    info.external_attr = 0o644 << 16
    return info

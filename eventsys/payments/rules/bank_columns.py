"""What the columns of a bank's table are called, in Spanish, English, French and German. Pure."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from eventsys.core.money import is_currency
from eventsys.core.text import fold

if TYPE_CHECKING:
    from collections.abc import Sequence

# Folded, without what stands in brackets. The first column of a field counts, except for texts: they are joined.
NAMES: Final[dict[str, tuple[str, ...]]] = {
    "booked_on": (
        "booking date", "date", "transaction date", "posting date", "completed date", "date completed", "booked",
        "entry date", "finished on", "accounting date", "posted date",
        "fecha", "fecha operacion", "fecha de operacion", "f. operacion", "fecha contable", "f. contable",
        "fecha movimiento", "fecha de la operacion", "fecha mov.",
        "date operation", "date de l'operation", "date de comptabilisation", "date comptable", "date d'operation",
        "buchungstag", "buchungsdatum", "buchung", "datum", "buchungsdatum/booking date",
    ),
    "amount": (
        "amount", "transaction amount", "net amount", "value", "paid amount",
        "importe", "importe eur", "importe de la operacion", "cantidad", "monto",
        "montant", "montant en euros", "montant de l'operation", "montant eur",
        "betrag", "umsatz", "betrag in eur", "betrag eur", "umsatz in eur",
    ),
    "credit": (
        "credit", "paid in", "money in", "credit amount", "deposits", "deposit", "amount in", "credit in eur",
        "haber", "abono", "abonos", "ingresos", "ingreso", "importe haber",
        "credit euros", "montant credit", "credit en euros",
        "haben", "gutschrift", "eingang",
    ),
    "debit": (
        "debit", "paid out", "money out", "debit amount", "withdrawals", "withdrawal", "amount out",
        "debe", "cargo", "cargos", "gastos", "gasto", "importe debe",
        "debit euros", "montant debit",
        "soll", "lastschrift", "ausgang", "belastung",
    ),
    "direction": (
        "debit/credit", "credit/debit", "dr/cr", "cr/dr", "d/c", "direction", "debit or credit",
        "debe/haber", "d/h", "signo", "sens", "debit / credit", "soll/haben", "s/h", "soll-/haben-kennung",
    ),
    "currency": (
        "currency", "account currency", "transaction currency", "payment currency",
        "divisa", "moneda", "devise", "monnaie", "wahrung", "waehrung",
    ),
    "payer": (
        "payer", "payer name", "counterparty", "counterparty name", "name", "partner name", "from", "sender",
        "remitter", "ordering party", "debtor", "debtor name", "name of the other party",
        "ordenante", "nombre ordenante", "nombre", "contraparte", "remitente", "ordenante/beneficiario", "pagador",
        "donneur d'ordre", "nom du donneur d'ordre", "emetteur", "contrepartie", "nom de la contrepartie", "tiers",
        "beguenstigter/zahlungspflichtiger", "name zahlungsbeteiligter", "auftraggeber/empfanger",
        "auftraggeber / beguenstigter", "auftraggeber / begunstigter", "zahlungspflichtige*r", "auftraggeber",
        "zahlungspflichtiger", "empfanger/auftraggeber", "begunstigter/zahlungspflichtiger", "auftraggeber/empfaenger",
    ),
    "text": (
        "description", "details", "narrative", "reference", "payment reference", "memo", "transaction description",
        "remittance information", "message", "transaction details", "end to end id", "end-to-end id", "purpose",
        "concepto", "concepto ampliado", "observaciones", "mas datos", "referencia", "referencia 1", "referencia 2",
        "descripcion", "detalle", "movimiento", "concepto complementario", "informacion adicional",
        "libelle", "libelle de l'operation", "libelle simplifie", "libelle operation", "communication", "motif",
        "informations complementaires", "detail", "intitule", "libelle complementaire",
        "verwendungszweck", "buchungstext", "kundenreferenz", "kundenreferenz (end-to-end)", "zahlungsreferenz",
        "betreff", "mitteilung",
    ),
    "mark": (
        "transaction id", "transaction number", "bank reference", "id", "transferwise id", "archive id",
        "numero de movimiento", "num. movimiento", "numero operacion", "numero d'operation", "transaktionsnummer",
        "reference de l'operation", "reference banque",
    ),
    "status": ("state", "status", "estado", "statut", "etat"),
}  # fmt: skip
_BY_NAME: Final = {name: field for field, names in NAMES.items() for name in names}
_BRACKETS: Final = re.compile(r"\s*[(\[].*?[)\]]\s*")
_CODE: Final = re.compile(r"\b([A-Z]{3})\b")
_EURO: Final = re.compile(r"€|\beuros?\b", re.IGNORECASE)


def field_of(heading: str) -> str | None:
    """Give the field that a heading means."""
    whole = fold(heading).strip(" :*")
    return _BY_NAME.get(whole) or _BY_NAME.get(_BRACKETS.sub(" ", whole).strip(" :*"))


def currency_of(heading: str) -> str:
    """Give the currency that a heading names: ``Betrag (EUR)``, ``Importe €``."""
    codes = [code for code in _CODE.findall(heading) if is_currency(code)]
    return codes[-1] if codes else "EUR" if _EURO.search(heading) else ""


def match_columns(headings: Sequence[str]) -> dict[str, list[int]]:
    """Give the places of each field in a row of headings."""
    places: dict[str, list[int]] = {}
    for place, heading in enumerate(headings):
        field = field_of(heading)
        if field is not None:
            places.setdefault(field, []).append(place)
    return places


def serve(places: dict[str, list[int]]) -> bool:
    """Tell whether these columns say enough: a day and what came."""
    return "booked_on" in places and ("amount" in places or "credit" in places)

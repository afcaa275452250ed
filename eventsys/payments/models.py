"""Charges, tries to pay, refunds, disputes, documents, and the ledger that they must equal.

``ledger_entry`` and ``ledger_line`` are only ever added to: triggers of the database refuse any change.
``charge.billed`` and ``charge.received`` are sums kept beside it, written in the same transaction;
``flask check`` proves that they agree. Amounts are minor units of the charge's currency.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, BigInteger, CheckConstraint, ForeignKey, Index, Integer, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from eventsys.core.db import Base, Localised, UtcDateTime

Amount = BigInteger().with_variant(Integer, "sqlite")


class Charge(Base):
    """What one registration owes. One per registration: changes are entries, never a rewrite."""

    __tablename__ = "charge"
    __table_args__ = (Index(None, "event_id", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(32), unique=True)
    event_id: Mapped[int]
    registration_id: Mapped[int] = mapped_column(unique=True)
    currency: Mapped[str] = mapped_column(String(3))
    tax_rate: Mapped[int] = mapped_column(default=0)
    reference: Mapped[str | None] = mapped_column(String(25), unique=True)
    billed: Mapped[int] = mapped_column(Amount, default=0)
    received: Mapped[int] = mapped_column(Amount, default=0)
    due_on: Mapped[date | None]
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    updated_at: Mapped[datetime] = mapped_column(UtcDateTime)


class Payment(Base):
    """One try to pay a charge, by one method."""

    __tablename__ = "payment"
    __table_args__ = (
        CheckConstraint("amount > 0", name="amount"),
        CheckConstraint("refunded >= 0 AND refunded <= amount", name="refunded"),
        Index(None, "charge_id"),
        Index(None, "status", "created_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(32), unique=True)
    charge_id: Mapped[int] = mapped_column(ForeignKey("charge.id"))
    method: Mapped[str] = mapped_column(String(10))
    status: Mapped[str] = mapped_column(String(12))
    amount: Mapped[int] = mapped_column(Amount)
    currency: Mapped[str] = mapped_column(String(3))
    # Refunds that succeeded or are on their way: never more than what came.
    refunded: Mapped[int] = mapped_column(Amount, default=0)
    session_id: Mapped[str | None] = mapped_column(String(100), unique=True)
    intent_id: Mapped[str | None] = mapped_column(String(100), unique=True)
    url: Mapped[str | None] = mapped_column(Text)
    expires_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    received_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    note: Mapped[str] = mapped_column(Text, default="")
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    updated_at: Mapped[datetime] = mapped_column(UtcDateTime)


class Refund(Base):
    """Money that goes back, of one payment. ``origin``: office, auto (too much, too late), dashboard."""

    __tablename__ = "refund"
    __table_args__ = (
        CheckConstraint("amount > 0", name="amount"),
        Index(None, "payment_id"),
        Index(None, "status"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(32), unique=True)
    payment_id: Mapped[int] = mapped_column(ForeignKey("payment.id"))
    amount: Mapped[int] = mapped_column(Amount)
    status: Mapped[str] = mapped_column(String(12))
    origin: Mapped[str] = mapped_column(String(10))
    reason: Mapped[str] = mapped_column(Text, default="")
    stripe_id: Mapped[str | None] = mapped_column(String(100), unique=True)
    error: Mapped[str] = mapped_column(Text, default="")
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    settled_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class Dispute(Base):
    """A payer asked their bank for the money back."""

    __tablename__ = "dispute"

    id: Mapped[int] = mapped_column(primary_key=True)
    payment_id: Mapped[int] = mapped_column(ForeignKey("payment.id"), index=True)
    stripe_id: Mapped[str] = mapped_column(String(100), unique=True)
    amount: Mapped[int] = mapped_column(Amount)
    # open | won | lost
    status: Mapped[str] = mapped_column(String(10))
    opened_at: Mapped[datetime] = mapped_column(UtcDateTime)
    closed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class StripeBooking(Base):
    """What was booked on the account at Stripe for a payment of ours, in the currency of that account. Never changed.

    ``kind``: payment, refund, refund_failed, dispute. ``amount``: what came; negative: what went. ``fee``: what Stripe
    kept of it, with the ``tax`` in it. A fee in the charge's currency stands in the ledger too; any other only here.
    """

    __tablename__ = "stripe_booking"
    __table_args__ = (Index(None, "payment_id", "kind"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    stripe_id: Mapped[str] = mapped_column(String(100), unique=True)
    payment_id: Mapped[int] = mapped_column(ForeignKey("payment.id"))
    kind: Mapped[str] = mapped_column(String(16))
    currency: Mapped[str] = mapped_column(String(3))
    amount: Mapped[int] = mapped_column(Amount)
    fee: Mapped[int] = mapped_column(Amount)
    tax: Mapped[int] = mapped_column(Amount)
    # Stripe's rate of exchange, as it wrote it; empty when nothing was changed.
    rate: Mapped[str] = mapped_column(String(32), default="")
    # By Stripe's clock: what its reports and payouts go by.
    booked_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)


class StripeEvent(Base):
    """A message of Stripe, stored once: a repeat changes nothing."""

    __tablename__ = "stripe_event"

    id: Mapped[str] = mapped_column(String(100), primary_key=True)
    type: Mapped[str] = mapped_column(String(80))
    object_id: Mapped[str] = mapped_column(String(100))
    livemode: Mapped[bool]
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    received_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    handled_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    outcome: Mapped[str] = mapped_column(String(40), default="")


class Case(Base):
    """Something about money that a person must decide.

    ``kind``: mismatch, no_place, unknown_money, refund_failed, refund_mismatch, dispute, page_unknown, not_at_stripe,
    pay_out.
    """

    __tablename__ = "payment_case"
    __table_args__ = (Index(None, "closed_at", "opened_at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    unique_key: Mapped[str] = mapped_column(String(160), unique=True)
    kind: Mapped[str] = mapped_column(String(20))
    charge_id: Mapped[int | None] = mapped_column(ForeignKey("charge.id"), index=True)
    payment_id: Mapped[int | None] = mapped_column(ForeignKey("payment.id"))
    facts: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    opened_at: Mapped[datetime] = mapped_column(UtcDateTime)
    closed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    decision: Mapped[str] = mapped_column(String(20), default="")
    closed_by: Mapped[str] = mapped_column(String(200), default="")


class LedgerEntry(Base):
    """One movement: who, when, why. Only ever added; ``unique_key`` makes it happen once."""

    __tablename__ = "ledger_entry"
    __table_args__ = (Index(None, "event_id", "at"), Index(None, "charge_id"))

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    kind: Mapped[str] = mapped_column(String(16))
    charge_id: Mapped[int | None] = mapped_column(ForeignKey("charge.id"))
    event_id: Mapped[int | None]
    currency: Mapped[str] = mapped_column(String(3))
    unique_key: Mapped[str] = mapped_column(String(160), unique=True)
    # Where it came from: registration, stripe, office, bank
    source: Mapped[str] = mapped_column(String(40))
    actor_kind: Mapped[str] = mapped_column(String(16))
    actor_id: Mapped[int | None]
    actor_label: Mapped[str] = mapped_column(String(200))
    note: Mapped[str] = mapped_column(Text, default="")


class LedgerLine(Base):
    """One side of a movement; the lines of an entry sum to zero."""

    __tablename__ = "ledger_line"
    __table_args__ = (Index(None, "account", "entry_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    entry_id: Mapped[int] = mapped_column(ForeignKey("ledger_entry.id"), index=True)
    account: Mapped[str] = mapped_column(String(12))
    amount: Mapped[int] = mapped_column(Amount)


class Document(Base):
    """A numbered paper, never changed after issue. ``kind`` is a DocumentKind of the rules."""

    __tablename__ = "document"
    __table_args__ = (
        Index(None, "series", "year", "number", unique=True),
        Index(None, "charge_id", "kind"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(32), unique=True)
    kind: Mapped[str] = mapped_column(String(12))
    series: Mapped[str] = mapped_column(String(10))
    year: Mapped[int]
    number: Mapped[int]
    charge_id: Mapped[int] = mapped_column(ForeignKey("charge.id"))
    corrects_id: Mapped[int | None] = mapped_column(ForeignKey("document.id"))
    language: Mapped[str] = mapped_column(String(2))
    currency: Mapped[str] = mapped_column(String(3))
    total: Mapped[int] = mapped_column(Amount)
    tax: Mapped[int] = mapped_column(Amount)
    # Everything that is printed, as it was on the day of issue.
    content: Mapped[dict[str, Any]] = mapped_column(JSON)
    issued_at: Mapped[datetime] = mapped_column(UtcDateTime)


class DocumentCounter(Base):
    """The last number of a series in a year: raised in the transaction of the document, so no gap can be."""

    __tablename__ = "document_counter"

    series: Mapped[str] = mapped_column(String(10), primary_key=True)
    year: Mapped[int] = mapped_column(primary_key=True)
    last: Mapped[int]


class BankLine(Base):
    """A movement on the association's bank account, from a file of the bank; the same line once."""

    __tablename__ = "bank_line"
    __table_args__ = (Index(None, "status", "booked_on"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    digest: Mapped[str] = mapped_column(String(64), unique=True)
    booked_on: Mapped[date]
    amount: Mapped[int] = mapped_column(Amount)
    currency: Mapped[str] = mapped_column(String(3))
    payer: Mapped[str] = mapped_column(String(200), default="")
    text: Mapped[str] = mapped_column(Text, default="")
    # Our account, as the file names it or as who brought the file said: IBAN or number, squeezed.
    account: Mapped[str] = mapped_column(String(34), default="")
    # new | open | matched | ignored
    status: Mapped[str] = mapped_column(String(10))
    payment_id: Mapped[int | None] = mapped_column(ForeignKey("payment.id"))
    brought_at: Mapped[datetime] = mapped_column(UtcDateTime)


class Issuer(Base):
    """Who asks for the money: printed on documents. One row."""

    __tablename__ = "issuer"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(200), default="")
    address: Mapped[str] = mapped_column(Text, default="")
    country: Mapped[str | None] = mapped_column(String(2))
    tax_number: Mapped[str] = mapped_column(String(40), default="")
    email: Mapped[str] = mapped_column(String(254), default="")
    footer: Mapped[dict[str, str]] = mapped_column(Localised, default=dict)
    series: Mapped[str] = mapped_column(String(6), default="")
    updated_at: Mapped[datetime] = mapped_column(UtcDateTime)


class BankAccount(Base):
    """An account of the association that takes transfers, and whom it is for (rules/accounts.py)."""

    __tablename__ = "bank_account"

    id: Mapped[int] = mapped_column(primary_key=True)
    position: Mapped[int]
    # Empty where it is the name of whoever issues documents.
    holder: Mapped[str] = mapped_column(String(200), default="")
    iban: Mapped[str] = mapped_column(String(34), default="")
    number: Mapped[str] = mapped_column(String(34), default="")
    code_kind: Mapped[str] = mapped_column(String(10), default="")
    code: Mapped[str] = mapped_column(String(20), default="")
    bic: Mapped[str] = mapped_column(String(11), default="")
    bank_name: Mapped[str] = mapped_column(String(200), default="")
    bank_address: Mapped[str] = mapped_column(String(200), default="")
    intermediary: Mapped[str] = mapped_column(String(200), default="")
    # Empty: every one.
    currency: Mapped[str] = mapped_column(String(3), default="")
    reach: Mapped[str] = mapped_column(String(10), default="all")
    countries: Mapped[list[str]] = mapped_column(JSON, default=list)
    note: Mapped[dict[str, str]] = mapped_column(Localised, default=dict)
    updated_at: Mapped[datetime] = mapped_column(UtcDateTime)

"""Registrations: one person at one event, with what was said on that day.

Three states that are never mixed: ``status`` (registration), ``payment`` and attendance
(``attended_at``). What a person stands for is copied here, so later edits never rewrite history.
Dimensions of the figures are columns with indexes, never JSON.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, LargeBinary, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from eventsys.core.db import Base, Localised, UtcDateTime

ENDED = ("cancelled", "rejected", "expired")
LIVE = text("status NOT IN ('cancelled', 'rejected', 'expired')")
# In these words, so that both engines see that the index of undecided places serves.
UNRESOLVED = text("city_status IN ('ambiguous', 'unknown')")


class Registration(Base):
    """One person at one event."""

    __tablename__ = "registration"
    __table_args__ = (
        # One live registration per address and event; an ended one may be followed by a new one.
        Index(
            "uq_registration_event_email",
            "event_id",
            "email_key",
            unique=True,
            sqlite_where=LIVE,
            postgresql_where=LIVE,
        ),
        Index(None, "event_id", "status", "waiting_since"),
        Index(None, "event_id", "sort_name", "id"),
        Index(None, "event_id", "payment", "sort_name", "id"),
        # Covering indexes of the figures: each count by a dimension is one pass over one of these, in
        # their order, without touching a row (docs/figures.md; statistics/queries/counts.py).
        Index(
            "ix_registration_people",
            "event_id",
            "status",
            "category_id",
            "gender",
            "country",
            "attended_at",
            "person_id",
        ),
        Index(
            "ix_registration_places",
            "event_id",
            "status",
            "country",
            "city_id",
            "city_status",
            "category_id",
            "attended_at",
        ),
        Index(
            "ix_registration_organisations",
            "event_id",
            "organisation_id",
            "status",
            "category_id",
            "attended_at",
        ),
        Index("ix_registration_registered", "event_id", "registered_at", "status", "category_id"),
        Index("ix_registration_arrivals", "event_id", "attended_at", "status", "category_id"),
        # The office's search reads this alone, not the rows.
        Index("ix_registration_search", "event_id", "search_text"),
        # The review queue: the few places that nobody has decided on.
        Index(
            "ix_registration_unresolved",
            "city_status",
            "country",
            "city_typed",
            "event_id",
            sqlite_where=UNRESOLVED,
            postgresql_where=UNRESOLVED,
        ),
        Index(None, "event_id", "short_code"),
        Index(None, "person_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(32), unique=True)
    event_id: Mapped[int] = mapped_column(ForeignKey("event.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    category_id: Mapped[int] = mapped_column(ForeignKey("category.id"))
    status: Mapped[str] = mapped_column(String(12))
    payment: Mapped[str] = mapped_column(String(10), default="not_due")
    holds_place: Mapped[bool] = mapped_column(default=False)
    attended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    first_name: Mapped[str] = mapped_column(String(150))
    last_name: Mapped[str] = mapped_column(String(150), default="")
    email: Mapped[str] = mapped_column(String(254))
    email_key: Mapped[str] = mapped_column(String(254))
    gender: Mapped[str | None] = mapped_column(String(20))
    country: Mapped[str | None] = mapped_column(String(2))
    city_id: Mapped[int | None]
    city_typed: Mapped[str] = mapped_column(String(200), default="")
    # none | resolved | ambiguous | unknown: what the resolver or a reviewer said of city_typed
    city_status: Mapped[str] = mapped_column(String(10), default="none")
    # The reviewer's decision that set the city: taking it back finds its registrations again.
    city_alias_id: Mapped[int | None] = mapped_column(ForeignKey("place_alias.id"), index=True)
    organisation: Mapped[str] = mapped_column(String(200), default="")
    # The member or partner that the person represents here.
    organisation_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"))
    job_title: Mapped[str] = mapped_column(String(200), default="")
    language: Mapped[str] = mapped_column(String(2))
    participation: Mapped[str] = mapped_column(String(12), default="in_person")
    photo_consent: Mapped[bool | None]

    sort_name: Mapped[str] = mapped_column(String(310))
    search_text: Mapped[str] = mapped_column(Text)
    link_generation: Mapped[int] = mapped_column(default=0)
    link_digest: Mapped[str] = mapped_column(String(64), unique=True)
    badge_generation: Mapped[int] = mapped_column(default=0)
    badge_digest: Mapped[str] = mapped_column(String(64), unique=True)
    short_code: Mapped[str] = mapped_column(String(8))

    # The form's own random key: a second click finds its first, and shows the person their page.
    submission_key: Mapped[str | None] = mapped_column(String(64))
    # What the last imported row said: the same row again changes nothing.
    import_digest: Mapped[str | None] = mapped_column(String(24))
    source: Mapped[str] = mapped_column(String(12), default="web")
    note: Mapped[str] = mapped_column(Text, default="")
    registered_at: Mapped[datetime] = mapped_column(UtcDateTime)
    confirmed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    waiting_since: Mapped[datetime | None] = mapped_column(UtcDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    # A place that waits for its fee is free again at this moment.
    pay_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    updated_at: Mapped[datetime] = mapped_column(UtcDateTime)


class RetiredBadge(Base):
    """The digest of a badge code that was replaced: still recognised at the door, and refused."""

    __tablename__ = "retired_badge"

    digest: Mapped[str] = mapped_column(String(64), primary_key=True)
    registration_id: Mapped[int] = mapped_column(ForeignKey("registration.id"), index=True)
    retired_at: Mapped[datetime] = mapped_column(UtcDateTime)


class Answer(Base):
    """What a person answered to one of the event's own questions."""

    __tablename__ = "answer"

    registration_id: Mapped[int] = mapped_column(ForeignKey("registration.id"), primary_key=True)
    question_id: Mapped[int] = mapped_column(ForeignKey("question.id"), primary_key=True)
    value: Mapped[Any] = mapped_column(JSON)


class FeePlan(Base):
    """How an event asks for money. No row: the event is free and shows no trace of it."""

    __tablename__ = "fee_plan"
    __table_args__ = (
        CheckConstraint("tax_rate >= 0 AND tax_rate < 10000", name="tax_rate"),
        CheckConstraint("refund_percent >= 0 AND refund_percent <= 100", name="refund_percent"),
    )

    event_id: Mapped[int] = mapped_column(ForeignKey("event.id"), primary_key=True)
    currency: Mapped[str] = mapped_column(String(3))
    # Hundredths of a per cent, included in all fees; with 0 the text says why there is none.
    tax_rate: Mapped[int] = mapped_column(default=0)
    tax_text: Mapped[dict[str, str]] = mapped_column(Localised, default=dict)
    # Counts with a rate of 0: exempt, outside (the scope of the tax), zero.
    tax_kind: Mapped[str] = mapped_column(String(8), default="exempt")
    # stripe, bank
    methods: Mapped[list[str]] = mapped_column(JSON, default=list)
    # How long a place waits for its fee.
    pay_hours: Mapped[int] = mapped_column(default=72)
    # Public bodies pay late: confirmed at once, the fee stays due.
    confirm_unpaid: Mapped[bool] = mapped_column(default=False)
    invoice_days: Mapped[int] = mapped_column(default=30)
    refund_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    refund_percent: Mapped[int] = mapped_column(default=100)
    updated_at: Mapped[datetime] = mapped_column(UtcDateTime)


class Fee(Base):
    """One line of an event's fees. The first line, by position, that fits a person is theirs."""

    __tablename__ = "fee"
    __table_args__ = (
        CheckConstraint("amount >= 0", name="amount"),
        Index(None, "event_id", "position"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    event_id: Mapped[int] = mapped_column(ForeignKey("event.id"))
    position: Mapped[int] = mapped_column(default=0)
    label: Mapped[dict[str, str]] = mapped_column(Localised, default=dict)
    amount: Mapped[int]
    # What must be true of the person; None: of anybody.
    category_id: Mapped[int | None] = mapped_column(ForeignKey("category.id"))
    member: Mapped[bool | None]
    income_group: Mapped[str | None] = mapped_column(String(12))
    starts_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    until: Mapped[datetime | None] = mapped_column(UtcDateTime)


class FeeCode(Base):
    """A word that lowers the fee. ``kind``: free, percent, amount, category."""

    __tablename__ = "fee_code"
    __table_args__ = (
        Index(None, "event_id", "code", unique=True),
        CheckConstraint("most IS NULL OR used <= most", name="used"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    event_id: Mapped[int] = mapped_column(ForeignKey("event.id"))
    code: Mapped[str] = mapped_column(String(40))
    kind: Mapped[str] = mapped_column(String(10))
    value: Mapped[int] = mapped_column(default=0)
    category_id: Mapped[int | None] = mapped_column(ForeignKey("category.id"))
    most: Mapped[int | None]
    used: Mapped[int] = mapped_column(default=0)
    valid_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    note: Mapped[str] = mapped_column(String(200), default="")
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)

    @property
    def used_up(self) -> bool:
        """Tell whether nobody can use it any more."""
        return self.most is not None and self.used >= self.most


class Price(Base):
    """What a registration costs, frozen as it was shown: the lines, and who gets the documents."""

    __tablename__ = "price"

    registration_id: Mapped[int] = mapped_column(ForeignKey("registration.id"), primary_key=True)
    currency: Mapped[str] = mapped_column(String(3))
    total: Mapped[int]
    # {"kind", "label": {language: text}, "amount"}
    lines: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    code_id: Mapped[int | None] = mapped_column(ForeignKey("fee_code.id"))
    # name, address, country, tax_number, purchase_order, email: only when a document is wanted
    buyer: Mapped[dict[str, str]] = mapped_column(JSON, default=dict)
    frozen_at: Mapped[datetime] = mapped_column(UtcDateTime)


class ImportFile(Base):
    """A table of registrations that staff brought, from the upload to the stored rows.

    Kept in the database, because the worker that reads it may be on another machine than the web; its
    content is dropped as soon as it was stored. ``state``: reading, read, refused, storing, stored.
    """

    __tablename__ = "import_file"

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(32), unique=True)
    event_id: Mapped[int] = mapped_column(ForeignKey("event.id"), index=True)
    name: Mapped[str] = mapped_column(String(200))
    content: Mapped[bytes] = mapped_column(LargeBinary)
    # column of the table → field; empty: found by the headings
    matching: Mapped[dict[str, str]] = mapped_column(JSON, default=dict)
    create_categories: Mapped[bool] = mapped_column(default=False)
    # What a person says of a CSV file; empty: found out
    encoding: Mapped[str] = mapped_column(String(12), default="")
    state: Mapped[str] = mapped_column(String(10))
    revision: Mapped[int] = mapped_column(default=0)
    report: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    brought_by_id: Mapped[int | None]
    brought_by: Mapped[str] = mapped_column(String(200))
    brought_at: Mapped[datetime] = mapped_column(UtcDateTime)
    stored_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

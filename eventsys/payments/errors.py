"""Refusals about money."""

from __future__ import annotations

from typing import TYPE_CHECKING

from eventsys.core.errors import DomainError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from eventsys.payments.rules.problems import Problem


class NothingDue(DomainError):
    """There is nothing to pay (any more)."""

    code = "nothing_due"
    status = 409


class MethodNotOffered(DomainError):
    """This way of paying is not offered."""

    code = "method_not_offered"


class TooLittle(DomainError):
    """Less than what can be paid online."""

    code = "too_little"
    status = 409


class GatewayAway(DomainError):
    """The payment service does not answer or refused: fact ``detail`` for the log, never for the person."""

    code = "gateway_away"
    status = 503

    def __str__(self) -> str:
        """Say for the log, and beside a job that failed, what the service said."""
        return f"{self.code}: {self.facts.get('detail', '')}"


class RefundTooLarge(DomainError):
    """More than what was paid and not yet refunded: facts ``most``, ``currency``."""

    code = "refund_too_large"


class WrongAmount(DomainError):
    """An amount that is none, zero or negative."""

    code = "wrong_amount"


class MovedMeanwhile(DomainError):
    """A charge is not any more what whoever acts on it has seen."""

    code = "moved_meanwhile"
    status = 409


class CaseClosed(DomainError):
    """Somebody has decided this case already."""

    code = "case_closed"
    status = 409


class NoIssuer(DomainError):
    """Nobody has said yet who issues documents."""

    code = "no_issuer"
    status = 409


class NothingToInvoice(DomainError):
    """All that is billed stands on invoices already, or nothing is billed."""

    code = "nothing_to_invoice"
    status = 409


class InvoiceStands(DomainError):
    """Who gets it stands on an invoice: only a credit note and a new invoice change that."""

    code = "invoice_stands"
    status = 409


class InvalidIssuer(DomainError):
    """Fields of the issuer are wrong: ``problems`` lists field, reason, facts."""

    code = "invalid_issuer"

    def __init__(self, problems: Sequence[Problem]) -> None:
        """Keep the problems; the first one names the refusal."""
        self.problems = tuple(problems)
        name, reason, facts = self.problems[0]
        super().__init__(field=name, reason=reason, **facts)


class InvalidAccount(InvalidIssuer):
    """Fields of a bank account are wrong: ``problems`` lists field, reason, facts."""

    code = "invalid_account"


class BankFileUnread(DomainError):
    """A file is none that a bank sends, or is refused: fact ``reason``."""

    code = "bank_file_unread"


class BankLineTaken(DomainError):
    """Somebody has matched, ignored or taken back this line already."""

    code = "bank_line_taken"
    status = 409


class OtherCurrency(DomainError):
    """A transfer in one currency cannot pay a fee in another: facts ``line``, ``charge``."""

    code = "other_currency"


class PartlyRefunded(DomainError):
    """Money of this payment has gone back: it can not be taken off its fee any more."""

    code = "partly_refunded"
    status = 409


class WrongMoney(DomainError):
    """Money that cannot be counted for this charge, or is not held any more."""

    code = "wrong_money"
    status = 409

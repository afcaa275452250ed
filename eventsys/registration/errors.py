"""Refusals about registrations."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from eventsys.core.errors import DomainError, Gone, NotFound

if TYPE_CHECKING:
    from collections.abc import Sequence


class FormClosed(DomainError):
    """The form is not open: fact ``state``."""

    code = "form_closed"


class CategoryNotOffered(DomainError):
    """Nobody can register in this category by the form."""

    code = "category_not_offered"


class EventFull(DomainError):
    """No place, and no waiting list."""

    code = "event_full"


class NoPlaceFree(EventFull):
    """No place for somebody who waits, and whom staff wanted to confirm out of turn."""

    code = "no_place_free"


class CategoryFull(DomainError):
    """No place in the category that somebody wants to change to."""

    code = "category_full"


class AlreadyRegistered(DomainError):
    """There is a live registration with this address."""

    code = "already_registered"


class EmailTaken(DomainError):
    """An address cannot be changed to one that has its own registration."""

    code = "email_taken"


class TooLate(DomainError):
    """The deadline for changes by link has passed."""

    code = "too_late_to_change"


class WrongState(DomainError):
    """The registration is not in a state that allows this: fact ``status``."""

    code = "wrong_state"


class LinkUnknown(NotFound):
    """No registration has this link."""

    code = "link_unknown"


class LinkReplaced(Gone):
    """The link was replaced by a newer one."""

    code = "link_replaced"


class AddressLinkOld(Gone):
    """The link that proves a new address is not whole, or the address was changed since."""

    code = "address_link_old"


class ColumnsMissing(DomainError):
    """A table has no column for what every registration needs: facts ``fields``, ``columns``."""

    code = "columns_missing"


class TooManyRows(DomainError):
    """A table has more rows than are imported at once: fact ``limit``."""

    code = "too_many_rows"


class ImportInHand(DomainError):
    """A table is being read or stored, or was stored: nothing more can be asked of it now."""

    code = "import_in_hand"
    status = 409


class CodeUnknown(DomainError):
    """No such code, or not for this category, or its time is over."""

    code = "code_unknown"


class CodeUsedUp(DomainError):
    """Everybody who could use this code has."""

    code = "code_used_up"
    status = 409


class FeeWouldChange(DomainError):
    """A person's change makes the fee another one, and they have not agreed: facts ``shown``, ``now``, ``currency``."""

    code = "fee_would_change"
    status = 409


class PriceChanged(DomainError):
    """The fee is no longer what the person was shown: facts ``shown``, ``now``, ``currency``."""

    code = "price_changed"
    status = 409


class InvalidFees(DomainError):
    """What an organiser entered of the fees does not hold together: ``problems``, each with its field."""

    code = "invalid_fees"

    def __init__(self, problems: Sequence[tuple[str, str, dict[str, Any]]]) -> None:
        """Keep field, reason and facts of each problem."""
        super().__init__()
        self.problems = list(problems)


class FeesInUse(DomainError):
    """Somebody's fee was frozen with it, so it stays."""

    code = "fees_in_use"
    status = 409


class NoFee(DomainError):
    """Nothing was billed for this registration."""

    code = "no_fee"
    status = 409

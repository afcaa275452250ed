"""Refusals about accounts."""

from __future__ import annotations

from eventsys.core.errors import DomainError, Gone


class AccountExists(DomainError):
    """There is an account with this address already."""

    code = "account_exists"


class WrongPassword(DomainError):
    """Address and password do not belong together; which of the two is wrong is not told."""

    code = "wrong_password"


class TooManyTries(DomainError):
    """Too many failed attempts in a short time."""

    code = "too_many_tries"
    status = 429


class LinkSpent(Gone):
    """The one-time link was used or has expired."""

    code = "account_link_spent"


class WeakPassword(DomainError):
    """The password is too short or is the address itself."""

    code = "weak_password"


class UnknownRole(DomainError):
    """No such role, or a role for everything that is granted per event only."""

    code = "unknown_role"


class OwnAccount(DomainError):
    """Nobody closes the account they are signed in with."""

    code = "own_account"


class LastSecretariat(DomainError):
    """The last account that may manage accounts stays."""

    code = "last_secretariat"


class WrongCode(DomainError):
    """The code is not right, was used already, or is too old."""

    code = "wrong_code"


class SignInSpent(DomainError):
    """More than five minutes passed between password and code, or the sign-in was finished already."""

    code = "sign_in_spent"


class SecondFactorOn(DomainError):
    """The account has a second factor already."""

    code = "second_factor_on"


class NoSecondFactor(DomainError):
    """The account has no second factor."""

    code = "no_second_factor"


class OwnSecondFactor(DomainError):
    """Nobody resets their own second factor: turning it off asks for the password and a code."""

    code = "own_second_factor"

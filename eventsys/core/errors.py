"""Refusals that people can cause. The sentence a person reads is chosen in ``web/``, by code."""

from __future__ import annotations

from typing import ClassVar


class DomainError(Exception):
    """A refusal with a stable code, and the facts the sentence needs."""

    code: ClassVar[str] = "refused"
    status: ClassVar[int] = 422

    def __init__(self, **facts: object) -> None:
        """Keep the facts (plain values) that the sentence will name."""
        super().__init__(self.code)
        self.facts = facts


class NotFound(DomainError):
    """What was asked for does not exist, or must not be known to exist."""

    code = "not_found"
    status = 404


class Refused(DomainError):
    """The actor may not do this."""

    code = "forbidden"
    status = 403


class Gone(DomainError):
    """It existed and was withdrawn: a revoked link, a closed form."""

    code = "gone"
    status = 410


class SettingError(Exception):
    """A setting is wrong: one line that names it."""

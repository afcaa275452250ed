"""Calls from other systems, signed."""

from eventsys.web.hooks import stripe
from eventsys.web.hooks.blueprint import bp

__all__ = ["bp", "stripe"]

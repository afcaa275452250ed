"""The interface for programs."""

from eventsys.web.api import check_ins, errors, openapi, places
from eventsys.web.api.blueprint import bp

__all__ = ["bp", "check_ins", "errors", "openapi", "places"]

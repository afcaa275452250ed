"""Load a large library when it is first used: an association without fees never pays for Stripe's 25 MB."""

from __future__ import annotations

from importlib import import_module
from importlib.util import find_spec
from types import ModuleType
from typing import Any


class _Lazy(ModuleType):
    """Stands where a module will be. Whoever asks while another thread loads it waits until it is whole.

    Python's own lazy loader does not hold them up before 3.12.3: the second of two people who went to pay first in a
    process got a module with nothing in it, and a page that says sorry.
    """

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 (whatever the module has)
        return getattr(import_module(self.__name__), name)


def lazy_import(name: str) -> ModuleType:
    """Give a module that is executed at the first use of one of its names; a missing one fails at once."""
    if find_spec(name) is None:
        raise ModuleNotFoundError(name)
    return _Lazy(name)

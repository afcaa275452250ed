"""WSGI entry point: ``flask …`` and gunicorn find the application here."""

from __future__ import annotations

import gc
from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from flask import Flask

# Nothing that is loaded here is ever garbage. Looking for garbage all the same takes a tenth of the start, and
# later, in each process that is forked, copies the memory that they could share.
gc.disable()
app: Flask = import_module("eventsys.factory").create_app()
gc.freeze()
gc.enable()

"""``make routes``: write the list of routes anew."""

from __future__ import annotations

import tempfile
from pathlib import Path

from eventsys.factory import create_app
from tests.contracts.test_routes import LIST, written
from tests.support.database import settings_for

if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{folder}/none.sqlite3"
        LIST.write_text(written(create_app(settings_for(Path(folder), url))))

"""How an issued document is set never changes: each layout is a file that stays as it was."""

from __future__ import annotations

import hashlib

from eventsys.files.pdf import TEMPLATES
from eventsys.payments.rules.documents import LAYOUT

# A new look is a new file with the next number and a new line here; a line that stands is never changed once
# a version with it was released.
LAYOUTS = {
    "paper-1.typ": "9e21c554a0f896361925b0551b746bed6bc2db0ac262cd69102306c10884cede",
}


def test_layouts_of_issued_documents_are_unchanged_and_the_last_is_used():
    found = {
        path.name: hashlib.sha256(path.read_bytes()).hexdigest()
        for path in TEMPLATES.glob("paper-*.typ")
    }
    assert found == LAYOUTS
    assert f"paper-{LAYOUT}.typ" == list(LAYOUTS)[-1]

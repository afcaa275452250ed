"""Importing a table of registrations: which column is what, what a cell means, what a row changes.

Pure: the answers of the country and city resolver are handed in. Nothing is ever guessed: a word that is
not known is a problem with a line, a field and a code, and the row waits for a person to correct it.
"""

from __future__ import annotations

from eventsys.registration.rules.importing.categories import STANDARD, category_words, new_code
from eventsys.registration.rules.importing.changes import NOWHERE, Found, Place, changes, new_values
from eventsys.registration.rules.importing.columns import (
    FIELDS,
    REQUIRED,
    match_columns,
    missing_fields,
)
from eventsys.registration.rules.importing.merge import merge_rows
from eventsys.registration.rules.importing.rows import ImportRow, Lookups, Problem, read_row
from eventsys.registration.rules.importing.words import word_key

__all__ = [
    "FIELDS",
    "NOWHERE",
    "REQUIRED",
    "STANDARD",
    "Found",
    "ImportRow",
    "Lookups",
    "Place",
    "Problem",
    "category_words",
    "changes",
    "match_columns",
    "merge_rows",
    "missing_fields",
    "new_code",
    "new_values",
    "read_row",
    "word_key",
]

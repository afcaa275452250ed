"""References that people copy into a bank form: ISO 11649 (``RF`` + two check digits + ours)."""

from __future__ import annotations

import re

_RF = re.compile(r"RF[0-9]{2}[0-9A-Z]{1,21}")


def _remainder(text: str) -> int:
    # ISO 7064 MOD 97-10: letters count as 10 to 35.
    return int("".join(str(int(letter, 36)) for letter in text)) % 97


def reference(number: int) -> str:
    """Make the reference of a charge: the check digits catch every single error and swap of neighbours."""
    body = f"{number:08d}"
    return f"RF{98 - _remainder(body + 'RF00'):02d}{body}"


def is_reference(text: str) -> bool:
    """Tell whether this is a reference with right check digits."""
    return bool(_RF.fullmatch(text)) and _remainder(text[4:] + text[:4]) == 1


def find_references(text: str) -> list[str]:
    """Find the right references in what a bank passed on; people add blanks, dashes and words."""
    squeezed = re.sub(r"[\s.\-/]", "", text.upper())
    found = []
    for match in re.finditer(r"RF[0-9]{10}", squeezed):
        if is_reference(match[0]) and match[0] not in found:
            found.append(match[0])
    return found


def printed(text: str) -> str:
    """Write a reference in groups of four, as it stands on paper."""
    return " ".join(text[start : start + 4] for start in range(0, len(text), 4))

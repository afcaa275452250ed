"""Unguessable links and badge codes.

A token is derived from the server's secret, so it can be printed again without being stored; the
database keeps only its digest, so a stolen copy of the database opens no link. Raising the generation
revokes the old token everywhere. Length: 128 bits in 26 base32 characters (RFC 4648, upper case), which
stays in the QR alphanumeric mode.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
import secrets
from typing import Final

TOKEN_BYTES: Final = 16
TOKEN_LENGTH: Final = 26
CROCKFORD: Final = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
SHORT_DIGITS: Final = 7
SHARED_KEY_BYTES: Final = 20
SPARE_DIGITS: Final = 16
_CONFUSED: Final = str.maketrans({"O": "0", "I": "1", "L": "1", "U": "V", "-": None, " ": None})
_TOKEN: Final = re.compile(r"[A-Z2-7]{26}")


def new_key() -> str:
    """Make a random public key of a row: 32 hexadecimal characters."""
    return secrets.token_hex(16)


def new_token() -> str:
    """Make a random secret for a device or a one-time link: 256 bits, URL-safe."""
    return secrets.token_urlsafe(32)


def derive(secret: str, purpose: str, key: str, generation: int) -> str:
    """Derive the token of a row for one purpose (``link`` or ``badge``) and generation."""
    message = f"{purpose}:{key}:{generation}".encode()
    raw = hmac.new(secret.encode(), message, hashlib.sha256).digest()[:TOKEN_BYTES]
    return base64.b32encode(raw).decode().rstrip("=")


def derive_key(secret: str, purpose: str, key: str) -> str:
    """Derive a shared key of 160 bits in 32 base32 characters, as authenticator apps take it (RFC 4226)."""
    raw = hmac.new(secret.encode(), f"{purpose}:{key}".encode(), hashlib.sha256).digest()
    return base64.b32encode(raw[:SHARED_KEY_BYTES]).decode()


def digest(token: str) -> str:
    """Give what is stored of a token: SHA-256, hexadecimal."""
    return hashlib.sha256(token.encode()).hexdigest()


def find_token(text: str) -> str | None:
    """Find a 26-character token in what was scanned or typed: a full badge URL or the bare code."""
    tail = text.strip().upper().rstrip("/").rsplit("/", 1)[-1]
    return tail if _TOKEN.fullmatch(tail) else None


def short_code(token: str) -> str:
    """Derive the 8-character code printed under the QR: 7 Crockford digits and a check character."""
    number = int.from_bytes(hashlib.sha256(f"short:{token}".encode()).digest()[:5], "big") >> 5
    digits = "".join(
        CROCKFORD[(number >> (5 * place)) & 31] for place in reversed(range(SHORT_DIGITS))
    )
    return digits + _check_character(digits)


def find_short_code(text: str) -> str | None:
    """Read a typed short code (any case, dashes, O for 0, I or L for 1); None when its check fails."""
    code = text.strip().upper().translate(_CONFUSED)
    if len(code) != SHORT_DIGITS + 1 or any(letter not in CROCKFORD for letter in code):
        return None
    return code if _check_character(code[:-1]) == code[-1] else None


def new_spare_code() -> str:
    """Make a random code that a person keeps on paper: 80 bits in four groups of four Crockford digits."""
    code = "".join(secrets.choice(CROCKFORD) for _ in range(SPARE_DIGITS))
    return "-".join(code[at : at + 4] for at in range(0, SPARE_DIGITS, 4))


def find_spare_code(text: str) -> str | None:
    """Read a typed spare code (any case, with or without dashes); None when it cannot be one."""
    code = "".join(text.split()).upper().translate(_CONFUSED)
    if len(code) != SPARE_DIGITS or any(letter not in CROCKFORD for letter in code):
        return None
    return code


def _check_character(digits: str) -> str:
    # Weights 3, 5, 7 … are odd, so every single wrong digit changes the sum modulo 32.
    total = sum((2 * place + 3) * CROCKFORD.index(letter) for place, letter in enumerate(digits))
    return CROCKFORD[total % 32]


def badge_url(base_url: str, token: str) -> str:
    """Give the address in the QR code: upper case keeps it in the small alphanumeric mode."""
    return f"{base_url}/B/{token}".upper()

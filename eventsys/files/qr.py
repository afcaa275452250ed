"""QR codes: the only file that knows the ``qrcode`` package.

The mask is fixed: trying all eight costs eight times as much, and phones read every mask equally well
(measured: no difference in 60 trials). Upper-case text stays in the alphanumeric mode, which keeps the
badge's code at 29 modules. The drawing is our own: one path of horizontal runs.
"""

from __future__ import annotations

import struct
import zlib
from functools import lru_cache
from typing import Final, Literal

import qrcode
from qrcode import constants, util

Level = Literal["L", "M", "Q", "H"]
Matrix = tuple[tuple[bool, ...], ...]

MASK: Final = 3
QUIET: Final = 4  # modules of white border that ISO/IEC 18004 asks for
_LEVELS: Final = {
    "L": constants.ERROR_CORRECT_L,
    "M": constants.ERROR_CORRECT_M,
    "Q": constants.ERROR_CORRECT_Q,
    "H": constants.ERROR_CORRECT_H,
}
_ALPHANUMERIC: Final = frozenset("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:")


def matrix(text: str, level: Level = "M") -> Matrix:
    """Give the modules of the code of a text, row by row, True for dark, without white border."""
    return _matrix(text, level)


# The last ones are kept: a mail shows the code that the badge attached to it has.
@lru_cache(maxsize=16)
def _matrix(text: str, level: Level) -> Matrix:
    mode = util.MODE_ALPHA_NUM if _ALPHANUMERIC.issuperset(text) else util.MODE_8BIT_BYTE
    data = text.encode()
    version = _version(len(data), mode, _LEVELS[level])
    code = qrcode.QRCode(version, _LEVELS[level], border=0, mask_pattern=MASK)
    code.add_data(util.QRData(data, mode=mode, check_data=False), optimize=0)
    code.make(fit=False)
    return tuple(tuple(map(bool, row)) for row in code.modules)


@lru_cache(maxsize=256)
def _version(length: int, mode: int, level: int) -> int:
    """Find the smallest code for so many characters; all badges of a site have the same."""
    code = qrcode.QRCode(error_correction=level, border=0)
    code.add_data(util.QRData(b"0" * length, mode=mode, check_data=False), optimize=0)
    return int(code.best_fit())


def path(modules: Matrix, offset: int = 0) -> str:
    """Draw the dark modules as one SVG path, one unit a module, shifted by ``offset`` units."""
    parts: list[str] = []
    for y, row in enumerate(modules):
        x, width = 0, len(row)
        while x < width:
            if not row[x]:
                x += 1
                continue
            start = x
            while x < width and row[x]:
                x += 1
            parts.append(f"M{start + offset} {y + offset}h{x - start}v1h-{x - start}z")
    return "".join(parts)


def svg(text: str, level: Level = "M", *, quiet: int = QUIET) -> str:
    """Draw the code as an SVG element, black on white, sized by whoever shows it.

    It is hidden from screen readers: the page says beside it what the code is for.
    """
    modules = matrix(text, level)
    size = len(modules) + 2 * quiet
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {size} {size}" shape-rendering="crispEdges" '
        f'aria-hidden="true" focusable="false"><path fill="#fff" d="M0 0h{size}v{size}H0z"/>'
        f'<path fill="#000" d="{path(modules, quiet)}"/></svg>'
    )


def png(text: str, level: Level = "M", *, scale: int = 8, quiet: int = QUIET) -> bytes:
    """Draw the code as a PNG of one bit a pixel, ``scale`` pixels a module: for mails."""
    modules = matrix(text, level)
    size = (len(modules) + 2 * quiet) * scale
    dark, light, border = "0" * scale, "1" * scale, "1" * (quiet * scale)
    blank = [_pixels("1" * size)] * (quiet * scale)
    rows = list(blank)
    for row in modules:
        drawn = "".join([dark if module else light for module in row])
        rows += [_pixels(f"{border}{drawn}{border}")] * scale
    rows += blank
    header = struct.pack(">IIBBBBB", size, size, 1, 0, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + _chunk(b"IHDR", header)
        + _chunk(b"IDAT", zlib.compress(b"".join(rows), 9))
        + _chunk(b"IEND", b"")
    )


def _pixels(bits: str) -> bytes:
    """Pack one line: filter type 0, then one bit a pixel, 1 for white; what fills the last byte is not shown."""
    filled = bits.ljust((len(bits) + 7) // 8 * 8, "1")
    return b"\0" + int(filled, 2).to_bytes(len(filled) // 8, "big")


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

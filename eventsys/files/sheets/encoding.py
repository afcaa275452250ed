"""In which encoding a CSV file is written: what its bytes prove, else what they look most like.

The only file that knows charset-normalizer. A mark at the beginning or valid UTF-8 is proof; anything older is a
guess, which whoever brings the file sees and can correct.
"""

from __future__ import annotations

import codecs
from typing import TYPE_CHECKING, Final

from charset_normalizer import from_bytes

from eventsys.files.errors import SheetEncoding, SheetError

if TYPE_CHECKING:
    from typing import BinaryIO

#: What a person may choose: UTF-8, and what spreadsheets of Windows write in most parts of the world.
ENCODINGS: Final = (
    "utf-8", "cp1252", "cp1250", "cp1251", "cp1253", "cp1254", "cp1255", "cp1256", "gb18030", "cp950", "cp932", "cp949",
)  # fmt: skip
WESTERN: Final = "cp1252"
# Told apart by their bytes. Central European and Turkish are not: in them half of all Western names read as well.
# Latin-1 is Western with a byte that Windows does not know.
_TOLD_APART: Final = (
    WESTERN, "latin_1", "gb18030", "cp950", "cp932", "cp949", "cp1251", "cp1253", "cp1255", "cp1256",
)  # fmt: skip
CHUNK: Final = 1024 * 1024
# As many bytes of lines that are not plain ASCII are looked at.
ENOUGH: Final = 64 * 1024


def find_encoding(file: BinaryIO, chosen: str = "") -> str:
    """Find the encoding of a file, or take what a person has ``chosen``; the file is at its beginning afterwards.

    Raises SheetEncoding when the file is not written in it, SheetError when it is no text.
    """
    head = file.read(4096)
    file.seek(0)
    if chosen:
        marked = chosen == "utf-8" and head.startswith(codecs.BOM_UTF8)
        return _checked(file, "utf-8-sig" if marked else chosen)
    if head.startswith(codecs.BOM_UTF8):
        return _checked(file, "utf-8-sig")
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return _checked(file, "utf-16")
    if head and head.count(0) > len(head) // 4:
        return _checked(
            file, "utf-16-le" if head[1::2].count(0) > head[::2].count(0) else "utf-16-be"
        )
    if b"\0" in head:
        raise SheetError
    likely = ("utf-8",) if _decodes(file, "utf-8") else (*_guess(_sample(file)), WESTERN)
    return next((encoding for encoding in likely if _decodes(file, encoding)), "latin-1")


def is_proven(encoding: str) -> bool:
    """Tell whether a file that was read in this encoding can hardly be written in another one."""
    return encoding.startswith("utf")


def _checked(file: BinaryIO, encoding: str) -> str:
    if not _decodes(file, encoding):
        raise SheetEncoding(encoding=encoding)
    return encoding


def _decodes(file: BinaryIO, encoding: str) -> bool:
    decoder = codecs.getincrementaldecoder(encoding)()
    try:
        while piece := file.read(CHUNK):
            decoder.decode(piece)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    finally:
        file.seek(0)
    return True


def _sample(file: BinaryIO) -> bytes:
    """Take the lines that say something; in all these encodings a line ends where it does in ASCII."""
    lines, size = [], 0
    while size < ENOUGH and (line := file.readline(ENOUGH)):
        if not line.isascii():
            lines.append(line)
            size += len(line)
    file.seek(0)
    return b"".join(lines)


def _guess(sample: bytes) -> list[str]:
    """List the encodings in which the bytes make sense, the likeliest first; of equals the Western one."""
    found = list(
        from_bytes(
            sample,
            cp_isolation=list(_TOLD_APART),
            enable_fallback=False,
            preemptive_behaviour=False,
        )
    )
    ordered = [match.encoding.replace("latin_1", "latin-1") for match in found]
    western = next((match for match in found if WESTERN in match.could_be_from_charset), None)
    if western is not None and western.chaos <= found[0].chaos:
        ordered.insert(0, WESTERN)
    return ordered

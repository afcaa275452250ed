"""The shipped extract of GeoNames as a read-only SQLite file, unpacked once into the data directory.

The file is opened immutable, one connection per thread and process, and never loaded into memory.
Several processes may start at once: each unpacks into a file of its own and renames it, so that a
reader sees the whole file or none.
"""

from __future__ import annotations

import hashlib
import lzma
import os
import shutil
import sqlite3
import tempfile
import threading
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Final

from eventsys.core.settings import read_settings

if TYPE_CHECKING:
    from collections.abc import Sequence

PACKED: Final = Path(__file__).parent.parent / "data" / "places.sqlite3.xz"
CACHE_KILOBYTES: Final = 4_000
SHORT_PREFIX: Final = 3  # letters after which small cities are suggested without a country
MAIN_FACTOR: Final = 10  # a main name counts as that many times the people
TYPO_LETTERS: Final = 5  # shorter names are not searched with a typing error
WORLD_POPULATION: Final = 200_000  # smaller cities are not searched for errors without a country
UNICODE_BLOCK: Final = 128  # code points
BATCH: Final = 500  # bound parameters of one statement
KEPT: Final = 500  # cities asked for one by one: those of the events, and whence most people come


@dataclass(frozen=True, slots=True)
class City:
    """A city of GeoNames with 5,000 people or more. ``name`` is the one GeoNames prints."""

    id: int
    name: str
    country: str
    admin1: str
    lat: float
    lon: float
    population: int
    timezone: str
    names: dict[str, str]

    def name_in(self, language: str) -> str:
        """Give the name in a language, else as GeoNames prints it."""
        return self.names.get(language) or self.name


@dataclass(frozen=True, slots=True)
class Named:
    """A city with the key it was found by."""

    key: str
    kind: int
    city: City


_COLUMNS: Final = (
    "city.id, city.name, city.country, city.admin1, city.lat, city.lon, city.population, zone.name, "
    "city.en, city.es, city.fr"
)
_FROM: Final = "city JOIN zone ON zone.id = city.zone"
_NAMED: Final = (
    f"SELECT name.key, name.kind, {_COLUMNS} FROM name "  # noqa: S608 (constants)
    "JOIN city ON city.id = name.city JOIN zone ON zone.id = city.zone"
)


def _city(row: Sequence[object]) -> City:
    number, name, country, admin1, lat, lon, population, zone, en, es, fr = row
    names = {k: str(v) for k, v in (("en", en), ("es", es), ("fr", fr)) if v}
    return City(
        id=int(str(number)),
        name=str(name),
        country=str(country),
        admin1=str(admin1),
        lat=float(str(lat)),
        lon=float(str(lon)),
        population=int(str(population)),
        timezone=str(zone),
        names=names,
    )


class _Reader:
    """A connection of one thread of one process, closed when the thread ends."""

    def __init__(self, path: Path) -> None:
        self.process = os.getpid()
        address = f"file:{path}?mode=ro&immutable=1"
        self.connection = sqlite3.connect(address, uri=True, check_same_thread=False)
        self.connection.execute(f"PRAGMA cache_size=-{CACHE_KILOBYTES}")

    def __del__(self) -> None:
        self.connection.close()


class Index:
    """Reads the unpacked file. Safe to share between threads; survives a fork."""

    def __init__(self, path: Path) -> None:
        """Remember the file; each thread opens it when it first asks."""
        self.path = path
        self._local = threading.local()
        self.city = lru_cache(KEPT)(self._one_city)

    def rows(self, statement: str, values: Sequence[object] = ()) -> list[tuple[object, ...]]:
        """Run one reading statement."""
        reader: _Reader | None = getattr(self._local, "reader", None)
        if reader is None or reader.process != os.getpid():
            reader = self._local.reader = _Reader(self.path)
        found: list[tuple[object, ...]] = reader.connection.execute(statement, values).fetchall()
        return found

    def _one_city(self, number: int) -> City | None:
        return self.cities([number]).get(number)

    def cities(self, ids: Sequence[int]) -> dict[int, City]:
        """Give the cities of the given ids; unknown ids are left out."""
        found: dict[int, City] = {}
        unique = list(dict.fromkeys(ids))
        for start in range(0, len(unique), BATCH):
            batch = unique[start : start + BATCH]
            marks = ",".join("?" * len(batch))
            statement = f"SELECT {_COLUMNS} FROM {_FROM} WHERE city.id IN ({marks})"  # noqa: S608 (only marks)
            for row in self.rows(statement, batch):
                city = _city(row)
                found[city.id] = city
        return found

    def named(self, keys: Sequence[str], country: str | None) -> list[Named]:
        """Find the cities that bear one of the names, in a country or anywhere."""
        if not keys:
            return []
        marks = ",".join("?" * len(keys))
        where = "name.country = ? AND " if country else ""
        statement = f"{_NAMED} WHERE {where}name.key IN ({marks})"
        return self._named(statement, [country, *keys] if country else list(keys))

    def _named(self, statement: str, values: Sequence[object]) -> list[Named]:
        found = self.rows(statement, values)
        return [Named(str(row[0]), int(str(row[1])), _city(row[2:])) for row in found]

    def sounding(self, skeleton: str, country: str) -> list[Named]:
        """Find the cities of a country whose names have the same consonants."""
        statement = (
            f"SELECT sound.skeleton, sound.kind, {_COLUMNS} FROM sound "  # noqa: S608 (constants)
            "JOIN city ON city.id = sound.city JOIN zone ON zone.id = city.zone "
            "WHERE sound.country = ? AND sound.skeleton = ?"
        )
        return self._named(statement, (country, skeleton))

    def typo_keys(
        self, country: str | None, shortest: int, longest: int, initials: str
    ) -> list[str]:
        """Give the alphabetic names of a country (or of the large cities) of some lengths.

        ``initials`` are the letters with which they may begin (two swapped letters come first, too).
        """
        marks = ",".join("?" * len(initials))
        found = self.rows(
            "SELECT keys FROM typo WHERE country = ? AND letters BETWEEN ? AND ? "  # noqa: S608 (only marks)
            f"AND initial IN ({marks})",
            [country or "", shortest, longest, *initials],
        )
        return [key for (keys,) in found for key in str(keys).split("\n")]

    def beginning_otherwise(self, key: str, country: str | None) -> list[str]:
        """Give the alphabetic names that differ from a key by their first letter only.

        The letters are those of the block of Unicode in which the key is written: an error does not
        change the script. Without a country only the large cities are looked at.
        """
        block = ord(key[0]) & ~(UNICODE_BLOCK - 1)
        letters = [c for c in map(chr, range(block, block + UNICODE_BLOCK)) if c.isalnum()]
        names = [c + rest for c in letters for rest in (key[1:], key) if c != key[0]]
        names = [name for name in names if len(name) >= TYPO_LETTERS and name == name.casefold()]
        marks = ",".join("?" * len(names))
        table = "name WHERE country = ?" if country else "popular WHERE population >= ?"
        statement = f"SELECT DISTINCT key FROM {table} AND key IN ({marks})"  # noqa: S608 (constants and marks)
        found = self.rows(statement, [country or WORLD_POPULATION, *names])
        return [str(name) for (name,) in found]

    def is_small_place(self, keys: Sequence[str], country: str) -> bool:
        """Tell whether one of the names is that of a place with fewer than 5,000 people."""
        marks = ",".join("?" * len(keys))
        statement = f"SELECT 1 FROM small WHERE key IN ({marks}) AND country = ? LIMIT 1"  # noqa: S608 (only marks)
        return bool(self.rows(statement, [*keys, country]))

    def is_large_city(self, keys: Sequence[str], population: int) -> bool:
        """Tell whether one of the names is the main name of a large city anywhere."""
        marks = ",".join("?" * len(keys))
        statement = (
            f"SELECT 1 FROM popular WHERE key IN ({marks}) AND kind = 0 AND population >= ? LIMIT 1"  # noqa: S608 (only marks)
        )
        return bool(self.rows(statement, [*keys, population]))

    def beginning(self, prefix: str, country: str | None, limit: int) -> list[Named]:
        """Find cities by the beginning of any of their names: main names and large cities first."""
        end = prefix[:-1] + chr(ord(prefix[-1]) + 1)
        if country:
            source, values = "name WHERE country = ? AND", [country, prefix, end]
        else:
            table = "popular" if len(prefix) <= SHORT_PREFIX else "name"
            source, values = f"{table} WHERE", [prefix, end]
        statement = (
            f"SELECT found.key, found.kind, {_COLUMNS} FROM ("  # noqa: S608 (constants)
            "SELECT MIN(key) AS key, MIN(kind) AS kind, city, MAX(population) AS population "
            f"FROM {source} key >= ? AND key < ? GROUP BY city "
            f"ORDER BY MAX(population * (CASE kind WHEN 0 THEN {MAIN_FACTOR:d} ELSE 1 END)) DESC, city "
            f"LIMIT {limit:d}) AS found "
            "JOIN city ON city.id = found.city JOIN zone ON zone.id = city.zone"
        )
        return self._named(statement, values)

    def admin_name(self, country: str, code: str) -> str:
        """Give the name of a state or province."""
        return self._admin(country, code)[0]

    def admin_keys(self, country: str, code: str) -> frozenset[str]:
        """Give the keys by which a state or province is written: its name and its short forms."""
        return self._admin(country, code)[1]

    def _admin(self, country: str, code: str) -> tuple[str, frozenset[str]]:
        found = self.rows(
            "SELECT name, keys FROM admin WHERE country = ? AND code = ?", (country, code)
        )
        return (
            (str(found[0][0]), frozenset(str(found[0][1]).split())) if found else ("", frozenset())
        )


def unpack(data_dir: Path) -> Path:
    """Give the unpacked file in the data directory, unpacking it when this version is not there yet."""
    version = hashlib.sha256(PACKED.read_bytes()).hexdigest()[:12]
    target = data_dir / f"places-{version}.sqlite3"
    if target.exists():
        return target
    data_dir.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(prefix="places-", suffix=".unpacking", dir=data_dir)
    try:
        with os.fdopen(handle, "wb") as file, lzma.open(PACKED) as packed:
            shutil.copyfileobj(packed, file, 1 << 20)
            file.flush()
            os.fsync(file.fileno())
        Path(name).chmod(0o444)
        Path(name).replace(target)
    finally:
        Path(name).unlink(missing_ok=True)
    return target


@cache
def open_index(path: Path) -> Index:
    """Open an unpacked file. Asked twice, gives the same index."""
    return Index(path)


_place: dict[str, Path] = {}


def configure(data_dir: Path) -> None:
    """Say where the index is unpacked; it is done at the first use.

    Without it the settings of the environment decide. A file of the same content that this process
    has open already is kept.
    """
    _place["data_dir"] = data_dir


def current_index() -> Index:
    """Give the index of this process, unpacking it at the first use."""
    path = _place.get("path")
    if path is None or not path.exists():
        data_dir = _place.get("data_dir") or read_settings(os.environ).data_dir
        path = _place["path"] = unpack(data_dir)
    return open_index(path)

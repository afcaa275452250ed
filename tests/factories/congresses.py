"""Synthetic congresses: members, registrations as people typed them, and the true figures of both.

Like the sample in ``tests/data/congress``, with other cities: true cities are the largest of each country,
what was typed is one of the many ways in which people write them. ``wild`` adds what the sample lacks: other
encodings, separators, headings, ways of writing dates, genders and countries, more prefixes and errors.
"""

from __future__ import annotations

import csv
import io
import random
import unicodedata
from collections import Counter, defaultdict
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from babel import Locale
from babel.core import get_global

from eventsys.core.i18n import country_name
from eventsys.places.queries.index import City, current_index
from eventsys.places.rules.fold import key

if TYPE_CHECKING:
    from collections.abc import Callable

SMALLEST = 150_000  # people
PER_COUNTRY = 12
ZONE = ZoneInfo("Europe/Brussels")
COLUMNS = (
    "first_name", "last_name", "email", "gender", "city", "country", "organisation", "member", "job_title",
    "category", "language", "registered_at", "status", "checked_in_at",
)  # fmt: skip
EVENT = {
    "slug": "congress", "title": {"en": "Congress", "es": "Congreso", "fr": "Congrès"}, "kind": "congress",
    "format": "in_person", "starts_at": "2023-06-12T08:00", "ends_at": "2023-06-15T18:00",
    "timezone": ZONE.key, "city": "Brussels", "country": "BE", "capacity": 2000, "published": True,
}  # fmt: skip
SPANISH = set("AR BO CL CO CR CU DO EC ES GT HN MX NI PA PE PY SV UY VE".split())
FRENCH = set(
    "BE BF BI BJ CD CF CG CH CI CM DJ DZ FR GA GN HT LU MA MG ML NE RW SN TD TG TN".split()
)
REGIONS = {
    "Africa": "Africa", "Europe": "Europe", "Asia": "Asia-Pacific", "Pacific": "Asia-Pacific",
    "Australia": "Asia-Pacific", "Indian": "Africa", "Atlantic": "Europe",
}  # fmt: skip
NAMES = (
    ("Anna", "Johnson"), ("María José", "Núñez"), ("Zoë", "O'Brien"), ("Jean-Luc", "d'Ornano"), ("Łukasz", "Dębosz"),
    ("文", "黄"), ("Семен", "Лыткин"), ("שליו", "שלום"), ("इला", "टंडन"), ("ธีรวัช", "นานายน"), ("지연", "노"),
    ("Dương", "Hoàng"), ("فاطمة", "الزهراء"), ("Ana ", "Pérez, Jr."), ('Al "Bo"', "Smith; Sons"), ("Sam", ""),
)  # fmt: skip
LATIN_NAMES = (
    ("Anna", "Johnson"),
    ("María José", "Núñez"),
    ("Zoë", "O'Brien"),
    ("José", "Ruiz; Gil"),
)
FIRMS = ("Ltd, Brothers & Co", "Pérez y Cía. S.L.", "=1+1 Consulting", "Ernst-Dubois", "")
BAD = (
    {"email": ""}, {"email": "not-an-address"}, {"country": ""}, {"country": "Atlantis"}, {"first_name": ""},
    {"gender": "klingon"}, {"status": "perhaps"}, {"registered_at": "yesterday"}, {"checked_in_at": "31/02/2023"},
)  # fmt: skip
WILD_BAD = (
    {"email": "a@b"}, {"email": "two@example.org, three@example.org"}, {"first_name": "  "}, {"category": "king"},
    {"registered_at": "2099-01-01T10:00"}, {"status": "cancelled", "checked_in_at": "2023-06-12T10:00"},
    {"country": "Atlantis"}, {"gender": "M/F"}, {"registered_at": "2023-13-01"}, {"email": "ana example@example.org"},
)  # fmt: skip
GENDERS = ("woman", "man", "non-binary", "prefer not to say", "")
GENDER_WORDS: dict[str, tuple[str, ...]] = {
    "woman": ("woman", "Mujer", "FEMME", "female", "Femenino", "f"), "man": ("man", "Hombre", "homme", "Male", "masculin"),
    "non-binary": ("non-binary", "No binario", "non binaire", "NB"), "": ("", " ", "n/a", "-"),
    "prefer not to say": ("prefer not to say", "Prefiero no decirlo", "Je préfère ne pas le dire"),
}  # fmt: skip
CATEGORY_WORDS = {
    "delegate": ("delegate", "Delegado", "Déléguée", "PARTICIPANT"), "speaker": ("speaker", "Ponente", "intervenante"),
    "observer": ("observer", "Observadora", "observateur"), "press": ("press", "Prensa", "presse"),
    "staff": ("staff", "Organización", "équipe"),
}  # fmt: skip
STATUS_WORDS = {
    "confirmed": ("confirmed", "Confirmada", "CONFIRMÉ"), "cancelled": ("cancelled", "Canceled", "anulado", "annulée"),
}  # fmt: skip
LANGUAGE_WORDS = {
    "en": ("en", "English", "en-GB"),
    "es": ("es", "Español"),
    "fr": ("fr", "Français", "FR"),
}
HEADINGS = (
    {}, {name: name.replace("_", " ").title() for name in COLUMNS},
    {"first_name": "Nombre", "last_name": "Apellidos", "email": "Correo electrónico", "gender": "Género", "city": "Ciudad",
     "country": "País", "organisation": "Organización", "member": "Miembro", "job_title": "Cargo",
     "category": "Categoría", "language": "Idioma", "registered_at": "Fecha de inscripción", "status": "Estado",
     "checked_in_at": "Hora de llegada"},
    {"first_name": "PRÉNOM", "last_name": "Nom", "email": "Courriel", "gender": "Genre", "city": "Ville",
     "country": "Pays", "organisation": "Organisme", "member": "Membre", "job_title": "Fonction",
     "category": "Catégorie", "language": "Langue", "registered_at": "Date d'inscription", "status": "Statut",
     "checked_in_at": "Heure d'arrivée"},
)  # fmt: skip
FORMS = {
    "en": ("City of {}", "{} City Council", "{} Metropolitan Area"),
    "es": ("Ayuntamiento de {}", "Municipio de {}", "Área Metropolitana de {}"),
    "fr": ("Ville de {}", "Métropole de {}"),
}
WILD_FORMS = (
    "Municipality of {}", "Comune di {}", "Stadt {}", "Mairie de {}", "Alcaldía de {}", "Greater {}", "Prefeitura de {}",
    "Communauté urbaine de {}", "AYUNTAMIENTO DE {}", "city of {}", "{} (HQ)", "Municipalidad de {}", "{}.",
)  # fmt: skip
ALPHA_3 = {
    code: to
    for code, to in get_global("territory_aliases").items()
    if len(code) == 3
    and code.isalpha()
    and code not in {"BUR", "DDR", "FXX", "TMP", "XKK", "YMD", "ZAR"}
}
EXONYMS = ("es", "fr", "pt", "it", "de", "en", "ru", "ar", "zh")


@cache
def true_cities() -> tuple[City, ...]:
    """List the largest cities of every country; of two of one name the larger."""
    rows = current_index().rows(
        "SELECT id FROM city WHERE population >= ? ORDER BY population DESC, id", [SMALLEST]
    )
    cities = current_index().cities([int(str(number)) for (number,) in rows])
    found: dict[str, dict[str, City]] = defaultdict(dict)
    for (number,) in rows:
        city = cities[int(str(number))]
        if len(found[city.country]) < PER_COUNTRY:
            found[city.country].setdefault(key(city.name), city)
    return tuple(city for country in sorted(found) for city in found[country].values())


@cache
def exonyms() -> dict[int, tuple[str, ...]]:
    """Give what the cities of the time zones are called elsewhere, from CLDR."""
    by_name = {(city.country, key(city.name)): city.id for city in true_cities()}
    by_name |= {
        (city.country, key(city.names["en"])): city.id
        for city in true_cities()
        if "en" in city.names
    }
    english = Locale.parse("en").time_zones
    found: dict[int, tuple[str, ...]] = {}
    for zone, country in get_global("zone_territories").items():
        name = english.get(zone, {}).get("city") or zone.split("/")[-1].replace("_", " ")
        number = by_name.get((country, key(name)))
        called = [Locale.parse(each).time_zones.get(zone, {}).get("city") for each in EXONYMS]
        if number is not None and any(called):
            found[number] = tuple(text for text in called if text)
    return found


def _bare(text: str) -> str:
    decomposed = unicodedata.normalize("NFKD", text)
    return "".join(letter for letter in decomposed if not unicodedata.combining(letter))


def _error(dice: random.Random, city: City, *, wild: bool) -> str:
    """Drop a letter or swap two, never the first; ``wild``: double or replace one, too.

    An error that makes another name of the country is none: ``Naning`` is a name of Nanning, not of Nanjing.
    """
    text = city.name
    if len(text) < 6:
        return text
    at = dice.randrange(1, len(text) - 1)
    kind = dice.choice(("drop", "swap", "double", "replace") if wild else ("drop", "swap"))
    if kind == "replace" and not (text[at].isalpha() and text[at].isascii()):
        kind = "double"
    typed = {
        "drop": text[:at] + text[at + 1 :],
        "swap": text[:at] + text[at + 1] + text[at] + text[at + 2 :],
        "double": text[:at] + text[at] + text[at:],
        "replace": text[:at] + chr((ord(text[at].lower()) - 96) % 26 + 97) + text[at + 1 :],
    }[kind]
    return text if current_index().named([key(typed)], city.country) else typed


@dataclass
class Person:
    """One person as they are, and the row of cells that was typed for them."""

    email: str
    city: City
    cells: dict[str, str]
    gender: str
    category: str
    status: str
    arrived: datetime | None
    member: City | None


@dataclass
class Congress:
    """A congress: its files, its true figures (the keys of ``truth.json``), and its people."""

    members: bytes
    registrations: bytes
    truth: dict[str, Any]
    people: list[Person] = field(default_factory=list)
    repeated: frozenset[str] = frozenset()  # addresses


class _Maker:
    def __init__(self, seed: int, rows: int, *, wild: bool) -> None:
        self.dice = random.Random(seed)  # the same congress for ever
        self.rows, self.wild = rows, wild
        self.encoding, self.delimiter = "utf-8", ","
        if wild:
            self.encoding = self.dice.choice(("utf-8", "utf-8-sig", "cp1252", "utf-16"))
            self.delimiter = self.dice.choice(",;\t|")
        countries = sorted({city.country for city in true_cities()})
        self.dice.shuffle(countries)
        weight = {country: 1 / (rank + 3) for rank, country in enumerate(countries[:85])}
        self.cities = [
            city
            for city in true_cities()
            if city.country in weight and self._writable(city.name, "")
        ]
        ranks: Counter[str] = Counter()
        self.weights = []
        for city in self.cities:
            ranks[city.country] += 1
            self.weights.append(weight[city.country] / ranks[city.country])
        chosen = self.dice.choices(self.cities, self.weights, k=rows // 8)
        self.member_cities = {city.id: city for city in chosen}
        self.used: set[str] = set()

    def _writable(self, text: str, otherwise: str) -> str:
        try:
            text.encode(self.encoding)
        except UnicodeEncodeError:
            return otherwise
        return text

    def _typed_city(self, city: City, language: str) -> str:
        dice, name = self.dice, city.name
        ways: list[tuple[float, Callable[[], str]]] = [
            (77, lambda: name), (2.2, name.upper), (2.2, name.lower), (2.2, lambda: f"  {name} "),
            (3, lambda: _bare(name)), (3, lambda: dice.choice(exonyms().get(city.id, (name,)))),
            (3, lambda: _error(dice, city, wild=False)),
            (3, lambda: f"{name}, {country_name(city.country, language)}"),
            (6, lambda: dice.choice(FORMS[language]).format(name)),
        ]  # fmt: skip
        if self.wild:
            ways += [
                (4, lambda: _error(dice, city, wild=True)), (6, lambda: dice.choice(WILD_FORMS).format(name)),
                (4, lambda: dice.choice(list(city.names.values()) or [name])), (2, name.title),
                (2, lambda: f"{name} ({country_name(city.country, dice.choice(('en', 'es', 'fr')))})"),
                (2, lambda: f"\t{_bare(name).upper()}\N{NO-BREAK SPACE}"),
            ]  # fmt: skip
        return dice.choices([way for _weight, way in ways], [weight for weight, _way in ways])[0]()

    def _typed_country(self, city: City, language: str) -> str:
        ways = [country_name(city.country, language)] * 16 + [city.country] * 3
        ways += [country_name(city.country, "en")] * 1
        if self.wild:
            ways += [code for code in ALPHA_3 if ALPHA_3[code] == [city.country]] * 2
            ways += [country_name(city.country, each).upper() for each in ("en", "es", "fr")]
            ways += [city.country.lower(), f" {country_name(city.country, 'es')} "]
        return self.dice.choice(ways)

    def _moment(self, moment: datetime) -> str:
        forms = ["%Y-%m-%dT%H:%M"]
        if self.wild:
            forms += [
                "%Y-%m-%d %H:%M",
                "%Y-%m-%dT%H:%M:%S",
                "%d/%m/%Y %H:%M",
                "%d.%m.%Y %H:%M:%S",
                "Z",
                "+",
            ]
        form = self.dice.choice(forms)
        if form == "Z":
            return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        return moment.isoformat() if form == "+" else moment.strftime(form)

    def _word(self, word: str, words: dict[str, tuple[str, ...]]) -> str:
        return self.dice.choice(words[word]) if self.wild else word

    def person(self) -> Person:
        dice = self.dice
        city = dice.choices(self.cities, self.weights)[0]
        language = "es" if city.country in SPANISH else "fr" if city.country in FRENCH else "en"
        while (email := f"p{dice.randrange(10**7):07}@example.org") in self.used:
            pass
        self.used.add(email)
        member = self.member_cities.get(city.id) if dice.random() < 0.35 else None
        first, last = dice.choice(LATIN_NAMES if self.encoding == "cp1252" else NAMES)
        gender = dice.choices(GENDERS, (46, 47, 1, 4, 2))[0]
        category = dice.choices(tuple(CATEGORY_WORDS), (47, 6, 16, 17, 14))[0]
        status = "cancelled" if dice.random() < 0.027 else "confirmed"
        registered = datetime(2023, 2, 1, tzinfo=ZONE) + timedelta(
            minutes=dice.randrange(120 * 1440)
        )
        arrived = None
        if status == "confirmed" and dice.random() < 0.89:
            late = int(dice.expovariate(1 / 50))
            arrived = datetime(2023, 6, 12 + late // 480 % 3, 8, tzinfo=ZONE) + timedelta(
                minutes=late % 480
            )
        cells = {
            "first_name": first, "last_name": last, "email": email, "gender": self._word(gender, GENDER_WORDS),
            "city": self._writable(self._typed_city(city, language), city.name),
            "country": self._typed_country(city, language), "organisation": dice.choice(FIRMS), "member": "",
            "job_title": "Mayor", "category": self._word(category, CATEGORY_WORDS),
            "language": self._word(language, LANGUAGE_WORDS), "registered_at": self._moment(registered),
            "status": self._word(status, STATUS_WORDS), "checked_in_at": self._moment(arrived) if arrived else "",
        }  # fmt: skip
        if member:
            ways = [city.name]
            ways += (
                [city.name.upper(), _bare(city.name), f" {city.name.lower()} "] if self.wild else []
            )
            cells["member"] = self._writable(dice.choice(ways), city.name)
            cells["organisation"] = city.name
        return Person(email, city, cells, gender, category, status, arrived, member)

    def congress(self) -> Congress:
        dice = self.dice
        repeated, bad = max(3, self.rows // 140), [*BAD, *(WILD_BAD if self.wild else ())]
        people = [self.person() for _ in range(self.rows - repeated - len(bad))]
        table = [person.cells for person in people]
        twice = dice.sample(people, repeated)
        for person in twice:
            later = {
                "email": person.email.upper(),
                "registered_at": "2023-06-10T10:00",
                "checked_in_at": "",
            }
            table.append({**person.cells, **later})
        for wrong in bad:
            email = f"bad{dice.randrange(10**6)}@example.org"
            table.append({**dice.choice(people).cells, "email": email, **wrong})
        dice.shuffle(table)
        truth = {"rows": len(table), "duplicates": repeated, "rejected": len(bad), **_truth(people)}
        emails = frozenset(person.email for person in twice)
        return Congress(self._members(), self._file(table), truth, people, emails)

    def _file(self, table: list[dict[str, str]]) -> bytes:
        columns, headings = list(COLUMNS), self.dice.choice(HEADINGS) if self.wild else {}
        if self.wild:
            self.dice.shuffle(columns)
        text = io.StringIO()
        ends = self.dice.choice(("\r\n", "\n")) if self.wild else "\r\n"
        writer = csv.writer(text, delimiter=self.delimiter, lineterminator=ends)
        writer.writerow([headings.get(name, name) for name in columns])
        writer.writerows([[row[name] for name in columns] for row in table])
        return text.getvalue().encode(self.encoding)

    def _members(self) -> bytes:
        text = io.StringIO()
        writer = csv.writer(text)
        writer.writerow(("name", "city", "country", "region", "kind", "since"))
        for city in sorted(self.member_cities.values(), key=lambda each: (each.name, each.id)):
            area = city.timezone.split("/")[0]
            region = REGIONS.get(area, "Latin America and the Caribbean")
            since = self.dice.randrange(1985, 2023)
            writer.writerow((city.name, city.name, city.country, region, "member", since))
        return text.getvalue().encode()


def _counts(values: Any) -> dict[Any, int]:
    return dict(Counter(values))


def _truth(people: list[Person]) -> dict[str, Any]:
    came = [person for person in people if person.arrived]
    speakers = [person for person in came if person.category == "speaker"]
    confirmed = sum(person.status == "confirmed" for person in people)
    return {
        "registrations": len(people),
        "cancelled": len(people) - confirmed,
        "confirmed": confirmed,
        "attended": len(came),
        "no_shows": confirmed - len(came),
        "cities": len({person.city.id for person in came}),
        "countries": len({person.city.country for person in came}),
        "gender": _counts(person.gender or "not stated" for person in came),
        "member_representatives": sum(person.member is not None for person in came),
        "members_present": len({person.member.id for person in came if person.member}),
        "speakers": len(speakers),
        "speakers_by_gender": _counts(person.gender or "not stated" for person in speakers),
        "by_country": _counts(person.city.country for person in came),
        "by_city": _counts(str(person.city.id) for person in came),
        "by_category": _counts(person.category for person in came),
        "arrivals_by_day": _counts(
            person.arrived.strftime("%Y-%m-%d") for person in came if person.arrived
        ),
        "arrivals_by_hour": _counts(
            person.arrived.strftime("%Y-%m-%dT%H") for person in came if person.arrived
        ),
    }


def make_congress(seed: int, rows: int = 400, *, wild: bool = False) -> Congress:
    """Make a congress; the same seed (with the same places) gives the same one."""
    return _Maker(seed, rows, wild=wild).congress()


def _corrected(dice: random.Random, person: Person) -> Person:
    """Give the person with one fact put right, and the row that says so."""
    kinds = ["gender", "city", "category"]
    kinds += (
        ["arrival", "status"] * 3 if person.status == "confirmed" and not person.arrived else []
    )
    kind = dice.choice(kinds)
    if kind == "gender":
        gender = "woman" if person.gender != "woman" else "man"
        return replace(person, gender=gender, cells={**person.cells, "gender": gender})
    if kind == "city":
        city = next(each for each in dice.sample(true_cities(), 2) if each.id != person.city.id)
        cells = {**person.cells, "city": city.name, "country": city.country}
        return replace(person, city=city, cells=cells)
    if kind == "category":
        category = "speaker" if person.category != "speaker" else "press"
        return replace(person, category=category, cells={**person.cells, "category": category})
    if kind == "status":
        return replace(person, status="cancelled", cells={**person.cells, "status": "cancelled"})
    arrived = datetime(2023, 6, 14, 16, 5, tzinfo=ZONE)
    return replace(
        person, arrived=arrived, cells={**person.cells, "checked_in_at": arrived.isoformat()}
    )


def correct(congress: Congress, seed: int, people: int = 25) -> tuple[Congress, int]:
    """Correct some people in a file of its own; gives the congress as it is then, and how many changed."""
    dice = random.Random(seed)
    once = [person for person in congress.people if person.email not in congress.repeated]
    changed = {each.email: _corrected(dice, each) for each in dice.sample(once, people)}
    everybody = [changed.get(person.email, person) for person in congress.people]
    text = io.StringIO()
    writer = csv.DictWriter(text, COLUMNS)
    writer.writeheader()
    writer.writerows(person.cells for person in changed.values())
    corrected = Congress(congress.members, text.getvalue().encode(), _truth(everybody), everybody)
    return corrected, len(changed)

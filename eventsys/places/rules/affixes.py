"""Words that an institution puts before or after the name of its city, in the languages of the members.

A phrase is written folded (no case, no accents). Longer phrases are tried first. What names a region
and not a city (``Province of``) is kept apart: it is never taken for the city without a person.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Final

from rapidfuzz import process
from rapidfuzz.distance import OSA

# Heads that are followed by a linking word (de, of, von …) or directly by the name.
_HEADS: Final = """
ayuntamiento constitucional|ilustre municipio|cm|c m|com urb|agglo
ayuntamiento|excelentisimo ayuntamiento|excmo ayuntamiento|ilustre municipalidad|municipalidad|municipalidad distrital
municipalidad provincial|municipalidad metropolitana|municipalidad capital|municipio|municipio metropolitano|gobierno municipal|gobierno
gobierno autonomo municipal|gobierno autonomo descentralizado|gad municipal|gad|gobierno local|gobierno metropolitano|gobierno del distrito metropolitano
gobierno de la ciudad|ciudad|ciudad autonoma|alcaldia|alcaldia mayor|alcaldia municipal|alcaldia distrital|alcaldia metropolitana
area metropolitana|zona metropolitana|region metropolitana|distrito metropolitano|distrito capital|distrito especial|distrito
intendencia|intendencia municipal|cabildo|concejo|concejo municipal|consejo municipal|secretaria|capital
mancomunidad|entidad metropolitana|autoridad metropolitana|corporacion municipal|comuna|partido|canton central
ajuntament|excellentissim ajuntament|ciutat|regio metropolitana|consell metropolita|municipi
concello|cidade|concello e cidade|udala|camara municipal|camara|prefeitura|prefeitura municipal|prefeitura da cidade|prefeitura do municipio
governo|governo municipal|governo da cidade|municipio e cidade|regiao metropolitana|conselho municipal|conselho municipal da cidade|conselho executivo
ville|ville nouvelle|mairie|mairie centrale|hotel de ville|metropole|metropole europeenne|eurometropole|communaute urbaine|communaute d agglomeration
communaute de communes|agglomeration|agglomeration urbaine|commune|commune urbaine|municipalite|region urbaine|district autonome|district|aire urbaine
conseil municipal|conseil communal|commune rurale|delegation speciale|arrondissement|grande ville|la ville|la commune|la municipalite|ville et commune
communaute metropolitaine|grand|la metropole|administration communale|cite
city|the city|city council|the city council|city government|city hall|the city hall|town hall|the town hall|municipality|the municipality|metropolitan municipality|metropolitan city
metropolitan area|metropolitan region|greater|town|the town|town council|township|borough|the borough|london borough|royal borough|council|corporation
municipal corporation|municipal council|municipal government|municipal district|metropolitan council|metropolitan borough|metropolitan borough council
metropolitan government|mayor|the mayor|office of the mayor|mayoralty|urban district|urban council|metro|capital city|capital|special city|autonomous city|city and county
city administration|city corporation|government|local government|village|council of the city|city region|urban area|urban agglomeration
comune|citta|citta metropolitana|municipio|area metropolitana|comune e citta|la citta|il comune|regione metropolitana|capoluogo
stadt|die stadt|landeshauptstadt|hauptstadt|bundeshauptstadt|bundesstadt|hansestadt|freie hansestadt|freie und hansestadt|stadtverwaltung|stadtgemeinde|stadt und land
gemeinde|magistrat|magistrat der stadt|metropolregion|region|grossraum|kreisfreie stadt|universitatsstadt|wissenschaftsstadt|rathaus|regionalverband|verbandsgemeinde|marktgemeinde
gemeente|stad|de stad|de gemeente|gemeentebestuur|hoofdstad|stadsregio|metropoolregio|stadsbestuur|bestuur|stadsdeel|metropool
miasto|m|miasto stoleczne|m st|stoleczne miasto|urzad miasta|urzad miejski|gmina|gmina miasto|urzad|urzad gminy|miasto na prawach powiatu|prezydent miasta|rada miasta|stoleczne krolewskie miasto|aglomeracja|metropolia
mesto|statutarni mesto|hlavni mesto|magistrat mesta|magistrat hlavniho mesta|obec|mestsky urad|magistrat|okres|hlavne mesto|opstina|gradska opstina|skupstina grada|obcina|mestna obcina|opcina|grad|glavni grad|gradska uprava
kommune|kommun|staden|kobenhavn kommune|byen|bykommune|stads|by|kaupunki|linn|pilseta|miestas|miesto savivaldybe|savivaldybe|varos|fovaros
primaria|primaria municipiului|municipiul|orasul|consiliul local|primaria orasului|primaria generala
belediye|belediyesi|sehri|sehir|il|t c|tc
город|г|гор|город герой|мэрия|мэрия города|администрация|администрация города|администрация г|городской округ|городская администрация|муниципалитет|мэр города|горисполком|правительство|столица|город федерального значения|муниципальное образование|мо|городское поселение
мiсто|місто|м|м-то|мерия|община|столична община|град|гр|општина|градска управа
δημος|πολη|δημος της|δημου
بلديه|مدينه|امانه|امانه مدينه|عاصمه|بلديه مدينه|مجلس مدينه|جماعه|شهرداري|شهر|كلان شهر|بلديه العاصمه|مجلس بلدي|مجلس|ولايه مدينه|العاصمه
עיריית|עיר|מועצה
kota|kotamadya|pemerintah kota|pemkot|dki|kota administrasi|bandar|bandaraya|majlis bandaraya|majlis perbandaran|dewan bandaraya|bandar raya|walikota
thanh pho|tp|thi xa|uy ban nhan dan thanh pho|ubnd tp|thu do|thanh pho truc thuoc trung uong
lungsod|lungsod ng|pamahalaang lungsod|siyudad|siyudad sa|bayan|bayan ng|dakbayan sa|poblacion
nagar nigam|nagar palika|mahanagar palika|mahanagar|kathmandu metropolitan|bruhat|brihanmumbai|jila
mji|jiji|jiji la|mji wa|halmashauri ya jiji|manispaa|manispaa ya|kaunti ya
tambon|amphoe|khet|thesaban nakhon|thesaban mueang|krung thep maha nakhon|khlong
"""
_LINKS: Final = (
    "de la", "de las", "de los", "de l", "del", "de", "d", "da", "do", "das", "dos", "du", "des", "de le", "dels", "di", "della", "dell", "delle",
    "dei", "of the", "of", "der", "von", "vom", "van", "van de", "den", "e", "la", "le", "el", "los", "las", "the", "i", "no",
    "города", "ng", "na", "te", "lui", "al", "ال", "a", "des",
)  # fmt: skip
_REGIONS: Final = """
prefecture|prefektur|prefectura|provincia|province|provinz|provincie|provincia autonoma|state|estado|etat|stato|bundesland|land|freistaat|kanton|canton|departement|departamento|department|region|regio
region administrativa|comarca|oblast|область|край|республика|republic|republique|republica|governorate|gouvernorat|gobernacion|gobernacion del|diputacion|diputacion provincial|diputacio|conseil departemental
wilaya|wilaya de|prefecture|prefectura|county|comte|condado|woiwodschaft|voivodeship|wojewodztwo|powiat|urzad marszalkowski|kabupaten|regency|provinsi|tinh|changwat|il|ili
محافظه|ولايه|اقليم|استان|منطقه|district of|rural municipality|conseil regional|regional council|regional government|gobierno regional|governo do estado|gobierno del estado|gobierno de la provincia|valle|vale|isla|island|ile|islas|islands
junta|generalitat|comunidad|comunidad autonoma|comunidad de|communaute autonome|autonomous community|autonomous region|zona franca|cabildo insular|consell insular|govern|governo regional
"""
_TAILS: Final = """
city|city council|city hall|town hall|city government|metropolitan area|metropolitan region|metropolitan city|metropolitan municipality|metropolitan government|metropolitan district
metropolitan borough council|metropolitan borough|metropolitan council|metropolitan authority|metropolitan assembly|metropolitan|metro|metro area|metropolis|municipality|municipal council|municipal corporation|municipal government
municipal assembly|municipal district|municipal authority|municipal|town|town council|council|corporation|city corporation|city municipality|sub metropolitan city|local municipality|local government|county council|city county|city county government
urban area|urban agglomeration|urban community|urban district|district council|borough council|borough|special city|capital city|capital district|capital territory|capital region|capital|city administration|administration|government
metropolitan development authority|development authority|city district|city district government|cantonment|township|village|mayors office|mayor s office|mayor|region|central|centre|center|centro|ville|downtown|greater area|bay area|area|proper
metropole|metropole europeenne|eurometropole|agglomeration|agglo|cedex|communaute urbaine|communaute|mediterranee|commune|mairie|grand|intramuros|capitale
capital federal|distrito capital|d c|dc|d f|df|d m|dm|distrito metropolitano|ciudad|municipio|municipalidad|area metropolitana|d t|d t y c|d e i p|capital
buyuksehir belediyesi|buyuksehir belediye baskanligi|buyuk sehir belediyesi|buyuksehir|belediyesi|belediye baskanligi|belediye|sehri|ili|valiligi|il
stadt|stadtverwaltung|landeshauptstadt|hansestadt|am see|region
gemeente|stad|centrum|kommune|kommun|stads kommun|stads|s kommun|s stad|s kommune|by|kaupunki|linn|linnavalitsus|linnapea|dome|pilsetas dome|pilseta|miesto savivaldybe|miesto savivaldybes administracija|miestas|savivaldybe|varos|varosa|onkormanyzata|megyei jogu varos
miasto|m st|m|mesto|grad|magistrat|city hall
город|г|городской округ|ское городское поселение|мэрия|администрация|столица
місто|міська рада|мiська рада|громада
udala|hiria|udaletxea
metropolitana|prefeitura|camara municipal|municipal|cidade
市|市政府|市人民政府|人民政府|城|县|區|区|郡|特别行政区|特别市|直辖市|首都|都|府|市役所|都厅|市厅|市区|町|村|镇|大都会|都会区|都市圈|大都市区
시|특별시|광역시|특별자치시|시청|구|군
شهر|ويلايت
city gov|urban|proper city|city proper|metropolregion|metropolitan city government|agglomeratie|agglomerat
"""


def _phrases(block: str) -> set[tuple[str, ...]]:
    return {
        tuple(phrase.split())
        for line in block.split("\n")
        for phrase in line.split("|")
        if phrase.strip()
    }


_LINK_PHRASES: Final = {tuple(link.split()) for link in _LINKS}
HEADS: Final = frozenset(_phrases(_HEADS))
REGION_HEADS: Final = frozenset(_phrases(_REGIONS))
TAILS: Final = frozenset(_phrases(_TAILS))
LONGEST: Final = 7  # words of the longest phrase


def _unlinked(rest: list[str]) -> list[list[str]]:
    """Give the rest after a head, with and without its linking word."""
    found = [
        rest[len(link) :]
        for link in _LINK_PHRASES
        if tuple(rest[: len(link)]) == link and len(rest) > len(link)
    ]
    # The longest link first: "de la Serena" is tried as "Serena" and as "la Serena" too.
    found.sort(key=len)
    return [*found, rest]


# A word of an institution may be misspelt, too: "Ayuntamineto de Bilbao".
_LONG_WORD: Final = 7  # letters
_LONG_WORDS: Final = sorted(
    {
        word
        for phrase in HEADS | TAILS
        for word in phrase
        if len(word) >= _LONG_WORD and word.isascii()
    },
)


@lru_cache(maxsize=2000)
def _mended(word: str) -> str:
    if len(word) < _LONG_WORD - 1 or not word.isascii():
        return word
    found = process.extractOne(word, _LONG_WORDS, scorer=OSA.distance, score_cutoff=1)
    return found[0] if found else word


# How institutions are abbreviated and honoured: "H. Ayto. de Tijuana".
_SPELT_OUT: Final = {
    "ayto": "ayuntamiento", "aytto": "ayuntamiento", "mpio": "municipio", "mcpio": "municipio",
    "mun": "municipio", "munic": "municipio", "alc": "alcaldia", "gob": "gobierno",
    "pref": "prefeitura", "govt": "government", "gov": "government", "metr": "metropolitan",
    "metrop": "metropolitan", "auth": "authority", "corp": "corporation", "admin": "administration",
}  # fmt: skip
_HONOURS: Final = frozenset(
    "h i m excmo exmo ilmo ilustre honorable hon hble muy excelentisimo heroico".split()
)


def mended(words: list[str]) -> list[str]:
    """Give the words with those of institutions spelt out and put right, and without their honours."""
    start = 0
    while start < len(words) - 1 and words[start] in _HONOURS:
        start += 1
    return [_SPELT_OUT.get(word) or _mended(word) for word in words[start:]]


def after_head(words: list[str]) -> list[list[str]]:
    """Give what may remain of a name when the institution before it is taken away."""
    for size in range(min(LONGEST, len(words) - 1), 0, -1):
        if tuple(words[:size]) in HEADS:
            return _unlinked(words[size:])
    return []


def before_tail(words: list[str]) -> list[list[str]]:
    """Give what may remain of a name when the institution after it is taken away."""
    return [
        words[:-size]
        for size in range(min(LONGEST, len(words) - 1), 0, -1)
        if tuple(words[-size:]) in TAILS
    ]


def after_region(words: list[str]) -> list[list[str]]:
    """Give what may remain when a word for a region is taken away: it needs a person to confirm."""
    for size in range(min(LONGEST, len(words) - 1), 0, -1):
        if tuple(words[:size]) in REGION_HEADS:
            return _unlinked(words[size:])
        if tuple(words[-size:]) in REGION_HEADS:
            return [words[:-size]]
    return []


# Han and Hangul write the word for "city" to the name without a space.
_JOINED_TAILS: Final = sorted(
    (
        "市 市政府 市人民政府 人民政府 城 县 区 郡 特别行政区 特别市 直辖市 都 市役所 市区 町 村 镇 岛 港 大都会 都会区 都市圈 首都 首都圈 "
        "시 특별시 광역시 특별자치시 시청 구 군 특별자치도"
    ).split(),
    key=len,
    reverse=True,
)


def without_joined_tail(key: str) -> list[str]:
    """Give a Han or Hangul name without the word for "city" at its end."""
    return [
        key[: -len(tail)]
        for tail in _JOINED_TAILS
        if key.endswith(tail) and len(key) > len(tail) + 1
    ]

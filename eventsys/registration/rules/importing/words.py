"""Words of a closed set as people type them in three languages."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from eventsys.core.text import fold

if TYPE_CHECKING:
    from collections.abc import Mapping

_NO_WORD: Final = re.compile(r"[^\w]+|_+")


def word_key(text: str) -> str:
    """Give the form in which two spellings of a word are equal: no case, accents, punctuation.

    >>> word_key("Prénom ") == word_key("PRENOM")
    True
    """
    return _NO_WORD.sub(" ", fold(text)).strip()


def spellings(text: str) -> list[str]:
    """Take a list of words apart at its commas."""
    return [" ".join(word.split()) for word in text.split(",")]


def _index(words: Mapping[str, str]) -> dict[str, str]:
    return {
        word: value for value, text in words.items() for word in (word_key(value), *spellings(text))
    }


GENDERS: Final = _index(
    {
        "woman": """
            female, f, w, women, mujer, mujeres, femenino, femenina, fem, femme, femmes, feminin,
            feminine
        """,
        "man": """
            male, men, h, hombre, hombres, masculino, masculina, masc, homme, hommes, masculin,
            masculine
        """,
        "non-binary": """
            nonbinary, nb, x, other, non binary or other, woman or man does not fit, no binario, no
            binaria, no binarie, no binarix, persona no binaria, otro, otra, otre, no binario u
            otro, non binaire, personne non binaire, autre, non binaire ou autre, diverse, divers
        """,
        "prefer not to say": """
            prefers not to say, prefer not to answer, prefer not to disclose, undisclosed, prefiero
            no decirlo, prefiere no decirlo, prefiero no decir, prefiere no decir, prefiero no
            responder, prefiere no responder, prefiero no contestar, je prefere ne pas le dire,
            prefere ne pas le dire, prefere ne pas dire, prefere ne pas repondre, je prefere ne pas
            repondre, ne souhaite pas repondre, ne se prononce pas
        """,
        "": """
            not stated, n a, na, no consta, sin respuesta, no indicado, non renseigne, non precise,
            non indique, sans reponse
        """,
    },
)

STATUSES: Final = _index(
    {
        "invited": "con invitacion, invitation, invitado, invitada, invite, invitee",
        "nominated": """
            propuesto, propuesta, propose, proposee, nominado, nominada, designado,
            designada, nomme, nommee, designe, designee
        """,
        "submitted": """
            place held, plaza reservada, plaza retenida, place reservee, place retenue,
            in review, pending, en examen, under review, enviado, enviada, en revision,
            pendiente, soumis, soumise, en
            attente de validation
        """,
        "waiting": """
            waiting list, waitlist, waitlisted, on waiting list, lista de espera, en lista de
            espera, en espera, liste d attente, en liste d attente, en attente
        """,
        "approved": """
            aprobado, aprobada, approuve, approuvee, accepted, aceptado, aceptada, accepte, acceptee
        """,
        "confirmed": """
            confirmado, confirmada, confirme, confirmee, registered, inscrito, inscrita, inscrit,
            inscrite
        """,
        "rejected": "declined, rechazado, rechazada, refuse, refusee, rejete, rejetee",
        "cancelled": "canceled, cancelado, cancelada, anulado, anulada, annule, annulee",
        "expired": "caducado, caducada, vencido, vencida, expire, expiree",
    },
)

LANGUAGES: Final = _index(
    {
        "en": "english, ingles, inglesa, anglais, eng",
        "es": "spanish, espanol, castellano, espagnol, spa",
        "fr": "french, frances, francais, fra, fre",
    },
)


def read_gender(text: str, letters: frozenset[str] = frozenset()) -> str | None:
    """Give a gender of the contract, "" for not stated, None for a word that is not known.

    The letter M alone says "mujer" where H stands beside it and "male" where F does; ``letters`` are the
    single letters of the whole column. Where both or neither is used it is not known.
    """
    key = word_key(text)
    if key == "m":
        spanish, other = "h" in letters, bool(letters & {"f", "w"})
        return None if spanish == other else "woman" if spanish else "man"
    if not text.strip() or not key:
        return ""
    return GENDERS.get(key)


def read_status(text: str) -> str | None:
    """Give a registration status, None for a word that is not known."""
    return STATUSES.get(word_key(text))


def read_language(text: str) -> str | None:
    """Give ``en``, ``es`` or ``fr``; regional forms such as ``es-MX`` are understood."""
    key = word_key(text)
    return LANGUAGES.get(key) or LANGUAGES.get(key.split(" ")[0] if key else "")

"""Which category of an event a word means."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from eventsys.events.rules import CATEGORY_KINDS
from eventsys.registration.rules.importing.words import spellings, word_key

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

# What the standard categories are called in tables, beside their own names.
_WORDS: Final = {
    "delegate": """
        delegate, delegates, participant, participants, delegado, delegada, delegados, delegadas,
        participante, delegue, deleguee, participante
    """,
    "speaker": """
        speaker, speakers, panellist, panelist, moderator, keynote, ponente, ponentes, panelista,
        conferenciante, orador, oradora, moderador, moderadora, intervenant, intervenante, orateur,
        oratrice, conferencier, conferenciere, moderateur, moderatrice
    """,
    "observer": "observer, observers, observador, observadora, observateur, observatrice",
    "partner": """
        partner, partners, sponsor, colaborador, colaboradora, patrocinador, patrocinadora,
        partenaire, partenaires
    """,
    "press": "press, media, journalist, prensa, medios, periodista, presse, medias, journaliste",
    "staff": """
        staff, organiser, organizer, team, organizacion, equipo, personal, equipe, personnel,
        organisation
    """,
    "volunteer": "volunteer, volunteers, voluntario, voluntaria, voluntariado, benevole, benevoles",
    "accompanying": """
        accompanying person, companion, guest, acompanante, acompanantes, invitado, invitada,
        accompagnant, accompagnante, invite, invitee
    """,
}
STANDARD: Final = tuple(kind[0] for kind in CATEGORY_KINDS)
_NOT_IN_A_CODE: Final = re.compile(r"[^a-z0-9]+")
_CODE_LENGTH: Final = 40


def category_words(categories: Iterable[tuple[str, Mapping[str, str]]]) -> dict[str, str]:
    """Give the words for the categories of an event (code, names by language): word → code.

    The standard categories are known even where the event lacks them: an import adds them.
    """
    words: dict[str, str] = {}
    for code, *names in CATEGORY_KINDS:
        for word in (code, *names[:3]):
            words[word_key(str(word))] = code
        words.update(dict.fromkeys(spellings(_WORDS[code]), code))
    # What the organiser called a category goes before what we would call it.
    for code, names_by_language in categories:
        words.update(dict.fromkeys(map(word_key, names_by_language.values()), code))
    for code, _names in categories:
        words[word_key(code)] = code
    return words


def new_code(name: str) -> str | None:
    """Make the code of a category that an import adds on demand; None when the name has no Latin letter."""
    code = _NOT_IN_A_CODE.sub("-", word_key(name)).strip("-")[:_CODE_LENGTH].strip("-")
    return code if code and code[0].isalpha() else None

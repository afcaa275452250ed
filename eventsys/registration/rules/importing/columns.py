"""Which column of a table is which field, by its heading in Spanish, English or French."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from eventsys.registration.rules.importing.words import spellings, word_key

if TYPE_CHECKING:
    from collections.abc import Iterable

FIELDS: Final = (
    "first_name", "last_name", "email", "gender", "city", "country", "organisation", "member",
    "job_title",
    "category", "language", "registered_at", "status", "checked_in_at",
)  # fmt: skip
REQUIRED: Final = ("first_name", "email", "country")

# Headings as people write them, folded, parted by commas; a field's own name always works.
_HEADINGS: Final = {
    "first_name": """
        first name, firstname, given name, given names, forename, nombre, nombres, nombre de pila,
        prenom, prenoms, full name, name, nombre completo, nombre y apellidos, nom complet, prenom
        et nom
    """,
    "last_name": """
        last name, lastname, surname, surnames, family name, apellido, apellidos, primer apellido,
        nom, nom de famille, noms
    """,
    "email": """
        email, e mail, mail, email address, e mail address, correo, correo electronico, correo e,
        direccion de correo, direccion de correo electronico, courriel, adresse e mail, adresse
        email, adresse electronique, adresse de courriel, mel
    """,
    "gender": """
        gender, sex, genero, sexo, genre, sexe
    """,
    "city": """
        city, town, city represented, municipality, ciudad, ciudad representada, municipio,
        poblacion, localidad, ville, ville representee, commune, municipalite
    """,
    "country": """
        country, country or territory, nation, pais, pais o territorio, pays, pays ou territoire,
        country code, codigo de pais, code pays
    """,
    "organisation": """
        organisation, organization, company, institution, affiliation, employer, organizacion,
        entidad, empresa, institucion, organisme, entreprise, structure, etablissement
    """,
    "member": """
        member, member organisation, member organization, represents, miembro, socio, entidad
        miembro, representa a, membre, organisation membre, represente
    """,
    "job_title": """
        job title, jobtitle, position, title, function, role at work, cargo, puesto, funcion,
        fonction, poste, titre
    """,
    "category": """
        category, type, participant type, role, registration type, categoria, tipo, tipo de
        participante, categorie, type de participant, profil
    """,
    "language": """
        language, preferred language, idioma, lengua, langue, langue preferee
    """,
    "registered_at": """
        registered at, registered, registration date, date of registration, registered on, created
        at, submitted at, fecha de inscripcion, fecha de registro, fecha, inscripcion, inscrito el,
        inscrita el, date d inscription, inscrit le, inscription, date
    """,
    "status": """
        status, state, registration status, estado, estado de la inscripcion, situacion, statut,
        etat, statut de l inscription
    """,
    "checked_in_at": """
        heure d acces, acces,
        checked in at, checked in, check in, checkin, attended at, arrival, arrived at, entrada,
        llegada, hora de llegada, hora de entrada, hora de acceso, acceso, acreditacion,
        acreditado el, asistencia, arrivee,
        heure d arrivee, pointage, entree, enregistre le, presence
    """,
}

_BY_HEADING: Final = {
    heading: field
    for field, headings in _HEADINGS.items()
    for heading in (*spellings(headings), field.replace("_", " "))
}


def find_field(heading: str) -> str | None:
    """Find the field that a heading means; None when it is not one of ours."""
    return _BY_HEADING.get(word_key(heading))


def match_columns(columns: Iterable[str]) -> dict[str, str]:
    """Match the columns of a table with our fields: column → field.

    Of two columns for one field the one with the field's own name wins, else the first.

    >>> match_columns(["Nombre", "Apellidos", "Correo electrónico", "Talla"])
    {'Nombre': 'first_name', 'Apellidos': 'last_name', 'Correo electrónico': 'email'}
    """
    columns = list(columns)
    found: dict[str, str] = {}
    for exact in (True, False):
        for column in columns:
            field = find_field(column)
            if field is None or field in found.values() or column in found:
                continue
            if exact and word_key(column) != field.replace("_", " "):
                continue
            found[column] = field
    return {column: found[column] for column in columns if column in found}


def missing_fields(matching: dict[str, str]) -> list[str]:
    """List the fields without which no row can be imported."""
    return [field for field in REQUIRED if field not in matching.values()]

"""The events of the demo, dated from the day on which it is loaded."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from eventsys.core.i18n import LANGUAGES
from eventsys.events.rules.draft import EventDraft
from eventsys.events.rules.parts import Option, QuestionDraft

CONGRESS: Final = "world-congress-2023"
BRUSSELS, BARCELONA, GUADALAJARA, MONTEVIDEO = 2800866, 3128760, 4005539, 3441575


def _at(day: date, hour: int, zone: str) -> datetime:
    return datetime.combine(day, time(hour), ZoneInfo(zone)).astimezone(UTC)


def _option(value: str, english: str, spanish: str, french: str) -> Option:
    return Option(value=value, label={"en": english, "es": spanish, "fr": french})


def congress() -> EventDraft:
    """Give the past congress, of the size that the association's annual report prints."""
    zone = "Europe/Brussels"
    return EventDraft(
        slug=CONGRESS,
        kind="congress",
        format="in_person",
        title={
            "en": "14th World Congress",
            "es": "XIV Congreso Mundial",
            "fr": "14e Congrès mondial",
        },
        summary={
            "en": "Metropolises in transition: four days of plenaries, side events, visits and statutory meetings.",
            "es": "Metrópolis en transición: cuatro días de plenarios, actos, visitas y reuniones estatutarias.",
            "fr": "Des métropoles en transition : quatre jours de plénières, d’événements, de visites et de réunions.",
        },
        starts_at=_at(date(2023, 6, 12), 9, zone),
        ends_at=_at(date(2023, 6, 15), 18, zone),
        timezone=zone,
        country="BE",
        city_id=BRUSSELS,
        venue=dict.fromkeys(LANGUAGES, "The Egg"),
        capacity=2000,
        contact_email="congress@example.org",
        series="World Congress",
    )


def summit(today: date) -> EventDraft:
    """Give the open summit with questions of its own."""
    zone = "America/Mexico_City"
    first = today + timedelta(days=96)
    return EventDraft(
        slug="metropolitan-summit",
        kind="summit",
        format="hybrid",
        title={
            "en": "Metropolitan Summit",
            "es": "Cumbre Metropolitana",
            "fr": "Sommet métropolitain",
        },
        summary={
            "en": "Three days on housing, mobility and care in metropolitan areas.",
            "es": "Tres días sobre vivienda, movilidad y cuidados en las áreas metropolitanas.",
            "fr": "Trois jours sur le logement, la mobilité et le soin dans les aires métropolitaines.",
        },
        description={
            "en": "Mayors, technical teams and researchers work together on what a metropolis can do that a city "
            "alone cannot.\n\nInterpretation in English, Spanish and French. "
            "Members pay less, and whoever registers early.",
            "es": "Alcaldías, equipos técnicos e investigación trabajan juntos en lo que una metrópoli puede y una "
            "ciudad sola no.\n\nInterpretación en inglés, español y francés. "
            "Los miembros pagan menos, y también quien se inscribe pronto.",
            "fr": "Maires, équipes techniques et recherche travaillent ensemble à ce qu’une métropole peut faire et "
            "qu’une ville seule ne peut pas.\n\nInterprétation en anglais, espagnol et français. "
            "Tarif réduit pour les membres et pour les inscriptions anticipées.",
        },
        starts_at=_at(first, 9, zone),
        ends_at=_at(first + timedelta(days=2), 18, zone),
        timezone=zone,
        country="MX",
        city_id=GUADALAJARA,
        venue=dict.fromkeys(LANGUAGES, "Expo Guadalajara"),
        online_url="https://example.org/live",
        capacity=300,
        contact_email="summit@example.org",
    )


def webinar(today: date) -> EventDraft:
    """Give the coming webinar: no place, a short form."""
    zone = "Europe/Madrid"
    day = today + timedelta(days=19)
    return EventDraft(
        slug="care-webinar",
        kind="webinar",
        format="online",
        title={
            "en": "Metropolises that care", "es": "Metrópolis que cuidan", "fr": "Des métropoles qui prennent soin",
        },
        summary={
            "en": "How metropolitan governments organise care: three cases in ninety minutes.",
            "es": "Cómo organizan los cuidados los gobiernos metropolitanos: tres casos en noventa minutos.",
            "fr": "Comment les gouvernements métropolitains organisent le soin : trois cas en une heure et demie.",
        },
        starts_at=_at(day, 16, zone),
        ends_at=_at(day, 18, zone),
        timezone=zone,
        online_url="https://example.org/webinar",
        capacity=500,
        contact_email="learning@example.org",
    )  # fmt: skip


def workshop(today: date) -> EventDraft:
    """Give the workshop that is full, with a waiting list."""
    zone = "Europe/Madrid"
    day = today + timedelta(days=44)
    return EventDraft(
        slug="climate-workshop",
        kind="workshop",
        format="in_person",
        title={
            "en": "Workshop: heat in the city", "es": "Taller: el calor en la ciudad",
            "fr": "Atelier : la chaleur en ville",
        },
        summary={
            "en": "A working day for technical teams on shade, water and public space.",
            "es": "Una jornada de trabajo para equipos técnicos sobre sombra, agua y espacio público.",
            "fr": "Une journée de travail pour équipes techniques sur l’ombre, l’eau et l’espace public.",
        },
        starts_at=_at(day, 9, zone),
        ends_at=_at(day, 17, zone),
        timezone=zone,
        country="ES",
        city_id=BARCELONA,
        venue={
            "en": "Metropolitan campus",
            "es": "Campus metropolitano",
            "fr": "Campus métropolitain",
        },
        capacity=20,
        contact_email="learning@example.org",
    )  # fmt: skip


def assembly(today: date) -> EventDraft:
    """Give the statutory meeting."""
    zone = "America/Montevideo"
    day = today + timedelta(days=131)
    return EventDraft(
        slug="general-assembly",
        kind="assembly",
        format="hybrid",
        title={"en": "General Assembly", "es": "Asamblea General", "fr": "Assemblée générale"},
        summary={
            "en": "The statutory meeting of all member governments.",
            "es": "La reunión estatutaria de todos los gobiernos miembros.",
            "fr": "La réunion statutaire de tous les gouvernements membres.",
        },
        starts_at=_at(day, 10, zone),
        ends_at=_at(day, 14, zone),
        timezone=zone,
        country="UY",
        city_id=MONTEVIDEO,
        venue={"en": "City Hall", "es": "Palacio Municipal", "fr": "Hôtel de ville"},
        capacity=200,
        contact_email="secretariat@example.org",
    )


def summit_questions() -> tuple[QuestionDraft, ...]:
    """Give the summit's own questions."""
    needs = {"en": "Taking part", "es": "Su participación", "fr": "Votre participation"}
    return (
        QuestionDraft(
            name="interpretation",
            kind="choice",
            section=needs,
            label={
                "en": "In which language do you want to listen?", "es": "¿En qué idioma desea escuchar?",
                "fr": "Dans quelle langue souhaitez-vous écouter ?",
            },
            options=(
                _option("en", "English", "Inglés", "Anglais"),
                _option("es", "Spanish", "Español", "Espagnol"),
                _option("fr", "French", "Francés", "Français"),
            ),
            required=True,
        ),
        QuestionDraft(
            name="access_needs",
            kind="choices",
            section=needs,
            sensitive=True,
            label={
                "en": "What do you need to take part fully?", "es": "¿Qué necesita para participar plenamente?",
                "fr": "De quoi avez-vous besoin pour participer pleinement ?",
            },
            options=(
                _option("step_free", "Step-free access", "Acceso sin escalones", "Accès de plain-pied"),
                _option("sign", "Sign language", "Lengua de signos", "Langue des signes"),
                _option("captions", "Live captions", "Subtítulos en directo", "Sous-titres en direct"),
                _option("childcare", "Childcare", "Cuidado infantil", "Garde d’enfants"),
            ),
        ),
    )  # fmt: skip

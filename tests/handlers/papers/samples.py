"""Decision records for tests: a motion as it usually is, and what may be changed in it."""

import hashlib
import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from io import BytesIO
from typing import Any
from zoneinfo import ZoneInfo

from pypdf import PdfReader

from handlers.papers.values import (
    Attached,
    DecisionRecord,
    Exclusion,
    Figures,
    Majority,
    Option,
    Quorum,
    Seat,
    Table,
    Tone,
)
from locales import Voice

ZONE = ZoneInfo("Europe/Berlin")
VOICE = Voice("de", ZONE)
OPENED = datetime(2026, 11, 24, 8, 0, tzinfo=UTC)
CLOSED = datetime(2026, 12, 1, 11, 0, tzinfo=UTC)
HEAD = hashlib.sha256(b"head").hexdigest()
MANDATES = (
    "Landrat des Landkreises",
    "Jobcenter Stendal",
    "Agentur für Arbeit Stendal",
    "Kreisarbeitsgemeinschaft der Freien Wohlfahrtspflege",
    "IHK Magdeburg",
    "Handwerkskammer Magdeburg",
    "DGB Altmark-Börde-Harz",
    "Gleichstellungsbeauftragte des Landkreises",
)
TEXT = (
    "Der RAK Stendal empfiehlt, für den Förderbereich C (STABIL) im Jahr 2027 einen Aufruf mit einem Volumen von bis zu"
    " 850.000 € für 36 Monate zu veröffentlichen.\nDie ReKo wird beauftragt, den Aufruf bis zum 15.01.2027"
    " vorzubereiten und den Mitgliedern vor der Veröffentlichung zur Kenntnis zu geben."
)
LINES = (
    ("Stimmberechtigt", "8"),
    ("Ausgeschlossen (§ 33)", "1"),
    ("Abgestimmt", "6"),
    ("Ja", "4"),
    ("Nein", "1"),
    ("Enthaltung", "1"),
    ("Quorum", "6 von 8 (alle Mandate), nötig > 1/2, also 5 – erreicht"),
    ("Mehrheit", "mehr Ja als Nein: 4 von 5 (abgegebene Stimmen), nötig > 1/2, also 3 – erreicht"),
    ("Enthaltungen", "zählen nicht mit"),
    ("Regeln", "angelehnt an KVG LSA"),
)


def seats() -> list[Seat]:
    choices = ("Ja", "Ja", "Nein", "Befangen", "Ja", "Enthaltung", "Ja", "")
    holders = (
        "Petra Krüger",
        "Jörg Weiß",
        "Aylin Şahin",
        "Dr. Łukasz Nowak",
        "Anna Beispiel",
        "Olaf Groß",
        "Ida Muster",
        "",
    )
    return [
        Seat(
            name,
            voted=bool(choice),
            choice=choice,
            by=holder,
            deputy=at == 4,
            way="Papier" if at == 5 else "Telegram" if choice else "",
            at=OPENED + timedelta(hours=5 * at, minutes=7) if choice else None,
            receipt=f"7F3{'0123456789ABCDEFGHJKMNPQRSTVWXYZ'[at]}" if choice else "",
        )
        for at, (name, choice, holder) in enumerate(zip(MANDATES, choices, holders, strict=True))
    ]


def motion(**changes: Any) -> DecisionRecord:
    usual = DecisionRecord(
        office="ReKo Stendal",
        number=17,
        body="Regionaler Arbeitskreis Stendal",
        short="RAK Stendal",
        kind="Beschluss",
        held="Umlauf",
        clause="§ 7 Abs. 3 Geschäftsordnung",
        title="Aufruf STABIL 2027 im Landkreis Stendal",
        text=TEXT,
        opened_at=OPENED,
        closed_at=CLOSED,
        as_of=CLOSED,
        rules="angelehnt an KVG LSA",
        figures=Figures(mandates=8, excluded=1, voted=6, yes=4, no=1, abstained=1, present=6),
        quorum=Quorum(needed=5, counted=6, reached=True, rule="mehr als 1/2 von 8"),
        majority=Majority(rule="einfache Mehrheit", reached=True),
        tie=False,
        outcome="angenommen",
        tone=Tone.ADOPTED,
        lines=LINES,
        record_length=42,
        record_head=HEAD,
        seats=seats(),
        exclusions=[Exclusion(MANDATES[3], "selbst erklärt; Träger eines Projektes im Förderbereich C")],
        notes=[
            "Verlängert am 27.11.2026, 09:12 Uhr bis 01.12.2026, 12:00 Uhr. Grund: Der Anhang kam später.",
            "Handwerkskammer Magdeburg: vom Büro nach Papierbogen eingetragen. Grund: kein Telegram.",
        ],
        attachments=[
            Attached("Aufruf_STABIL_2027_Entwurf.pdf", hashlib.sha256(b"1").hexdigest()),
            Attached("Kostenplan.xlsx", hashlib.sha256(b"2").hexdigest()),
        ],
        signatures=("Vorsitz", "Protokoll"),
    )
    return replace(usual, **changes)


def straw_poll() -> DecisionRecord:
    return motion(
        kind="Meinungsbild",
        outcome="nicht bindend",
        tone=Tone.COUNTS,
        quorum=None,
        majority=None,
        clause="",
        lines=LINES[:6],
        exclusions=(),
    )


def election(options: int = 3) -> DecisionRecord:
    names = ["Petra Krüger (Landkreis Stendal)", "Jörg Weiß (Jobcenter Stendal)", "Aylin Şahin (Agentur für Arbeit)"]
    names += [f"Weitere Bewerbung {at}" for at in range(4, options + 1)]
    counts = [3, 3, 0] + [0] * (options - 3)
    return motion(
        kind="Wahl",
        title="Stellvertretender Vorsitz des RAK",
        outcome="Stichwahl",
        tone=Tone.MEETING,
        options=[Option(name, count, chosen=count == 3) for name, count in zip(names, counts, strict=True)],
        lines=[*LINES[:3], ("Mehrheit", "mehr als die Hälfte der Anwesenden: mehr als 3 – nicht erreicht"), LINES[-1]],
        exclusions=(),
    )


def ranking(projects: int = 6) -> DecisionRecord:
    rows = [
        (str(at), f"Projekt {at}: Werkstatt für Wiedereinstieg", f"{92 - 7 * at},50", "8", "ja" if at < 4 else "nein")
        for at in range(1, projects + 1)
    ]
    table = Table("Rangfolge", ("Rang", "Projekt", "Punkte", "Bewertungen", "gefördert"), rows, numeric=(0, 2, 3))
    return motion(
        kind="Projektauswahl",
        title="Auswahl STABIL 2027",
        outcome="3 Projekte gefördert",
        tables=[replace(table, note="Gleichstand: das frühere Datum des Eingangs entscheidet.")],
        lines=LINES[:3],
    )


def crowd(number: int) -> DecisionRecord:
    many = [
        Seat(
            f"Mandat {at:03} mit einem längeren Namen",
            voted=True,
            choice="Ja",
            by=f"Person {at}",
            way="Telegram",
            at=OPENED,
            receipt=f"{at:04}",
        )
        for at in range(number)
    ]
    return motion(seats=many, figures=Figures(number, 0, number, number, 0, 0, number))


def pages(content: bytes) -> str:
    return "\n".join(page.extract_text() for page in PdfReader(BytesIO(content)).pages)


def squeezed(text: str) -> str:
    """Without blanks and line ends: where a line was broken is not what a text says."""
    return re.sub(r"[\s\u200b\u00ad]", "", text)

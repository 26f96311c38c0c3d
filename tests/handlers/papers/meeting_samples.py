"""A meeting for tests: late and early, a deputy, an adviser, decisions."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from handlers.papers.meeting_values import (
    AgendaPoint,
    Attendance,
    Attendee,
    Changed,
    Expected,
    Minutes,
    Missing,
    Resolution,
    Sitting,
    Stay,
)
from tests.handlers.papers.samples import MANDATES, TEXT

START = datetime(2026, 12, 8, 9, 0, tzinfo=UTC)  # 10:00 in Berlin
END = START + timedelta(hours=2)
HOLDERS = (
    "Petra Krüger",
    "Jörg Weiß",
    "Aylin Şahin",
    "Dr. Łukasz Nowak",
    "Anna Beispiel",
    "Olaf Groß",
    "Ida Muster",
    "",
)


def sitting(**changes: Any) -> Sitting:
    usual = Sitting(
        office="ReKo Stendal",
        number=4,
        body="Regionaler Arbeitskreis Stendal",
        short="RAK Stendal",
        title="Projektauswahl STABIL 2027",
        place="Landratsamt Stendal, Hospitalstraße 1-2, Raum 201",
        when="Di, 08.12.2026, 10:00 Uhr bis 12:00 Uhr",
        as_of=END,
    )
    return replace(usual, **changes)


def expected() -> list[Expected]:
    said = ["Zusage", "Zusage", "Absage", "Vertretung", "Zusage", "noch keine Antwort", "Zusage", "noch keine Antwort"]
    comes = {"Zusage": "ja", "Absage": "nein", "Vertretung": "ja", "noch keine Antwort": "offen"}
    seats = [
        Expected(
            seat,
            holder,
            answer,
            comes[answer],
            deputy="Dora Vertretung" if answer == "Vertretung" else "",
            deputy_comes=answer == "Vertretung",
            answered_at=START - timedelta(days=5) if answer in comes and comes[answer] != "offen" else None,
            entered_by="Berta Büro" if seat == "IHK Magdeburg" else "",
        )
        for seat, holder, answer in zip(MANDATES, HOLDERS, said, strict=True)
    ]
    return [*seats, Expected("", "Bea Rater", "Zusage", "ja", capacity="beratend")]


def attendance(**changes: Any) -> Attendance:
    late, early = START + timedelta(minutes=25), END - timedelta(minutes=30)
    usual = Attendance(
        sitting(),
        seats=8,
        began=START,
        ended=END,
        present=[
            Attendee("Petra Krüger", [Stay(START)], MANDATES[0]),
            Attendee("Jörg Weiß", [Stay(START, early)], MANDATES[1]),
            Attendee("Dora Vertretung", [Stay(START)], MANDATES[3], deputy=True, deputy_for="Dr. Łukasz Nowak"),
            Attendee("Anna Beispiel", [Stay(late)], MANDATES[4]),
            Attendee("Olaf Groß", [Stay(START, late), Stay(late + timedelta(minutes=10), END)], MANDATES[5]),
            Attendee("Ida Muster", [Stay(START)], MANDATES[6]),
        ],
        advising=[Attendee("Bea Rater", [Stay(START)], capacity="beratend")],
        missing=[Missing(MANDATES[2], "Aylin Şahin", excused=True), Missing(MANDATES[7], "", excused=False)],
        facts=[
            ("Beginn", "10:00 Uhr"),
            ("Ende", "12:00 Uhr"),
            (
                "Beschlussfähigkeit",
                "Zu Beginn waren 5 von 8 Mandaten anwesend, nötig sind 5. Das Gremium ist beschlussfähig.",
            ),
        ],
    )
    return replace(usual, **changes)


def resolution(**changes: Any) -> Resolution:
    usual = Resolution(
        heading="Beschluss Nr. 17: Aufruf STABIL 2027 im Landkreis Stendal",
        text=TEXT,
        outcome="angenommen",
        lines=[
            ("Quorum", "6 von 8 (alle Mandate), nötig > 1/2, also 5 – erreicht"),
            ("Mehrheit", "mehr Ja als Nein: 4 von 5 (abgegebene Stimmen), nötig > 1/2, also 3 – erreicht"),
            ("Regeln", "angelehnt an KVG LSA"),
        ],
        counts=[
            ("gesetzliche Mitgliederzahl", "8"),
            ("anwesend", "6"),
            ("Ja", "4"),
            ("Nein", "1"),
            ("Enthaltung", "1"),
            ("nach § 33 ausgeschlossen", "1"),
        ],
        remarks=["IHK Magdeburg: ausgeschlossen (selbst erklärt; Träger eines Projektes im Förderbereich C)."],
    )
    return replace(usual, **changes)


def minutes(**changes: Any) -> Minutes:
    usual = Minutes(
        attendance(),
        agenda=[
            AgendaPoint("Begrüßung, Feststellung der Beschlussfähigkeit"),
            AgendaPoint("Bericht der ReKo"),
            AgendaPoint("Aufruf STABIL 2027", decision=True, resolutions=[resolution()]),
            AgendaPoint("Verschiedenes", pending=["Abstimmung Nr. 18 „Termin 2027“ läuft noch."]),
        ],
        changes=[
            Changed(START + timedelta(minutes=25), "IHK Magdeburg (Anna Beispiel) kommt. 6 Mandate sind anwesend."),
            Changed(END - timedelta(minutes=30), "Jobcenter Stendal (Jörg Weiß) geht. 5 Mandate sind anwesend."),
        ],
    )
    return replace(usual, **changes)

from collections.abc import Sequence
from datetime import UTC, date, datetime, time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.calendar import Calendar
from models.deadline import Deadline, draft
from models.search import AsksDeadline, Library, answer
from models.search.dates import Wanted, fitting, wanted
from models.search.periods import Period, period

CALENDAR = Calendar()
NOW = datetime(2026, 11, 24, 9, tzinfo=UTC)  # a Tuesday
TODAY = NOW.date()
LIBRARY = Library([])


def row(
    number: int, title: str, due: str, areas: Sequence[str] = (), audience: str = "alle", place: str = ""
) -> Deadline:
    kind = next((kind for kind in ("Aufruf", "Sachbericht") if kind in title), "Sonstiges")
    found = draft(
        {
            "title": title,
            "kind": kind,
            "areas": list(areas),
            "due_at": CALENDAR.at(date.fromisoformat(due), time(12)),
            "audience": audience,
            "place": place,
        }
    )
    found.number = number
    return found


ROWS = [
    row(1, "Aufruf STABIL", "2026-12-04", "C", place="Regionale Koordination, Musterstraße 12, 39576 Stendal"),
    row(2, "Rückmeldung zu den Auswahlkriterien", "2026-12-07", audience="RAK Stendal"),
    row(3, "Sachbericht STABIL, Lernwerk Altmark", "2026-12-18", "C", audience="traeger:Lernwerk Altmark gGmbH"),
    row(4, "Aufruf ELTERN BO", "2027-01-04", "F", place="Landkreis Börde"),
    row(5, "Aufruf FAMICO", "2027-02-08", "B"),
]
ALL = [1, 2, 3, 4, 5]


def meant(question: str) -> list[int] | None:
    """The numbers of the deadlines a question means; None where it is no question for a deadline."""
    finding = answer(question, LIBRARY, NOW)
    if not isinstance(finding, AsksDeadline):
        return None
    return [one.number for one in fitting(ROWS, wanted(finding.slots, question, TODAY), CALENDAR)]


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        # by area and kind, in whatever words
        ("bis wann VN für famico?", []),
        ("wann läuft der aufruf stabil ab", [1]),
        ("wann endet der famico aufruf", [5]),
        ("famico frist", [5]),
        ("frist stabill", [1, 3]),
        ("deadline eltern bo?", [4]),
        ("Wann macht der Aufruf ELTERN BO zu?", [4]),
        ("wann ist einsendeschluss stabil", [1, 3]),
        ("wie lange habe ich noch zeit für stabil?", [1, 3]),
        ("ist der aufruf stabil noch offen?", [1]),
        ("kann man sich noch für famico bewerben?", [5]),
        ("bis wann interessenbekundung stabil", [1]),
        ("ab wann kann man famico einreichen", [5]),
        ("Frist für Förderbereich C", [1, 3]),
        ("Frist Förderbereich D", []),
        ("welche aufrufe sind gerade offen", [1, 4, 5]),
        ("sachbericht wann?", [3]),
        ("When is the call STABIL due?", [1]),
        ("until when can I apply for FAMICO?", [5]),
        # by name
        ("Wann muss der Sachbericht vom Lernwerk da sein?", [3]),
        ("fristen für lernwerk altmark", [3]),
        ("rückmeldung auswahlkriterien bis wann", [2]),
        ("wann schließt der Aufruf in der Börde", [4]),
        # by time
        ("welche fristen im dezember", [1, 2, 3]),
        ("Which deadlines are there in December?", [1, 2, 3]),
        ("Fristen bis Ende Dezember", [1, 2, 3]),
        ("gibt es im januar 2027 eine frist", [4]),
        ("fristen 2027", [4, 5]),
        ("fristen nächstes jahr", [4, 5]),
        ("welche fristen diese woche", []),
        ("welche fristen nächste woche", [1]),
        ("was steht nächste woche an", [1]),
        ("fristen im nächsten monat", [1, 2, 3]),
        ("Gibt es eine Frist am 04.12.?", [1]),
        ("Fristen heute", []),
        ("was muss ich im dezember abgeben", [1, 2, 3]),
        ("Muss ich bis morgen was abgeben?", []),
        # all of them
        ("Welche Fristen gibt es?", ALL),
        ("was ist als nächstes fällig?", ALL),
        ("nächster stichtag?", ALL),
        ("steht demnächst was an?", ALL),
        ("what is the next deadline", ALL),
        ("bis wann müssen die Unterlagen zur Post?", ALL),
        # another programme's or another sponsor's is never given as ours
        ("Wann endet der Aufruf LEADER?", []),
        ("frist leader", []),
        ("Frist Interreg", []),
        ("Wann muss der Sachbericht für Bildungshaus abgegeben werden?", []),
        ("bis wann mittelabruf", []),
        ("verwendungsnachweis frist 31.12.?", []),
        # no question for a deadline
        ("Was ist STABIL?", None),
        ("Wer steht hinter der ReKo?", None),
        ("Ab wann gilt die Richtlinie?", None),
    ],
)
def test_a_question_means_these_deadlines(question: str, expected: list[int] | None) -> None:
    assert meant(question) == expected


@pytest.mark.parametrize(
    ("question", "month", "first", "last"),
    [
        ("heute", None, "2026-11-24", "2026-11-24"),
        ("morgen", None, "2026-11-25", "2026-11-25"),
        ("uebermorgen", None, "2026-11-26", "2026-11-26"),
        ("bis morgen", None, "2026-11-24", "2026-11-25"),
        ("diese woche", None, "2026-11-24", "2026-11-29"),
        ("naechste woche", None, "2026-11-30", "2026-12-06"),
        ("diesen monat", None, "2026-11-01", "2026-11-30"),
        ("im naechsten monat", None, "2026-12-01", "2026-12-31"),
        ("dieses quartal", None, "2026-10-01", "2026-12-31"),
        ("bis jahresende", None, "2026-11-24", "2026-12-31"),
        ("naechstes jahr", None, "2027-01-01", "2027-12-31"),
        ("2028", None, "2028-01-01", "2028-12-31"),
        ("im november", 11, "2026-11-01", "2026-11-30"),
        ("im februar", 2, "2027-02-01", "2027-02-28"),
        ("februar 2028", 2, "2028-02-01", "2028-02-29"),
        ("bis ende maerz", 3, "2026-11-24", "2027-03-31"),
        ("am 15.12.", None, "2026-12-15", "2026-12-15"),
        ("am 1.2.", None, "2027-02-01", "2027-02-01"),
        ("bis zum 15.12.2026", None, "2026-11-24", "2026-12-15"),
        ("am 1.2.2026", None, "2026-02-01", "2026-02-01"),
    ],
)
def test_the_days_a_question_names(question: str, month: int | None, first: str, last: str) -> None:
    assert period(question, month, TODAY) == Period(date.fromisoformat(first), date.fromisoformat(last))


@pytest.mark.parametrize("question", ["frist stabil", "am 31.02.", "nr 7.10.1 der richtlinie", "um 12.00 uhr"])
def test_other_figures_are_no_days(question: str) -> None:
    assert period(question, None, TODAY) is None


@given(
    st.dates(date(2026, 1, 1), date(2029, 12, 31)),
    st.integers(1, 12) | st.none(),
    st.text("abdeimnrsuz 0123.", max_size=20),
)
def test_days_are_in_order_whatever_is_asked(today: date, month: int | None, question: str) -> None:
    found = period(question, month, today)
    assert found is None or found.first <= found.last


@given(
    st.builds(
        Wanted,
        st.lists(st.sampled_from("ABC"), max_size=2).map(tuple),
        st.lists(st.sampled_from(["Aufruf", "Antrag"]), max_size=2).map(tuple),
        st.lists(st.sampled_from(["stabil", "lernwerk", "leader"]), max_size=2).map(tuple),
        st.none() | st.builds(Period, st.just(TODAY), st.dates(TODAY, date(2028, 1, 1))),
    )
)
def test_what_is_wanted_is_kept_as_it_was_said(asked: Wanted) -> None:
    assert Wanted.from_json(asked.as_json() | {"areas": list(asked.areas)}) == asked
    assert {one.number for one in fitting(ROWS, asked, CALENDAR)} <= set(ALL)

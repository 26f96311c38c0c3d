import pytest

from models.search.intents import intent, small_talk
from models.search.question import Question
from models.search.slots import slots
from models.search.values import Slots, SmallTalk


@pytest.mark.parametrize(
    "question",
    [
        "bis wann verwendungsnachweis?",
        "Wann muss der Sachbericht abgegeben werden?",
        "frist vn stabil",
        "verwendungsnachweissfrist",
        "abgabefirst antrag",
        "wann läuft die Bewerbungsfrist ab",
        "welche aufrufe sind grad offen",
        "wann kommt der nächste aufruf",
        "wann läuft der förderbereich c aus",
        "When do I have to submit the report?",
        "What is the deadline for area C?",
        "ist die frist am 15.10.",
        "bis wan verwendungsnachweiss",
    ],
)
def test_a_date_to_come_is_for_the_deadlines(question: str) -> None:
    assert intent(Question.of(question.replace("wan ", "wann ")).said) == "deadline"


@pytest.mark.parametrize(
    "question",
    [
        "wann is die nächste rak sitzung, wo?",
        "wann tagt der rak wieder",
        "When is the next meeting?",
        "wann hat der rak sitzung",
        "sitzung im dezember?",
        "Wo ist die Sitzung?",
    ],
)
def test_a_meeting_to_come_is_for_the_meetings(question: str) -> None:
    assert intent(Question.of(question).said) == "meeting"


@pytest.mark.parametrize(
    "question",
    [
        "Ab wann gilt die Richtlinie REGIO AKTIV?",
        "seit wann gibts den rak sdl",
        "läuft die reko in stendal noch",
        "bis wann geht das reko projekt",
        "wann war die konstituierende sitzung",
        "wann sind die landkreise der kooperation beigetreten",
        "When was the Stendal working group founded?",
        "aufbewahrungsfrist für rechnungen",
        "was ist förderbereich c",
    ],
)
def test_the_past_and_validity_are_for_the_sources(question: str) -> None:
    assert intent(Question.of(question).said) is None


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("Bis wann Verwendungsnachweis für Förderbereich C?", Slots(("C",), ("Verwendungsnachweis",))),
        ("frist mittelabruf famico im märz", Slots(("B",), ("Mittelabruf",), 3, "", ("famico",))),
        ("verwendungsnachweiss bereich b", Slots(("B",), ("Verwendungsnachweis",))),
        ("Antragsfrist Börde", Slots((), ("Antrag",), None, "boerde", ("boerde",))),
        ("frist stabill", Slots(("C",), (), None, "", ("stabill",))),
    ],
)
def test_slots(question: str, expected: Slots) -> None:
    assert slots(Question.of(question).said) == expected


def test_small_talk_is_only_what_wants_nothing() -> None:
    assert small_talk("Vielen Dank!") == SmallTalk("thanks")
    assert small_talk("Guten Morgen") == SmallTalk("greeting")
    assert small_talk("Hallo, was ist STABIL?") is None
    assert small_talk("🙂") is None

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.knowledge import Rank
from models.search import (
    Answer,
    AsksContact,
    Library,
    Near,
    NewerEdition,
    NoAnswer,
    NotYetValid,
    OtherFigure,
    PersonalData,
    ValidityEnded,
    answer,
    show,
)
from tests.models.shelf import NOW, ROOT, library, quote

DEMO = library(ROOT / "demo" / "office" / "sources")
MONEY = "Für das Programm stehen 140 Millionen Euro an Mitteln bereit."
WRONG = "Für das Programm stehen 140 Milliarden Euro an Mitteln bereit."


def texts(finding: object) -> set[str]:
    return {finding.quote.text} if isinstance(finding, Answer) else set()


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.sampled_from(sorted({word for shown in DEMO.shown for word in shown.split()})), min_size=1, max_size=7)
)
def test_whatever_is_asked_nothing_is_said_that_is_not_a_stored_passage(asked: list[str]) -> None:
    finding = answer(" ".join(asked), DEMO, NOW)
    assert texts(finding) <= {stored.text for stored in DEMO.quotes}
    if isinstance(finding, Near):
        assert 1 <= len(finding.headings) <= 3
        assert {heading.passage_id for heading in finding.headings} <= {stored.id for stored in DEMO.quotes}
    assert answer(" ".join(asked), DEMO, NOW) == finding


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=60))
def test_any_text_gets_a_finding(text: str) -> None:
    assert answer(text, DEMO, NOW) is not None


def test_the_higher_source_wins_and_the_other_is_named() -> None:
    press, ministry = quote(WRONG, number=1, rank=Rank.PRESS), quote(MONEY, number=2, rank=Rank.GUIDANCE)
    finding = answer("wie viel geld gibt es im programm", Library([press, ministry]), NOW)
    assert isinstance(finding, Answer)
    assert finding.quote == ministry
    assert finding.warnings == (OtherFigure(press),)


def test_a_contradiction_marked_by_the_office_is_named_without_a_figure() -> None:
    ours = quote("Die Sitzungen des Arbeitskreises sind immer öffentlich für alle.", number=1, contradicts=("old",))
    other = quote(
        "Die Sitzungen des Arbeitskreises sind niemals öffentlich für alle.", number=2, key="old", rank=Rank.PRESS
    )
    assert show(ours, Library([ours, other]), NOW).warnings == (OtherFigure(other),)


def test_validity_ends_with_the_day_of_the_office() -> None:
    ended = quote(MONEY, valid_until=date(2026, 11, 22))
    lib = Library([ended])
    assert show(ended, lib, datetime(2026, 11, 22, 22, 59, tzinfo=UTC)).warnings == ()
    assert show(ended, lib, datetime(2026, 11, 22, 23, 0, tzinfo=UTC)).warnings == (ValidityEnded(date(2026, 11, 22)),)


def test_what_is_not_valid_yet_says_so() -> None:
    coming = quote(MONEY, valid_from=date(2027, 1, 1))
    assert show(coming, Library([coming]), NOW).warnings == (NotYetValid(date(2027, 1, 1)),)


def test_a_newer_document_of_the_same_title_is_named() -> None:
    old = quote(MONEY, number=1, title="Merkblatt", dated=date(2024, 1, 1))
    new = quote(MONEY, number=2, title="Merkblatt", dated=date(2025, 1, 1))
    assert show(old, Library([old, new]), NOW).warnings == (NewerEdition("Merkblatt", date(2025, 1, 1)),)


def test_a_place_is_never_answered_from_another_place() -> None:
    lib = Library([quote("Der Arbeitskreis Stendal hat seinen Sitz in der Arneburger Straße 24, 39576 Stendal.")])
    assert isinstance(answer("adresse arbeitskreis stendal", lib, NOW), Answer)
    assert not isinstance(answer("adresse arbeitskreis salzwedel", lib, NOW), Answer)


def test_an_area_that_does_not_exist_has_no_answer() -> None:
    assert answer("was bringt mir förderbereich N", DEMO, NOW) == NoAnswer("no such area")


def test_rates_are_answered_once_a_source_has_them() -> None:
    rates = quote("Der Fördersatz beträgt 90 Prozent der förderfähigen Ausgaben.")
    assert not isinstance(answer("welcher fördersatz", DEMO, NOW), Answer)
    assert isinstance(answer("welcher fördersatz", Library([*DEMO.quotes, replace(rates, id=999)]), NOW), Answer)


def test_who_is_not_in_the_sources_can_ask_the_office() -> None:
    assert isinstance(answer("telefonnummer vom büro", DEMO, NOW), AsksContact)


def test_personal_data_comes_before_everything() -> None:
    assert answer("bis wann? IBAN DE89370400440532013000", DEMO, NOW) == PersonalData("iban")


def test_the_rest_of_a_list_is_there_for_more() -> None:
    first = quote("Die Aufgaben sind:\n• eins")
    second = replace(first, id=2, ordinal=1, text="• zwei", lead="Die Aufgaben sind:")
    other = replace(first, id=3, ordinal=2, block=1, text="Etwas anderes.")
    assert show(first, Library([first, second, other]), NOW).more == (second,)


def test_no_sources_no_answer() -> None:
    assert answer("was ist stabil", Library([]), NOW) == NoAnswer("nothing found")


@pytest.mark.parametrize("question", ["stendal", "börde"])
def test_a_bare_place_is_no_question_yet(question: str) -> None:
    assert isinstance(answer(question, DEMO, NOW), Near)


@pytest.mark.parametrize(
    ("question", "reason"),
    [
        ("wann wird mein antrag bearbeitet", "own case"),
        ("frist förderbereich q", "no such area"),
        ("rümsa antrag 2026", "past programme"),
        ("stelle ich den antrag beim jobcenter", "wrong authority"),
        ("interreg antrag", "other programme"),
    ],
)
def test_what_cannot_be_answered_is_refused_with_its_reason(question: str, reason: str) -> None:
    assert answer(question, Library([quote("Der Arbeitskreis tagt öffentlich.")]), NOW) == NoAnswer(reason)


def test_a_body_of_one_place_is_not_answered_from_a_text_that_only_names_the_place() -> None:
    press = quote("Magdeburg. Der Landrat und die Mitglieder sitzen und wirken zusammen.")
    assert not isinstance(answer("wer sitzt im rak magdeburg", Library([press]), NOW), Answer)


def test_another_land_needs_a_source_of_its_own() -> None:
    here = quote("Die Regionaldirektion Sachsen-Anhalt-Thüringen setzt REGIO AKTIV um.")
    assert not isinstance(answer("gibt es regio aktiv in thüringen", Library([here]), NOW), Answer)

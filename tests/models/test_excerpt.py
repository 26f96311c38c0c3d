"""What of a passage is shown first: slices of it, short, and with all of the question that the passage holds."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.search import Answer, answer
from models.search.excerpt import LIST, SENTENCES, excerpt
from models.search.question import Question
from tests.models.shelf import NOW, QUESTIONS, ROOT, SHARED, library
from tests.models.test_search_questions import cases, real

AREAS = "Es gibt diese Förderbereiche:\n" + "\n".join(
    f"{letter} {'Bereich der Förderung mit langem Namen ' * 3}({letter * 3})" for letter in "ABCDEFGHIJ"
)
RULE = "Die Zuwendung beträgt höchstens 90 Prozent der Ausgaben."
LIMIT = "Davon ausgenommen sind Ausgaben für Bauten."
FILL = "Dieser Satz handelt von etwas anderem und dient allein der Länge des Abschnitts. "
DEMO = library(ROOT / "demo" / "office" / "sources")
WORDS = sorted({word for quote in DEMO.quotes for word in quote.text.split()} | {"\n", ":", ". ", "Förderbereich C"})


@given(st.text(max_size=1500), st.text(max_size=60))
def test_every_piece_is_a_slice_of_the_passage(text: str, asked: str) -> None:
    pieces = excerpt(text, Question.of(asked))
    assert all(piece in text for piece in pieces)
    assert "".join(pieces).strip() or not text.strip()


@settings(max_examples=200, deadline=None)
@given(
    st.lists(st.sampled_from(WORDS), min_size=1, max_size=250).map(" ".join),
    st.lists(st.sampled_from(WORDS), min_size=1, max_size=6).map(" ".join),
)
def test_pieces_come_in_order_whole_or_short(text: str, asked: str) -> None:
    pieces = excerpt(text, Question.of(asked))
    places = [text.index(piece) for piece in pieces]
    assert places == sorted(places)
    assert pieces == (text,) or len(pieces[-1]) <= LIST
    assert excerpt(text, Question.of(asked)) == pieces


def test_a_short_passage_is_shown_whole() -> None:
    assert excerpt(RULE, Question.of("wie hoch")) == (RULE,)


def test_the_sentence_that_answers_is_shown_with_the_limit_that_follows() -> None:
    text = f"{FILL * 4}{RULE} {LIMIT} {FILL * 4}".strip()
    [piece] = excerpt(text, Question.of("wie hoch ist die zuwendung in prozent"))
    assert f"{RULE} {LIMIT}" in piece
    assert len(piece) <= SENTENCES < len(text)


def test_an_entry_asked_for_by_its_letter_stands_below_what_introduces_the_list() -> None:
    lead, entry = excerpt(AREAS, Question.of("wofür steht förderbereich d"))
    assert lead == "Es gibt diese Förderbereiche:"
    assert entry.startswith("D Bereich")
    assert "\n" not in entry


def test_a_passage_of_which_no_sentence_says_what_was_asked_is_shown_whole() -> None:
    text = FILL * 10
    assert excerpt(text, Question.of("xyz")) == (text,)


@pytest.mark.parametrize("folder", ["demo", "shared"])
def test_what_answers_is_never_cut_away(folder: str) -> None:
    """Over all questions with a known answer: what must be shown is shown in the piece, too."""
    lib = DEMO if folder == "demo" else real()
    names = [QUESTIONS / "demo.tsv"] if folder == "demo" else sorted(QUESTIONS.glob("sponsors*.tsv"))
    if folder == "shared":
        names.append(SHARED / "retrieval" / "questions-dev.tsv")
    asked = lost = 0
    for case in (case for name in names for case in cases(name)):
        finding = answer(case.question, lib, NOW)
        if case.must == "REFUSE" or not isinstance(finding, Answer) or not re.search(case.must, finding.quote.text):
            continue
        pieces = excerpt(finding.quote.text, lib.question(case.question))
        asked += 1
        lost += not re.search(case.must, "\n".join([finding.quote.lead, *pieces]))
    assert asked > 10
    assert lost <= 0.01 * asked

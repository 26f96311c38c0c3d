"""What a typed text asks for: read whole or not at all, and no question is ever taken for it."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.typed.offering import named_command
from handlers.typed.words import (
    LABELS,
    NUMBERS,
    Request,
    Thing,
    as_label,
    bare_number,
    button_number,
    read_request,
)
from locales import SHIPPED, Voice
from models.ballot.rules import Choice, Fit
from tests.models.shelf import QUESTIONS

BALLOTS = {(Thing.VOTE, one.value) for one in (Choice.YES, Choice.NO)}


@pytest.mark.parametrize(
    ("text", "request_"),
    [
        ("Zusage 4", Request(Thing.MEETING, "yes", 4)),
        ("zusage zu 4.", Request(Thing.MEETING, "yes", 4)),
        ("Zusage vier", Request(Thing.MEETING, "yes", 4)),
        ("  Absage zur Sitzung Nr. 4!", Request(Thing.MEETING, "no", 4)),
        ("Vertretung nr 4", Request(Thing.MEETING, "deputy", 4)),
        ("Accept 4", Request(Thing.MEETING, "yes", 4)),
        ("decline invitation no. 4", Request(Thing.MEETING, "no", 4)),
        ("Erledigt 12", Request(Thing.DEADLINE, "done", 12)),
        ("Erinnere mich an Frist 12", Request(Thing.DEADLINE, "remind", 12)),
        ("nicht mehr erinnern zwölf", Request(Thing.DEADLINE, "mute", 12)),
        ("Remind me of deadline 12", Request(Thing.DEADLINE, "remind", 12)),
        ("Frist 12", Request(Thing.DEADLINE, "open", 12)),
        ("Sitzung 4", Request(Thing.MEETING, "open", 4)),
        ("Abstimmung 17", Request(Thing.VOTE, "open", 17)),
        ("Frage Nummer 9", Request(Thing.QUESTION, "open", 9)),
        ("Rundruf 3", Request(Thing.BROADCAST, "open", 3)),
        ("Gelesen 3", Request(Thing.BROADCAST, "read", 3)),
        ("Widerspruch zur Abstimmung 17", Request(Thing.VOTE, "object", 17)),
        ("Passt nicht zu 17", Request(Thing.VOTE, Fit.NOT.value, 17)),
        ("Zur Not zu 17, Termin drei", Request(Thing.VOTE, Fit.AT_A_PINCH.value, 17, 3)),
        ("Conflict of interest to 17", Request(Thing.VOTE, Choice.CONFLICT.value, 17)),
        ("No 4", None),
        ("Ja 4", None),
        ("Zusage", None),
        ("Zusage 4?", None),
        ("Zusage zu Frist 4", None),
        ("Zusage 4, Termin 2", None),
        ("Frist 12 verpasst", None),
        ("Wann ist Sitzung 4", None),
        ("Frist in 12 Tagen", None),
        ("Frage 12345678901", None),
    ],
)
def test_what_is_asked_for(text: str, request_: Request | None) -> None:
    assert read_request(text) == request_


@given(
    st.sampled_from(sorted(LABELS)),
    st.sampled_from(SHIPPED),
    st.one_of(st.integers(1, 999_999_999), st.sampled_from(sorted(NUMBERS))),
    st.sampled_from(["{} {}", "{} zu {}", "  {}  to   No. {}.", "{}, nr. {} !", "{}: {}"]),
    st.sampled_from([str.upper, str.lower, str.title, str]),
)
def test_every_button_s_words_with_a_number_are_read(
    meant: tuple[Thing, str], language: str, number: int | str, shape: str, case: type[str]
) -> None:
    text = case(shape.format(Voice(language).plain(LABELS[meant]), number))
    found = read_request(text)
    if found is None:
        assert meant in BALLOTS
        assert "zu" not in shape
        assert "to" not in shape
        return
    said = Voice(language).plain(LABELS[meant]).casefold()
    twins = {one for one, label in LABELS.items() for each in SHIPPED if Voice(each).plain(label).casefold() == said}
    assert (found.thing, found.act) in twins
    assert found.number == NUMBERS.get(number, number) if isinstance(number, str) else number


@given(st.text())
def test_nothing_breaks_it_and_a_question_mark_makes_a_question(text: str) -> None:
    read_request(text), bare_number(text), button_number(text), named_command(text)
    assert as_label(as_label(text)) == as_label(text) or "“" in text or "„" in text or '"' in text or "'" in text
    asked = f"{text}?"
    assert (read_request(asked), bare_number(asked), button_number(asked), named_command(asked)) == (None,) * 4


def questions() -> list[str]:
    lines = [line for one in sorted(Path(QUESTIONS).rglob("*.tsv")) for line in one.read_text("utf-8").splitlines()]
    rows = [line.split("\t") for line in lines]
    asked = [row[:2] if "follow" in str(row) else row[:1] for row in rows if row and not row[0].startswith("#")]
    return [text for row in asked for text in row]


def test_no_question_of_ours_is_taken_for_anything_else() -> None:
    asked = questions()
    assert len(asked) > 500
    taken = [
        text
        for text in asked
        if read_request(text) or bare_number(text) is not None or button_number(text) or named_command(text)
    ]
    assert taken == ["hilfe"]  # small talk there; whoever cannot write a slash gets the help for it

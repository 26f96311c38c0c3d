"""The result as a picture: what it says, how wide it is, and whether everyone can read it."""

import re
import struct
from dataclasses import replace
from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from handlers.papers import card, card_async
from handlers.papers.engine import TEMPLATES, compile_pdf
from handlers.papers.picture import MOST_ROWS, card_data
from handlers.papers.values import DecisionRecord, Figures, Option, Tone
from tests.handlers.papers.samples import (
    CLOSED,
    HEAD,
    LINES,
    VOICE,
    crowd,
    election,
    motion,
    pages,
    ranking,
    squeezed,
    straw_poll,
)

# Telegram scales a photo down until its longer side has 1280 pixels.
SCALED_TO = 1280


def size(picture: bytes) -> tuple[int, int]:
    width, height = struct.unpack(">II", picture[16:24])
    return width, height


def words(record: DecisionRecord) -> str:
    """What stands on the card, read from the same template set as PDF."""
    return squeezed(pages(compile_pdf("card.typ", card_data(record, VOICE), CLOSED)))


def test_it_says_whose_result_it_is_what_was_decided_and_why() -> None:
    shown = words(motion())
    said = ["RAK Stendal", "Nr. 17 · Beschluss", "angenommen", "nach der Geschäftsordnung (angelehnt an KVG LSA)"]
    said += [
        "Aufruf STABIL 2027 im Landkreis Stendal",
        "Geschlossen: Di, 01.12.2026, 12:00 Uhr",
        "42 Einträge",
        HEAD[:12],
    ]
    said += [label for label, _ in LINES] + [value for _, value in LINES]
    assert [one for one in said if squeezed(one) not in shown] == []


def test_names_of_voters_are_not_on_it() -> None:
    shown = words(motion())
    assert [one.by for one in motion().seats if one.by and squeezed(one.by) in shown] == []


def test_a_straw_poll_says_that_nothing_is_decided() -> None:
    shown = words(straw_poll())
    assert squeezed("Nur ausgezählt. Es wird nichts beschlossen.") in shown
    assert squeezed("nach der Geschäftsordnung") not in shown


def test_an_election_shows_every_option_with_its_votes() -> None:
    shown = words(election(5))
    for one in election(5).options:
        assert squeezed(one.label) in shown
    assert card_data(election(), VOICE)["bars"] == []
    assert [one["look"] for one in card_data(election(), VOICE)["options"]] == ["chosen", "chosen", "option"]


@pytest.mark.parametrize("record", [election(20), ranking(6)], ids=lambda one: one.kind)
def test_what_a_bar_or_a_table_says_is_not_said_again(record: DecisionRecord) -> None:
    told = [(one.label, str(one.count)) for one in record.options]
    told += [(row[0], row[2]) for table in record.tables for row in table.rows]
    again = replace(record, lines=[*record.lines, *told])
    assert card_data(again, VOICE)["lines"] == card_data(record, VOICE)["lines"]


def test_a_long_table_says_how_much_more_there_is() -> None:
    shown = words(ranking(MOST_ROWS + 4))
    assert "und4weitere" in shown
    assert squeezed(f"Projekt {MOST_ROWS}:") in shown
    assert squeezed(f"Projekt {MOST_ROWS + 1}:") not in shown


@pytest.mark.parametrize(
    "record",
    [
        motion(),
        straw_poll(),
        motion(title="Empfehlung zur Fortschreibung der regionalen Arbeitsmarktstrategie " * 9),
        motion(title="x" * 3000, outcome="y" * 300, short="z" * 300),
        election(3),
        crowd(500),
    ],
    ids=["motion", "straw poll", "long title", "long words", "election", "500 mandates"],
)
def test_it_stays_readable_on_a_phone(record: DecisionRecord) -> None:
    width, height = size(card(record, VOICE))
    assert width == 1080
    assert height <= SCALED_TO * 1.1


@settings(max_examples=25, deadline=None)
@given(st.text(max_size=200), st.integers(0, 500), st.sampled_from(Tone), st.integers(0, 20))
def test_any_result_makes_a_card(text: str, number: int, tone: Tone, options: int) -> None:
    figures = Figures(number, 0, number, number // 2, number - number // 2, 0, number)
    named = [Option(text, number) for _ in range(options)]
    record = replace(motion(), title=text, short=text, outcome=text, tone=tone, figures=figures, options=named)
    assert size(card(replace(record, lines=[(text, text)]), VOICE))[0] == 1080


async def test_the_same_facts_make_the_same_picture_in_a_thread_too() -> None:
    assert await card_async(motion(), VOICE) == card(motion(), VOICE)


COLOURS = dict(re.findall(r'#let (\w+) = rgb\("(#[0-9a-f]{6})"\)', (TEMPLATES / "base.typ").read_text("utf-8")))


def luminance(colour: str) -> float:
    """https://www.w3.org/TR/WCAG22/#dfn-relative-luminance."""
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (one / 12.92 if one <= 0.04045 else ((one + 0.055) / 1.055) ** 2.4 for one in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(first: str, second: str) -> float:
    darker, lighter = sorted([luminance(COLOURS[first]), luminance(COLOURS[second])])
    return (lighter + 0.05) / (darker + 0.05)


@pytest.mark.parametrize("ground", ["paper", "tint", "ground"])
@pytest.mark.parametrize("colour", ["ink", "muted"])
def test_every_text_stands_out_from_its_ground(colour: str, ground: str) -> None:
    assert contrast(colour, ground) >= 4.5


def test_no_text_has_another_colour_than_those() -> None:
    for path in TEMPLATES.glob("*.typ"):
        texts = re.findall(r"text\([^\n]*?fill: ([^,)]+)", path.read_text("utf-8"))
        assert set(texts) <= {"ink", "muted"}


@pytest.mark.parametrize("tone", ["blue", "vermilion", "purple"])
def test_a_white_sign_stands_out_from_its_shape(tone: str) -> None:
    assert contrast(tone, "paper") >= 3  # WCAG 1.4.11, for graphics


def test_every_tone_has_a_colour_and_none_shares_one() -> None:
    block = re.search(r"#let tones = \((.*?)\n\)", (TEMPLATES / "base.typ").read_text("utf-8"), re.DOTALL)
    assert block
    tones = dict(re.findall(r'"([\w ]+)": (\w+)', block[1]))
    assert set(tones) == {*Tone}
    assert all(tones[one] != tones[other] for one, other in combinations(tones, 2))

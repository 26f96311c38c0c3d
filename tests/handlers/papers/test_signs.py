"""What of a text is printed: ordinary German as it is, nothing that disguises, nothing without a glyph."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.papers.signs import BREAK, KEPT_FORMATS, LONG_WORD, REPLACEMENT, covered, legible

ANY_TEXT = st.text(st.characters(categories=None, codec=None))  # lone surrogates, too: JSON can carry them


@pytest.mark.parametrize(
    "text",
    [
        "Die Ausschreibung „STABIL“ – 850.000 €, § 33 KVG LSA; 6 ≥ 5, 4 > 1.",
        "Łukasz Şahin, Đorđević, Žižek, Çelik, Nguyễn, Олена, Ελένη",
        "#panic() $x$ ] ` * _ @ref <label> // /* \\ { } \" '",
        "☺ 😀 → ✓",
        "eine Zeile\nnoch eine",
    ],
)
def test_what_our_fonts_have_stays_as_it_is(text: str) -> None:
    assert legible(text) == text


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("a\u202egnp.exe", "agnp.exe"),  # turns the direction of writing
        ("\u2067Ja\u2069\u200f", "Ja"),
        ("a\x00b\x07c", "abc"),
        ("a\r\nb\rc\u2028d", "a\nb\nc\nd"),
        ("a\tb", "a b"),
        ("漢字 und 中", f"{REPLACEMENT} und {REPLACEMENT}"),
        ("\ud83d allein", f"{REPLACEMENT} allein"),
        ("\ud83d\ude00", "😀"),
        ("\ue000", REPLACEMENT),
        ("\ufeffNr. 1", "Nr. 1"),
        ("👍🏽", REPLACEMENT),
        ("Büro", "Büro"),
        ("Z" + "\u0334" * 50, "Z" + "\u0334" * 3),
    ],
)
def test_what_cannot_or_must_not_be_printed(text: str, shown: str) -> None:
    assert legible(text) == shown


@given(ANY_TEXT)
def test_every_sign_left_has_a_glyph_and_none_steers(text: str) -> None:
    for sign in set(legible(text)) - {"\n"} - KEPT_FORMATS:
        assert covered(ord(sign))
        assert unicodedata.category(sign) not in {"Cc", "Cf", "Co", "Cn", "Cs"}


@given(ANY_TEXT)
def test_printing_what_was_printed_changes_nothing(text: str) -> None:
    assert legible(legible(text)) == legible(text)


@pytest.mark.parametrize("length", [LONG_WORD, LONG_WORD + 1, 3000])
def test_a_long_word_may_be_broken_and_loses_nothing(length: int) -> None:
    shown = legible("x" * length)
    assert shown.replace(BREAK, "") == "x" * length
    assert max(map(len, shown.split(BREAK))) <= LONG_WORD

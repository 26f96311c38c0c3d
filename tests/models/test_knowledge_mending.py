import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.knowledge.mending import mend
from tests.models.shelf import SHARED

GERMAN = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZäöüÄÖÜß0123456789 .,;:-–„“§€()\n"


@given(st.text(GERMAN))
def test_intact_german_stays_as_it_is_in_every_usual_encoding(text: str) -> None:
    for encoding in ("utf-8", "utf-8-sig"):
        assert mend(text.encode(encoding)).text == text
    if not is_utf8(text.encode("cp1252")):
        assert mend(text.encode("cp1252")).text == text


def is_utf8(data: bytes) -> bool:
    """Such bytes are read as UTF-8: in Windows-1252 „Ä–" and nothing else would be the same two as „Ė"."""
    try:
        return not data.decode().isascii()
    except UnicodeDecodeError:
        return False


@given(st.lists(st.sampled_from(["für", "Europäischen", "Größe", "Übergang", "Straße", "Maßnahme"]), min_size=1))
@pytest.mark.parametrize("codec", ["cp1252", "iso8859-16", "latin-1"])
def test_what_was_misread_comes_back(codec: str, words: list[str]) -> None:
    if codec == "cp1252":
        words = [word.replace("Ü", "ü") for word in words]
    text = " ".join(words)
    mended = mend(text.encode().decode(codec).encode())
    assert (mended.text, mended.damaged) == (text, ())
    assert mended.mended == sum(word.count(letter) for word in words for letter in "äöüÜß")


def test_damage_beside_intact_letters_is_mended_piece_by_piece() -> None:
    mended = mend("Der Übergang fĂŒr „Ältere“, SpitzenverbÀnde, größer".encode())
    assert mended.text == "Der Übergang für „Ältere“, Spitzenverbände, größer"
    assert mended.mended == 2


def test_the_press_text_of_the_field_comes_out_right() -> None:
    path = SHARED / "sources" / "presse-kooperation.txt"
    if not path.exists():
        pytest.skip("the shared sources are not here")
    mended = mend(path.read_bytes())
    for word in ("Europäischen", "Spitzenverbände", "für", "Thüringen", "RÜMSA", "ermöglicht", "„REGIO AKTIV“"):
        assert word in mended.text
    assert not set("ĂŒÀ") & set(mended.text)
    assert (mended.mended, mended.damaged) == (26, ())


def test_what_cannot_be_mended_is_named_by_its_line() -> None:
    assert mend("gut\nkaputt \ufffd\n".encode()).damaged == (2,)


def test_foreign_words_are_left_alone() -> None:
    text = "À la carte, Voilà, Œuvre, Ăsta, 5 €, Â, Ì"
    assert mend(text.encode()).text == text


def test_utf_16_is_known_by_its_mark_and_what_is_no_text_by_its_zeros() -> None:
    assert mend("Größe „x“".encode("utf-16")).text == "Größe „x“"
    assert mend(b"PK\x00\x03").binary


def test_what_only_sets_type_is_no_part_of_words() -> None:
    assert mend("För\u00adde\u200brung\u2028neu\x0c".encode()).text == "Förderung\nneu"

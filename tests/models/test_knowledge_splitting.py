from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.knowledge.readers.plain import read_plain
from models.knowledge.splitting import LONGEST, LONGEST_LIST, split
from tests.models.shelf import ROOT, SHARED, reading

LINES = st.sampled_from(
    ["", "# Teil 1 Allgemeines", "7.10.1 Begleitgremien", "Mitglieder", "• Agentur für Arbeit", "- eins", "Es gilt:",
     "Ein Satz. Noch ein Satz mit z. B. einer Abkürzung. Und am 3. Mai 2024 ein dritter.", "Menu", "menu", "  ",
     "B Zwei", "Telefon: 03931 12345", "39576 Stendal", "Foto (c) X", "Veröffentlicht in: X | 0", "\u00a0",
     "Wort " * 60 + "Ende."]
)  # fmt: skip


@given(st.lists(LINES, max_size=30))
def test_every_passage_is_a_slice_of_the_text_and_nothing_is_there_twice(lines: list[str]) -> None:
    text = "\n".join(lines)
    end = 0
    for cut in split(read_plain(text)):
        assert text[cut.start : cut.start + len(cut.text)] == cut.text
        assert cut.text == cut.text.strip()
        assert cut.text
        assert cut.start >= end
        assert cut.lead in text
        end = cut.start + len(cut.text)


@given(st.lists(LINES, max_size=30))
def test_only_headings_and_page_debris_are_left_out(lines: list[str]) -> None:
    text = "\n".join(lines)
    kept = "".join("".join(cut.text.split()) for cut in split(read_plain(text)))
    for line in lines:
        if line.strip().startswith(("Ein Satz", "•", "Wort")):
            assert "".join(line.split()) in kept


def test_structure_becomes_the_section() -> None:
    text = (
        "# Richtlinie\n\n## Teil 1 Allgemeines\n\n### 7 Verfahren\n\n7.2 Es gibt einen Wettbewerb.\n\n"
        "7.10.1 Begleitgremien\n\nSie begleiten."
    )
    assert [(cut.section, cut.text) for cut in split(read_plain(text), "Richtlinie")] == [
        ("Teil 1 Allgemeines · Nr. 7 Verfahren · Nr. 7.2", "7.2 Es gibt einen Wettbewerb."),
        ("Teil 1 Allgemeines · Nr. 7 Verfahren · Nr. 7.10.1 Begleitgremien", "Sie begleiten."),
    ]


def test_a_list_keeps_its_introduction_and_a_long_one_is_told_it_again() -> None:
    short = "Dazu gehören:\n\n  • eins\n  • zwei"
    assert [cut.text for cut in split(read_plain(short))] == [short]
    entries = "\n".join(f"• Aufgabe {number} {'x' * 90}" for number in range(20))
    cuts = list(
        split(read_plain(f"Zu den Aufgaben der Koordination im Landkreis Stendal gehören die folgenden:\n\n{entries}"))
    )
    assert len(cuts) == 3
    assert cuts[0].lead == ""
    assert all(cut.lead.startswith("Zu den Aufgaben") and cut.block == cuts[0].block for cut in cuts[1:])
    assert all(line.startswith("• Aufgabe") for cut in cuts[1:] for line in cut.text.split("\n"))


def test_an_address_and_the_people_below_it_are_one_passage() -> None:
    text = "Kontakt\n\nAmt für X\nArneburger Straße 24\n39576 Stendal\n\nErika Muster\nTelefon: 03931 1\nE-Mail: a@b.de"
    cuts = list(split(read_plain(text)))
    assert len(cuts) == 1
    assert cuts[0].section == "Kontakt"


def test_sentences_do_not_end_at_dates_and_abbreviations() -> None:
    text = "Am 3. Mai 2024 galt Nr. 7.2 bzw. Abs. 3. " * 30
    assert all(cut.text.startswith("Am 3. Mai") for cut in split(read_plain(text)))


def test_page_debris_is_dropped() -> None:
    debris = (
        "Menu\nmenu",
        "Veröffentlicht in: Magdeburg | 0",
        "Weitere Informationen finden Sie hier ...",
        "Foto (c) X",
    )
    text = "\n\n".join((*debris[:2], "Ein Satz.", *debris[2:]))
    assert [cut.text for cut in split(read_plain(text))] == ["Ein Satz."]


@pytest.mark.parametrize("folder", [ROOT / "demo" / "office" / "sources", SHARED / "sources"])
def test_real_sources_are_cut_to_what_one_would_quote(folder: Path) -> None:
    if not folder.exists():
        pytest.skip("the shared sources are not here")
    for source in reading(folder).sources:
        for cut in source.cuts:
            assert source.text[cut.start : cut.start + len(cut.text)] == cut.text
            assert len(cut.text) <= (LONGEST_LIST if "\n" in cut.text else LONGEST)

import re
from itertools import chain
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.knowledge import Source, read_sources
from models.knowledge.readers import pdf as reader
from models.knowledge.readers.joining import joined
from tests.auxil.law import legal_pdf, numbers
from tests.auxil.papers import TOML, Drawn, drawn, pdf

PLAIN = '#set page(paper: "a5")\n#set text(lang: "de", size: 10pt, hyphenate: true)\n#set par(justify: true)\n'


def read(data: bytes) -> Source:
    found = read_sources({"a.pdf": data, "a.toml": TOML.encode()})
    assert found.faults == ()
    return found.sources[0]


def texts(data: bytes) -> list[str]:
    return [cut.text for cut in read(data).cuts]


def reason(data: bytes) -> list[tuple[str, str]]:
    found = read_sources({"a.pdf": data, "a.toml": TOML.encode()})
    assert not found.sources
    return [(fault.file, fault.reason) for fault in found.faults]


@pytest.fixture(scope="module")
def law() -> Source:
    return read(legal_pdf())


@pytest.mark.xdist_group("law")
def test_every_number_of_three_hundred_pages_is_found_with_its_page(law: Source) -> None:
    by_number = {cut.section.rpartition("Nr. ")[2]: cut for cut in reversed(law.cuts)}
    wrong = []
    for number in numbers(21):
        cut = by_number[number]
        chapter, section, _ = number.split(".")
        said = re.match(rf"{re.escape(number)} Auf Seite (\d+) gilt der Satz von ", cut.text)
        path = f"Nr. {chapter} Kapitel mit Förderbereich {chapter} · Nr. {chapter}.{section} Gegenstand der Förderung"
        if said is None or cut.page != int(said[1]) or not cut.section.startswith(path):
            wrong.append(number)
    assert wrong == []
    assert max(cut.page or 0 for cut in law.cuts) > 300


@pytest.mark.xdist_group("law")
def test_nothing_of_its_running_heads_and_feet_is_left(law: Source) -> None:
    assert not re.search(r"MBl\. LSA|Seite \d+ von", law.text)
    assert not re.search(r"\w- ?[a-zäöü]", "".join(cut.text for cut in law.cuts).replace("Personal- und", ""))


def test_hyphens_at_line_ends_are_joined_and_real_ones_kept() -> None:
    words = "Verwendungsnachweisprüfungsverfahren Zuwendungsempfängerinnen und Arbeitsmarktförderungsmaßnahmen "
    text = texts(pdf("#set page(width: 7cm)\n" + words * 6 + "EU-Mittel Haupt- und Nebenantrag.", style=PLAIN))[0]
    assert text == (words * 6 + "EU-Mittel Haupt- und Nebenantrag.").replace("  ", " ")


@pytest.mark.parametrize(
    ("before", "after", "whole"),
    [
        ("Zuwen-", "dung", "Zuwendung"),
        ("Haupt-", "und Nebenantrag", "Haupt- und Nebenantrag"),
        ("EU-", "Mittel", "EU-Mittel"),
        ("2014-", "2020", "2014-2020"),
        ("zwei –", "drei", "zwei – drei"),
        ("eins", "zwei", "eins zwei"),
    ],
)
def test_lines_are_joined(before: str, after: str, whole: str) -> None:
    assert joined(before, after) == whole


LEFT = "Die linke Spalte erzählt von der Förderung und nennt den Antrag als ersten Schritt; sie endet hier unten."
RIGHT = "Die rechte Spalte folgt darauf und handelt vom Nachweis, den der Träger am Ende vorlegt, und schließt ab."


def column(text: str, x: float) -> list[Drawn]:
    words, lines = text.split(), list[str]()
    while words:
        line = words.pop(0)
        while words and len(line) + len(words[0]) < 24:
            line += " " + words.pop(0)
        lines.append(line)
    return [(x, 700 - 14 * place, 11, line) for place, line in enumerate(lines)]


@settings(deadline=None)
@given(st.randoms(use_true_random=False))
def test_columns_are_read_one_after_the_other_however_they_are_drawn(order: Random) -> None:
    left, right = column(LEFT, 60), column(RIGHT, 320)
    title: list[Drawn] = [
        (60, 740, 11, "Ein Satz, der über beide Spalten der Seite hinweg bis fast an den Rand reicht, steht oben.")
    ]
    page = title + list(chain.from_iterable(zip(left, right, strict=False)))
    page += left[len(right) :] + right[len(left) :]
    order.shuffle(page)
    assert " ".join(texts(drawn(page))).replace("\n", " ") == f"{title[0][3]} {LEFT} {RIGHT}"


def test_cells_with_long_texts_are_no_columns() -> None:
    rows = "".join(f"[{LEFT} Zeile {n}.], [{RIGHT} Zeile {n}.]," for n in range(5))
    table = f"#table(columns: (5cm, 5cm), inset: 6pt, table.header[Was][Wie], {rows})"
    found = texts(pdf(f"#set page(height: 25cm)\n{table}", style=PLAIN))
    assert found == [f"Was: {LEFT} Zeile {n}. · Wie: {RIGHT} Zeile {n}." for n in range(5)]


def test_words_between_which_no_blank_is_drawn_stay_apart() -> None:
    page: list[Drawn] = [(60, 700, 11, "Teil III A"), (113.5, 700, 11, "Allgemeine Bestimmungen gelten.")]
    assert texts(drawn(page)) == ["Teil III A Allgemeine Bestimmungen gelten."]


def test_a_paragraph_goes_on_over_columns_and_pages_and_keeps_where_it_begins() -> None:
    source = read(pdf("#set page(height: 6cm)\nAnfang. " + "Der Satz geht weiter und weiter. " * 40, style=PLAIN))
    assert len({cut.block for cut in source.cuts}) == 1
    pages = [cut.page or 0 for cut in source.cuts]
    assert pages == sorted(pages)
    assert pages[0] == 1
    assert pages[-1] > 1


@pytest.mark.parametrize("foot", ["Seite {0} von 6", "- {0} -", "{0}", "Amtsblatt Nr. 7 · {0}"])
def test_running_feet_go_and_headings_at_the_head_of_pages_stay(foot: str) -> None:
    pages = [
        [
            (60.0, 780.0, 9.0, "Richtlinie des Landes"),
            (60.0, 720.0, 11.0, f"7.10.{number} Begleitgremien"),
            (60.0, 690.0, 11.0, "Der Wortlaut ist auf jeder Seite derselbe."),
            (300.0, 40.0, 9.0, foot.format(number)),
        ]
        for number in range(1, 7)
    ]
    cuts = read(drawn(*pages)).cuts
    assert [(cut.section, cut.text, cut.page) for cut in cuts] == [
        (f"Nr. 7.10.{number} Begleitgremien", "Der Wortlaut ist auf jeder Seite derselbe.", number)
        for number in range(1, 7)
    ]


def test_paragraphs_that_count_like_pages_stay() -> None:
    pages = [
        [
            (60.0, 780.0, 9.0, "Gesetzblatt"),
            (60.0, 720.0, 11.0, f"§ {n} Es gilt Satz {n}."),
            (60.0, 600.0, 11.0, "Mehr."),
        ]
        for n in range(1, 9)
    ]
    found = " ".join(texts(drawn(*pages)))
    assert all(f"§ {number} Es gilt Satz {number}." in found for number in range(1, 9))


def test_a_table_is_read_row_by_row_with_its_headings_also_on_the_next_page() -> None:
    rows = "".join(
        f"[{letter}], [Bereich mit dem Namen {letter}], [{n}.000 €]," for n, letter in enumerate("ABCDEFGHIJKLM", 1)
    )
    source = read(
        pdf(
            "#set page(height: 8cm)\nDie Beträge:\n\n"
            f"#table(columns: (auto, 4cm, auto), table.header[Bereich][Name][Betrag], {rows})",
            style=PLAIN,
        )
    )
    assert [cut.text.split("\n")[-1] for cut in source.cuts] == [
        f"Bereich: {letter} · Name: Bereich mit dem Namen {letter} · Betrag: {n}.000 €"
        for n, letter in enumerate("ABCDEFGHIJKLM", 1)
    ]
    assert source.cuts[0].text.startswith("Die Beträge:")
    assert [cut.page for cut in source.cuts] == [1] * 4 + [2] * 6 + [3] * 3


def test_headings_lists_addresses_and_footnotes() -> None:
    source = read(
        pdf(
            "= Teil 2 Besonderes\n== 7.10 Begleitgremien\n"
            "Sie begleiten 12 m#super[2] und mehr#footnote[Siehe Anlage.].\n\n"
            "Dazu gehören:\n- die Agentur\n- das Jobcenter\n\nLandkreis Stendal \\ Hospitalstr. 1 \\ 39576 Stendal",
            style=PLAIN,
        )
    )
    assert [(cut.section, cut.text) for cut in source.cuts][:3] == [
        ("Teil 2 Besonderes · Nr. 7.10 Begleitgremien", "Sie begleiten 12 m² und mehr¹."),
        ("Teil 2 Besonderes · Nr. 7.10 Begleitgremien", "Dazu gehören:\n\n• die Agentur\n• das Jobcenter"),
        ("Teil 2 Besonderes · Nr. 7.10 Begleitgremien", "Landkreis Stendal\nHospitalstr. 1\n39576 Stendal"),
    ]


def test_a_list_of_contents_is_left_out() -> None:
    source = read(pdf("#outline()\n#pagebreak()\n= 1 Ziel\nDas Ziel.\n= 2 Weg\nDer Weg.", style=PLAIN))
    assert [(cut.section, cut.text, cut.page) for cut in source.cuts] == [
        ("Nr. 1 Ziel", "Das Ziel.", 2),
        ("Nr. 2 Weg", "Der Weg.", 2),
    ]


def test_a_page_that_lies_on_its_side_is_read_upright() -> None:
    source = read(
        pdf(
            "#rotate(90deg, reflow: true)[#box(width: 8cm)[Ein Satz, der quer steht, und noch einer.]]",
            style=PLAIN,
        )
    )
    assert [cut.text for cut in source.cuts] == ["Ein Satz, der quer steht, und noch einer."]


def test_what_cannot_be_taken_in_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    assert reason(pdf("#rect(width: 5cm, height: 5cm)", style="")) == [("a.pdf", "no text")]
    assert reason(b"%PDF-1.7\n%%EOF") == [("a.pdf", "unreadable")]
    monkeypatch.setattr(reader, "MOST_PAGES", 1)
    assert reason(pdf("Eins #pagebreak() Zwei")) == [("a.pdf", "too many pages")]
    monkeypatch.setattr(reader, "MOST_PAGES", 10)
    monkeypatch.setattr(reader, "MOST_LETTERS", 5)
    assert reason(pdf("Eins #pagebreak() Zwei")) == [("a.pdf", "too large")]


def test_without_its_details_the_file_that_is_missing_is_named() -> None:
    found = read_sources({"a.pdf": pdf("Ein Text von einer Seite.")}).faults
    assert {(fault.file, fault.column, fault.reason) for fault in found} == {
        ("a.toml", "title", "missing"),
        ("a.toml", "publisher", "missing"),
        ("a.toml", "rank", "missing"),
    }

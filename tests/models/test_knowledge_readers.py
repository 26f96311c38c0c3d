import re

import docx
import pytest

from models.knowledge import Fault, read_sources
from models.knowledge.readers import LARGEST_PACKED, docx_parts
from models.knowledge.readers.numbering import Level, Numbering
from tests.auxil.papers import TOML, W, document_xml, packed, paragraph_xml, saved, word
from tests.models.shelf import SHARED

FRONT = "---\ntitle: T\npublisher: P\nrank: office\n---\n"


def cuts(name: str, content: str | bytes) -> list[tuple[str, str]]:
    data = content if isinstance(content, bytes) else (FRONT + content).encode()
    toml = {"a.toml": TOML.encode()} if isinstance(content, bytes) else {}
    found = read_sources({name: data, **toml})
    assert found.faults == ()
    return [(cut.section, cut.text) for cut in found.sources[0].cuts]


def fault(name: str, data: bytes) -> str:
    found = read_sources({name: data, "a.toml": TOML.encode()})
    assert found.sources == ()
    return found.faults[0].reason


# --- Markdown


def test_markdown_is_kept_as_it_is_read() -> None:
    text = (
        "Titel\n=====\n\n## 7.2 Wettbewerb\n\n"
        'Das ist **wichtig** und _eilig_, siehe [hier](https://a.b "c") oder 1\\. Die 2*3 bleibt.\n'
    )
    assert cuts("a.md", text) == [
        ("Titel · Nr. 7.2 Wettbewerb", "Das ist wichtig und eilig, siehe hier oder 1. Die 2*3 bleibt.")
    ]


def test_markdown_tables_are_read_row_by_row() -> None:
    text = "Die Beträge:\n\n| Bereich | Betrag |\n| --- | ---: |\n| A | 1 \\| 2 |\n| **B** | |\n\nEnde der Tabelle."
    assert [text for _, text in cuts("a.md", text)] == [
        "Die Beträge:\n\nBereich: A · Betrag: 1 | 2",
        "Bereich: B",
        "Ende der Tabelle.",
    ]


def test_markdown_meanings_of_abbreviations_are_not_read_aloud() -> None:
    assert cuts("a.md", "Die EU fördert.\n  *[\n   EU\n  ]: Europäische Union\n") == [("", "Die EU fördert.")]


# --- structure, whatever the kind


def test_a_list_of_names_below_a_heading_is_a_passage() -> None:
    text = "Mitglieder\n\nJobcenter\n\nAgentur für Arbeit\n\nIHK\n\nAufgaben\n\nDer Kreis berät."
    assert cuts("a.txt", text) == [
        ("Mitglieder", "Jobcenter\n\nAgentur für Arbeit\n\nIHK"),
        ("Aufgaben", "Der Kreis berät."),
    ]
    assert cuts("a.txt", "Ein Satz.\n\nMitglieder\n\nJobcenter") == [("", "Ein Satz."), ("Mitglieder", "Jobcenter")]


def test_what_follows_a_numbered_paragraph_belongs_to_it() -> None:
    text = (
        "7.2 Es gibt einen Wettbewerb.\n\nEr ist offen.\n\n"
        "7.10.1 Gremien begleiten.\n\nSie tagen.\n\n12.500 Euro sind viel."
    )
    assert [section for section, _ in cuts("a.txt", text)] == ["Nr. 7.2", "Nr. 7.2", *["Nr. 7.10.1"] * 3]


def test_a_number_with_nothing_but_a_name_is_a_passage_of_its_own() -> None:
    text = "5 Förderung\n\n5.1 Beratung\n\n5.2 Schulung\n\nSie dauert."
    assert cuts("a.txt", text) == [
        ("Nr. 5 Förderung · Nr. 5.1 Beratung", "5.1 Beratung"),
        ("Nr. 5 Förderung · Nr. 5.2 Schulung", "Sie dauert."),
    ]


def test_every_number_of_the_directives_is_found() -> None:
    folder = SHARED / "sources" / "directives"
    if not folder.exists():
        pytest.skip("the shared sources are not here")
    for path in sorted(folder.glob("*.md")):
        found = read_sources({"a.md": (FRONT + path.read_text("utf-8")).encode()})
        assert found.faults == (), path.name
        source = found.sources[0]
        for cut in source.cuts:
            assert source.text[cut.start : cut.start + len(cut.text)] == cut.text
        numbers = set(re.findall(r"^(?:#+\s+)?(\d{1,2}(?:\.\d{1,2})+)\.?\s", path.read_text("utf-8"), re.MULTILINE))
        sections = " · ".join(cut.section for cut in source.cuts) + " "
        missing = [number for number in numbers if f"Nr. {number} " not in sections]
        assert missing == [], path.name


# --- HTML


def test_html_gives_the_page_its_own_text() -> None:
    page = (
        "<html><head><title>x</title><style>p{}</style></head><body><header><nav>Menü</nav></header><main><h1>Merkblatt</h1>"
        "<h2>7.10 Gremien</h2><p>Sie <b>begleiten</b>,<br>auf 12&nbsp;m<sup>2</sup>.<script>alert(1)</script></p>"
        "<p hidden>versteckt</p><p>Dazu gehören</p><ul><li>eins<ul><li>darunter</li></ul></li><li><p>zwei</p></li></ul>"
        "<table><tr><th>Bereich<th>Betrag<tr><td>A<td>1 €</table><dl><dt>Telefon:<dd>03931 1</dl>"
        "<form>Suche</form></main><footer>Impressum</footer></body></html>"
    )
    section = "Merkblatt · Nr. 7.10 Gremien"
    assert cuts("a.html", page) == [
        (section, "Sie begleiten,\nauf 12\u00a0m²."),
        (section, "Dazu gehören\n\n• eins\n  • darunter\n• zwei"),
        (section, "Bereich: A · Betrag: 1 €"),
        (section, "Telefon: 03931 1"),
    ]


def test_nothing_of_a_page_is_fetched_or_resolved() -> None:
    page = (
        '<!DOCTYPE html [<!ENTITY x SYSTEM "file:///etc/passwd">]><p>Text &x; <img src="http://example.org/a.png"></p>'
    )
    assert "root:" not in str(cuts("a.html", page))


# --- DOCX


def test_word_headings_lists_and_tables() -> None:
    paper = word(
        ("Title", "Richtlinie"),
        ("Heading 1", "Teil 1 Allgemeines"),
        ("Heading 2", "7 Verfahren"),
        ("Normal", "7.2 Es gibt einen Wettbewerb."),
        ("Normal", "Gefördert werden"),
        ("List Bullet", "eins"),
        ("List Bullet", "zwei"),
        [["Bereich", "Name", "Betrag"], ["A", "AE", "1 €"], ["B", "FAMICO", "2 €"]],
    )
    section = "Teil 1 Allgemeines · Nr. 7 Verfahren · Nr. 7.2"
    assert cuts("a.docx", paper) == [
        (section, "7.2 Es gibt einen Wettbewerb."),
        (section, "Gefördert werden\n\n• eins\n• zwei"),
        (section, "Bereich: A · Name: AE · Betrag: 1 €"),
        (section, "Bereich: B · Name: FAMICO · Betrag: 2 €"),
    ]


LEVELS = "".join(
    f'<w:lvl w:ilvl="{level}"><w:start w:val="{start}"/><w:numFmt w:val="decimal"/><w:lvlText w:val="{text}"/></w:lvl>'
    for level, (start, text) in enumerate([(7, "%1"), (10, "%1.%2"), (1, "%1.%2.%3")])
)
NUMBERING = (
    f'<w:numbering {W}><w:abstractNum w:abstractNumId="0">{LEVELS}</w:abstractNum>'
    '<w:num w:numId="3"><w:abstractNumId w:val="0"/></w:num></w:numbering>'
)


def numbered(text: str, level: int) -> str:
    return paragraph_xml(text, f'<w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="3"/></w:numPr>')


def test_numbers_that_word_counts_itself_are_counted() -> None:
    body = (
        numbered("Verfahren", 0) + numbered("Gremien", 1) + numbered("Sie begleiten.", 2) + numbered("Sie tagen.", 2)
        + numbered("Nachweis", 1) + numbered("Er ist zu führen.", 2)
    )  # fmt: skip
    assert cuts("a.docx", packed(document=document_xml(body), numbering=NUMBERING)) == [
        ("Nr. 7 Verfahren · Nr. 7.10 Gremien · Nr. 7.10.1", "7.10.1 Sie begleiten."),
        ("Nr. 7 Verfahren · Nr. 7.10 Gremien · Nr. 7.10.2", "7.10.2 Sie tagen."),
        ("Nr. 7 Verfahren · Nr. 7.11 Nachweis · Nr. 7.11.1", "7.11.1 Er ist zu führen."),
    ]


def test_what_was_struck_out_is_gone_and_what_was_inserted_is_there() -> None:
    body = (
        "<w:p><w:r><w:t>Es sind </w:t></w:r><w:del><w:r><w:delText>30</w:delText></w:r></w:del>"
        "<w:ins><w:r><w:t>40</w:t></w:r></w:ins><w:r><w:t> Plätze auf 9 m</w:t></w:r>"
        '<w:r><w:rPr><w:vertAlign w:val="superscript"/></w:rPr><w:t>2</w:t></w:r><w:r><w:t>.</w:t></w:r></w:p>'
    )
    assert cuts("a.docx", packed(document=document_xml(body))) == [("", "Es sind 40 Plätze auf 9 m².")]


@pytest.mark.parametrize(
    ("figures", "counts"),
    [
        ("lowerLetter", ["a)", "b)", "c)"]),
        ("upperRoman", ["I)", "II)", "III)"]),
        ("none", [""] * 3),
        ("bullet", ["•"] * 3),
    ],
)
def test_figures_of_lists(figures: str, counts: list[str]) -> None:
    numbering = Numbering({("1", 0): Level(1, figures, "%1)")}, {})
    assert [numbering.mark("1", 0) for _ in range(3)] == counts


def test_merged_cells_say_what_stands_in_them() -> None:
    document = docx.Document()
    table = document.add_table(rows=3, cols=3)
    for row, texts in zip(
        table.rows, [["Bereich", "Name", "Betrag"], ["A", "AE", "1 €"], ["", "KA", "2 €"]], strict=True
    ):
        for cell, text in zip(row.cells, texts, strict=True):
            cell.text = text
    table.cell(1, 0).merge(table.cell(2, 0))
    assert [text for _, text in cuts("a.docx", saved(document))] == [
        "Bereich: A · Name: AE · Betrag: 1 €",
        "Bereich: A · Name: KA · Betrag: 2 €",
    ]


def test_a_zip_bomb_is_refused_unread(monkeypatch: pytest.MonkeyPatch) -> None:
    bomb = packed(document=document_xml(paragraph_xml("0" * 60_000_000)))
    assert len(bomb) < 100_000
    assert fault("a.docx", bomb) == "too large"
    monkeypatch.setattr(docx_parts, "LARGEST_UNPACKED", 100)
    assert fault("a.docx", packed(document=document_xml(paragraph_xml("Text" * 100)))) == "too large"


def test_entities_are_not_unfolded() -> None:
    laugh = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 12))
    document = f'<!DOCTYPE x [<!ENTITY a0 "ha">{laugh}]>' + document_xml(paragraph_xml("Ein Text. &a11;"))
    assert fault("a.docx", packed(document=document)) == "unreadable"


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"PK\x03\x04", "unreadable"),
        (b"\xd0\xcf\x11\xe0" + b"0" * 600, "protected"),
        (packed(other="<a/>"), "unreadable"),
        (packed(document="<w:document"), "unreadable"),
        (packed(document="<document/>"), "unreadable"),
        (b"0" * (LARGEST_PACKED + 1), "too large"),
    ],
)
def test_what_is_no_word_document_is_named(data: bytes, reason: str) -> None:
    assert fault("a.docx", data) == reason


def test_an_empty_document_is_empty() -> None:
    found = read_sources({"a.docx": packed(document=document_xml("")), "a.toml": TOML.encode()})
    assert found.faults == (Fault("a.docx", None, None, "empty"),)

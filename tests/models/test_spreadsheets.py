"""Tables as programs write them, as people break them, and as somebody might attack with them."""

import csv
import io
import tracemalloc
import zipfile
from datetime import datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from handlers.papers.sheets import csv_file, workbook
from models.calendar import Calendar
from models.roll import DEADLINES, MEMBERS, Fault
from models.roll.lists import read_list
from models.roll.tables import clean, read_table
from models.roll.values import WHOLE_FILE
from models.spreadsheet.limits import LARGEST_UNPACKED, MOST_PARTS, MOST_ROWS, OLE
from models.spreadsheet.marks import bare, neutral, original
from tests.auxil.spreadsheets import CLOCK, DAY, MAIN, STAMP, STRICT, Calc, Raw, by_openpyxl, zipped

HEADING = ["key", "title", "kind", "due", "shift", "leads"]
NOON = datetime(2027, 1, 15, 12, 0)  # noqa: DTZ001 - as a spreadsheet has it
MIDNIGHT = datetime(2027, 1, 15)  # noqa: DTZ001 - likewise
ROW = ["k", "Aufruf „STABIL“ & <mehr>", "Aufruf", NOON, True, 7]
READ = ["k", "Aufruf „STABIL“ & <mehr>", "Aufruf", "15.01.2027 12:00", "ja", "7"]


def table(content: bytes, name: str = "deadlines.xlsx") -> tuple[list[list[str]], list[Fault]]:
    lines, faults = read_table(name, content, HEADING, [])
    return [list(line.cells.values()) for line in lines], faults


def reasons(content: bytes, name: str = "deadlines.xlsx") -> list[str]:
    return [fault.reason for fault in table(content, name)[1]]


# --- dialects of XLSX


@pytest.mark.parametrize(
    "content",
    [
        by_openpyxl([HEADING, ROW]),
        Calc([HEADING, ROW]).saved(),
        Calc([HEADING, ROW], mac=True).saved(),
        Calc([HEADING, ROW], space=STRICT).saved(),
        Calc([HEADING, ROW, [], ["", None, " "], []]).saved(),
    ],
    ids=["openpyxl", "LibreOffice", "from 1904", "strict", "empty rows below"],
)
def test_whoever_wrote_it_the_same_is_read(content: bytes) -> None:
    assert table(content) == ([READ], [])


def test_the_sheet_of_the_lists_name_is_read_else_the_first_that_is_seen() -> None:
    named = Calc([HEADING, ROW], "Deadlines", before={"Hinweise": "visible", "Alt": "hidden"})
    assert table(named.saved()) == ([READ], [])
    assert table(named.saved(), "deadlines (2).xlsx") == ([READ], [])
    assert table(Calc([HEADING, ROW], before={"deadlines": "veryHidden"}).saved()) == ([READ], [])
    assert reasons(Calc([HEADING, ROW], before={"Andere": "visible"}).saved())[0] == "unknown column"


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        (Raw("<is><r><t>Auf</t></r><r><rPr/><t>ruf</t></r><rPh><t>x</t></rPh></is>", "inlineStr"), "Aufruf"),
        (Raw("<v>zwei_x000D__x000a_Zeilen</v>", "str"), "zwei\nZeilen"),
        (Raw("<v>2027-01-15T12:00:00</v>", "d"), "2027-01-15T12:00:00"),
        (Raw("<v>46402</v>", style=DAY), "15.01.2027"),
        (Raw("<v>46402.5</v>", style=STAMP), "15.01.2027 12:00"),
        (Raw("<v>46402.499999</v>", style=STAMP), "15.01.2027 12:00"),
        (Raw("<v>0.666666666666667</v>", style=CLOCK), "16:00"),
        (Raw("<v>1234.5599999999999</v>"), "1234.56"),
        (Raw("<v>120000</v>"), "120000"),
        (Raw("<v>1.2E5</v>"), "120000"),
        (Raw("<v>-0.5</v>"), "-0.5"),
        (Raw("<v>0</v>"), "0"),
        (Raw("<v>1e999999999</v>"), "1e999999999"),
        (Raw("<v>NaN</v>"), "NaN"),
        (Raw("<v>99999999</v>", style=DAY), "99999999"),
        (Raw("<v>0</v>", "b"), "nein"),
        (Raw(""), ""),
    ],
)
def test_a_cell_is_read_as_one_would_type_it(cell: Raw, text: str) -> None:
    [[_, read, *_]] = table(Calc([HEADING, ["k", cell]]).saved())[0]
    assert read == text


@pytest.mark.parametrize(
    "cell",
    [
        "=SUMME(A1:A3)",
        Raw('<f t="shared" si="0"/><v>7</v>'),
        Raw("<f>A1</f><v>Text</v>", "str"),
        Raw("<v>#DIV/0!</v>", "e"),
    ],
)
def test_a_formula_is_refused_by_its_cell_whatever_it_came_to(cell: object) -> None:
    rows = [["key", "title", "kind", "due"], ["k", cell, "Aufruf", NOON]]
    _, faults = read_list("deadlines.xlsx", DEADLINES, Calc(rows).saved(), Calendar())
    assert [(one.row, one.column, one.reason) for one in faults] == [(2, "title", "formula")]


def test_cells_merged_below_each_other_say_the_same_in_each_row() -> None:
    rows = [HEADING, ["a", "Aufruf", "Aufruf"], ["b"], [], ["c", "anders"]]
    content = Calc(rows, merged=["B2:B4", "C2:C3", "D2:F2", "Z1:Z1048576", "kaputt"]).saved()
    assert [row[:3] for row in table(content)[0]] == [
        ["a", "Aufruf", "Aufruf"],
        ["b", "Aufruf", "Aufruf"],
        ["c", "anders", ""],
    ]


def test_rows_and_cells_without_their_places_follow_each_other() -> None:
    sheet = (
        f'<worksheet xmlns="{MAIN}"><sheetData><row><c t="inlineStr"><is><t>key</t></is></c><c t="inlineStr"><is>'
        "<t>title</t></is></c></row><row><c><v>1</v></c><c><v>2</v></c></row></sheetData></worksheet>"
    )
    assert table(Calc([]).saved(sheet1=sheet)) == ([["1", "2"]], [])


# --- dialects of CSV

PLAIN = "key;title;kind\nk;Größe;Aufruf\n"


@pytest.mark.parametrize(
    "content",
    [
        PLAIN.encode(),
        PLAIN.encode("utf-8-sig"),
        PLAIN.encode("cp1252"),
        PLAIN.encode("utf-16"),
        b"\xfe\xff" + PLAIN.encode("utf-16-be"),
        PLAIN.replace(";", "\t").encode("utf-16"),
        PLAIN.replace(";", ",").encode(),
        PLAIN.replace("\n", "\r\n").encode(),
        PLAIN.replace("\n", "\r").encode(),
        ("sep=;\r\n" + PLAIN).encode("utf-8-sig"),
        ('"sep=|"\n' + PLAIN.replace(";", "|")).encode(),
        ("SEP=,\n" + PLAIN.replace(";", ",")).encode(),
        PLAIN.replace("Größe", '"Größe"').encode(),
        ("\r\n" + PLAIN + ";;\r\n\r\n").encode(),
    ],
)
def test_any_spreadsheet_may_have_written_the_text(content: bytes) -> None:
    assert table(content, "deadlines.csv") == ([["k", "Größe", "Aufruf"]], [])


def test_a_quoted_cell_may_hold_lines_and_separators() -> None:
    content = b'key;title\nk;"eins; zwei\r\n""drei"""\n'
    assert table(content, "deadlines.csv")[0] == [["k", 'eins; zwei\n"drei"']]


def test_the_first_row_is_the_heading_whatever_names_the_separator() -> None:
    _, faults = read_list("members.csv", MEMBERS, b"sep=;\nbody;mandate;role;name\n;;chef;A\n", Calendar())
    assert [(one.row, one.reason) for one in faults] == [(2, "unknown role")]


@pytest.mark.parametrize(
    ("word", "is_so"), [("WAHR", True), ("FALSCH", False), ("TRUE", True), ("Ja", True), ("", False)]
)
def test_what_a_spreadsheet_ticks_is_yes_or_no(word: str, is_so: bool) -> None:
    rows, faults = read_list(
        "deadlines.csv", DEADLINES, f"key;title;kind;due;shift\nk;T;Antrag;15.01.2027 12:00;{word}".encode(), Calendar()
    )
    assert faults == []
    assert rows[0].values["shift"] is is_so


# --- what is refused


def test_a_file_is_what_it_holds_whatever_its_name_says() -> None:
    assert table(Calc([HEADING, ROW]).saved(), "deadlines.csv") == ([READ], [])
    assert reasons(PLAIN.encode()) == ["unreadable"]


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (OLE + b"\0" * 600, "protected"),
        (zipped({"mimetype": "application/vnd.oasis.opendocument.spreadsheet", "content.xml": "<x/>"}), "other format"),
        (zipped({"xl/workbook.bin": b"\0"}), "other format"),
        (zipped({"a.txt": b"no workbook"}), "unreadable"),
        (b"PK\x03\x04 broken", "unreadable"),
        (Calc([HEADING]).saved()[:-40], "unreadable"),
        (Calc([HEADING]).saved(workbook="<workbook/>"), "unreadable"),
        (Calc([HEADING]).saved(sheet1="<worksheet>"), "unreadable"),
        (Calc([["", Raw("<v>7</v>", "s")]]).saved(), "unreadable"),
        (Calc([]).saved(), "empty"),
        (Calc([HEADING, *[["k"]] * (MOST_ROWS + 1)]).saved(), "too many rows"),
        (Calc([["x"] * 101]).saved(), "too many columns"),
        (Calc([[Raw("<v>" + "9" * 40_000 + "</v>")]]).saved(), "too large"),
        (zipped({f"{number}": b"" for number in range(MOST_PARTS + 1)}), "too large"),
    ],
)
def test_what_cannot_be_read_is_one_fault_of_the_file(content: bytes, reason: str) -> None:
    assert reasons(content) == [reason]
    assert reason in WHOLE_FILE


def test_a_protected_part_is_unreadable() -> None:
    content = bytearray(Calc([HEADING]).saved())
    entry = content.index(b"PK\x01\x02")
    for start in (0, entry):
        content[start + (6 if start == 0 else 8)] |= 1  # „encrypted", in both places where a zip file says so
    assert reasons(bytes(content)) == ["unreadable"]


BOMBS = {
    "declared": Calc([HEADING]).saved(sheet1=b"<x>" + b"0" * (LARGEST_UNPACKED + 1)),
    "texts": Calc([HEADING]).saved(sharedStrings=f'<sst xmlns="{MAIN}">' + "<si/>" * 800_000 + "</sst>"),
    "cells": Calc([HEADING]).saved(sheet1=f'<worksheet xmlns="{MAIN}"><sheetData><row>' + "<c/>" * 800_000),
    "far away": Calc([HEADING]).saved(
        sheet1=f'<worksheet xmlns="{MAIN}"><dimension ref="A1:XFD1048576"/><sheetData><row r="1048576">'
        '<c r="XFD1048576"><v>1</v></c></row></sheetData></worksheet>'
    ),
    "entities": Calc([HEADING]).saved(
        sharedStrings='<!DOCTYPE sst [<!ENTITY a "aaaaaaaaaa">'
        + "".join(f'<!ENTITY {new} "{f"&{old};" * 10}">' for old, new in zip("abcdefgh", "bcdefghi", strict=True))
        + f']><sst xmlns="{MAIN}"><si><t>&i;</t></si></sst>'
    ),
    "outside": Calc([HEADING]).saved(
        sharedStrings=f'<!DOCTYPE sst SYSTEM "file:///etc/passwd"><sst xmlns="{MAIN}"><si><t>x</t></si></sst>'
    ),
}


@pytest.mark.parametrize("bomb", BOMBS)
def test_a_bomb_is_refused_before_it_fills_the_memory(bomb: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("models.spreadsheet.parts.MOST_ELEMENTS", 30_000)  # watching the memory is slow
    content = BOMBS[bomb]
    assert len(content) < 100_000
    tracemalloc.start()
    found = reasons(content)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert found[0] in {"too large", "too many columns", "unreadable"}
    assert peak < 15_000_000


def test_a_bomb_that_lies_about_its_size_gives_out_no_more_than_it_claims() -> None:
    content = bytearray(BOMBS["declared"])
    with zipfile.ZipFile(io.BytesIO(content)) as packed:
        entry = packed.getinfo("xl/worksheets/sheet1.xml")
    claimed = entry.file_size.to_bytes(4, "little")
    while (place := content.find(claimed)) >= 0:
        content[place : place + 4] = (1000).to_bytes(4, "little")
    assert reasons(bytes(content)) == ["unreadable"]


def test_a_bomb_within_a_bomb_is_not_opened() -> None:
    content = Calc([HEADING, ROW]).saved(**{"xl/media/image1.zip": zipped({"inner.xml": b"0" * 60_000_000})})
    assert table(content) == ([READ], [])


@settings(max_examples=50, deadline=None)
@given(
    st.binary(max_size=300), st.integers(0, 3000), st.sampled_from(["sheet1", "sharedStrings", "workbook", "styles"])
)
def test_whatever_is_in_a_file_it_is_read_or_refused(junk: bytes, place: int, part: str) -> None:
    whole = Calc([HEADING, ROW]).saved()
    for content in (junk, whole[:place] + junk + whole[place:], whole[:place], Calc([HEADING]).saved(**{part: junk})):
        for name in ("deadlines.xlsx", "deadlines.csv"):
            rows, faults = read_list(name, DEADLINES, content, Calendar())
            assert rows or faults or not content.strip()


FOUR = ["key", "title", "kind", "due"]


@settings(max_examples=40, deadline=None)
@given(st.lists(st.lists(st.text(max_size=20), max_size=8), max_size=5))
def test_any_cells_are_read_or_refused(rows: list[list[str]]) -> None:
    written = io.StringIO()
    csv.writer(written, delimiter=";").writerows([FOUR, *rows])
    for content in (written.getvalue().encode("utf-8", "replace"), workbook("x", FOUR, rows)):
        _, faults = read_list("deadlines.csv", DEADLINES, content, Calendar())
        assert all(fault.file == "deadlines.csv" for fault in faults)


# --- the mark

RISKY = st.text("'= -+@|%\t\r\n\u200d\u202eab7＝−", max_size=8) | st.text(max_size=20)


@given(RISKY)
def test_the_mark_comes_off_again(text: str) -> None:
    assert original(neutral(text)) == bare(text)


@given(RISKY)
def test_no_marked_text_begins_as_a_formula_does(text: str) -> None:
    assert not neutral(text).lstrip().startswith(tuple("=+-@|%＝＋－＠−"))
    assert not neutral(text).startswith(("\t", "\r", "\n", " ")) or not neutral(text).strip()


@settings(max_examples=40, deadline=None)
@given(st.lists(RISKY, min_size=1, max_size=4))
def test_what_is_written_is_read_back_as_it_was(texts: list[str]) -> None:
    """In both formats, up to the blanks and marks that no cell of a list keeps."""
    headings = [f"c{number}" for number in range(len(texts))]
    rows = [["x", *texts]]
    for name, content in (
        ("a.csv", csv_file([["x", *headings], *rows])),
        ("a.xlsx", workbook("a", ["x", *headings], rows)),
    ):
        [line], faults = read_table(name, content, ["x", *headings], [])
        assert faults == []
        assert [clean(original(cell)) for cell in line.cells.values()] == ["x", *map(clean, map(bare, texts))]

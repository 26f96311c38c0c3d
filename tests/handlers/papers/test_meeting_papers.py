"""The papers of a meeting: the lists, the letters, the minutes as PDF and as Word, the tables for a spreadsheet."""

import csv
import re
from dataclasses import replace
from datetime import timedelta
from io import BytesIO, StringIO
from typing import Any

import docx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook
from pypdf import PdfReader

from handlers.papers import attendance as lists
from handlers.papers.lists import letters_pdf
from handlers.papers.meeting_values import AgendaPoint, Attendee, Changed, Expected, Missing, Stay
from handlers.papers.minutes import minutes_docx, minutes_pdf
from handlers.papers.sheets import csv_file, workbook
from handlers.papers.values import Letter
from locales import Voice
from models.spreadsheet.marks import FORMULA_STARTS
from tests.handlers.papers.meeting_samples import (
    END,
    HOLDERS,
    START,
    attendance,
    expected,
    minutes,
    resolution,
    sitting,
)
from tests.handlers.papers.samples import MANDATES, TEXT, VOICE, ZONE, pages, ranking, squeezed

MARKUP = "#strong[Ja] *fett* _x_ <w:b/> $1$ @ref \\ // /* {{=1+1}}"


def plain(text: str) -> str:
    return squeezed(text).replace("-", "").replace("\u2010", "")


def missing(said: list[str], made: bytes) -> list[str]:
    found = plain(pages(made))
    return [one for one in said if plain(one) not in found]


def words_of(made: bytes) -> str:
    """All that stands in a Word document, tables and lists included, in order."""
    document = docx.Document(BytesIO(made))
    parts = [document.sections[0].header.paragraphs[0].text, document.sections[0].footer.paragraphs[0].text]
    for block in document.iter_inner_content():
        if isinstance(block, docx.table.Table):
            parts += [cell.text for row in block.rows for cell in row.cells]
        else:
            parts.append(block.text)
    return "\n".join(parts)


def read(made: bytes) -> list[list[str]]:
    assert made.startswith(b"\xef\xbb\xbf")
    return list(csv.reader(StringIO(made.decode("utf-8-sig"), newline=""), delimiter=";"))


def test_the_list_to_sign_names_every_seat_who_is_expected_and_leaves_lines() -> None:
    made = lists.sheet_to_sign(sitting(), expected(), VOICE)
    said = [
        "Anwesenheitsliste",
        "Sitzung Nr. 4",
        "Projektauswahl STABIL 2027",
        "Di, 08.12.2026, 10:00 Uhr bis 12:00 Uhr",
    ]
    said += [*MANDATES, "Petra Krüger", "Dora Vertretung (Stellvertretung)", "Bea Rater beratend", "Unterschrift"]
    assert missing(said, made) == []
    assert plain("Dr. Łukasz Nowak") not in plain(pages(made))


def test_the_recorded_list_says_who_came_late_left_early_or_not_at_all() -> None:
    made = lists.attendance_pdf(attendance(), VOICE)
    said = ["Anwesend mit Stimme: 6 von 8", "Petra Krüger durchgehend", "Jörg Weiß bis 11:30 Uhr"]
    said += ["Dora Vertretung (in Vertretung für Dr. Łukasz Nowak)", "Anna Beispiel ab 10:25 Uhr"]
    said += ["Olaf Groß bis 10:25 Uhr, ab 10:35 Uhr", "beratend Bea Rater durchgehend"]
    said += ["Aylin Şahin ja", "Gleichstellungsbeauftragte des Landkreises nicht besetzt nein", "Beschlussfähigkeit"]
    assert missing(said, made) == []


def test_the_recorded_list_as_csv_has_a_row_for_each_stay() -> None:
    rows = read(lists.attendance_csv(attendance(), VOICE))
    start = rows.index(["Mandat", "Name", "Als", "Anwesend", "Von", "Bis", "Entschuldigt"])
    told = rows[start + 1 :]
    assert [row[1] for row in told].count("Olaf Groß") == 2
    assert told[1] == [
        "Jobcenter Stendal", "Jörg Weiß", "Mitglied", "ja", "08.12.2026, 10:00 Uhr", "08.12.2026, 11:30 Uhr", "",
    ]  # fmt: skip
    assert [row[2] for row in told if row[1] == "Dora Vertretung"] == ["Vertretung"]
    assert told[-2] == ["Agentur für Arbeit Stendal", "Aylin Şahin", "Mitglied", "nein", "", "", "ja"]
    assert ["Ort", sitting().place] in rows


def test_who_comes_is_the_same_in_csv_and_workbook() -> None:
    rows = read(lists.answers_csv(expected(), VOICE))
    sheet: Any = load_workbook(BytesIO(lists.answers_xlsx(sitting(), expected(), VOICE))).active
    assert [[cell.value or "" for cell in row] for row in sheet.rows] == rows
    assert sheet.title == "Wer kommt, Sitzung 4"
    assert sheet.freeze_panes == "A2"
    assert rows[0] == ["Mandat", "Name", "Als", "Antwort", "Vertretung", "Kommt", "Geantwortet", "Eingetragen von"]
    assert rows[4][3:6] == ["Vertretung", "Dora Vertretung", "ja"]
    assert [row[5] for row in rows[1:]].count("offen") == 2
    assert rows[5][-1] == "Berta Büro"
    assert rows[-1][:3] == ["", "Bea Rater", "beratend"]


@settings(max_examples=30, deadline=None)
@given(st.text(st.characters(categories=None, codec=None), max_size=60))
def test_no_cell_of_any_table_is_computed(text: str) -> None:
    one = Expected(text, text, text, text, capacity=text, deputy=text, entered_by=text)
    for row in read(lists.answers_csv([one], VOICE)):
        assert [cell for cell in row if cell.lstrip().startswith(FORMULA_STARTS)] == []
    sheet: Any = load_workbook(BytesIO(workbook(text, (text,), [(text,)]))).active
    assert [cell.value for row in sheet.rows for cell in row if cell.data_type == "f"] == []
    assert "\x00" not in csv_file([(text,)]).decode("utf-8-sig")


def test_the_minutes_say_the_same_as_pdf_and_as_word() -> None:
    said = [
        "ReKo Stendal",
        "Niederschrift: Projektauswahl STABIL 2027",
        "Regionaler Arbeitskreis Stendal · Sitzung Nr. 4",
    ]
    said += ["Entwurf", sitting().place, "Beginn", "Ende", "Zu Beginn waren 5 von 8 Mandaten anwesend", *MANDATES]
    said += [one for one in HOLDERS if one] + ["Dora Vertretung", "Bea Rater", "IHK Magdeburg (Anna Beispiel) kommt."]
    said += [
        "TOP 3: Aufruf STABIL 2027",
        "Beschluss Nr. 17: Aufruf STABIL 2027 im Landkreis Stendal",
        *TEXT.split("\n"),
    ]
    said += ["Ergebnis: angenommen", *(one for line in resolution().lines for one in line), *resolution().remarks]
    said += ["TOP 4: Verschiedenes", "Abstimmung Nr. 18 „Termin 2027“ läuft noch.", "Vorsitz", "Protokoll"]
    assert missing(said, minutes_pdf(minutes(), VOICE)) == []
    word = plain(words_of(minutes_docx(minutes(), VOICE)))
    assert [one for one in said if plain(one) not in word] == []


def test_the_municipal_block_stands_in_the_minutes() -> None:
    labels = ["gesetzliche Mitgliederzahl", "anwesend", "Ja", "Nein", "Enthaltung", "nach § 33 ausgeschlossen"]
    assert plain(" ".join(labels) + "8 6 4 1 1 1") in plain(pages(minutes_pdf(minutes(), VOICE)))
    [block] = [
        one for one in docx.Document(BytesIO(minutes_docx(minutes(), VOICE))).tables if len(one.columns) == len(labels)
    ]
    assert [[cell.text for cell in row.cells] for row in block.rows] == [labels, ["8", "6", "4", "1", "1", "1"]]


def test_a_ranking_stands_in_the_minutes_as_a_table() -> None:
    ranked = minutes(agenda=[AgendaPoint("Auswahl", resolutions=[resolution(counts=(), tables=ranking(3).tables)])])
    said = ["Rangfolge", "Projekt 3: Werkstatt für Wiedereinstieg", "78,50"]
    assert missing(said, minutes_pdf(ranked, VOICE)) == []
    word = plain(words_of(minutes_docx(ranked, VOICE)))
    assert [one for one in said if plain(one) not in word] == []


def test_the_word_document_is_made_to_be_written_in() -> None:
    made = docx.Document(BytesIO(minutes_docx(minutes(), VOICE)))
    headings = [(one.style.name, one.text) for one in made.paragraphs if one.style and "Heading" in str(one.style.name)]
    assert headings[0] == ("Heading 1", "Niederschrift: Projektauswahl STABIL 2027")
    assert ("Heading 2", "TOP 2: Bericht der ReKo") in headings
    assert ("Heading 3", "Beschluss Nr. 17: Aufruf STABIL 2027 im Landkreis Stendal") in headings
    numbered = [one.text for one in made.paragraphs if one.style and one.style.name == "List Number"]
    assert numbered[2:] == ["Beschluss: Aufruf STABIL 2027", "Verschiedenes"]
    assert made.core_properties.author == "ReKo Stendal"
    assert made.core_properties.comments == ""
    page = made.sections[0]
    assert [round(length.cm, 1) for length in (page.page_width, page.page_height)] == [21.0, 29.7]  # A4
    repeated = [one for one in made.tables if one.rows[0]._tr.xpath("w:trPr/w:tblHeader")]
    assert len(repeated) >= 4
    assert 'w:instr="NUMPAGES"' in made.sections[0].footer._element.xml


def test_the_same_facts_make_the_same_pdf() -> None:
    assert minutes_pdf(minutes(), VOICE) == minutes_pdf(minutes(), Voice("de", ZONE))
    later = replace(attendance(), sitting=sitting(as_of=END + timedelta(days=1)))
    assert minutes_pdf(minutes(attendance=later), VOICE) != minutes_pdf(minutes(), VOICE)


def test_a_meeting_at_which_nothing_was_recorded_makes_minutes_too() -> None:
    bare = minutes(attendance=attendance(present=(), advising=(), missing=(), facts=()), agenda=(), changes=())
    assert missing(["Niederschrift", "Vorsitz"], minutes_pdf(bare, VOICE)) == []
    assert "Tagesordnung" not in words_of(minutes_docx(bare, VOICE))


def test_names_and_texts_are_never_markup() -> None:
    told = minutes(
        attendance=attendance(
            sitting=sitting(office=MARKUP, title=MARKUP, body=MARKUP, place=MARKUP),
            present=[Attendee(MARKUP, [Stay(START)], MARKUP, deputy=True, deputy_for=MARKUP)],
            missing=[Missing(MARKUP, MARKUP, excused=True)],
        ),
        agenda=[AgendaPoint(MARKUP, resolutions=[resolution(heading=MARKUP, text=MARKUP, remarks=[MARKUP])])],
        changes=[Changed(START, MARKUP)],
    )
    assert missing([MARKUP], minutes_pdf(told, VOICE)) == []
    assert words_of(minutes_docx(told, VOICE)).count(MARKUP) >= 11


@settings(max_examples=15, deadline=None)
@given(st.text(st.characters(categories=None, codec=None), max_size=60))
def test_any_texts_make_minutes_and_lists(text: str) -> None:
    told = minutes(
        attendance=attendance(sitting=sitting(office=text, title=text, body=text, place=text), facts=[(text, text)]),
        agenda=[AgendaPoint(text, resolutions=[resolution(heading=text, text=text, counts=(), lines=[(text, text)])])],
        changes=[Changed(START, text)],
    )
    assert minutes_pdf(told, VOICE).startswith(b"%PDF")
    assert docx.Document(BytesIO(minutes_docx(told, VOICE))).paragraphs


def letter(seat: str, name: str, **more: Any) -> Letter:
    return Letter("ReKo", "ReKo · Stendal", [seat, name], "Einladung", START, f"Guten Tag {name},", **more)


def test_letters_go_into_one_file_and_each_counts_its_own_pages() -> None:
    long = letter("DGB", "Ida Muster", points=[f"Punkt {at}" for at in range(60)], points_title="Tagesordnung")
    short = letter("IHK", "Jens Beispiel", reply=["Ich komme."], reply_title="Antwort", signed="ReKo")
    english = letter("HWK", "Olaf Groß", reply=["I shall come."], language="en")
    texts = [
        page.extract_text() for page in PdfReader(BytesIO(letters_pdf([long, short, english], "Briefe", VOICE))).pages
    ]
    counted = [re.findall(r"Seite \d von \d", text) for text in texts]
    assert counted == [["Seite 1 von 2"], ["Seite 2 von 2"], ["Seite 1 von 1"], ["Seite 1 von 1"]]
    assert "Ich komme." in texts[-2]
    assert "Datum, Unterschrift" in texts[-2]
    assert "Date, signature" in texts[-1]
    assert "Antwort" not in texts[0]


@pytest.mark.parametrize("paper", [lists.attendance_pdf(attendance(), VOICE), minutes_pdf(minutes(), VOICE)])
def test_a_pdf_says_what_it_is(paper: bytes) -> None:
    metadata = PdfReader(BytesIO(paper)).metadata
    assert metadata is not None
    assert metadata.author == "ReKo Stendal"
    assert metadata.creation_date == END

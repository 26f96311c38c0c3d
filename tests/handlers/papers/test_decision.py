"""The decision record on paper: complete, the same again, and silent about secrets."""

from dataclasses import replace
from datetime import timedelta
from io import BytesIO

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pypdf import PdfReader

from handlers.papers import decision_pdf, decision_pdf_async, table_pdf, table_pdf_async
from handlers.papers.lists import letters_pdf
from handlers.papers.values import Attached, DecisionRecord, Exclusion, Letter, ListPaper, Seat, Table
from locales import Voice
from tests.handlers.papers.samples import (
    CLOSED,
    HEAD,
    LINES,
    MANDATES,
    TEXT,
    VOICE,
    ZONE,
    crowd,
    election,
    motion,
    pages,
    ranking,
    squeezed,
    straw_poll,
)


def shown(record: DecisionRecord) -> str:
    # A word parted at a line's end keeps its hyphen in what is read back, so hyphens are left out on both sides.
    return plain(pages(decision_pdf(record, VOICE)))


def plain(text: str) -> str:
    return squeezed(text).replace("-", "").replace("\u2010", "")


def test_it_says_all_that_the_record_holds() -> None:
    record = motion()
    said = ["ReKo Stendal", "Regionaler Arbeitskreis Stendal", "Nr. 17", "Beschluss", "Entscheidungsprotokoll Nr. 17"]
    said += ["Umlauf (§ 7 Abs. 3 Geschäftsordnung) · Offen", "Di, 24.11.2026, 09:00 Uhr", "Di, 01.12.2026, 12:00 Uhr"]
    said += [record.title, *TEXT.split("\n"), "angenommen", "angelehnt an KVG LSA", HEAD, "42 Einträge"]
    said += [one for line in LINES for one in line] + [*MANDATES]
    said += [one.by for one in record.seats] + [one.receipt for one in record.seats]
    said += ["Anna Beispiel (Stellvertretung)", "Papier", "keine Stimme", "Befangen"]
    said += [one.reason for one in record.exclusions] + list(record.notes)
    said += [one.name for one in record.attachments] + [one.sha256 for one in record.attachments]
    said += ["Ort, Datum", "Vorsitz", "Protokoll", "Seite 1 von 2", "Seite 2 von 2", "Stand: 01.12.2026, 12:00 Uhr"]
    found = shown(record)
    assert [one for one in said if plain(one) not in found] == []


def test_the_municipal_block_stands_in_the_order_of_the_protocol() -> None:
    block = "gesetzliche Mitgliederzahl anwesend Ja Nein Enthaltung nach § 33 ausgeschlossen 8 6 4 1 1 1"
    assert plain(block) in shown(motion())
    assert plain("gesetzliche Mitgliederzahl") not in shown(election())


@pytest.mark.parametrize(
    "record", [motion(), straw_poll(), election(20), ranking(12), crowd(500)], ids=lambda one: one.kind
)
def test_every_kind_makes_the_same_bytes_again(record: DecisionRecord) -> None:
    made = decision_pdf(record, VOICE)
    assert decision_pdf(record, Voice("de", ZONE)) == made
    metadata = PdfReader(BytesIO(made)).metadata
    assert metadata is not None
    assert metadata.title == record.title
    assert metadata.creation_date == CLOSED


def test_other_facts_make_other_bytes() -> None:
    assert decision_pdf(motion(as_of=CLOSED + timedelta(days=1)), VOICE) != decision_pdf(motion(), VOICE)


def test_a_secret_vote_shows_who_took_part_and_nothing_else() -> None:
    found = shown(motion(secret=True, exclusions=(), notes=()))
    for seat in motion().seats:
        assert plain(seat.mandate) in found
        assert not seat.receipt or seat.receipt not in found
        assert not seat.at or plain(VOICE.stamp(seat.at)) not in found
    assert plain("IHK Magdeburg abgestimmt Anna Beispiel (Stellvertretung)") in found
    assert "Befangen" not in found


def test_where_names_are_not_told_no_mandate_is_listed() -> None:
    found = shown(motion(names=False, exclusions=(), notes=()))
    assert [one for one in MANDATES if plain(one) in found] == []


def test_500_mandates_go_over_pages_each_with_its_heading() -> None:
    reader = PdfReader(BytesIO(decision_pdf(crowd(500), VOICE)))
    texts = [page.extract_text() for page in reader.pages]
    assert len(texts) > 5
    assert all("Abgegeben von" in text for text in texts[1:-1])
    assert f"Seite {len(texts)} von {len(texts)}" in texts[-1]
    assert "Mandat 499" in "".join(texts)


def test_it_speaks_english_too() -> None:
    found = pages(decision_pdf(motion(), Voice("en", ZONE)))
    assert "Decision record no. 17" in found
    assert "Page 1 of 2" in found


@settings(max_examples=30, deadline=None)
@given(st.text(st.characters(categories=None, codec=None), max_size=120), st.booleans())
def test_any_texts_make_a_record(text: str, secret: bool) -> None:
    record = replace(
        motion(secret=secret),
        title=text,
        text=text,
        body=text,
        office=text,
        outcome=text,
        lines=[(text, text)],
        notes=[text],
        seats=[Seat(text, True, choice=text, by=text, deputy=True, way=text, at=CLOSED, receipt=text)],
        exclusions=[Exclusion(text, text)],
        attachments=[Attached(text, text)],
        tables=[Table(text, (text, text), [(text,), (text, text, text)], note=text)],
        record_head=text,
        signatures=[text],
    )
    assert decision_pdf(record, VOICE).startswith(b"%PDF-1.7")


async def test_threads_make_the_same() -> None:
    assert await decision_pdf_async(motion(), VOICE) == decision_pdf(motion(), VOICE)


async def test_a_list_to_sign() -> None:
    rows = [(one, "") for one in MANDATES]
    table = Table("Mandate", ("Mandat", "Unterschrift"), rows, to_sign=True)
    paper = ListPaper(
        "ReKo Stendal", "RAK Stendal", "Anwesenheit", CLOSED, [table], [("Sitzung", "Nr. 3")], ["Vorsitz"]
    )
    made = await table_pdf_async(paper, VOICE)
    assert made == table_pdf(paper, VOICE)
    found = plain(pages(made))
    assert [
        one for one in [*MANDATES, "Anwesenheit", "Nr. 3", "Unterschrift", "Vorsitz"] if plain(one) not in found
    ] == []


def test_a_letter_has_its_address_where_the_window_is() -> None:
    letter = Letter(
        "ReKo", "ReKo · 39576 Stendal", ["IHK Magdeburg", "39104 Magdeburg"], "Einladung", CLOSED, "Guten Tag"
    )
    page = PdfReader(BytesIO(letters_pdf([letter], letter.title, VOICE))).pages[0]
    height = float(page.mediabox.height)
    places: dict[str, float] = {}  # in millimetres below the edge

    def note(text: str, page_to_paper: list[float], text_to_page: list[float], *_rest: object) -> None:
        _, shear, _, scale, _, up = page_to_paper
        at = shear * text_to_page[4] + scale * text_to_page[5] + up
        places.setdefault(text.strip(), (height - at) / 72 * 25.4)

    page.extract_text(visitor_text=note)
    # DIN 5008, form B: the field is from 45 to 90 mm, the address in it from 62.7.
    assert 62.7 <= next(at for text, at in places.items() if "IHK" in text) <= 72

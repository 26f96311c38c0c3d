"""What is said to a question: word for word, with its place and date; and what has gone wrong in other bots."""

import re
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from handlers import ask
from handlers.quoting import OMITTED, answer_message, citation, quoted, whole_message
from handlers.speech import LONGEST, split
from locales import Voice, html
from models.knowledge import Quote
from models.question import LastQuestion, OfficeQuestion
from models.search import Answer, Library, NoAnswer, answer, show
from models.search.excerpt import excerpt
from tests.auxil.asking import REFUSED, load, source
from tests.auxil.party import STAFF, STRANGER, VERA, Party
from tests.auxil.telegram_json import plain
from tests.models.shelf import NOW, ROOT, SHARED, library

RATE = "Die Zuwendung beträgt höchstens 90 Prozent der zuwendungsfähigen Ausgaben."
OTHER = "Dieser Satz handelt von etwas anderem und dient allein der Länge des Abschnitts. "
DEMO = library(ROOT / "demo" / "office" / "sources")
VOICE = Voice("de")
WORDS = sorted({word for shown in DEMO.shown for word in shown.split()})
REFUSALS = ("Wer bekommt Geld vom Mond?", "Wie hoch ist der Fördersatz im Förderbereich N?", "Was kostet ein Brot?")


def said_of(question: str, lib: Library) -> tuple[str, Answer] | None:
    """The text of the answer as a phone shows it, and the finding behind it; None where there is no answer."""
    finding = answer(question, lib, NOW)
    if not isinstance(finding, Answer):
        return None
    pieces = excerpt(finding.quote.text, lib.question(question))
    return plain(answer_message(VOICE, finding, pieces, 1, staff=False).text), finding


def assert_verbatim(said: str, finding: Answer) -> None:
    """Every quoted piece stands in the passage byte for byte, and what follows is its citation and nothing else."""
    quotation, place = said.split("\n\nFundstelle: ", 1)
    passage = finding.quote
    pieces = quotation.split(OMITTED)
    if passage.lead:
        assert pieces.pop(0) == passage.lead
    assert pieces
    for piece in pieces:
        assert piece.encode() in passage.text.encode()
    where = [passage.document.title, passage.document.publisher, passage.section]
    page = f"Seite {passage.page}" if passage.page else ""
    assert place.splitlines()[0] == ", ".join(part for part in [*where, page] if part)


@settings(max_examples=80, deadline=None)
@given(st.lists(st.sampled_from(WORDS), min_size=1, max_size=7).map(" ".join))
def test_every_quotation_is_byte_identical_to_its_passage(question: str) -> None:
    found = said_of(question, DEMO)
    if found is not None:
        assert_verbatim(*found)


@settings(max_examples=80, deadline=None)
@given(st.lists(st.sampled_from(WORDS), min_size=1, max_size=7).map(" ".join))
def test_no_figure_and_no_date_is_named_that_the_source_does_not_hold(question: str) -> None:
    found = said_of(question, DEMO)
    if found is None:
        return
    said, finding = found
    document = finding.quote.document
    held = f"{finding.quote.lead} {finding.quote.text} {finding.quote.section} {document.title} {document.publisher} "
    dates = [document.dated, document.valid_from, document.valid_until, *(_dates(finding))]
    held += " ".join(VOICE.day(one) for one in dates if one) + " ".join(
        getattr(one, "title", "") or one.quote.document.title
        for one in finding.warnings
        if hasattr(one, "title") or hasattr(one, "quote")
    )
    assert set(re.findall(r"\d+", said)) <= set(re.findall(r"\d+", held))


def _dates(finding: Answer) -> list[object]:
    return [getattr(one, name) for one in finding.warnings for name in ("until", "valid_from") if hasattr(one, name)]


@given(st.text(min_size=1).filter(str.strip), st.text())
def test_whatever_a_passage_holds_is_shown_as_it_is(text: str, lead: str) -> None:
    passage = Quote(1, DEMO.quotes[0].document, 0, 0, "", None, lead, text)
    shown = f"{lead}{OMITTED}{text}" if lead else text
    assert quoted(passage) == html(shown)


def test_every_passage_of_the_sources_is_shown_in_messages_that_telegram_takes() -> None:
    for passage in DEMO.quotes:
        found = show(passage, DEMO, NOW)
        for message in (whole_message(VOICE, found), answer_message(VOICE, found, [passage.text], 1, staff=True)):
            assert all(len(piece.encode("utf-16-le")) // 2 <= LONGEST for piece in split(message.text))
        assert passage.text in plain(whole_message(VOICE, found).text)


# --- short on a phone, the whole one tap away


async def test_a_long_passage_is_shown_by_what_answers_and_whole_with_more(party: Party) -> None:
    text = f"{(OTHER * 3).strip()} {RATE} {(OTHER * 3).strip()}"
    await load(party, richtlinie=source(f"# 5 Höhe\n\n{text}"))
    await party.write(STRANGER, "Wie hoch ist die Zuwendung in Prozent?")
    shown = party.last_text(STRANGER).split("\n\nFundstelle:")[0]
    assert RATE in shown
    assert shown in text
    assert len(shown) < len(text)
    assert party.labels(STRANGER)[0] == "Mehr"
    await party.tap(STRANGER, "Mehr")
    whole, place = party.last_text(STRANGER).split("\n\n", 1)
    assert whole == text
    assert place.startswith("Fundstelle: Richtlinie REGIO AKTIV, Ministerium für Arbeit, Nr. 5 Höhe")


async def test_more_shows_the_other_figure_that_the_answer_does_not_repeat(party: Party) -> None:
    await load(
        party,
        seite=source("Für REGIO AKTIV stehen 140 Millionen Euro bereit.", "Regionalisierung", "guidance"),
        presse=source("Für REGIO AKTIV stehen 140 Milliarden Euro bereit.", "Pressetext", "press"),
    )
    await party.write(STRANGER, "Wie viel Geld steht für REGIO AKTIV bereit?")
    said = party.last_text(STRANGER)
    assert said.startswith("Für REGIO AKTIV stehen 140 Millionen Euro bereit.")
    assert said.splitlines()[-1].startswith("Achtung: Eine andere Quelle, „Pressetext“, nennt eine andere Zahl.")
    assert "Milliarden" not in said
    await party.tap(STRANGER, "Mehr")
    assert "140 Milliarden" in party.last_text(STRANGER)
    assert party.last_text(STRANGER).count("Fundstelle:") == 2


async def test_a_figure_of_a_lesser_source_never_beats_the_valid_one(party: Party) -> None:
    """The press has the words of the question, the ministry has the figure."""
    await load(
        party,
        seite=source("Für REGIO AKTIV stehen 140 Millionen Euro Mittel zur Verfügung.", "Seite", "guidance"),
        presse=source("Für REGIO AKTIV stehen 140 Milliarden Euro Mittel insgesamt bereit.", "Presse", "press"),
    )
    await party.write(STRANGER, "Wie viel Mittel stehen insgesamt für REGIO AKTIV bereit?")
    assert party.last_text(STRANGER).startswith("Für REGIO AKTIV stehen 140 Millionen Euro Mittel zur Verfügung.")
    assert "Milliarden" not in party.last_text(STRANGER)


async def test_more_stays_true_when_the_source_has_changed_since(party: Party) -> None:
    text = f"{(OTHER * 3).strip()} {RATE} {(OTHER * 3).strip()}"
    await load(party, richtlinie=source(text))
    await party.write(STRANGER, "Wie hoch ist die Zuwendung in Prozent?")
    await load(party, richtlinie=source(text.replace("90", "80")))
    await party.tap(STRANGER, "Mehr")
    assert "höchstens 90 Prozent" in party.last_text(STRANGER)
    assert "Achtung: Es gibt eine neuere Fassung: Richtlinie REGIO AKTIV." in party.last_text(STRANGER)


# --- what has gone wrong elsewhere


@pytest.mark.parametrize("question", REFUSALS)
async def test_under_a_refusal_stands_no_source_and_no_passage(party: Party, question: str) -> None:
    await load(party, richtlinie=source(RATE))
    await party.write(STRANGER, question)
    assert party.last_text(STRANGER).startswith(REFUSED)
    assert "Fundstelle" not in party.last_text(STRANGER)
    assert not re.search(r"\d", party.last_text(STRANGER))
    assert party.labels(STRANGER) == ["An die ReKo"]


@pytest.mark.parametrize(
    ("question", "reason"),
    [
        ("Wie hoch ist der Fördersatz im Förderbereich N?", "Diesen Förderbereich gibt es nicht; es gibt A bis M."),
        ("Warum wurde mein Antrag abgelehnt?", "Zu einem einzelnen Vorhaben kann nur die ReKo mehr sagen."),
        ("RÜMSA-Antrag 2026 stellen", "Ihre Frage gilt einem früheren Programm. Ich kenne nur REGIO AKTIV."),
    ],
)
async def test_why_nothing_answers_is_said_where_that_needs_no_source(party: Party, question: str, reason: str) -> None:
    await party.write(STRANGER, question)
    assert party.last_text(STRANGER) == f"{REFUSED}\n\n{reason}"


def test_a_citation_names_what_is_stored_and_no_number_of_its_own() -> None:
    for passage in DEMO.quotes:
        place, date = citation(VOICE, passage).split("\n")
        assert place.startswith(f"Fundstelle: {html(passage.document.title)}")
        assert date.startswith("Stand: ")
        assert str(passage.id) not in re.findall(r"\[(\d+)\]", place)


async def test_an_answer_is_never_empty(party: Party) -> None:
    await load(party, leer=source(f"# Höhe der Zuwendung\n\n{RATE}"))
    for question in ("Höhe der Zuwendung", "zuwendung", "   ", "?", "…"):
        await party.write(STRANGER, question)
        assert party.last_text(STRANGER).split("Fundstelle:")[0].strip()


async def test_a_right_answer_is_not_withheld_because_its_source_says_little_of_itself(party: Party) -> None:
    await load(party, knapp=source(RATE))
    await party.write(STRANGER, "Wie hoch ist die Zuwendung?")
    assert party.last_text(STRANGER).splitlines() == [
        RATE,
        "",
        "Fundstelle: Richtlinie REGIO AKTIV, Ministerium für Arbeit",
        "Stand: ohne Datum",
    ]


async def test_the_day_of_loading_is_never_given_as_the_date(party: Party) -> None:
    await load(party, ohne=source(RATE), gilt=source("Angeschaffte Geräte sind fünf Jahre zu nutzen.", "Merkblatt",
                                                     valid_from="21.06.2022"))  # fmt: skip
    for question in ("Wie hoch ist die Zuwendung?", "Wie lange sind Geräte zu nutzen?"):
        await party.write(STRANGER, question)
        assert "2026" not in party.last_text(STRANGER)
    assert party.last_text(STRANGER).endswith("Stand: ohne Datum (gültig ab 21.06.2022)")


def test_nothing_is_said_from_outside_the_sources() -> None:
    for question in ("Was ist die Hauptstadt von Frankreich?", "Wer hat den Reis erfunden?"):
        assert isinstance(answer(question, DEMO, NOW), NoAnswer)


def test_the_best_of_nothing_is_still_nothing() -> None:
    """The floor: with it gone, the nearest passage would be shown for anything."""
    for question in REFUSALS:
        finding = answer(question, DEMO, NOW)
        assert not isinstance(finding, Answer), question


async def test_a_rule_of_another_programme_is_not_given_as_ours(party: Party) -> None:
    await load(party, richtlinie=source(RATE))
    await party.write(STRANGER, "Gilt die Frist 15.10. auch für uns?")
    assert "15.10" not in party.last_text(STRANGER)
    assert party.last_text(STRANGER).startswith(REFUSED)


@pytest.mark.parametrize("question", ["wen ruf ich an in stendal", "mailadr reko?"])
def test_an_outdated_contact_comes_with_its_warning(question: str) -> None:
    found = said_of(question, _shared())
    assert found is not None
    assert found[0].splitlines()[-1].startswith("Achtung: gültig nur bis 31.12.2025.")


def test_no_damaged_text_is_quoted() -> None:
    lib = _shared()
    for passage in lib.quotes:
        assert not re.search("[ĂŒ]|Ã.|À", passage.text), passage.text


def _shared() -> Library:
    folder: Path = SHARED / "sources"
    if not folder.exists():
        pytest.skip("the shared sources are not here")
    return library(folder)


# --- what follows the last question up


async def test_a_follow_up_takes_the_context_of_the_last_question(party: Party) -> None:
    await party.write(STRANGER, "Was ist Förderbereich A?")
    await party.write(STRANGER, "und für B?")
    assert party.last_text(STRANGER).splitlines()[-1] == "Verstanden als: „Was ist Förderbereich B?“"
    newest = max(await party.rows(OfficeQuestion), key=lambda one: one.number)
    assert "örderbereich B" in newest.text  # so the office understands it, too


async def test_after_ten_minutes_and_for_anybody_else_a_question_stands_alone(party: Party) -> None:
    await party.write(STRANGER, "Was ist Förderbereich A?")
    await party.write(VERA, "und für B?")
    assert "Verstanden als:" not in party.last_text(VERA)
    party.clock.advance(timedelta(minutes=10, seconds=1))
    await party.write(STRANGER, "und für B?")
    assert "Verstanden als:" not in party.last_text(STRANGER)


@pytest.mark.parametrize("text", ["Danke!", "Wie hat die IHK abgestimmt?", "IBAN DE89 3704 0044 0532 0130 00"])
async def test_what_is_no_question_or_must_not_be_kept_is_no_context(party: Party, text: str) -> None:
    await party.write(STRANGER, "Was ist Förderbereich A?")
    await party.write(STRANGER, text)
    [last] = await party.rows(LastQuestion)
    assert last.text == "Was ist Förderbereich A?"


async def test_a_question_worked_off_again_does_not_follow_itself_up(
    party: Party, monkeypatch: pytest.MonkeyPatch
) -> None:
    said = ask.follow_up
    asked: list[tuple[str, str]] = []
    monkeypatch.setattr(ask, "follow_up", lambda before, text: asked.append((before, text)) or said(before, text))
    await party.write(STRANGER, "Was ist Förderbereich A?")
    party.telegram.fail("sendMessage", (500, {"ok": False, "error_code": 500, "description": "x"}), chat_id=STRANGER)
    await party.write(STRANGER, "und für B?")
    assert [text for _, text in asked] == ["und für B?"]
    assert "örderbereich B" in party.last_text(STRANGER).splitlines()[-1]


async def test_a_follow_up_to_what_no_source_answers_is_refused_and_not_answered_with_something_else(
    party: Party,
) -> None:
    await load(party, richtlinie=source("# Förderbereich B\n\nFAMICO ist für Alleinerziehende."))
    await party.write(STRANGER, "Wie heißt der Wetterdienst in Förderbereich A?")
    await party.write(STRANGER, "und B?")
    assert party.last_text(STRANGER).startswith(REFUSED)
    assert "Alleinerziehende" not in party.last_text(STRANGER)


async def test_staff_asks_like_everybody_else(party: Party) -> None:
    await load(party, richtlinie=source(RATE))
    await party.write(STAFF, "Wie hoch ist die Zuwendung?")
    assert party.last_text(STAFF).startswith(RATE)

"""The week's list of what was asked and not found, and what is forgotten: context, texts."""

from datetime import UTC, datetime, timedelta
from io import BytesIO
from typing import Any
from zipfile import ZipFile

from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook

from handlers.office.unfound import workbook
from locales import Voice
from models.base import Database
from models.outbox import Letter
from models.question import LastQuestion, OfficeQuestion, Unfound, Week
from tests.auxil.asking import UNKNOWN, answered, hand_on, load, source
from tests.auxil.clock import START, Clock
from tests.auxil.fake_telegram import FakeTelegram
from tests.auxil.party import COLLEAGUE, GUEST, STAFF, STRANGER, VERA, Party, at_work

MONDAY = datetime(2026, 11, 30, 8, 0, tzinfo=UTC)  # 9 o'clock in Berlin
RATE = "Die Zuwendung beträgt höchstens 90 Prozent der zuwendungsfähigen Ausgaben."


async def a_week(party: Party) -> None:
    await load(party, richtlinie=source(RATE))
    for who in (STRANGER, GUEST):
        await party.write(who, UNKNOWN)
    await party.tap(GUEST, "An die ReKo")
    await party.write(VERA, "Bis wann muss der Sachbericht abgegeben werden?")
    await party.write(VERA, "Wie hoch ist die Zuwendung?")
    await party.tap(VERA, "Hilfreich")
    await party.write(STRANGER, "=HYPERLINK(A1) wer bekommt Mondgeld?")
    await party.write(STRANGER, "Wie hoch ist die Zuwendung?")
    await party.tap(STRANGER, "Nicht hilfreich")


def lists(party: Party, who: int) -> list[str]:
    return [one for one in party.telegram.texts(who) if one.startswith("Gefragt und nicht gefunden")]


def file(party: Party, who: int) -> dict[str, Any]:
    [call] = party.telegram.sent("sendDocument", who)
    [(name, content)] = call.files.values()
    return {"name": name, "rows": list(load_workbook(BytesIO(content)).worksheets[0].iter_rows())}


async def test_on_monday_morning_staff_gets_what_was_asked_and_not_found(
    database: Database, telegram: FakeTelegram, clock: Clock
) -> None:
    async with at_work(database, telegram, clock) as party:
        await party.tick()
        await a_week(party)
        clock.jump(MONDAY - timedelta(seconds=1))
        await party.tick()
        assert lists(party, STAFF) == []
        clock.advance(seconds=1)
        for _ in range(2):
            await party.tick()
        for who in (STAFF, COLLEAGUE):
            assert lists(party, who) == [
                "\n".join(
                    [
                        "Gefragt und nicht gefunden, 23.11.2026 bis 30.11.2026",
                        "6 Fragen, hilfreich: 1, nicht hilfreich: 1",
                        f"2-mal: {UNKNOWN} (nichts gefunden)",
                        "1-mal: Bis wann muss der Sachbericht abgegeben werden? (kein solcher Termin eingetragen)",
                        "1-mal: =HYPERLINK(A1) wer bekommt Mondgeld? (nichts gefunden)",
                        "1-mal: Wie hoch ist die Zuwendung? (beantwortet, nicht hilfreich)",
                    ]
                )
            ]
        assert lists(party, VERA) == lists(party, STRANGER) == []


async def test_the_file_holds_the_same_and_runs_nothing(party: Party) -> None:
    await party.tick()
    await a_week(party)
    party.clock.jump(MONDAY)
    await party.tick()
    found = file(party, STAFF)
    assert found["name"] == "fragen-2026-11-30.xlsx"
    values = [[cell.value for cell in row] for row in found["rows"]]
    assert values[0] == ["Frage", "Gefragt", "Gefunden", "An die ReKo", "Zuletzt gefragt"]
    assert values[1] == [UNKNOWN, 2, "nichts gefunden", "ja", "24.11.2026, 10:00 Uhr"]
    assert values[3][0] == "'=HYPERLINK(A1) wer bekommt Mondgeld?"
    assert {cell.data_type for row in found["rows"] for cell in row} == {"s", "n"}


async def test_after_an_outage_one_list_covers_what_was_missed(party: Party) -> None:
    await party.tick()
    await party.write(STRANGER, UNKNOWN)
    party.clock.jump(MONDAY + timedelta(days=14, hours=2))
    for _ in range(2):
        await party.tick()
    assert [one.splitlines()[0] for one in lists(party, STAFF)] == [
        "Gefragt und nicht gefunden, 23.11.2026 bis 14.12.2026"
    ]


async def test_a_week_in_which_all_was_found_needs_no_list(party: Party) -> None:
    await load(party, richtlinie=source(RATE))
    await party.tick()
    await party.write(VERA, "Wie hoch ist die Zuwendung?")
    party.clock.jump(MONDAY)
    await party.tick()
    assert lists(party, STAFF) == []


async def test_a_list_that_falls_on_a_holiday_waits(party: Party) -> None:
    easter_monday = datetime(2027, 3, 29, 7, 0, tzinfo=UTC)
    party.clock.jump(easter_monday - timedelta(days=3))
    await party.tick()
    await party.write(STRANGER, UNKNOWN)
    party.clock.jump(easter_monday)
    await party.tick()
    assert lists(party, STAFF) == []
    party.clock.jump(datetime(2027, 3, 30, 6, 0, tzinfo=UTC))
    await party.tick()
    assert len(lists(party, STAFF)) == 1


async def test_a_heading_that_was_meant_was_found(party: Party) -> None:
    await party.write(STRANGER, "Hallo")
    async with party.database.begin() as session:
        for passage_id in (None, 1):
            asked = {"telegram_id": STRANGER, "text": f"Frage {passage_id}", "asked_at": party.clock.now}
            session.add(OfficeQuestion(finding="near", passage_id=passage_id, **asked))
    party.clock.jump(MONDAY)
    await party.tick()
    [said] = lists(party, STAFF)
    assert "Frage None (nur Ähnliches)" in said
    assert "Frage 1" not in said


@settings(deadline=None, max_examples=40)  # each writes and reads a whole file
@given(st.text())
def test_no_text_becomes_a_formula(text: str) -> None:
    week = Week(1, 0, 0, [Unfound(text, 1, "none", handed_on=False, last_asked_at=START)])
    content = workbook(Voice("de"), week)
    sheet = ZipFile(BytesIO(content)).read("xl/worksheets/sheet1.xml")
    assert b"<f>" not in sheet
    [_, row] = load_workbook(BytesIO(content)).worksheets[0].iter_rows()
    assert row[0].data_type in {"s", "inlineStr", "n"}  # an empty one is „inlineStr" or „n"
    assert not str(row[0].value or "").startswith(("=", "+", "-", "@"))


# --- what is forgotten


async def test_the_last_question_is_kept_for_ten_minutes_and_no_longer(party: Party) -> None:
    await party.write(STRANGER, "Was ist Förderbereich A?")
    await party.write(STRANGER, "Wer bekommt Geld vom Mond?")
    [last] = await party.rows(LastQuestion)
    assert last.text == "Wer bekommt Geld vom Mond?"
    party.clock.advance(minutes=10)
    await party.tick()
    assert len(await party.rows(LastQuestion)) == 1
    party.clock.advance(seconds=1)
    await party.tick()
    assert await party.rows(LastQuestion) == []


async def test_after_twelve_months_question_and_answer_are_gone_everywhere(party: Party) -> None:
    await hand_on(party)
    await answered(party, "Niemand auf der Erde.")
    await hand_on(party, "Wer bekommt Geld vom Mars?", GUEST)
    party.clock.jump(datetime(2027, 11, 24, 2, 0, tzinfo=UTC))
    await party.tick()
    assert await party.holds("Mond")
    party.clock.jump(datetime(2027, 11, 26, 2, 0, tzinfo=UTC))
    await party.tick()
    for words in ("Mond", "Mars", "Niemand auf der Erde"):
        assert not await party.holds(words)
    first, second = await party.rows(OfficeQuestion)
    assert (first.text, first.answer, first.passage_id) == ("", "", None)
    assert first.answered_at is not None
    assert (second.text, second.answer) == ("", None)
    await party.write(STAFF, "/buero")
    assert "offene Frage" not in party.last_text(STAFF)


async def test_the_cleaning_is_done_once_a_day(party: Party) -> None:
    await party.tick()
    await party.write(STRANGER, UNKNOWN)
    async with party.database.begin() as session:
        question = await session.get_one(OfficeQuestion, 1)
        question.asked_at = party.clock.now - timedelta(days=400)
    await party.tick()
    assert (await party.rows(OfficeQuestion))[0].text == UNKNOWN
    party.clock.advance(days=1)
    await party.tick()
    assert (await party.rows(OfficeQuestion))[0].text == ""


async def test_a_letter_in_doubt_keeps_its_text_for_whoever_decides(party: Party) -> None:
    await hand_on(party)
    async with party.database.begin() as session:
        (await session.get_one(Letter, 1)).state = "uncertain"
        (await session.get_one(Letter, 1)).message_id = (await session.get_one(Letter, 1)).sent_at = None
        (await session.get_one(Letter, 1)).error = "TimedOut"
    party.clock.jump(datetime(2028, 1, 1, 2, 0, tzinfo=UTC))
    await party.tick()
    texts = [one.text for one in await party.rows(Letter) if one.kind == "question"]
    assert [text is None for text in texts] == [False, True]

"""„Berichte" from the office's desk: the words in the chat, the files, what is counted, and that nobody is named."""

from datetime import date, timedelta
from io import BytesIO
from typing import Any

import pytest
from openpyxl import load_workbook
from sqlalchemy import update
from telegram.error import TimedOut

from handlers.office.reports import read_period
from models.member import Account
from models.refusals import Unfit
from models.report.periods import Period
from models.report.rows import Asked
from tests.auxil.party import JENS, KARL, NAMES, STAFF, STRANGER, VERA, Party
from tests.handlers.papers.samples import pages, squeezed

TODAY = date(2026, 11, 24)
QUARTER = 3


@pytest.mark.parametrize(
    ("text", "period"),
    [
        ("März 2026", Period(2026, 3)),
        ("maerz 2026", Period(2026, 3)),
        (" NOV. 2025 ", Period(2025, 11)),
        ("Dezember", Period(2025, 12)),
        ("November", Period(2026, 11)),
        ("3/2026", Period(2026, 3)),
        ("03.2026", Period(2026, 3)),
        ("2026-03", Period(2026, 3)),
        ("1. Quartal 2026", Period(2026, 1, QUARTER)),
        ("Quartal 2 2026", Period(2026, 4, QUARTER)),
        ("Q1/2026", Period(2026, 1, QUARTER)),
        ("q4", Period(2026, 10, QUARTER)),
        ("3. quarter 2025", Period(2025, 7, QUARTER)),
    ],
)
def test_a_period_is_read_as_people_write_it(text: str, period: Period) -> None:
    assert read_period(text, TODAY) == period


@pytest.mark.parametrize(
    "text", ["", "gestern", "Q5/2026", "13/2026", "0/2026", "März 26000", "5. Quartal 2026", "2026"]
)
def test_what_is_no_period_is_refused(text: str) -> None:
    with pytest.raises(Unfit, match="period"):
        read_period(text, TODAY)


async def at_work_for_long(party: Party) -> None:
    """Somebody came in a year ago."""
    async with party.database.begin() as session:
        long_ago = party.clock.now - timedelta(days=365)
        await session.execute(update(Account).where(Account.telegram_id == KARL).values(first_seen=long_ago))


async def a_month(party: Party) -> None:
    """A vote, questions and a Rundruf."""
    await party.open_vote(closes="25.11.2026 12:00")
    await party.tap(VERA, "Ja")
    await party.tap(JENS, "Nein")
    party.clock.advance(days=2)
    await party.tick()
    await party.tick()
    for text in ("Was ist Förderbereich C?", "Wie hat Vera abgestimmt?", "Wann ist die nächste Frist für C?", "Danke!"):
        await party.write(STRANGER, text)
    await party.write(STRANGER, "Meine IBAN ist DE02120300000000202051")


def sent(party: Party, ending: str) -> bytes:
    """The file of this kind that came last."""
    files = [file for call in party.telegram.sent("sendDocument", STAFF) for file in call.files.values()]
    content: bytes = next(file[1] for file in reversed(files) if file[0].endswith(ending))
    return content


async def test_the_words_in_the_chat_and_the_files_say_the_same_and_name_nobody(party: Party) -> None:
    await at_work_for_long(party)
    await a_month(party)
    await party.write(STAFF, "/buero")
    await party.fill(STAFF, "[Berichte]", "[Dieser Monat · November 2026]")
    words = party.last_text(STAFF)
    assert words.startswith("Bericht November 2026, bis heute\nIn Klammern: Oktober 2026.")
    assert "Abgeschlossene Abstimmungen: 1 (0)" in words
    assert "Beteiligung, alle zusammen: 2 von 3 (67\u00a0%) (entfällt)" in words
    assert "Gestellte Fragen: 4 (keine Angaben)" in words
    assert party.labels(STAFF) == ["PDF", "Tabelle (XLSX)", "CSV", "Zurück"]
    report = party.telegram.last(STAFF)
    for label in ("PDF", "Tabelle (XLSX)", "CSV"):
        await party.hear(party.telegram.tap(STAFF, label, message=report))
    paper, table = squeezed(pages(sent(party, ".pdf"))), sent(party, ".csv").decode("utf-8-sig")
    book = load_workbook(BytesIO(sent(party, ".xlsx")))
    cells = "\n".join(str(cell.value) for sheet in book for row in sheet for cell in row)
    for line in words.splitlines():
        label, colon, rest = line.partition(": ")
        if colon and rest.endswith(")"):
            now = rest.rpartition(" (")[0]
            for text in map(squeezed, (paper, table, cells)):
                assert squeezed(label) in text
                assert squeezed(now) in text, (label, now)
    for name in NAMES.values():
        assert not any(squeezed(name) in squeezed(text) for text in (words, paper, table, cells))
    assert "Förderung2027" in paper
    await party.hear(party.telegram.tap(STAFF, "Zurück", message=report))
    assert party.last_text(STAFF).startswith("Berichte")


async def test_a_figure_of_the_workbook_can_be_reckoned_with(party: Party) -> None:
    await at_work_for_long(party)
    await a_month(party)
    await party.write(STAFF, "/buero")
    await party.fill(STAFF, "[Berichte]", "[Dieses Quartal · 4. Quartal 2026]", "[Tabelle (XLSX)]")
    sheet = load_workbook(BytesIO(sent(party, ".xlsx"))).worksheets[0]
    rows: dict[Any, Any] = {row[1].value: [cell.value for cell in row[2:5]] for row in sheet}
    assert rows["Beteiligung, alle zusammen"] == ["Prozent", 66.7, "entfällt"]
    assert rows["Abgeschlossene Abstimmungen"] == ["Anzahl", 1, 0]
    assert rows["Gestellte Fragen"] == ["Anzahl", 4, "keine Angaben"]


async def test_a_period_is_typed_in_the_form(party: Party) -> None:
    await at_work_for_long(party)
    await party.write(STAFF, "/buero")
    await party.fill(STAFF, "[Berichte]", "[Anderer Zeitraum …]", "irgendwann")
    assert "nicht als Monat oder Quartal erkannt" in party.last_text(STAFF)
    await party.write(STAFF, "Dezember 2026")
    assert "hat noch nicht begonnen" in party.last_text(STAFF)
    await party.fill(STAFF, "1. Quartal 2026", "[Bericht zeigen]")
    assert party.last_text(STAFF).startswith("Bericht 1. Quartal 2026\nIn Klammern: 4. Quartal 2025.")
    await party.fill(STAFF, "[CSV]")
    assert "1. Quartal 2026" in sent(party, "bericht-2026-q1.csv").decode("utf-8-sig")


async def test_before_the_assistant_was_at_work_nothing_is_known_and_that_is_said(party: Party) -> None:
    await party.write(STAFF, "/buero")
    await party.fill(STAFF, "[Berichte]", "[Voriges Quartal · 3. Quartal 2026]")
    words = party.last_text(STAFF)
    assert "noch nicht in Betrieb" in words
    assert "Abgeschlossene Abstimmungen: keine Angaben" in words
    assert ": 0" not in words.partition("Reichweite")[0]


async def test_questions_are_counted_by_what_they_came_to_and_keep_nobody(party: Party) -> None:
    await a_month(party)
    counted = {(one.finding, one.areas): one.number for one in await party.rows(Asked)}
    assert counted == {
        ("none", "C"): 1, ("confidential", ""): 1, ("no date", "C"): 1, ("personal data", ""): 1}  # fmt: skip
    assert not await party.holds("DE02120300000000202051")


async def test_a_question_whose_answer_did_not_get_through_counts_once(party: Party) -> None:
    for text in ("Was ist Förderbereich C?", "Wie hat Vera abgestimmt?", "Wann ist die nächste Frist?"):
        party.telegram.fail("sendMessage", TimedOut(), chat_id=STRANGER)
        await party.write(STRANGER, text)
    assert [one.number for one in await party.rows(Asked)] == [1, 1, 1]

from datetime import timedelta

import pytest

from models import deadline
from models.actor import actor
from models.outbox import Letter
from tests.auxil.party import SPONSOR, STRANGER, VERA, Party


@pytest.fixture
def kind() -> str:
    """The store of every test here but those that name another."""
    return "sqlite"


@pytest.mark.parametrize("kind", ["sqlite", "postgres"])
async def test_after_a_long_outage_everyone_with_something_open_hears_once_what_is_stored(party: Party) -> None:
    await party.open_vote()
    await party.tap(VERA, "Ja")
    await party.write(STRANGER, "/hilfe")
    await party.tick()
    before = len(party.telegram.texts(STRANGER))
    party.clock.advance(hours=21)
    party.clock.advance(hours=3)
    await party.tick()
    text = party.last_text(VERA)
    assert text.startswith("Ich war vom Di, 24.11.2026, 10:00 Uhr bis Mi, 25.11.2026, 10:00 Uhr nicht in Betrieb.")
    assert "Abstimmung 1 für Jobcenter Stendal: Ja" in text
    assert len(party.telegram.texts(STRANGER)) == before
    count = len(party.telegram.texts(VERA))
    await party.tick()
    assert len(party.telegram.texts(VERA)) == count


async def test_a_short_outage_tells_nobody(party: Party) -> None:
    await party.open_vote()
    await party.tick()
    before = len(party.telegram.texts(VERA))
    party.clock.advance(hours=2)
    await party.tick()
    assert len(party.telegram.texts(VERA)) == before


async def test_who_is_reminded_of_a_deadline_or_waits_for_the_office_hears_of_it_too(party: Party) -> None:
    async with party.database.begin() as session:
        due = party.clock.now + timedelta(days=20)
        row = await deadline.enter(session, {"title": "Aufruf", "kind": "Aufruf", "due_at": due}, party.clock.now)
        await deadline.subscribe(session, row.number, await actor(session, SPONSOR), party.clock.now)
    await party.write(STRANGER, "Wie tief ist der Arendsee?")
    await party.tap(STRANGER, "An die ReKo")
    await party.tick()
    party.clock.advance(hours=24)
    await party.tick()
    outages = {one.telegram_id: one.text for one in await party.rows(Letter) if one.kind == "outage"}
    assert "Frist 1: Ich erinnere Sie." in outages.pop(SPONSOR)
    assert "Frage 1: Sie liegt der ReKo vor." in outages.pop(STRANGER)
    assert outages == {}


@pytest.mark.parametrize(("minutes", "told"), [(20 * 60, 0), (20 * 60 + 1, 1)])
async def test_twenty_hours_are_the_limit(party: Party, minutes: int, told: int) -> None:
    await party.open_vote(closes="20.12.2026 12:00")
    await party.tick()
    party.clock.advance(minutes=minutes)
    await party.tick()
    assert len([one for one in await party.rows(Letter) if one.kind == "outage" and one.telegram_id == VERA]) == told


async def test_in_the_night_it_waits_for_the_morning(party: Party) -> None:
    await party.open_vote(closes="20.12.2026 12:00")
    await party.tick()
    party.clock.advance(hours=36)  # ten in the evening
    await party.tick()
    before = len(party.telegram.texts(VERA))
    party.clock.advance(hours=10)
    await party.tick()
    assert "nicht in Betrieb" in party.telegram.texts(VERA)[before]

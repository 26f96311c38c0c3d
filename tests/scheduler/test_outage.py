from tests.auxil.party import STRANGER, VERA, Party


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

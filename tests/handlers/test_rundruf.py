"""„Rundruf": the form, what arrives, „Gelesen", the report."""

from typing import Any

from models.invariants import broken_promises
from tests.auxil.party import COLLEAGUE, DORA, GUEST, JENS, KARL, SPONSOR, STAFF, VERA, Party

MEMBERS = (VERA, JENS, KARL)
ALL = (VERA, JENS, KARL, DORA, GUEST, SPONSOR, STAFF, COLLEAGUE)


def entity(kind: str, offset: int, length: int, **more: Any) -> dict[str, Any]:
    return {"type": kind, "offset": offset, "length": length, **more}


async def begin(party: Party, text: str = "Guten Tag zusammen", who: int = STAFF, **extra: Any) -> None:
    await party.write(who, "/buero")
    await party.tap(who, "Rundruf")
    await party.write(who, text, **extra)


async def send(party: Party, *taps: str, text: str = "Guten Tag zusammen") -> None:
    await begin(party, text)
    await party.fill(STAFF, "[Weiter]", "[Alle]", *taps, "[Senden]")


async def settle(party: Party) -> None:
    """The ticks that see the end of it and tell of it."""
    await party.tick()
    await party.tick()


def got(party: Party, who: int, text: str) -> list[dict[str, Any]]:
    return [one for one in party.telegram.chats[who].values() if text in (one.get("text") or one.get("caption") or "")]


async def holds(party: Party) -> None:
    async with party.database.read() as session:
        assert await broken_promises(session) == []


async def test_the_shortest_way_is_text_next_all_send(party: Party) -> None:
    await begin(party)
    await party.tap(STAFF, "Weiter")
    await party.tap(STAFF, "Alle")
    assert "Alle: 8 Personen" in party.last_text(STAFF)
    assert party.telegram.texts(STAFF)[-2] == "Guten Tag zusammen"
    await party.tap(STAFF, "Senden")
    await settle(party)
    for who in ALL:
        assert party.telegram.texts(who).count("Guten Tag zusammen") == 1 + (who == STAFF), who
    report = party.last_text(STAFF)
    assert report.startswith("Bericht: Rundruf Nr. 1")
    assert report.splitlines()[-4:] == ["zugestellt: 8", "nicht erreichbar: 0", "fehlgeschlagen: 0", "ungewiss: 0"]
    assert "8 von 8" not in party.telegram.texts(STAFF)[-2] or "zugestellt" in party.telegram.texts(STAFF)[-2]
    await holds(party)

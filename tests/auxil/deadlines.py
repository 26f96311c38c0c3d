"""Deadlines for tests, entered by the acts that the forms call."""

from datetime import UTC, datetime, timedelta
from typing import Any

from models import deadline as deadlines
from tests.auxil.party import Party

NOON = datetime(2026, 12, 2, 11, 0, tzinfo=UTC)  # a Wednesday, 12:00 in Berlin, in eight days
FAR = datetime(2027, 1, 15, 11, 0, tzinfo=UTC)
FIRST_MORNING = datetime(2026, 12, 16, 8, 0, tzinfo=UTC)  # 30 days before, 9:00 in Berlin
NIGHT = timedelta(hours=12)  # from the tests' start at 10:00 to 22:00


async def enter(party: Party, title: str, due: datetime = FAR, *, told: bool = False, **more: Any) -> int:
    """Enter a deadline, and tell of it as the form does where ``told``; its number."""
    async with party.database.begin() as session:
        entry: Any = {"title": title, "kind": "Aufruf", "due_at": due, **more}
        row = await deadlines.enter(session, entry, party.clock.now, told=told)
        if told:
            await deadlines.announce_new(session, row, party.clock.now)
    await party.deliver()
    return row.number


async def change(party: Party, number: int, reason: str = "", **entry: Any) -> None:
    """Change a deadline and tell of it, as the form does."""
    async with party.database.begin() as session:
        changed: Any = entry
        revision = await deadlines.revise(session, number, changed, party.clock.now, told=True)
        await deadlines.announce(session, revision, party.clock.now, reason=reason)
    await party.deliver()


async def remind_me(party: Party, who: int, number: int) -> None:
    """„Erinnere mich"."""
    await party.write(who, "/fristen")
    await party.hear(party.telegram.tap_data(who, f"t:{number}:remind", party.telegram.last(who)))


async def tick_area(party: Party, who: int, *labels: str) -> None:
    """„Förderbereiche wählen", and tick some."""
    await party.write(who, "/start")
    await party.hear(party.telegram.tap_data(who, "o:areas:0", party.telegram.last(who)))
    for label in labels:
        await party.tap(who, label)

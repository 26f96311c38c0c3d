"""Short ways to write a Rundruf and to see what has come of it."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import update

from models.broadcast.rows import Broadcast, Copy
from models.invariants import broken_promises
from models.office import Office
from models.outbox import Letter
from tests.auxil.party import COLLEAGUE, DORA, GUEST, JENS, KARL, SPONSOR, STAFF, VERA, Party

MEMBERS = (VERA, JENS, KARL)
ALL = (*MEMBERS, DORA, GUEST, SPONSOR, STAFF, COLLEAGUE)
TEXT = "Guten Tag zusammen"


async def begin(party: Party, text: str = TEXT, who: int = STAFF, **extra: Any) -> None:
    """Staff opens the form and writes the text."""
    await party.write(who, "/buero")
    await party.tap(who, "Rundruf")
    await party.write(who, text, **extra)


async def preview(party: Party, *taps: str, text: str = TEXT) -> None:
    """The form up to the preview, to everybody, and further taps there."""
    await begin(party, text)
    await party.fill(STAFF, "[Weiter]", "[Alle]", *taps)


async def send(party: Party, *taps: str, text: str = TEXT) -> None:
    """A Rundruf to everybody, sent, and its end seen by the ticks."""
    await preview(party, *taps, text=text)
    await party.tap(STAFF, "Senden")
    await settle(party)


async def settle(party: Party) -> None:
    """The ticks that see the end of it and tell of it."""
    await party.tick()
    await party.tick()


async def hear_only(party: Party, *updates: Mapping[str, Any]) -> None:
    """Work updates off; what they post stays in the outbox."""
    await party.assistant.intake.take(updates)
    await party.assistant.intake.idle()
    await party.assistant.intake.settle()


async def tap_only(party: Party, who: int, label: str) -> None:
    """A tap after which nothing is delivered yet."""
    await hear_only(party, party.telegram.tap(who, label))


def texts(party: Party, who: int) -> list[str]:
    """What somebody sees."""
    return party.telegram.texts(who)


def having(party: Party, who: int, words: str) -> list[dict[str, Any]]:
    """The messages in a chat that show these words."""
    return [
        party.telegram.chats[who][number]
        for number in sorted(party.telegram.chats[who])
        if words
        in str(party.telegram.chats[who][number].get("text", ""))
        + str(party.telegram.chats[who][number].get("caption", ""))
    ]


async def the_broadcast(party: Party) -> Broadcast:
    """The newest Rundruf."""
    found: Broadcast = (await party.rows(Broadcast))[-1]
    return found


async def copies(party: Party) -> dict[int | None, Copy]:
    """The copies by account."""
    return {one.telegram_id: one for one in await party.rows(Copy)}


async def states(party: Party, *kinds: str) -> Counter[str]:
    """How many letters of these kinds are in which state."""
    return Counter(one.state for one in await party.rows(Letter) if one.kind in kinds)


async def ask_for_release(party: Party) -> None:
    """office.toml asks for a second person."""
    async with party.database.begin() as session:
        await session.execute(update(Office).values(settings={"broadcast_release": True}))


async def promises_hold(party: Party) -> None:
    """Whatever must hold in the store."""
    async with party.database.read() as session:
        assert await broken_promises(session) == []


def entity(kind: str, offset: int, length: int, **more: Any) -> dict[str, Any]:
    """A stretch of formatted text, counted in UTF-16 units."""
    return {"type": kind, "offset": offset, "length": length, **more}


def numbers(report: str) -> dict[str, int]:
    """The lines „zugestellt: n" of a report."""
    pairs: Sequence[tuple[str, str, str]] = [line.partition(": ") for line in report.splitlines()]
    return {name: int(value) for name, _, value in pairs if value.isdigit()}

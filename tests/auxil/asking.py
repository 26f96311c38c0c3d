"""Sources and questions, for tests of what becomes of them."""

from collections.abc import Sequence

from models.knowledge import Intake, Quote, passages_in_force, read_sources, take_in
from tests.auxil.party import STAFF, STRANGER, Party

UNKNOWN = "Wer bekommt Geld vom Mond?"
REFUSED = "Dazu habe ich keine belegte Auskunft."


def source(body: str, title: str = "Richtlinie REGIO AKTIV", rank: str = "directive", **more: str) -> bytes:
    """A Markdown file with its front matter."""
    said = {"title": title, "publisher": "Ministerium für Arbeit", "rank": rank, **more}
    return "\n".join(["---", *(f"{key}: {value}" for key, value in said.items()), "---", body, ""]).encode()


async def load(party: Party, **files: bytes) -> Sequence[Intake]:
    """The office's sources, by key."""
    reading = read_sources({f"{key}.md": content for key, content in files.items()})
    assert reading.faults == ()
    async with party.database.begin() as session:
        return await take_in(session, reading.sources, party.clock.now)


async def passages(party: Party) -> Sequence[Quote]:
    """All passages in force."""
    async with party.database.read() as session:
        return await passages_in_force(session)


async def hand_on(party: Party, text: str = UNKNOWN, who: int = STRANGER) -> None:
    """Somebody asks what no source answers, and hands it to the office."""
    await party.write(who, text)
    await party.tap(who, "An die ReKo")


async def answered(party: Party, text: str = "Niemand.", by: int = STAFF) -> dict[str, object]:
    """Staff replies to the newest question; the update that brought the reply."""
    reply = party.telegram.write(by, text, reply_to=party.telegram.last(by))
    await party.hear(reply)
    return reply

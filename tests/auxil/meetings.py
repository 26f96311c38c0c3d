"""A meeting as most tests want it: called by the form, two weeks ahead, with three items and a deputy more."""

from datetime import UTC, datetime

from models.member import Membership, Person, Role
from tests.auxil.party import STAFF, Party

START = datetime(2026, 12, 8, 9, 0, tzinfo=UTC)  # a Tuesday, 10:00 in Berlin, two weeks ahead
AGENDA = "1. Begrüßung\n2. Beschluss: Förderung der Werkstatt\n3. Verschiedenes"
FORM = ("[Neue Sitzung]", "Auswahl", "08.12.2026 10:00", "08.12.2026 12:00", "Raum 1", AGENDA, "[Weiter]", "[Einladen]")
MEETING = "1 · Auswahl"


async def call(party: Party, *entries: str) -> None:
    """Staff calls it by the form."""
    await party.write(STAFF, "/buero")
    await party.fill(STAFF, *(entries or FORM))


async def open_page(party: Party, who: int = STAFF, label: str = MEETING) -> str:
    """Somebody opens it from ``/termine``; the newest message."""
    await party.write(who, "/termine")
    await party.tap(who, label)
    return party.last_text(who)


async def second_deputy(party: Party, number: int = 50) -> str:
    """One more deputy for the first mandate, who does not use the bot; the name."""
    async with party.database.begin() as session:
        session.add(Person(id=number, name="Emil Ersatz"))
        await session.flush()
        session.add(Membership(person_id=number, role=Role.DEPUTY, body_id=1, mandate_id=1))
    return "Emil Ersatz"

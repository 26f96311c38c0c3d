"""Project selections that are open, and short ways to score in them."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select

from handlers.callbacks import Score
from models.actor import actor
from models.ballot import entering
from models.ballot.rows import Elector
from models.ballot.rules import Held, Kind
from models.office import Body
from models.selection.rows import ScoreRow
from models.selection.rules import Call, Criterion, Project
from tests.auxil.party import STAFF, Party
from tests.auxil.voting import CLOSES

CRITERIA = (Criterion(1, "Bedarf", 5, 200), Criterion(2, "Wirkung", 5, 100))
THREE = (
    Project(1, "Lernwerkstatt", "Lernwerk Altmark gGmbH", 40_000_00),
    Project(2, "Job-Brücke", "Bildungshaus Börde e. V.", 30_000_00),
    Project(3, "Werkstatt & <Mut>", "IHK-Bildung", 50_000_00),
)
CALL = Call(75_000_00, 0, CRITERIA, THREE)


async def open_selection(
    party: Party,
    call: Call = CALL,
    *,
    closes: datetime = CLOSES,
    when_all: bool = False,
    held: Held = Held.MEETING,
    file_ids: Sequence[int] = (),
) -> int:
    """A selection of the first body, open at once, its cards with the members; its number."""
    now = party.clock.now
    async with party.database.begin() as session:
        body = await session.scalar(select(Body.id).order_by(Body.id))
        assert body is not None
        plan = entering.VotePlan(
            body, Kind.SELECTION, held, "Aufruf STABIL", "Wer wird gefördert?", now, closes, when_all,
            file_ids=file_ids, call=call,
        )  # fmt: skip
        number = (await entering.enter(session, plan, await actor(session, STAFF), now)).number
    await party.deliver()
    return number


async def mandates(party: Party, number: int = 1) -> dict[str, int]:
    """The ids of the mandates that may score, by name."""
    async with party.database.read() as session:
        rows = await session.execute(select(Elector.name, Elector.mandate_id).where(Elector.vote_number == number))
        return {name: mandate for name, mandate in rows}  # noqa: C416 - a Row is no pair


async def tap_points(party: Party, who: int, mandate: str, cards: Mapping[int, Sequence[int]], number: int = 1) -> None:
    """Somebody taps points on their card, quickly: by project, in the order of the criteria."""
    mandate_id = (await mandates(party, number))[mandate]
    card = party.telegram.last(who)
    taps = [
        Score(number, mandate_id, project, criterion, given)
        for project, points in cards.items()
        for criterion, given in enumerate(points, 1)
    ]
    await party.hear(*(party.telegram.tap_data(who, one.pack(), card) for one in taps))


async def tap_data(party: Party, who: int, data: str) -> str:
    """A button with this data is tapped, wherever it stands; the toast."""
    await party.hear(party.telegram.tap_data(who, data, party.telegram.last(who)))
    return party.toast()


async def points(party: Party, number: int = 1) -> dict[tuple[int, int, int], int]:
    """All points given: by mandate's id, project and criterion."""
    rows: Sequence[Any] = await party.rows(ScoreRow)
    return {(one.mandate_id, one.project, one.criterion): one.points for one in rows if one.vote_number == number}

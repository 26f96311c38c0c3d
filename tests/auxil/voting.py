"""A vote that is open, without the way through the form."""

from collections.abc import Sequence
from datetime import UTC, datetime

from sqlalchemy import select

from models.actor import actor
from models.ballot import entering
from models.ballot.rules import Held, Kind
from models.base import Database
from models.office import Body
from tests.auxil.party import STAFF

CLOSES = datetime(2026, 12, 1, 11, 0, tzinfo=UTC)


async def enter_vote(
    database: Database,
    now: datetime,
    *,
    opens: datetime | None = None,
    closes: datetime = CLOSES,
    when_all: bool = False,
    kind: Kind = Kind.MOTION,
    secret: bool = False,
    options: Sequence[str] = (),
) -> int:
    """Enter a vote of the first body, open at once unless ``opens`` is given; its number."""
    async with database.begin() as session:
        found = await session.scalar(select(Body).order_by(Body.id))
        assert found is not None
        if secret:
            found.charter = {**found.charter, "secret_on_request": True}
        body = found.id
        plan = entering.VotePlan(
            body,
            kind,
            Held.MEETING,
            "Förderung 2027",
            "Der RAK stimmt zu.",
            opens or now,
            closes,
            when_all,
            options=[entering.NewOption(one) for one in options],
            secret=secret,
        )
        return (await entering.enter(session, plan, await actor(session, STAFF), now)).number

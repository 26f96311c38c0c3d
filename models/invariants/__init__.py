"""What must hold in the store at any moment, whatever crashed when.

Much of it the database enforces itself; it is asked for here all the same, since a file may have been copied, mended
by hand, or written with its constraints off. Each promise is a query for the rows that break it; what no query can ask
a subject's ``broken`` looks for.
"""

from collections.abc import Callable

from sqlalchemy import Executable
from sqlalchemy.ext.asyncio import AsyncSession

from models.invariants import (
    ballots,
    broadcasts,
    deadlines,
    knowledge,
    meetings,
    people,
    record,
    secret,
    selection,
    votes,
    work,
)

PROMISES: dict[str, Callable[[], Executable]] = {
    **ballots.PROMISES,
    **secret.PROMISES,
    **votes.PROMISES,
    **selection.PROMISES,
    **record.PROMISES,
    **deadlines.PROMISES,
    **broadcasts.PROMISES,
    **people.PROMISES,
    **meetings.PROMISES,
    **knowledge.PROMISES,
    **work.PROMISES,
}
LOOKS = (ballots.broken, votes.broken, secret.broken, selection.broken, record.broken, work.broken)


async def broken_promises(session: AsyncSession) -> list[str]:
    """Every promise that does not hold, one line a row that breaks it; empty when all is well."""
    broken = [
        f"{promise}: {', '.join(map(str, row))}"
        for promise, query in PROMISES.items()
        for row in await session.execute(query())
    ]
    return broken + [line for look in LOOKS for line in await look(session)]

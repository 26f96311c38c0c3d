"""Project selection: from the rows to the result."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from models.ballot.rows import Ballot, Elector, Vote
from models.ballot.rules import Choice, Held
from models.charter import Charter
from models.selection.ranking import Orders, Selection, select, with_orders
from models.selection.reading import call_of, said_in
from models.selection.rules import Part

Rows = Sequence[tuple[Elector, Ballot | None]]


async def count_selection(
    session: AsyncSession, vote: Vote, rows: Rows, charter: Charter, objections: int
) -> Selection:
    """The result on the points as they stand, ties at the edge of the budget undecided."""
    said = await said_in(session, vote.number)
    parts = [replace(said.get(elector.mandate_id, Part()), out=is_out(elector, ballot)) for elector, ballot in rows]
    return select(
        await call_of(session, vote.number),
        charter,
        parts,
        circular=vote.held == Held.CIRCULAR,
        again=vote.again,
        objections=objections,
        present=vote.present,
    )


def is_out(elector: Elector, ballot: Ballot | None) -> bool:
    """Whether a mandate is out of the whole call: by a decision, or by „Befangen"."""
    return elector.excluded_at is not None or (ballot is not None and ballot.choice == Choice.CONFLICT)


def frozen_selection(vote: Vote) -> Selection:
    """The result as it was frozen at closing, with the ties that were decided since.

    Raises:
        LookupError: the vote has no result.
    """
    if vote.result is None:
        raise LookupError("a vote that is not closed has no result")
    return with_orders(Selection.from_json(vote.result), orders_of(vote.ties))


def orders_of(ties: Mapping[str, Any] | None) -> Orders:
    """The decided orders, by rank, as the vote holds them."""
    return {int(rank): one["order"] for rank, one in (ties or {}).items()}

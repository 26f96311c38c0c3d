"""Secret votes: who has voted. What a ballot says nobody reads before the closing."""

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from models.ballot.rows import Vote
from models.ballot.secret.box import Mark
from models.ballot.secret.rows import SecretTurnout, SecretVoter


async def mark_of(session: AsyncSession, vote: Vote, mandate_id: int) -> Mark | None:
    """That a mandate has voted in a secret vote, while it runs and after; None of an open vote."""
    if not vote.secret:
        return None
    table = SecretTurnout if vote.closed_at else SecretVoter
    row = (
        await session.execute(
            select(table.vote_number, table.mandate_id, table.receipt).where(
                table.vote_number == vote.number, table.mandate_id == mandate_id
            )
        )
    ).one_or_none()
    return Mark(*row) if row else None


async def voted_secretly(session: AsyncSession, vote: Vote) -> set[int]:
    """The mandates that have voted in a secret vote, while it runs and after; none of an open vote."""
    if not vote.secret:
        return set()
    table = SecretTurnout if vote.closed_at else SecretVoter
    return set(await session.scalars(select(table.mandate_id).where(table.vote_number == vote.number)))


async def turnout(session: AsyncSession, number: int) -> dict[int, SecretTurnout]:
    """Who took part in a closed secret vote, by mandate."""
    rows = await session.scalars(select(SecretTurnout).where(SecretTurnout.vote_number == number))
    return {one.mandate_id: one for one in rows}

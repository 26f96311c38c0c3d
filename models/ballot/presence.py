"""Votes on an item of a meeting: who was recorded there as present when it closed."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from models.ballot.looking import electorate
from models.ballot.rows import Vote
from models.ballot.rules import Choice
from models.meeting.day import is_recorded, mandates_there
from models.meeting.rows import AgendaItem


async def recorded_present(session: AsyncSession, vote: Vote, at: datetime) -> int | None:
    """How many of the electorate were there at an instant, those excluded or „Befangen" not.

    None: the vote belongs to no meeting, or nobody's presence was recorded there.
    """
    number = await session.scalar(select(AgendaItem.meeting_number).where(AgendaItem.id == vote.item_id))
    if number is None or not await is_recorded(session, number):
        return None
    there = await mandates_there(session, number, at)
    return sum(
        elector.mandate_id in there
        for elector, ballot in await electorate(session, vote.number)
        if elector.excluded_at is None and (ballot is None or ballot.choice != Choice.CONFLICT)
    )

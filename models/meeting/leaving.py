"""Somebody leaves: what they had answered to meetings ahead is open again."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from models.meeting.rows import Invitation, Meeting
from models.meeting.rules import DEPUTY


async def withdraw_answers(session: AsyncSession, people: Collection[int], now: datetime) -> None:
    """Where one of these people had said yes or no, or was to stand in, the mandate has not answered yet."""
    ahead = await session.scalars(
        select(Invitation).join(Meeting, Meeting.number == Invitation.meeting_number).where(Meeting.starts_at > now)
    )
    for one in ahead:
        # A deputy whom the leaving holder had asked may still come.
        own_word = one.answered_by in people and one.answer != DEPUTY
        if own_word or one.deputy_id in people:
            one.answer = one.answered_by = one.answered_at = one.deputy_id = one.deputy_answer = None
    await session.flush()

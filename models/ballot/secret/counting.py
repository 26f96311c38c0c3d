"""Secret votes: what is left of the box when a vote ends."""

from collections import Counter
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import and_, delete, exists, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from models.ballot.rows import Vote
from models.ballot.secret.box import open_box, put_back
from models.ballot.secret.rows import SecretCast, SecretCount, SecretTurnout
from models.ballot.secret.rules import lists_receipts
from models.inbox import KEPT

LIST = "receipts"  # in a vote's frozen result: [[receipt, choice], …]


async def empty_into_counts(session: AsyncSession, vote: Vote) -> dict[str, Any]:
    """Take a vote's ballots out of the box and keep how many say what; what the result holds beside the figures."""
    if not vote.secret:
        return {}
    box = await open_box(session)
    marks, slips = box.take(vote.number)
    await put_back(session, box)
    session.add_all(
        SecretTurnout(vote_number=vote.number, mandate_id=one.mandate_id, receipt=one.receipt)
        for one in sorted(marks, key=lambda mark: mark.mandate_id)
    )
    counted = Counter(one.choice for one in slips)
    session.add_all(
        SecretCount(vote_number=vote.number, on_paper=False, choice=choice, ballots=counted[choice])
        for choice in sorted(counted)
    )
    await session.flush()
    if not lists_receipts(vote):
        return {}
    return {LIST: sorted([one.receipt, one.choice] for one in slips)}


async def throw_away(session: AsyncSession, vote: Vote) -> None:
    """A vote that is broken off has no result: neither marks nor ballots are kept."""
    if not vote.secret:
        return
    box = await open_box(session)
    box.take(vote.number)
    await put_back(session, box)


async def secret_choices(session: AsyncSession, number: int) -> list[str]:
    """What the ballots of a closed vote say, phone and paper together, one word a ballot."""
    rows = await session.scalars(select(SecretCount).where(SecretCount.vote_number == number))
    return [one.choice for one in rows for _ in range(one.ballots)]


def without_list(result: Mapping[str, Any]) -> dict[str, Any]:
    """A frozen result's figures alone."""
    return {key: value for key, value in result.items() if key != LIST}


def listed(result: Mapping[str, Any] | None) -> list[tuple[str, str]]:
    """The receipts with their choices, as they were frozen; none where the charter keeps no list."""
    return [(receipt, choice) for receipt, choice in (result or {}).get(LIST, ())]


async def forget_casts(session: AsyncSession, now: datetime) -> None:
    """Drop the ids of casting updates, all at once: they carry no time, so only when no redelivery can bring any."""
    since = now - KEPT
    running = and_(Vote.closed_at.is_(None), Vote.cancelled_at.is_(None))
    # Asked one by one, each has an index.
    needed = [
        exists().where(Vote.secret, Vote.opened_at.is_not(None), one)
        for one in (running, Vote.closed_at > since, Vote.cancelled_at > since)
    ]
    await session.execute(delete(SecretCast).where(~or_(*needed)))

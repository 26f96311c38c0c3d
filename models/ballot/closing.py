"""Votes: closing, by the clock, by the last ballot, by an objection, or by the office after an outage."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from models import record
from models.actor import Actor, staff_accounts
from models.ballot.counting import result_of
from models.ballot.looking import find, readers_of_news, seats_in
from models.ballot.paper import read_paper
from models.ballot.presence import recorded_present
from models.ballot.rows import UNDER_WAY, Objection, Vote
from models.ballot.rules import (
    Choice,
    Held,
    acting_for,
    can_be_objected,
    check_not_excluded,
    check_open,
    ends_at,
    too_late_from,
)
from models.ballot.secret import box
from models.ballot.secret.counting import empty_into_counts
from models.calendar import Calendar
from models.deadline import office_calendar
from models.heartbeat import Outage
from models.inbox import InboxRow, InboxState
from models.outbox import NewLetter, post
from models.record import Act, NewEntry, digest_of
from models.refusals import Excluded, Unfit


async def close_due(session: AsyncSession, now: datetime) -> list[Vote]:
    """Close what has ended, as of that instant, once no update received before it is still unworked.

    One whose closing fell into an outage waits for the office: nobody could vote in the last hours.
    """
    open_votes = list(
        await session.scalars(
            select(Vote)
            .where(
                *UNDER_WAY,
                ~Vote.awaits_office,
            )
            .order_by(Vote.number)
            .with_for_update()
        )
    )
    if any(vote.secret and ends_at(vote) <= now for vote in open_votes):
        await box.hold(session)  # before the record's head, which the first closing holds
    closed = []
    for vote in [one for one in open_votes if ends_at(one) <= now]:
        if await _unworked_before(session, too_late_from(vote)):
            continue
        if vote.complete_at is None and await _fell_into_outage(session, vote):
            await _ask_office(session, vote, now)
            continue
        await close_as_of(session, vote, ends_at(vote), now)
        closed.append(vote)
    return closed


async def _unworked_before(session: AsyncSession, moment: datetime) -> bool:
    found = await session.scalar(
        select(InboxRow.update_id).where(InboxRow.state == InboxState.PENDING, InboxRow.received_at < moment).limit(1)
    )
    return found is not None


async def _fell_into_outage(session: AsyncSession, vote: Vote) -> bool:
    during = (Outage.began_at < vote.closes_at, Outage.ended_at >= vote.closes_at)
    return await session.scalar(select(Outage.id).where(*during).limit(1)) is not None


async def _ask_office(session: AsyncSession, vote: Vote, now: datetime) -> None:
    vote.awaits_office = True
    for telegram_id in await staff_accounts(session):
        key = f"awaits_office:{vote.number}:{telegram_id}:{vote.closes_at.isoformat()}"
        await post(session, NewLetter(key, "awaits_office", telegram_id, {"vote": vote.number}), now)


async def close_as_of(session: AsyncSession, vote: Vote, at: datetime, now: datetime, *, early: bool = False) -> None:
    """Close a vote as of an instant: count, judge, tell, record. One that ends early is told to all who act in it."""
    readers = await readers_of_news(session, vote, await seats_in(session, vote), at if early else None)
    beside = await empty_into_counts(session, vote)
    vote.closed_at, vote.present = at, await recorded_present(session, vote, at)
    vote.result = {**await result_of(session, vote), **beside}
    goes_at = result_goes_at(vote, await office_calendar(session), now)
    for telegram_id in readers:
        key = f"result:{vote.number}:{telegram_id}"
        await post(session, NewLetter(key, "result", telegram_id, {"vote": vote.number}, not_before=goes_at), now)
    details = {"result": digest_of(vote.result)}
    await record.append(session, NewEntry(Act.CLOSED, at, vote=vote.number, details=details))


def result_goes_at(vote: Vote, calendar: Calendar, closed: datetime) -> datetime:
    """At once to those who sit together; a result by circulation waits for the end of the quiet hours."""
    return closed if vote.held == Held.MEETING else calendar.next_allowed(closed)


async def object_to(session: AsyncSession, number: int, mandate_id: int, by: Actor, at: datetime) -> Vote:
    """Object to a vote by circulation: that ends it, and the item goes to a meeting.

    § 54 KVG LSA in the state of 2022: no resolution by circulation where one entitled member objects.

    Raises:
        Unknown: no such vote, or the mandate is not in its electorate.
        NotEntitled: the account does not act for the mandate, or the mandate takes no part in this item.
        TooEarly, BallotClosed, Withdrawn: by the vote's phase when the tap reached us.
        Unfit: it is not a binding vote by circulation.
    """
    vote = await find(session, number, lock=True)
    if vote.secret:
        await box.hold(session)
    paper = await read_paper(session, number, mandate_id, at, lock=True)
    acting = acting_for(by, mandate_id, paper.deputy_id)
    check_open(paper.vote, at)
    check_not_excluded(paper.elector)
    if paper.ballot is not None and paper.ballot.choice == Choice.CONFLICT:
        raise Excluded
    if not can_be_objected(paper.vote):
        raise Unfit("no objection here")
    session.add(Objection(vote_number=number, mandate_id=mandate_id, made_by=acting.person_id, made_at=at))
    await session.flush()
    await record.append(session, NewEntry(Act.OBJECTION, at, acting.person_id, number, mandate_id))
    await close_as_of(session, vote, at, at, early=True)
    return vote


async def note_outage(session: AsyncSession, outage: Outage, now: datetime) -> None:
    """Put an outage on the record of every vote that was open in it."""
    affected = await session.scalars(
        select(Vote.number)
        .where(
            *UNDER_WAY,
            Vote.closes_at > outage.began_at,
        )
        .order_by(Vote.number)
    )
    details = {"from": record.instant(outage.began_at), "to": record.instant(outage.ended_at)}
    entries = [NewEntry(Act.OUTAGE, now, vote=number, details=details) for number in affected]
    await record.append_all(session, entries)

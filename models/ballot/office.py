"""Votes: what the office does with one that is running. Every act has its reason and stands in the record."""

from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from models import record
from models.actor import Actor
from models.ballot.casting import note_completion
from models.ballot.closing import close_as_of
from models.ballot.counting import frozen_result
from models.ballot.looking import concerned, find, readers_of_news, seats_in
from models.ballot.rows import Elector, Extension, Option, Vote
from models.ballot.rules import Kind, check_open
from models.ballot.secret.counting import throw_away
from models.ballot.secret.reading import mark_of
from models.charter import Election
from models.outbox import NewLetter, post
from models.record import Act, NewEntry, digest, instant
from models.refusals import AlreadyDone, BallotClosed, Unfit, Unknown, Withdrawn


async def extend(
    session: AsyncSession, number: int, closes_at: datetime, reason: str, by: Actor, now: datetime
) -> Extension:
    """Put the closing off; everyone entitled is told when and why.

    Raises:
        NotEntitled: for everyone but staff.
        BallotClosed, Withdrawn: it has ended. One whose closing fell into an outage can still be put off.
        Unfit: the new closing is not later, or is past.
    """
    staff = by.need_staff()
    vote = await find(session, number, lock=True)
    if not vote.awaits_office:
        check_open(vote, max(now, vote.opens_at))
    if closes_at <= max(vote.closes_at, now):
        raise Unfit("not later")
    extension = Extension(
        vote_number=number,
        old_closing=vote.closes_at,
        new_closing=closes_at,
        reason=reason,
        made_by=staff.person_id,
        made_at=now,
    )
    session.add(extension)
    vote.closes_at, vote.awaits_office = closes_at, False
    await session.flush()
    details = {
        "from": instant(extension.old_closing),
        "to": instant(closes_at),
        "why": digest(reason),
    }
    await record.append(session, NewEntry(Act.EXTENDED, now, staff.person_id, number, details=details))
    await tell(session, vote, "extended", {"extension": extension.id}, now)
    return extension


async def break_off(session: AsyncSession, number: int, reason: str, by: Actor, now: datetime) -> Vote:
    """Break a vote off; it has no result, and everyone entitled is told why.

    Raises:
        NotEntitled: for everyone but staff.
        BallotClosed, Withdrawn: it has ended.
    """
    staff = by.need_staff()
    vote = await find(session, number, lock=True)
    if vote.cancelled_at:
        raise Withdrawn
    if vote.closed_at:
        raise BallotClosed
    vote.cancelled_at, vote.reason, vote.awaits_office = now, reason, False
    await throw_away(session, vote)
    entry = NewEntry(Act.CANCELLED, now, staff.person_id, number, details={"why": digest(reason)})
    await record.append(session, entry)
    if vote.opened_at:
        await tell(session, vote, "broken_off", {}, now)
    return vote


async def close_by_office(session: AsyncSession, number: int, by: Actor, now: datetime) -> Vote:
    """Close a vote whose closing fell into an outage, as of the instant it was to close.

    Raises:
        NotEntitled: for everyone but staff.
        AlreadyDone: it does not wait for the office.
    """
    by.need_staff()
    vote = await find(session, number, lock=True)
    if not vote.awaits_office or vote.closed_at:
        raise AlreadyDone
    vote.awaits_office = False
    await close_as_of(session, vote, vote.closes_at, now)
    return vote


async def exclude(session: AsyncSession, number: int, mandate_id: int, reason: str, by: Actor, now: datetime) -> None:
    """Record that somebody entitled to has excluded a mandate from this item (§ 33 KVG LSA).

    Raises:
        NotEntitled: for everyone but staff.
        Unknown: the mandate is not in the electorate.
        BallotClosed, Withdrawn, TooEarly: by the vote's phase.
        AlreadyDone: it is excluded.
        Unfit: it has voted secretly, and its ballot cannot be taken out of the count any more.
    """
    staff = by.need_staff()
    vote, elector = await _open_elector(session, number, mandate_id, now)
    if elector.excluded_at is not None:
        raise AlreadyDone
    if await mark_of(session, vote, mandate_id) is not None:
        raise Unfit("voted secretly")
    elector.excluded_at, elector.excluded_by, elector.excluded_why = now, staff.person_id, reason
    await session.flush()
    if vote.close_when_all:
        await note_completion(session, vote)
    details = {"why": digest(reason)}
    await record.append(session, NewEntry(Act.EXCLUSION_RECORDED, now, staff.person_id, number, mandate_id, details))
    for telegram_id in sorted(await concerned(session, vote, [mandate_id], now)):
        key = f"excluded:{number}:{mandate_id}:{telegram_id}:{now.isoformat()}"
        about = {"vote": number, "mandate": mandate_id}
        await post(session, NewLetter(key, "excluded", telegram_id, about), now)


async def lift_exclusion(session: AsyncSession, number: int, mandate_id: int, by: Actor, now: datetime) -> None:
    """Take the recorded exclusion back; the mandate votes again, and its ballot from before counts again.

    Raises:
        NotEntitled: for everyone but staff.
        Unknown: the mandate is not in the electorate.
        BallotClosed, Withdrawn, TooEarly: by the vote's phase.
        AlreadyDone: it is not excluded.
    """
    staff = by.need_staff()
    vote, elector = await _open_elector(session, number, mandate_id, now)
    if elector.excluded_at is None:
        raise AlreadyDone
    elector.excluded_at, elector.excluded_by, elector.excluded_why = None, None, ""
    await session.flush()
    if vote.close_when_all:
        await note_completion(session, vote)
    await record.append(session, NewEntry(Act.EXCLUSION_LIFTED, now, staff.person_id, number, mandate_id))


async def _open_elector(session: AsyncSession, number: int, mandate_id: int, now: datetime) -> tuple[Vote, Elector]:
    vote = await find(session, number, lock=True)
    check_open(vote, now)
    elector = await session.get(Elector, (number, mandate_id))
    if elector is None:
        raise Unknown
    return vote, elector


def standing(vote: Vote) -> tuple[str, ...]:
    """The options that an election has left standing: for the run-off, or for the lot."""
    if vote.result is None or vote.kind != Kind.ELECTION:
        return ()
    found = frozen_result(vote)
    return found.standing if isinstance(found, Election) else ()


def lot_between(vote: Vote) -> tuple[str, ...]:
    """The options between which a lot is still to decide."""
    return standing(vote) if vote.round > 1 else ()


async def note_lot(session: AsyncSession, number: int, place: int, by: Actor, now: datetime) -> Vote:
    """Record which option a lot decided for, where the run-off was a tie (§ 56 KVG LSA).

    Raises:
        NotEntitled: for everyone but staff.
        Unknown: no lot is to be drawn, or not between this option and another.
        AlreadyDone: it was recorded before.
    """
    staff = by.need_staff()
    vote = await find(session, number, lock=True)
    if vote.lot is not None:
        raise AlreadyDone
    option = await session.get(Option, (number, place))
    if option is None or option.label not in lot_between(vote):
        raise Unknown
    vote.lot = place
    await record.append(session, NewEntry(Act.LOT, now, staff.person_id, number, details={"option": place}))
    await tell(session, vote, "lot", {}, now)
    return vote


async def tell(session: AsyncSession, vote: Vote, kind: str, about: dict[str, int], now: datetime) -> None:
    """Post a letter of this kind to those whom news of the vote concerns, and to staff."""
    seats = await seats_in(session, vote)
    for telegram_id in await readers_of_news(session, vote, seats, None if vote.closed_at else now):
        key = ":".join(map(str, [kind, vote.number, *about.values(), telegram_id]))
        await post(session, NewLetter(key, kind, telegram_id, {"vote": vote.number, **about}), now)

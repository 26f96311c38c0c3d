"""Deputies: a holder hands the mandate over and takes it back."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import exists, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from models import record
from models.actor import Actor
from models.ballot.acting import deputy_in_charge, open_votes_of
from models.ballot.rows import Ballot, Elector, Handover, Vote
from models.ballot.secret.reading import mark_of
from models.ballot.secret.rows import SecretVoter
from models.member import Membership, Person, Role
from models.office import Mandate
from models.outbox import NewLetter, post
from models.record import Act, NewEntry, instant
from models.refusals import AlreadyDone, DeputyVoted, NotEntitled, Unfit, Unknown
from models.roster import deputies_of


@dataclass(frozen=True, slots=True)
class NewHandover:
    """What a holder hands over: one vote (``vote_number``), until an instant, or until further notice (neither)."""

    mandate_id: int
    deputy_id: int
    vote_number: int | None = None
    until: datetime | None = None


async def hand_over(session: AsyncSession, new: NewHandover, by: Actor, now: datetime) -> Handover:
    """Let a deputy act for the mandate; one that was given before for the same is taken back.

    Raises:
        NotEntitled: the account does not hold the mandate.
        Unknown: no deputy of this mandate, or no vote that it can still vote in.
        Unfit: the instant is past, the deputy has not come in yet, or the mandate has voted secretly in that vote.
        DeputyVoted: a deputy has voted in that vote already.
    """
    holder_id = holder(by, new.mandate_id)
    deputy = await _deputy(session, new)
    if new.until is not None and new.until <= now:
        raise Unfit("past")
    await lock_votes(session, new.mandate_id)
    if new.vote_number is not None:
        await _check_votable(session, new.vote_number, new.mandate_id, now)
    running = await session.scalar(_running(new.mandate_id, new.vote_number))
    if running is not None:
        await _end(session, running, holder_id, now)
    given = Handover(
        mandate_id=new.mandate_id,
        vote_number=new.vote_number,
        holder_id=holder_id,
        deputy_id=deputy.id,
        given_at=now,
        until=new.until,
    )
    session.add(given)
    await session.flush()
    await _call(session, given, deputy, now)
    details = {"deputy": deputy.id, "until": instant(new.until) if new.until else None}
    await record.append(session, NewEntry(Act.HANDED_OVER, now, holder_id, new.vote_number, new.mandate_id, details))
    return given


def holder(actor: Actor, mandate_id: int) -> int:
    """The person who holds the mandate through this account.

    Raises:
        NotEntitled: it does not.
    """
    for standing in actor.with_role(Role.MEMBER):
        if standing.mandate_id == mandate_id:
            return standing.person_id
    raise NotEntitled("holder")


async def _deputy(session: AsyncSession, new: NewHandover) -> Person:
    listed = await deputies_of(session, new.mandate_id)
    person = next((one for one in listed if one.id == new.deputy_id), None)
    if person is None:
        raise Unknown
    if person.telegram_id is None:
        raise Unfit("deputy not in")
    return person


async def lock_votes(session: AsyncSession, mandate_id: int) -> None:
    """Hold the votes that a deputy's ballot could come into, so that none comes in between the look and the act."""
    electing = Elector.vote_number == Vote.number, Elector.mandate_id == mandate_id
    running = select(Vote.number).where(
        exists().where(*electing), Vote.closed_at.is_(None), Vote.cancelled_at.is_(None)
    )
    await session.execute(running.order_by(Vote.number).with_for_update())


async def _check_votable(session: AsyncSession, number: int, mandate_id: int, now: datetime) -> None:
    vote = await session.get(Vote, number)
    mandate = await session.get_one(Mandate, mandate_id)
    ended = vote is None or vote.closed_at or vote.cancelled_at or vote.closes_at <= now
    if vote is None or ended or vote.body_id != mandate.body_id:
        raise Unknown
    if await mark_of(session, vote, mandate_id) is not None:
        raise Unfit("voted secretly")
    if number in await _voted_by_deputy(session, mandate_id, now):
        raise DeputyVoted


def _running(mandate_id: int, vote_number: int | None) -> Any:
    same_scope = Handover.vote_number.is_(None) if vote_number is None else Handover.vote_number == vote_number
    return select(Handover).where(Handover.mandate_id == mandate_id, Handover.ended_at.is_(None), same_scope)


async def _call(session: AsyncSession, given: Handover, deputy: Person, now: datetime) -> None:
    """Tell the deputy, and lay before them the open votes that this covers."""
    if deputy.telegram_id is None:
        return
    about = {"handover": given.id, "mandate": given.mandate_id}
    await post(session, NewLetter(f"handed_over:{given.id}", "handed_over", deputy.telegram_id, about), now)
    for number in await open_votes_of(session, given.mandate_id, now):
        if given.vote_number in {None, number}:
            key = f"vote:{number}:{given.mandate_id}:{deputy.telegram_id}:{given.id}"
            call = {"vote": number, "mandate": given.mandate_id}
            await post(session, NewLetter(key, "vote", deputy.telegram_id, call), now)


async def take_back(session: AsyncSession, number: int, by: Actor, now: datetime) -> Handover:
    """Take a mandate back. In a vote where the deputy has voted already it stays handed over.

    Raises:
        Unknown: no such handover.
        NotEntitled: the account does not hold the mandate.
        AlreadyDone: it has ended.
        DeputyVoted: it is for one vote, and the deputy has voted in it.
    """
    handover = await session.get(Handover, number)
    if handover is None:
        raise Unknown
    holder_id = holder(by, handover.mandate_id)
    await lock_votes(session, handover.mandate_id)
    await session.refresh(handover, with_for_update=True)
    if handover.ended_at is not None or _expired(handover, now):
        raise AlreadyDone
    await _end(session, handover, holder_id, now)
    return handover


def _expired(handover: Handover, now: datetime) -> bool:
    return handover.until is not None and handover.until <= now


async def _end(session: AsyncSession, handover: Handover, holder_id: int, now: datetime) -> None:
    """End a handover, and tell its deputy."""
    voted = await _voted_by_deputy(session, handover.mandate_id, now)
    kept = [one for one, by in voted.items() if by == handover.id]
    if kept and handover.vote_number is not None:
        raise DeputyVoted
    expired = _expired(handover, now)
    handover.ended_at = handover.until if expired else now
    await session.flush()
    for number in kept:  # there it stays, for this vote alone
        await _narrow(session, handover, number, now)
    details = {"deputy": handover.deputy_id, "stays_in": kept}
    entry = NewEntry(Act.TAKEN_BACK, now, holder_id, handover.vote_number, handover.mandate_id, details)
    await record.append(session, entry)
    account = await session.scalar(select(Person.telegram_id).where(Person.id == handover.deputy_id))
    if account is not None and not expired:
        letter = NewLetter(f"taken_back:{handover.id}", "taken_back", account, {"handover": handover.id})
        await post(session, letter, now)


async def end_with_role(session: AsyncSession, left: Membership, now: datetime) -> None:
    """With a role its handovers end, so that they do not come to life again with a new one; nobody is written to."""
    mine = {Role.MEMBER: Handover.holder_id, Role.DEPUTY: Handover.deputy_id}.get(Role(left.role))
    if mine is None or left.mandate_id is None:
        return
    running = (Handover.mandate_id == left.mandate_id, mine == left.person_id, Handover.ended_at.is_(None))
    for handover in list(await session.scalars(select(Handover).where(*running).order_by(Handover.id))):
        handover.ended_at = handover.until if _expired(handover, now) else now
        details = {"deputy": handover.deputy_id, "stays_in": []}
        entry = NewEntry(Act.TAKEN_BACK, now, None, handover.vote_number, handover.mandate_id, details)
        await record.append(session, entry)


async def _narrow(session: AsyncSession, handover: Handover, number: int, now: datetime) -> None:
    # One for this vote that holds no longer (else another deputy were in charge) makes room.
    stale = await session.scalar(_running(handover.mandate_id, number))
    if stale is not None:
        stale.ended_at = now
        await session.flush()
    session.add(
        Handover(
            mandate_id=handover.mandate_id,
            vote_number=number,
            holder_id=handover.holder_id,
            deputy_id=handover.deputy_id,
            given_at=handover.given_at,
        )
    )
    await session.flush()


async def _voted_by_deputy(session: AsyncSession, mandate_id: int, now: datetime) -> dict[int, int]:
    """The votes not ended yet in which the deputy in charge has voted: the vote → the handover by which."""
    given = aliased(Handover)
    openly = (
        select(Ballot.vote_number, given.id)
        .join(Vote, Vote.number == Ballot.vote_number)
        .join(given, given.id == deputy_in_charge(Ballot.mandate_id, Ballot.vote_number, now, Handover.id))
        .where(
            Ballot.mandate_id == mandate_id,
            Ballot.as_deputy,
            Ballot.cast_by == given.deputy_id,
            Vote.closed_at.is_(None),
            Vote.cancelled_at.is_(None),
        )
    )
    # Nobody notes who cast a secret ballot. A mandate is handed over for that vote alone only before it has voted, so
    # then it was the deputy; else it may have been the holder before, and nothing is left that could be taken back.
    secretly = (
        select(SecretVoter.vote_number, given.id)
        .join(given, given.id == deputy_in_charge(SecretVoter.mandate_id, SecretVoter.vote_number, now, Handover.id))
        .where(SecretVoter.mandate_id == mandate_id, given.vote_number.is_not(None))
    )
    rows = (await session.execute(openly.union(secretly))).all()
    return {vote: handover for vote, handover in sorted(rows)}  # noqa: C416 - a Row is no pair

"""Votes: entering, opening, casting, closing. Each check stands in the transaction that acts on it."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import undefer

from models.actor import Actor
from models.ballot.paper import Paper, read_paper
from models.ballot.rows import Attachment, Ballot, Elector, Receipt, Rehearsal, Vote
from models.ballot.rules import (
    Choice,
    Held,
    Kind,
    check_open,
    count,
    ends_at,
    is_older_tap,
    too_late_from,
)
from models.base import insert_or
from models.charter import Charter, Verdict, judge, read_charter
from models.files import StoredFile
from models.inbox import InboxRow, InboxState
from models.member import Membership, Person, Role
from models.office import Body, Mandate
from models.outbox import NewLetter, post
from models.refusals import AlreadyDone, NotEntitled, Unfit, Unknown

CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
RECEIPT_LENGTH = 4


@dataclass(frozen=True, slots=True)
class VotePlan:
    """What staff has filled in. Times are instants."""

    body_id: int
    kind: Kind
    held: Held
    title: str
    text: str
    opens_at: datetime
    closes_at: datetime
    close_when_all: bool = False
    file_ids: Sequence[int] = field(default=())


async def enter(session: AsyncSession, plan: VotePlan, by: Actor, now: datetime) -> Vote:
    """Enter a vote; one that opens now or has opened is opened at once.

    Raises:
        NotEntitled: for everyone but staff.
        Unknown: no such body.
        Unfit: it would close before it opens, or nobody could vote.
    """
    staff = by.need_staff()
    body = await session.get(Body, plan.body_id)
    if body is None:
        raise Unknown
    if plan.closes_at <= max(plan.opens_at, now):
        raise Unfit("closes before it opens")
    if not await mandates_of(session, body.id):
        raise Unfit("no mandates")
    vote = Vote(
        body_id=body.id,
        kind=plan.kind,
        held=plan.held,
        title=plan.title,
        text=plan.text,
        opens_at=plan.opens_at,
        closes_at=plan.closes_at,
        close_when_all=plan.close_when_all,
        charter=dict(body.charter),
        created_by=staff.person_id,
    )
    session.add(vote)
    await session.flush()
    session.add_all(Attachment(vote_number=vote.number, file_id=file_id) for file_id in plan.file_ids)
    if vote.opens_at <= now:
        await open_vote(session, vote, now)
    return vote


async def open_vote(session: AsyncSession, vote: Vote, now: datetime) -> None:
    """Freeze who may vote and by which rules, and call them."""
    body = await session.get_one(Body, vote.body_id)
    mandates = await mandates_of(session, body.id)
    vote.charter, vote.opened_at = dict(body.charter), now
    session.add_all(Elector(vote_number=vote.number, mandate_id=one.id, name=one.name) for one in mandates)
    await session.flush()
    for mandate_id, telegram_id in await holders(session, [one.id for one in mandates]):
        key = f"vote:{vote.number}:{mandate_id}:{telegram_id}"
        await post(session, NewLetter(key, "vote", telegram_id, {"vote": vote.number, "mandate": mandate_id}), now)


async def mandates_of(session: AsyncSession, body_id: int) -> list[Mandate]:
    """The mandates of a body. None is ever taken away: who holds one may end, the seat stays."""
    return list(await session.scalars(select(Mandate).where(Mandate.body_id == body_id).order_by(Mandate.id)))


async def holders(session: AsyncSession, mandate_ids: Sequence[int]) -> list[tuple[int, int]]:
    """(mandate, account) of the current seat holders who have come in."""
    rows = await session.execute(
        select(Membership.mandate_id, Person.telegram_id)
        .join(Person, Membership.person_id == Person.id)
        .where(
            Membership.mandate_id.in_(mandate_ids),
            Membership.role == Role.MEMBER,
            Membership.ended_at.is_(None),
            Person.telegram_id.is_not(None),
        )
        .order_by(Membership.mandate_id)
    )
    return [(mandate, account) for mandate, account in rows if mandate is not None and account is not None]


async def open_due(session: AsyncSession, now: datetime) -> list[Vote]:
    """Open what was to open by now."""
    due = list(
        await session.scalars(
            select(Vote)
            .where(Vote.opened_at.is_(None), Vote.cancelled_at.is_(None), Vote.opens_at <= now)
            .order_by(Vote.number)
            .with_for_update()
        )
    )
    for vote in due:
        await open_vote(session, vote, now)
    return due


async def find(session: AsyncSession, number: int, *, lock: bool = False) -> Vote:
    """The vote with this number.

    Raises:
        Unknown: there is none.
    """
    vote = await session.get(Vote, number, with_for_update=lock or None)
    if vote is None:
        raise Unknown
    return vote


def acts_for(actor: Actor, mandate_id: int) -> int:
    """The person who acts for a mandate through this account: its holder.

    Raises:
        NotEntitled: the account does not hold the mandate now.
    """
    for standing in actor.with_role(Role.MEMBER):
        if standing.mandate_id == mandate_id:
            return standing.person_id
    raise NotEntitled("holder")


async def cast(
    session: AsyncSession,
    number: int,
    mandate_id: int,
    choice: Choice,
    by: Actor,
    received_at: datetime,
    update_id: int,
) -> Paper:
    """Store a tap: the mandate's one ballot now says this. The same choice again keeps its receipt.

    Raises:
        Unknown: no such vote, or the mandate is not in its electorate.
        NotEntitled: the account does not act for the mandate now.
        TooEarly, BallotClosed, Withdrawn: by the vote's phase when the tap reached us.
        Unfit: the charter allows no change of mind.
    """
    person_id = acts_for(by, mandate_id)
    paper = await read_paper(session, number, mandate_id, lock=True)
    vote = paper.vote
    check_open(vote, received_at)
    if paper.ballot is not None and _stays(paper.ballot, vote, choice, received_at, update_id):
        return paper
    ballot = {
        "vote_number": number,
        "mandate_id": mandate_id,
        "choice": choice,
        "receipt": await _give_receipt(session, number, mandate_id),
        "cast_by": person_id,
        "cast_at": received_at,
        "update_id": update_id,
    }
    statement = insert_or(session, Ballot.__table__).values(ballot)
    await session.execute(statement.on_conflict_do_update(index_elements=["vote_number", "mandate_id"], set_=ballot))
    if vote.close_when_all and await _everyone_has_voted(session, number):
        vote.complete_at = await _last_received(session, number)
    return replace(paper, ballot=Ballot(**ballot))


def _stays(ballot: Ballot, vote: Vote, choice: Choice, received_at: datetime, update_id: int) -> bool:
    if is_older_tap(update_id, received_at, ballot.update_id, ballot.cast_at):
        return True
    if ballot.choice == choice:
        # Noted all the same: a tap between the two that is worked off after both must not undo the later one.
        ballot.update_id, ballot.cast_at = update_id, received_at
        return True
    if not read_charter(vote.charter).changeable:
        raise Unfit("not changeable")
    return False


async def _give_receipt(session: AsyncSession, number: int, mandate_id: int) -> str:
    """A code that nobody in this vote has had; a draw that was taken is drawn again."""
    while True:
        code = "".join(secrets.choice(CROCKFORD) for _ in range(RECEIPT_LENGTH))
        statement = insert_or(session, Receipt.__table__).values(vote_number=number, code=code, mandate_id=mandate_id)
        if await session.scalar(statement.on_conflict_do_nothing().returning(Receipt.__table__.c.code)):
            return code


async def _everyone_has_voted(session: AsyncSession, number: int) -> bool:
    entitled = await session.scalar(select(func.count()).select_from(Elector).where(Elector.vote_number == number))
    voted = await session.scalar(select(func.count()).select_from(Ballot).where(Ballot.vote_number == number))
    return entitled == voted


async def _last_received(session: AsyncSession, number: int) -> datetime | None:
    """When the latest of the ballots was received: chats are worked off side by side, so not always the one at hand."""
    return await session.scalar(select(func.max(Ballot.cast_at)).where(Ballot.vote_number == number))


async def close_due(session: AsyncSession, now: datetime) -> list[Vote]:
    """Close what has ended, as of that instant, once no update received before it is still unworked."""
    open_votes = await session.scalars(
        select(Vote)
        .where(Vote.opened_at.is_not(None), Vote.closed_at.is_(None), Vote.cancelled_at.is_(None))
        .order_by(Vote.number)
        .with_for_update()
    )
    ended = [vote for vote in open_votes if _has_ended(vote, now)]
    closed = [vote for vote in ended if not await _unworked_before(session, too_late_from(vote))]
    for vote in closed:
        await _close(session, vote, ends_at(vote), now)
    return closed


def _has_ended(vote: Vote, now: datetime) -> bool:
    return ends_at(vote) <= now


async def _unworked_before(session: AsyncSession, moment: datetime) -> bool:
    found = await session.scalar(
        select(InboxRow.update_id).where(InboxRow.state == InboxState.PENDING, InboxRow.received_at < moment).limit(1)
    )
    return found is not None


async def _close(session: AsyncSession, vote: Vote, at: datetime, now: datetime) -> None:
    vote.closed_at = at
    vote.result = await result_of(session, vote)
    for telegram_id in await told_of_results(session, vote):
        key = f"result:{vote.number}:{telegram_id}"
        await post(session, NewLetter(key, "result", telegram_id, {"vote": vote.number}), now)


async def result_of(session: AsyncSession, vote: Vote) -> dict[str, Any]:
    """The figures of a vote as they are stored at closing."""
    verdict = await verdict_of(session, vote)
    tally = verdict.tally
    return {
        "mandates": tally.entitled,
        "excluded": tally.excluded,
        "voted": tally.voted,
        "yes": tally.yes,
        "no": tally.no,
        "abstained": tally.abstained,
        "verdict": None if vote.kind == Kind.STRAW_POLL else verdict.outcome,
    }


async def verdict_of(session: AsyncSession, vote: Vote) -> Verdict:
    """The verdict on the ballots as they stand, by the frozen charter."""
    electors = list(await session.scalars(select(Elector).where(Elector.vote_number == vote.number)))
    ballots = list(await session.scalars(select(Ballot).where(Ballot.vote_number == vote.number)))
    charter = read_charter(vote.charter)
    tally = count(len(electors), [one.choice for one in ballots], chair=_chairs_choice(charter, electors, ballots))
    return judge(charter, tally)


def _chairs_choice(charter: Charter, electors: Sequence[Elector], ballots: Sequence[Ballot]) -> str | None:
    chair = {one.mandate_id for one in electors if one.name == charter.chair}
    return next((one.choice for one in ballots if one.mandate_id in chair), None)


async def told_of_results(session: AsyncSession, vote: Vote) -> list[int]:
    """The accounts of the body's seat holders and of staff."""
    holding = (Membership.role == Role.MEMBER) & (Membership.body_id == vote.body_id)
    found = await session.scalars(
        select(Person.telegram_id)
        .join(Membership, Membership.person_id == Person.id)
        .where(
            holding | (Membership.role == Role.STAFF),
            Membership.ended_at.is_(None),
            Person.telegram_id.is_not(None),
        )
        .distinct()
        .order_by(Person.telegram_id)
    )
    return [one for one in found if one is not None]


async def waiting_for(session: AsyncSession, actor: Actor, now: datetime) -> list[tuple[Vote, Elector, Ballot | None]]:
    """The open votes in which this account acts, each with its mandate and the ballot so far."""
    mine = [one.mandate_id for one in actor.with_role(Role.MEMBER) if one.mandate_id is not None]
    rows = await session.execute(
        select(Vote, Elector, Ballot)
        .join(Elector, Elector.vote_number == Vote.number)
        .outerjoin(Ballot, (Ballot.vote_number == Vote.number) & (Ballot.mandate_id == Elector.mandate_id))
        .where(
            Elector.mandate_id.in_(mine),
            Vote.opened_at.is_not(None),
            Vote.closed_at.is_(None),
            Vote.cancelled_at.is_(None),
            Vote.closes_at > now,
        )
        .order_by(Vote.closes_at, Vote.number)
    )
    return [(vote, elector, ballot) for vote, elector, ballot in rows]


async def silent_mandates(session: AsyncSession, number: int) -> list[Elector]:
    """The mandates whose ballot is still missing."""
    return list(
        await session.scalars(
            select(Elector)
            .outerjoin(Ballot, (Ballot.vote_number == Elector.vote_number) & (Ballot.mandate_id == Elector.mandate_id))
            .where(Elector.vote_number == number, Ballot.mandate_id.is_(None))
            .order_by(Elector.name)
        )
    )


async def files_of(session: AsyncSession, number: int) -> list[StoredFile]:
    """The vote's files with their content, in the order given."""
    return list(
        await session.scalars(
            select(StoredFile)
            .join(Attachment, Attachment.file_id == StoredFile.id)
            .where(Attachment.vote_number == number)
            .order_by(StoredFile.id)
            .options(undefer(StoredFile.content))
        )
    )


async def votes_seen_by(session: AsyncSession, actor: Actor, most: int = 20) -> list[Vote]:
    """The newest votes this account may see: of the bodies it holds a mandate in; staff sees all."""
    query = select(Vote).order_by(Vote.number.desc()).limit(most)
    if actor.staff is None:
        bodies = [one.body_id for one in actor.with_role(Role.MEMBER)]
        query = query.where(Vote.body_id.in_(bodies), Vote.opened_at.is_not(None))
    return list(await session.scalars(query))


async def has_practised(session: AsyncSession, telegram_id: int) -> bool:
    """Whether the account has had its rehearsal."""
    return await session.get(Rehearsal, telegram_id) is not None


async def practise(session: AsyncSession, actor: Actor, now: datetime) -> None:
    """Note that the account has had its rehearsal, once.

    Raises:
        NotEntitled: no seat holder.
        AlreadyDone: it has practised before.
    """
    if not actor.with_role(Role.MEMBER):
        raise NotEntitled("holder")
    if await has_practised(session, actor.telegram_id):
        raise AlreadyDone
    session.add(Rehearsal(telegram_id=actor.telegram_id, practised_at=now))

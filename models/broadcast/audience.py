"""Who may be written to, and who has not answered what; whom of them a Rundruf goes to is a rule's matter."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from models.ballot.acting import in_charge
from models.ballot.looking import silent_mandates
from models.ballot.rows import UNDER_WAY, Vote
from models.broadcast.rows import Broadcast, Copy
from models.broadcast.rules import AREA, SILENT, Candidate, Fate, Standing, chosen, fate_of, values
from models.deadline.rows import AREA as FOLLOWED_AREA
from models.deadline.rows import Follow
from models.meeting.rows import Invitation, Meeting
from models.member import Account, Membership, Person, Role
from models.outbox import Letter

LATEST = 5  # Rundrufe that asked for „Gelesen" and can be asked after
Key = tuple[str, int]  # ("person", id) or ("account", telegram id)


@dataclass(frozen=True, slots=True)
class Unanswered:
    """Something that can be answered: ``mark`` names it, ``number`` and ``title`` tell staff which it is."""

    mark: str
    number: int
    title: str


async def recipients(session: AsyncSession, marks: Collection[str], now: datetime) -> list[Candidate]:
    """Whom a Rundruf with these marks would go to now."""
    return chosen(marks, await _candidates(session, marks, now))


async def _candidates(session: AsyncSession, marks: Collection[str], now: datetime) -> list[Candidate]:
    silent = await _silent(session, values(marks, SILENT), now)
    follows = await _followers(session, values(marks, AREA))
    rows = await session.execute(
        select(Person.id, Person.telegram_id, Account.reachable, Membership.role, Membership.body_id)
        .join(Membership, Membership.person_id == Person.id)
        .outerjoin(Account, Account.telegram_id == Person.telegram_id)
        .where(Membership.ended_at.is_(None))
        .order_by(Person.id, Membership.id)
    )
    people: dict[int, tuple[int | None, bool]] = {}
    standings: dict[int, list[Standing]] = defaultdict(list)
    for person, telegram_id, reachable, role, body in rows:
        people[person] = telegram_id, bool(reachable)
        standings[person].append(Standing(role, body))
    listed = [
        Candidate(
            person,
            telegram_id,
            reachable,
            tuple(standings[person]),
            frozenset(follows.get(telegram_id or 0, ())),
            frozenset(silent["person", person] | silent["account", telegram_id or 0]),
        )
        for person, (telegram_id, reachable) in people.items()
    ]
    known = {one.telegram_id for one in listed}
    others = {number for kind, number in silent if kind == "account" and silent[kind, number]} | set(follows)
    return listed + await _accounts(session, others - known, follows, silent)


async def _accounts(
    session: AsyncSession, numbers: Collection[int], follows: dict[int, set[str]], silent: dict[Key, set[str]]
) -> list[Candidate]:
    """Those who are on no list."""
    rows = await session.execute(
        select(Account.telegram_id, Account.reachable)
        .where(Account.telegram_id.in_(numbers))
        .order_by(Account.telegram_id)
    )
    return [
        Candidate(
            None,
            one,
            reachable,
            areas=frozenset(follows.get(one, ())),
            silent=frozenset(silent.get(("account", one), ())),
        )
        for one, reachable in rows
    ]


async def _followers(session: AsyncSession, areas: Collection[str]) -> dict[int, set[str]]:
    found: dict[int, set[str]] = defaultdict(set)
    for account, area in await session.execute(
        select(Follow.telegram_id, Follow.value).where(Follow.what == FOLLOWED_AREA, Follow.value.in_(areas))
    ):
        found[account].add(area)
    return found


async def _silent(session: AsyncSession, things: Collection[str], now: datetime) -> dict[Key, set[str]]:
    """Who has not answered which of these („vote:3", „meeting:5", „broadcast:7")."""
    found: dict[Key, set[str]] = defaultdict(set)
    for thing in things:
        kind, _, number = thing.partition(":")
        if kind == "vote":
            keys = await _silent_in_vote(session, int(number), now)
        elif kind == "meeting":
            keys = await _silent_on_meeting(session, int(number))
        else:
            keys = await _unread(session, int(number))
        for key in keys:
            found[key].add(thing)
    return found


async def _silent_in_vote(session: AsyncSession, number: int, now: datetime) -> set[Key]:
    """Whoever acts for a mandate whose ballot is missing; of one whose holder has not come in, that holder."""
    vote = await session.get(Vote, number)
    if vote is None:
        return set()
    seats = [one.mandate_id for one in await silent_mandates(session, vote)]
    acting = await in_charge(session, seats, number, now)
    left = set(seats) - {mandate for mandate, _ in acting}
    return {("account", account) for _, account in acting} | await _holders(session, left)


async def _holders(session: AsyncSession, mandates: Collection[int | None]) -> set[Key]:
    found = await session.scalars(
        select(Membership.person_id).where(
            Membership.mandate_id.in_(mandates), Membership.role == Role.MEMBER, Membership.ended_at.is_(None)
        )
    )
    return {("person", one) for one in found}


async def _silent_on_meeting(session: AsyncSession, number: int) -> set[Key]:
    rows = list(
        await session.scalars(
            select(Invitation).where(Invitation.meeting_number == number, Invitation.answer.is_(None))
        )
    )
    guests: set[Key] = {("person", one.guest_id) for one in rows if one.guest_id}
    return guests | await _holders(session, {one.mandate_id for one in rows if one.mandate_id})


async def _unread(session: AsyncSession, number: int) -> set[Key]:
    """Who has got an earlier Rundruf and not tapped „Gelesen"."""
    row = await session.get(Broadcast, number)
    rows = await session.execute(
        select(Copy, Letter.state, Letter.error)
        .join(Letter, Letter.id == Copy.letter_id)
        .where(Copy.broadcast_number == number)
    )
    return {
        ("person", copy.person_id) if copy.person_id else ("account", copy.telegram_id or 0)
        for copy, state, error in rows
        if row is not None
        and copy.read_revision != row.revision
        and fate_of(state, error, read=False) in {Fate.DELIVERED, Fate.UNCERTAIN}
    }


async def answerable(session: AsyncSession, now: datetime) -> list[Unanswered]:
    """What somebody may have left without an answer: open votes, meetings ahead, the latest Rundrufe to be read."""
    votes = await session.scalars(select(Vote).where(*UNDER_WAY).order_by(Vote.number))
    meetings = await session.scalars(
        select(Meeting)
        .where(Meeting.invited_at.is_not(None), Meeting.status == "", Meeting.starts_at > now)
        .order_by(Meeting.starts_at)
    )
    rows = await session.scalars(
        select(Broadcast)
        .where(Broadcast.asks_read, Broadcast.started_at.is_not(None), Broadcast.withdrawn_at.is_(None))
        .order_by(Broadcast.number.desc())
        .limit(LATEST)
    )
    return [
        *(Unanswered(f"vote:{one.number}", one.number, one.title) for one in votes),
        *(Unanswered(f"meeting:{one.number}", one.number, one.title) for one in meetings),
        *(Unanswered(f"broadcast:{one.number}", one.number, "") for one in rows),
    ]


def reach(found: Sequence[Candidate]) -> tuple[int, int]:
    """How many recipients there are, and how many of them cannot be reached."""
    return len(found), sum(not one.reachable for one in found)

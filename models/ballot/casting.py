"""Votes: casting. A tap is stored together with its receipt and its entry in the record, or not at all."""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from models import record
from models.actor import Actor
from models.ballot.acting import in_charge
from models.ballot.dates import with_mark
from models.ballot.paper import Paper, read_paper
from models.ballot.rows import Ballot, Elector, Receipt, Rehearsal, Vote
from models.ballot.rules import (
    NO_MARK,
    Acting,
    Choice,
    Kind,
    Way,
    acting_for,
    check_choice,
    check_not_excluded,
    check_open,
    is_older_tap,
    settled,
)
from models.ballot.secret.reading import voted_secretly
from models.ballot.secret.rules import CROCKFORD, check_declaration
from models.charter import read_charter
from models.member import Role
from models.outbox import NewLetter, post
from models.record import NewEntry
from models.refusals import AlreadyDone, NotEntitled, OwnBallot, Unfit, Unknown
from models.statements import as_read, insert_new, replace_in, table_of

RECEIPT_LENGTH = 4
_BALLOTS, _RECEIPTS = table_of(Ballot), table_of(Receipt)


@dataclass(frozen=True, slots=True)
class Said:
    """What is said for a mandate: a ballot's choice or a date's mark, when its update reached us, and how."""

    vote: int
    mandate_id: int
    choice: str
    at: datetime
    update_id: int
    way: Way = Way.TAP
    why: str = ""  # the office's reason, for an entry on paper or by telephone
    act: record.Act | None = None  # what the record calls it, where way and choice do not say that
    about: Mapping[str, Any] = field(default_factory=dict)  # what the record tells besides


async def cast(session: AsyncSession, said: Said, by: Actor) -> Paper:
    """Store a tap: the mandate's one ballot now says this. The same choice again keeps its receipt.

    Raises:
        Unknown: no such vote, the mandate is not in its electorate, or a choice that there is not.
        NotEntitled: the account does not act for the mandate now, or the mandate is excluded.
        TooEarly, BallotClosed, Withdrawn: by the vote's phase when the tap reached us.
        Unfit: the charter allows no change of mind, or the vote is secret and this is no declaration of a conflict.
    """
    paper = await read_paper(session, said.vote, said.mandate_id, said.at, lock=True)
    acting = acting_for(by, said.mandate_id, paper.deputy_id)
    check_open(paper.vote, said.at)
    check_not_excluded(paper.elector)
    if paper.vote.secret:
        check_declaration(paper, said.choice)
    said = _whole(paper, said)
    if paper.ballot is not None and _stays(paper.ballot, paper.vote, said, acting):
        await _note_tap(session, paper.ballot, said)
        return paper
    return await store(session, paper, said, acting)


async def enter_for(session: AsyncSession, said: Said, by: Actor) -> Paper:
    """Enter what a member said on paper or by telephone; one who has an account is told at once.

    Raises:
        NotEntitled: for everyone but staff, or the mandate is excluded.
        Unknown: no such vote, mandate or choice.
        TooEarly, BallotClosed, Withdrawn: by the vote's phase.
        OwnBallot: the member has voted on the phone; that stands.
        Unfit: the vote is secret; paper is entered as counts, see ``secret.paper``.
    """
    staff = by.need_staff()
    paper = await read_paper(session, said.vote, said.mandate_id, said.at, lock=True)
    check_open(paper.vote, said.at)
    if paper.vote.secret:
        raise Unfit("secret vote")
    check_not_excluded(paper.elector)
    if paper.vote.kind == Kind.SELECTION:  # its points are entered in ``models.selection.office``
        raise Unknown
    check_choice(Kind(paper.vote.kind), said.choice, len(paper.options))
    if paper.ballot is not None and not Way(paper.ballot.way).by_office:
        raise OwnBallot
    stored = await store(session, paper, said, Acting(staff.person_id))
    await tell_of_entry(session, stored, said.at)
    return stored


async def tell_of_entry(session: AsyncSession, paper: Paper, at: datetime) -> None:
    """Tell whoever acts for the mandate what the office has entered for it."""
    number, mandate_id = paper.vote.number, paper.mandate_id
    for telegram_id in await _acting_accounts(session, paper, at):
        key = f"entered:{number}:{mandate_id}:{paper.ballot.receipt if paper.ballot else ''}"
        about = {"vote": number, "mandate": mandate_id}
        await post(session, NewLetter(key, "entered_for_you", telegram_id, about), at)


async def _acting_accounts(session: AsyncSession, paper: Paper, at: datetime) -> list[int]:
    acting = await in_charge(session, [paper.mandate_id], paper.vote.number, at)
    return [telegram_id for _, telegram_id in acting]


def _whole(paper: Paper, said: Said) -> Said:
    """What the ballot is to say: of a date finding a tap speaks of one date, the ballot of all so far."""
    kind, options = Kind(paper.vote.kind), len(paper.options)
    if kind is Kind.SELECTION:  # points have taps of their own, see ``models.selection.scoring``
        raise Unknown
    if kind is Kind.DATES:
        before = paper.ballot.choice if paper.ballot else None
        return replace(said, choice=with_mark(before, said.choice, options))
    check_choice(kind, said.choice, options)
    return said


def _stays(ballot: Ballot, vote: Vote, said: Said, acting: Acting) -> bool:
    """Whether the ballot stays as it is: the tap is older than it, or the same person says the same.

    Raises:
        Unfit: the charter allows no change of mind.
    """
    if Way(ballot.way).by_office:
        return False  # the member's own tap replaces it, whichever was first
    if is_older_tap(said.update_id, said.at, ballot.update_id, ballot.cast_at):
        return True
    if ballot.choice == said.choice:
        # A deputy or a successor who says the same has voted all the same.
        return ballot.cast_by == acting.person_id
    if not read_charter(vote.charter).changeable and not _only_conflict(ballot, vote, said.choice):
        raise Unfit("not changeable")
    return False


async def _note_tap(session: AsyncSession, ballot: Ballot, said: Said) -> None:
    """Note the tap that says again what the ballot says: one before it that is worked off later must not undo it."""
    if is_older_tap(said.update_id, said.at, ballot.update_id, ballot.cast_at):
        return
    of_mandate = (_BALLOTS.c.vote_number == said.vote, _BALLOTS.c.mandate_id == said.mandate_id)
    await session.execute(update(_BALLOTS).where(*of_mandate).values(update_id=said.update_id, cast_at=said.at))


def _only_conflict(ballot: Ballot, vote: Vote, choice: str) -> bool:
    """Whether nothing changes but „Befangen", which can be taken back until the closing; or a date is added."""
    if vote.kind == Kind.DATES:
        return all(old in {NO_MARK, new} for old, new in zip(ballot.choice, choice, strict=True))
    if choice == Choice.CONFLICT:
        return True
    return ballot.choice == Choice.CONFLICT and ballot.before_conflict in {None, choice}


async def store(session: AsyncSession, paper: Paper, said: Said, acting: Acting, receipt: str = "") -> Paper:
    """Write a ballot that may be written, with its receipt and its entry in the record, in that order."""
    before = paper.ballot
    receipt = receipt or await give_receipt(session, said.vote, said.mandate_id)
    ballot = {
        "vote_number": said.vote,
        "mandate_id": said.mandate_id,
        "choice": said.choice,
        "receipt": receipt,
        "cast_by": acting.person_id,
        "as_deputy": acting.as_deputy,
        "cast_at": said.at,
        "update_id": said.update_id,
        "way": said.way,
        "why": said.why,
        "before_conflict": _before_conflict(before, said.choice),
    }
    await session.execute(replace_in(session, _BALLOTS), ballot)
    if paper.vote.close_when_all:
        await note_completion(session, paper.vote)
    # Last, since the head of the record is held until the commit.
    entry = _entry(said, before, acting, receipt)
    if paper.vote.secret:  # a declared conflict is told by the kind of entry; of choices a secret vote tells none
        entry = replace(entry, details={key: value for key, value in entry.details.items() if key != "choice"})
    await record.append(session, entry, open_ballots=not paper.vote.secret)
    return replace(paper, ballot=as_read(Ballot, [ballot[one.name] for one in _BALLOTS.columns]))


def _before_conflict(before: Ballot | None, choice: str) -> str | None:
    if before is None or Way(before.way).by_office:
        return None  # the member has said nothing yet
    if choice != Choice.CONFLICT:
        return before.before_conflict
    return before.before_conflict if before.choice == Choice.CONFLICT else before.choice


def _entry(said: Said, before: Ballot | None, acting: Acting, receipt: str) -> NewEntry:
    details: dict[str, Any] = {"choice": said.choice, "receipt": receipt, "deputy": acting.as_deputy, **said.about}
    if said.way is not Way.TAP:
        details["way"] = said.way.value
    if said.why:
        details["why"] = record.digest(said.why)
    return NewEntry(said.act or _act(said, before), said.at, acting.person_id, said.vote, said.mandate_id, details)


def _act(said: Said, before: Ballot | None) -> record.Act:
    match said.way:
        case Way.PAPER:
            return record.Act.PAPER_ENTERED
        case Way.TELEPHONE:
            return record.Act.TELEPHONE_ENTERED
        case _ if said.choice == Choice.CONFLICT:
            return record.Act.CONFLICT
        case _:
            return record.Act.CHANGED if before else record.Act.CAST


async def give_receipt(session: AsyncSession, number: int, mandate_id: int) -> str:
    """A code that nobody in this vote has had; a draw that was taken is drawn again."""
    while True:
        code = "".join(CROCKFORD[one % len(CROCKFORD)] for one in secrets.token_bytes(RECEIPT_LENGTH))
        row = {"vote_number": number, "code": code, "mandate_id": mandate_id}
        if (await session.execute(insert_new(session, _RECEIPTS), row)).first():
            return code


async def note_completion(session: AsyncSession, vote: Vote, at: datetime | None = None) -> None:
    """Note when the last missing ballot came in. Chats are worked off side by side, so not always the one at hand.

    ``at``: when a secret ballot was cast, since the store does not know.
    """
    done_at = await _complete_at(session, vote, at)
    if done_at != vote.complete_at:
        await session.execute(update(Vote).where(Vote.number == vote.number).values(complete_at=done_at))


async def _complete_at(session: AsyncSession, vote: Vote, at: datetime | None) -> datetime | None:
    voted = await voted_secretly(session, vote)
    rows = await session.execute(
        select(Elector.mandate_id, Elector.excluded_at, Ballot.cast_at, Ballot.choice)
        .outerjoin(Ballot, (Ballot.vote_number == Elector.vote_number) & (Ballot.mandate_id == Elector.mandate_id))
        .where(Elector.vote_number == vote.number)
    )
    done_at = [at] if at else []
    for mandate_id, excluded_at, cast_at, choice in rows:
        if mandate_id in voted:
            continue
        if excluded_at is None and (cast_at is None or not settled(Kind(vote.kind), choice)):
            return None
        done_at.append(excluded_at or cast_at)
    return max(done_at)


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

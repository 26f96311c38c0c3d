"""A mandate's ballot paper: all that its card speaks of, read in one statement, since this is read at every tap."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Label, Table, bindparam, exists, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from models.ballot.acting import deputy_in_charge
from models.ballot.rows import Attachment, Ballot, Elector, Option, Vote
from models.ballot.rules import Kind, complete
from models.ballot.secret.box import Mark
from models.ballot.secret.reading import mark_of
from models.heartbeat import Outage
from models.meeting.rows import AgendaItem
from models.office import Body, Office
from models.refusals import Unknown
from models.selection.reading import Sheet, sheet_of
from models.statements import as_read, table_of


@dataclass(frozen=True, slots=True)
class Paper:
    """What a mandate has before it in a vote. ``ballot`` is what it says now; None before the first tap.

    Vote, elector and ballot are there to be looked at: changed they raise, see ``statements.as_read``.
    """

    vote: Vote
    body: str  # its short name
    elector: Elector
    ballot: Ballot | None
    contact: str  # of the office
    files: int  # how many attachments
    deputy_id: int | None = None  # the person it is handed over to
    options: Sequence[Option] = field(default=())
    outages: Sequence[Outage] = field(default=())  # while the vote was open
    mark: Mark | None = None  # in a secret vote: it has voted
    sheet: Sheet | None = None  # of a project selection: the call, and the points so far
    item: tuple[int, int] | None = None  # the meeting and the place on its agenda that it belongs to

    @property
    def mandate_id(self) -> int:
        """The mandate whose paper this is."""
        return self.elector.mandate_id

    @property
    def complete(self) -> bool:
        """Whether its ballot says all that is asked."""
        if self.mark is not None:
            return True
        if self.ballot is None:
            return False
        return complete(Kind(self.vote.kind), self.ballot.choice)


def _named(prefix: str, table: Table) -> list[Label[Any]]:
    """A table's columns, so named that those of several tables go into one row."""
    return [one.label(f"{prefix}_{one.name}") for one in table.columns]


# Of the tables, not of the classes: on the way through the mapper it would take three times as long.
_VOTES, _BALLOTS, _ELECTORS = table_of(Vote), table_of(Ballot), table_of(Elector)
_BODIES, _OFFICE, _ITEMS = table_of(Body), table_of(Office), table_of(AgendaItem)
_FILES, _OUTAGES = table_of(Attachment).c, table_of(Outage).c
_PAPER = (
    select(
        *_named("vote", _VOTES),
        *_named("ballot", _BALLOTS),
        *_named("elector", _ELECTORS),
        _BODIES.c.short.label("body"),
        func.coalesce(_OFFICE.c.contact, "").label("contact"),
        select(func.count()).where(_FILES.vote_number == _VOTES.c.number).scalar_subquery().label("files"),
        deputy_in_charge(_ELECTORS.c.mandate_id, _VOTES.c.number, bindparam("at")).label("deputy_id"),
        _ITEMS.c.meeting_number,
        _ITEMS.c.position,
        exists().where(_OUTAGES.ended_at > _VOTES.c.opens_at, _OUTAGES.began_at < _VOTES.c.closes_at).label("was_out"),
    )
    .select_from(_VOTES)
    .join(_BODIES, _BODIES.c.id == _VOTES.c.body_id)
    .join(_ELECTORS, (_ELECTORS.c.vote_number == _VOTES.c.number) & (_ELECTORS.c.mandate_id == bindparam("mandate_id")))
    .outerjoin(
        _BALLOTS, (_BALLOTS.c.vote_number == _VOTES.c.number) & (_BALLOTS.c.mandate_id == _ELECTORS.c.mandate_id)
    )
    .outerjoin(_OFFICE, _OFFICE.c.id == 1)
    .outerjoin(_ITEMS, _ITEMS.c.id == _VOTES.c.item_id)
    .where(_VOTES.c.number == bindparam("number"))
)
_OF_VOTE = slice(len(_VOTES.c))
_OF_BALLOT = slice(_OF_VOTE.stop, _OF_VOTE.stop + len(_BALLOTS.c))
_OF_ELECTOR = slice(_OF_BALLOT.stop, _OF_BALLOT.stop + len(_ELECTORS.c))
_LOCK = select(_VOTES.c.number).where(_VOTES.c.number == bindparam("number")).with_for_update()


async def read_paper(session: AsyncSession, number: int, mandate_id: int, at: datetime, *, lock: bool = False) -> Paper:
    """The paper of a mandate in a vote at an instant; ``lock`` holds the vote until the transaction ends.

    Raises:
        Unknown: no such vote, or the mandate is not in its electorate.
    """
    if lock and session.get_bind().dialect.name == "postgresql":
        # A statement sees the store as it was when it began, so one that waited for the lock would see an old ballot.
        # SQLite's transactions are alone from their beginning.
        await session.execute(_LOCK, {"number": number})
    wanted = {"number": number, "mandate_id": mandate_id, "at": at}
    row = (await session.execute(_PAPER, wanted)).one_or_none()
    if row is None:
        raise Unknown
    vote = as_read(Vote, row[_OF_VOTE])
    return Paper(
        vote,
        row.body,
        as_read(Elector, row[_OF_ELECTOR]),
        as_read(Ballot, row[_OF_BALLOT]) if row.ballot_choice is not None else None,
        row.contact,
        row.files,
        row.deputy_id,
        await options_of(session, vote),
        await outages_during(session, vote) if row.was_out else (),
        await mark_of(session, vote, mandate_id),
        await sheet_of(session, number, mandate_id) if vote.kind == Kind.SELECTION else None,
        (row.meeting_number, row.position) if row.meeting_number else None,
    )


async def item_of(session: AsyncSession, item_id: int | None) -> tuple[int, int] | None:
    """The meeting of an item, and its place on the agenda."""
    item = await session.get(AgendaItem, item_id) if item_id is not None else None
    return (item.meeting_number, item.position) if item else None


async def options_of(session: AsyncSession, vote: Vote) -> list[Option]:
    """What can be chosen in it, in order."""
    if not Kind(vote.kind).has_options:
        return []
    return list(await session.scalars(select(Option).where(Option.vote_number == vote.number).order_by(Option.place)))


async def outages_during(session: AsyncSession, vote: Vote) -> list[Outage]:
    """When nobody was at home to take a tap, while the vote was open."""
    during = (Outage.ended_at > vote.opens_at, Outage.began_at < (vote.closed_at or vote.closes_at))
    return list(await session.scalars(select(Outage).where(*during).order_by(Outage.began_at)))

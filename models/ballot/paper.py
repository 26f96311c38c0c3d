"""A mandate's ballot paper: all that its card speaks of, read in one statement, since this is read at every tap."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import bindparam, exists, func, select
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


@dataclass(frozen=True, slots=True)
class Paper:
    """What a mandate has before it in a vote. ``ballot`` is what it says now; None before the first tap."""

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


_PAPER = (
    select(
        Vote,
        Ballot,
        Elector,
        Body.short.label("body"),
        func.coalesce(Office.contact, "").label("contact"),
        select(func.count()).where(Attachment.vote_number == Vote.number).scalar_subquery().label("files"),
        deputy_in_charge(Elector.mandate_id, Vote.number, bindparam("at")).label("deputy_id"),
        AgendaItem.meeting_number,
        AgendaItem.position,
        exists().where(Outage.ended_at > Vote.opens_at, Outage.began_at < Vote.closes_at).label("was_out"),
    )
    .select_from(Vote)
    .join(Body, Body.id == Vote.body_id)
    .join(Elector, (Elector.vote_number == Vote.number) & (Elector.mandate_id == bindparam("mandate_id")))
    .outerjoin(Ballot, (Ballot.vote_number == Vote.number) & (Ballot.mandate_id == Elector.mandate_id))
    .outerjoin(Office, Office.id == 1)
    .outerjoin(AgendaItem, AgendaItem.id == Vote.item_id)
    .where(Vote.number == bindparam("number"))
)
_LOCK = select(Vote.number).where(Vote.number == bindparam("number")).with_for_update()


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
    return Paper(
        row.Vote,
        row.body,
        row.Elector,
        row.Ballot,
        row.contact,
        row.files,
        row.deputy_id,
        await options_of(session, row.Vote),
        await outages_during(session, row.Vote) if row.was_out else (),
        await mark_of(session, row.Vote, mandate_id),
        await sheet_of(session, number, mandate_id) if row.Vote.kind == Kind.SELECTION else None,
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

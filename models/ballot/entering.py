"""Votes: entering and opening. At the opening everything a verdict rests on is frozen."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import select, true
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import undefer

from models import record
from models.actor import Actor
from models.ballot.acting import in_charge
from models.ballot.paper import options_of
from models.ballot.rows import Attachment, Elector, Option, Vote
from models.ballot.rules import Held, Kind, check_options, held_where
from models.ballot.secret.rules import secrecy
from models.charter import read_charter
from models.files import StoredFile
from models.meeting.rows import AgendaItem, Meeting
from models.office import Body, Mandate
from models.outbox import NewLetter, post
from models.record import Act, NewEntry, digest, digest_of, instant
from models.refusals import AlreadyDone, Unfit, Unknown
from models.selection.entering import attach, frozen_call, store_call
from models.selection.rules import Call, check_call


@dataclass(frozen=True, slots=True)
class NewOption:
    """What can be chosen: a name, or a date with its beginning (an instant)."""

    label: str = ""
    starts_at: datetime | None = None


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
    options: Sequence[NewOption] = field(default=())
    again: bool = False  # the body was invited again, after one time without a quorum
    follows: int | None = None  # the election whose run-off this is
    secret: bool = False
    call: Call | None = None  # of a project selection
    item_id: int | None = None  # of the agenda, whose decision it is


async def enter(session: AsyncSession, plan: VotePlan, by: Actor, now: datetime) -> Vote:
    """Enter a vote; one that opens now or has opened is opened at once.

    Raises:
        NotEntitled: for everyone but staff.
        Unknown: no such body, no election of it to go on from, or no item of a meeting of it.
        Unfit: it would close before it opens, nobody could vote, the charter does not have it so, or too few options.
    """
    staff = by.need_staff()
    body = await session.get(Body, plan.body_id)
    if body is None:
        raise Unknown
    if plan.closes_at <= max(plan.opens_at, now):
        raise Unfit("closes before it opens")
    if not await mandates_of(session, body.id):
        raise Unfit("no mandates")
    charter = read_charter(body.charter)
    if plan.held not in held_where(charter, plan.kind) or plan.secret not in secrecy(charter, plan.kind, plan.held):
        raise Unfit("not by this charter")
    check_options(plan.kind, plan.options)
    if (plan.kind is Kind.SELECTION) != (plan.call is not None):
        raise Unfit("projects")
    if plan.call is not None:
        check_call(plan.call)
    await _check_item(session, plan)
    vote = await _store(session, plan, body, staff.person_id)
    await record.append(session, NewEntry(Act.ENTERED, now, staff.person_id, vote.number, details={"kind": vote.kind}))
    if vote.opens_at <= now:
        await open_vote(session, vote, now)
    return vote


async def _store(session: AsyncSession, plan: VotePlan, body: Body, created_by: int) -> Vote:
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
        created_by=created_by,
        again=plan.again,
        follows=plan.follows,
        secret=plan.secret,
        item_id=plan.item_id,
        round=await _round(session, plan),
    )
    session.add(vote)
    await session.flush()
    if plan.call is not None:
        await store_call(session, vote.number, plan.call)
    await attach(session, vote.number, plan.file_ids, plan.call)
    session.add_all(
        Option(vote_number=vote.number, place=place, label=one.label, starts_at=one.starts_at)
        for place, one in enumerate(plan.options, 1)
    )
    await session.flush()
    return vote


async def _check_item(session: AsyncSession, plan: VotePlan) -> None:
    """An item of a meeting of this body, held there."""
    if plan.item_id is None:
        return
    of = select(Meeting.body_id).join(AgendaItem, AgendaItem.meeting_number == Meeting.number)
    if await session.scalar(of.where(AgendaItem.id == plan.item_id)) != plan.body_id or plan.held != Held.MEETING:
        raise Unknown


async def _round(session: AsyncSession, plan: VotePlan) -> int:
    if plan.follows is None:
        return 1
    first = await session.get(Vote, plan.follows, with_for_update=True)
    if first is None or first.body_id != plan.body_id or first.kind != plan.kind:
        raise Unknown
    if await run_off_of(session, first.number) is not None:
        raise AlreadyDone
    return first.round + 1


async def run_off_of(session: AsyncSession, number: int) -> int | None:
    """The vote that goes on from this one, unless it was broken off."""
    goes_on: int | None = await session.scalar(
        select(Vote.number).where(Vote.follows == number, Vote.cancelled_at.is_(None))
    )
    return goes_on


async def open_vote(session: AsyncSession, vote: Vote, now: datetime) -> None:
    """Freeze who may vote, by which rules and on what, and call them."""
    body = await session.get_one(Body, vote.body_id)
    mandates = await mandates_of(session, body.id)
    vote.charter, vote.opened_at = dict(body.charter), now
    session.add_all(Elector(vote_number=vote.number, mandate_id=one.id, name=one.name) for one in mandates)
    await session.flush()
    for mandate_id, telegram_id in await in_charge(session, [one.id for one in mandates], vote.number, now):
        key = f"vote:{vote.number}:{mandate_id}:{telegram_id}"
        await post(session, NewLetter(key, "vote", telegram_id, {"vote": vote.number, "mandate": mandate_id}), now)
    details = await _frozen(session, vote, mandates)
    await record.append(session, NewEntry(Act.OPENED, now, vote=vote.number, details=details))


async def _frozen(session: AsyncSession, vote: Vote, mandates: Sequence[Mandate]) -> dict[str, Any]:
    """What the record says of the opening: mandates by number, texts and files by their digest."""
    options = await options_of(session, vote)
    return {
        "kind": vote.kind,
        "held": vote.held,
        "closes_at": instant(vote.closes_at),
        "charter": digest_of(vote.charter),
        "electorate": [one.id for one in mandates],
        "title": digest(vote.title),
        "text": digest(vote.text),
        "options": [digest(instant(one.starts_at) if one.starts_at else one.label) for one in options],
        "attachments": [one.sha256 for one in await files_of(session, vote.number)],
        **({"secret": True} if vote.secret else {}),
        **(await frozen_call(session, vote.number) if vote.kind == Kind.SELECTION else {}),
    }


async def mandates_of(session: AsyncSession, body_id: int) -> list[Mandate]:
    """The mandates of a body. None is ever taken away: who holds one may end, the seat stays."""
    return list(await session.scalars(select(Mandate).where(Mandate.body_id == body_id).order_by(Mandate.id)))


async def open_due(session: AsyncSession, now: datetime) -> list[Vote]:
    """Open what was to open by now."""
    due = list(
        await session.scalars(
            select(Vote)
            .where(
                Vote.opened_at.is_(None), Vote.closed_at.is_(None), Vote.cancelled_at.is_(None), Vote.opens_at <= now
            )
            .order_by(Vote.number)
            .with_for_update()
        )
    )
    for vote in due:
        await open_vote(session, vote, now)
    return due


async def files_of(
    session: AsyncSession, number: int, *, with_content: bool = False, project: int = 0
) -> list[StoredFile]:
    """The attachments of a vote, in the order given; ``project``: only those of that project of a selection."""
    query = (
        select(StoredFile)
        .join(Attachment, Attachment.file_id == StoredFile.id)
        .where(Attachment.vote_number == number, (Attachment.project == project) if project else true())
        .order_by(StoredFile.id)
    )
    return list(await session.scalars(query.options(undefer(StoredFile.content)) if with_content else query))

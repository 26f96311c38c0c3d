"""Project selection: what the office enters. Every act has its reason and stands in the record."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from models import record
from models.actor import Actor
from models.ballot.casting import Said, give_receipt, store, tell_of_entry
from models.ballot.looking import find, readers_of_news, seats_in
from models.ballot.paper import Paper, read_paper
from models.ballot.rows import Vote
from models.ballot.rules import Acting, Choice, Kind, Stage, Way, check_not_excluded, check_open
from models.charter import read_charter
from models.outbox import NewLetter, post
from models.record import Act, NewEntry, digest, instant
from models.refusals import AlreadyDone, OwnBallot, Unfit, Unknown
from models.selection.counting import frozen_selection
from models.selection.ranking import check_order
from models.selection.reading import Sheet
from models.selection.rows import AsideRow, ScoreRow
from models.selection.rules import Part, check_points
from models.selection.scoring import need_sheet


@dataclass(frozen=True, slots=True)
class Entered:
    """What a mandate said on paper or by telephone: the whole of it. ``part.out``: „Befangen" in the whole call."""

    vote: int
    mandate_id: int
    part: Part
    way: Way
    why: str
    at: datetime


async def enter_points(session: AsyncSession, entered: Entered, by: Actor) -> Paper:
    """Enter what a mandate said; it replaces what the office has entered before. One with an account is told at once.

    What is complete on paper is confirmed by the paper itself.

    Raises:
        NotEntitled: for everyone but staff, or the mandate is excluded.
        Unknown: no such vote, mandate, project or criterion, points that there are not, or „Befangen" in what the
            charter does not know.
        TooEarly, BallotClosed, Withdrawn: by the vote's phase.
        OwnBallot: the member has voted on the phone; that stands.
    """
    staff = by.need_staff()
    paper = await read_paper(session, entered.vote, entered.mandate_id, entered.at, lock=True)
    sheet = need_sheet(paper)
    check_open(paper.vote, entered.at)
    check_not_excluded(paper.elector)
    _check(paper, sheet, entered.part)
    if paper.ballot is not None and not Way(paper.ballot.way).by_office:
        raise OwnBallot
    receipt = await give_receipt(session, entered.vote, entered.mandate_id)
    sheet = await _replace(session, sheet, entered, staff.person_id, receipt)
    acting = Acting(staff.person_id)
    stored = replace(await store(session, paper, _said(sheet, entered), acting, receipt), sheet=sheet)
    await tell_of_entry(session, stored, entered.at)
    return stored


def _check(paper: Paper, sheet: Sheet, part: Part) -> None:
    scope = read_charter(paper.vote.charter).conflict_scope
    if (part.out and scope != "call") or (part.aside and scope != "project"):
        raise Unknown
    for project in part.aside:
        sheet.call.project(project)
    for (project, criterion), points in part.points.items():
        check_points(sheet.call, project, criterion, points)
        if project in part.aside:
            raise Unfit("takes no part")


async def _replace(session: AsyncSession, sheet: Sheet, entered: Entered, person_id: int, receipt: str) -> Sheet:
    for row in [*sheet.scores.values(), *sheet.asides.values()]:
        await session.delete(row)
    await session.flush()
    seat = {"vote_number": entered.vote, "mandate_id": entered.mandate_id}
    no_tap = {**seat, "receipt": receipt, "update_id": 0}  # no tap of the member's is older
    given = {**no_tap, "given_by": person_id, "given_at": entered.at, "way": entered.way, "why": entered.why}
    scores = {
        (project, criterion): ScoreRow(**given, project=project, criterion=criterion, points=points)
        for (project, criterion), points in entered.part.points.items()
    }
    asides = {
        project: AsideRow(**no_tap, project=project, holds=True, said_by=person_id, said_at=entered.at)
        for project in entered.part.aside
    }
    session.add_all([*scores.values(), *asides.values()])
    await session.flush()
    return replace(sheet, scores=scores, asides=asides)


def _said(sheet: Sheet, entered: Entered) -> Said:
    part = entered.part
    choice = Choice.CONFLICT if part.out else part.stage(sheet.call)
    about: dict[str, Any] = {
        "scores": sorted([*place, points] for place, points in part.points.items()),
        "aside": sorted(part.aside),
    }
    return Said(
        entered.vote,
        entered.mandate_id,
        Stage.CONFIRMED if choice is Stage.FULL else choice,
        entered.at,
        update_id=0,
        way=entered.way,
        why=entered.why,
        about=about,
    )


async def decide_tie(
    session: AsyncSession, number: int, order: Sequence[int], why: str, by: Actor, now: datetime
) -> Vote:
    """Record in which order equals at the edge of the budget stand, as whoever is entitled to has decided.

    Raises:
        NotEntitled: for everyone but staff.
        AlreadyDone: nothing is to be decided (any more).
        Unknown: that is no order of the projects that are tied, or the vote is no selection.
    """
    staff = by.need_staff()
    vote = await find(session, number, lock=True)
    if vote.kind != Kind.SELECTION:
        raise Unknown
    if vote.result is None:
        raise AlreadyDone
    judged = frozen_selection(vote)
    rank = judged.tied_rank
    if rank is None:
        raise AlreadyDone
    if not check_order(judged, order):
        raise Unknown
    decided = {"order": list(order), "why": why, "by": staff.person_id, "at": instant(now)}
    vote.ties = {**(vote.ties or {}), str(rank): decided}
    await session.flush()
    details = {"rank": rank, "order": list(order), "why": digest(why)}
    await record.append(session, NewEntry(Act.TIE_DECIDED, now, staff.person_id, number, details=details))
    for telegram_id in await readers_of_news(session, vote, await seats_in(session, vote), None):
        key = f"tie:{number}:{rank}:{telegram_id}"
        await post(session, NewLetter(key, "tie", telegram_id, {"vote": number}), now)
    return vote

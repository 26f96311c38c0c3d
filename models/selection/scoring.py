"""Project selection: what a mandate taps. Points are stored with their receipt and their entry, or not at all."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from models.actor import Actor
from models.ballot.casting import Said, give_receipt, store
from models.ballot.paper import Paper, read_paper
from models.ballot.rules import (
    Acting,
    Choice,
    Stage,
    Way,
    acting_for,
    check_not_excluded,
    check_open,
    is_older_tap,
)
from models.charter import read_charter
from models.record import Act
from models.refusals import Unfit, Unknown
from models.selection.reading import Sheet
from models.selection.rows import AsideRow, ScoreRow
from models.selection.rules import check_points
from models.statements import insert_or


@dataclass(frozen=True, slots=True)
class Tapped:
    """For which mandate somebody tapped, when its update reached us, and which one it was."""

    vote: int
    mandate_id: int
    at: datetime
    update_id: int


@dataclass(frozen=True, slots=True)
class Desk:
    """A paper on which this account may write now."""

    paper: Paper
    sheet: Sheet
    acting: Acting

    @property
    def choice(self) -> str:
        """What the ballot says now; empty before the first tap."""
        return self.paper.ballot.choice if self.paper.ballot else ""

    @property
    def scope(self) -> str:
        """What „Befangen" covers: „call" or „project"."""
        return read_charter(self.paper.vote.charter).conflict_scope

    @property
    def changeable(self) -> bool:
        """Whether points that count can be changed."""
        return read_charter(self.paper.vote.charter).changeable


async def _desk(session: AsyncSession, tapped: Tapped, by: Actor) -> Desk:
    paper = await read_paper(session, tapped.vote, tapped.mandate_id, tapped.at, lock=True)
    acting = acting_for(by, tapped.mandate_id, paper.deputy_id)
    check_open(paper.vote, tapped.at)
    check_not_excluded(paper.elector)
    if paper.sheet is None:
        raise Unknown
    return Desk(paper, paper.sheet, acting)


def need_sheet(paper: Paper) -> Sheet:
    """The sheet of a paper.

    Raises:
        Unknown: it is none of a project selection.
    """
    if paper.sheet is None:
        raise Unknown
    return paper.sheet


async def give_points(
    session: AsyncSession, tapped: Tapped, project: int, criterion: int, points: int, by: Actor
) -> Paper:
    """Store points for a project by a criterion. The same again keep their receipt.

    Raises:
        Unknown: no such vote, mandate, project or criterion, or points that there are not.
        NotEntitled: the account does not act for the mandate now, or the mandate is excluded.
        TooEarly, BallotClosed, Withdrawn: by the vote's phase when the tap reached us.
        Unfit: the mandate takes no part, or the charter allows no change of points that count.
    """
    desk = await _desk(session, tapped, by)
    check_points(desk.sheet.call, project, criterion, points)
    if desk.choice == Choice.CONFLICT or project in desk.sheet.part.aside:
        raise Unfit("takes no part")
    before = desk.sheet.scores.get((project, criterion))
    if before is not None and _stays(desk, before, tapped, points):
        return desk.paper
    receipt = await give_receipt(session, tapped.vote, tapped.mandate_id)
    row = {
        **_seat(tapped),
        "project": project,
        "criterion": criterion,
        "points": points,
        "receipt": receipt,
        "given_by": desk.acting.person_id,
        "given_at": tapped.at,
        "update_id": tapped.update_id,
        "way": Way.TAP,
        "why": "",
    }
    keys = ["vote_number", "mandate_id", "project", "criterion"]
    await session.execute(
        insert_or(session, ScoreRow.__table__).values(row).on_conflict_do_update(index_elements=keys, set_=row)
    )
    sheet = replace(desk.sheet, scores={**desk.sheet.scores, (project, criterion): ScoreRow(**row)})
    about = {"project": project, "criterion": criterion, "points": points}
    return await _write(session, desk, sheet, _said(tapped, _stage(sheet), None, about), receipt)


def _stays(desk: Desk, before: ScoreRow, tapped: Tapped, points: int) -> bool:
    """Whether the points stay as they are: the tap is older than they, or the same person gives the same.

    Raises:
        Unfit: the project's card is complete, and the charter allows no change of what counts.
    """
    if Way(before.way).by_office:
        return False  # the member's own tap replaces it, whichever was first
    if is_older_tap(tapped.update_id, tapped.at, before.update_id, before.given_at):
        return True
    if before.points == points:
        if before.given_by != desk.acting.person_id:
            return False  # a deputy or a successor who gives the same has given them all the same
        # Noted all the same: a tap between the two that is worked off after both must not undo the later one.
        before.update_id, before.given_at = tapped.update_id, tapped.at
        return True
    if not desk.changeable and desk.sheet.part.counts(desk.sheet.call, before.project):
        raise Unfit("points not changeable")
    return False


async def stand_aside(session: AsyncSession, tapped: Tapped, project: int, by: Actor, *, aside: bool) -> Paper:
    """„Befangen" in one project, or taken back, where the charter has it project by project.

    Raises:
        Unknown: no such vote, mandate or project, or the charter's „Befangen" covers the whole call.
        NotEntitled, TooEarly, BallotClosed, Withdrawn: as for points.
    """
    desk = await _desk(session, tapped, by)
    desk.sheet.call.project(project)
    if desk.scope != "project":
        raise Unknown
    before = desk.sheet.asides.get(project)
    if before is None and not aside:
        return desk.paper
    if before is not None:
        same = before.holds == aside and before.said_by == desk.acting.person_id
        if same or is_older_tap(tapped.update_id, tapped.at, before.update_id, before.said_at):
            return desk.paper
    receipt = await give_receipt(session, tapped.vote, tapped.mandate_id)
    row = {
        **_seat(tapped),
        "project": project,
        "holds": aside,
        "receipt": receipt,
        "said_by": desk.acting.person_id,
        "said_at": tapped.at,
        "update_id": tapped.update_id,
    }
    keys = ["vote_number", "mandate_id", "project"]
    await session.execute(
        insert_or(session, AsideRow.__table__).values(row).on_conflict_do_update(index_elements=keys, set_=row)
    )
    sheet = replace(desk.sheet, asides={**desk.sheet.asides, project: AsideRow(**row)})
    act = Act.CONFLICT if aside else Act.CONFLICT_WITHDRAWN
    return await _write(session, desk, sheet, _said(tapped, _stage(sheet), act, {"project": project}), receipt)


async def take_no_part(session: AsyncSession, tapped: Tapped, by: Actor, *, aside: bool) -> Paper:
    """„Befangen" in the whole call, or taken back: then the points from before count again.

    Raises:
        Unknown: no such vote or mandate, or the charter's „Befangen" is project by project.
        NotEntitled, TooEarly, BallotClosed, Withdrawn: as for points.
    """
    desk = await _desk(session, tapped, by)
    if desk.scope != "call":
        raise Unknown
    if _is_old_news(desk, tapped) or (desk.choice == Choice.CONFLICT) == aside:
        return desk.paper
    said = _said(tapped, _stage(desk.sheet), Act.CONFLICT_WITHDRAWN)
    return await _write(session, desk, desk.sheet, _said(tapped, Choice.CONFLICT) if aside else said)


async def confirm(session: AsyncSession, tapped: Tapped, by: Actor) -> Paper:
    """„Bestätigen": what is complete counts without it too; the record tells who confirmed.

    Raises:
        Unfit: something is still missing, or the mandate takes no part.
        Unknown, NotEntitled, TooEarly, BallotClosed, Withdrawn: as for points.
    """
    desk = await _desk(session, tapped, by)
    if desk.choice == Choice.CONFLICT:
        raise Unfit("takes no part")
    if desk.sheet.part.stage(desk.sheet.call) is Stage.PART:
        raise Unfit("points missing")
    confirmed = desk.choice == Stage.CONFIRMED and desk.paper.ballot and desk.paper.ballot.cast_by
    if _is_old_news(desk, tapped) or confirmed == desk.acting.person_id:
        return desk.paper
    return await _write(session, desk, desk.sheet, _said(tapped, Stage.CONFIRMED, Act.CONFIRMED))


def _is_old_news(desk: Desk, tapped: Tapped) -> bool:
    ballot = desk.paper.ballot
    if ballot is None or Way(ballot.way).by_office:
        return False
    return is_older_tap(tapped.update_id, tapped.at, ballot.update_id, ballot.cast_at)


def _said(tapped: Tapped, choice: str, act: Act | None = None, about: Mapping[str, Any] | None = None) -> Said:
    return Said(tapped.vote, tapped.mandate_id, choice, tapped.at, tapped.update_id, act=act, about=about or {})


async def _write(session: AsyncSession, desk: Desk, sheet: Sheet, said: Said, receipt: str = "") -> Paper:
    return replace(await store(session, desk.paper, said, desk.acting, receipt), sheet=sheet)


def _stage(sheet: Sheet) -> Stage:
    """How far the ballot is after a tap; what was confirmed before is not confirmed any more."""
    return sheet.part.stage(sheet.call)


def _seat(tapped: Tapped) -> dict[str, Any]:
    return {"vote_number": tapped.vote, "mandate_id": tapped.mandate_id}

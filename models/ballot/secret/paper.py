"""Secret votes: ballots on paper, entered after the closing as counts, with the mandates that handed one in."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import exists, select
from sqlalchemy.ext.asyncio import AsyncSession

from models import record
from models.actor import Actor
from models.ballot.counting import result_of
from models.ballot.looking import electorate, find, silent_mandates
from models.ballot.office import tell
from models.ballot.paper import options_of
from models.ballot.rows import Vote
from models.ballot.rules import Choice, Kind, check_choice
from models.ballot.secret.counting import LIST
from models.ballot.secret.reading import turnout
from models.ballot.secret.rows import SecretCount, SecretTurnout
from models.record import Act, NewEntry, digest_of
from models.refusals import Unfit, Unknown

FEWEST = 2  # one alone, counted, would say how its mandate voted


@dataclass(frozen=True, slots=True)
class PaperBallots:
    """What was found in the envelope: how many ballots say what, and which mandates handed one in."""

    vote: int
    mandates: Sequence[int]
    counts: Mapping[str, int]  # by choice, as a ballot spells it


async def enter_paper(session: AsyncSession, found: PaperBallots, by: Actor, now: datetime) -> Vote:
    """Count ballots on paper in; the result is counted anew and told again.

    Raises:
        NotEntitled: for everyone but staff.
        Unknown: no such vote, it is not secret, or there is no such choice.
        Unfit: before the closing, or after a run-off or lot built on the result; one alone; a mandate that voted or is
            excluded; counts that are not as many as the mandates.
    """
    staff = by.need_staff()
    vote = await find(session, found.vote, lock=True)
    await check_paper(session, vote, found)
    mandates = sorted(found.mandates)
    session.add_all(SecretTurnout(vote_number=vote.number, mandate_id=one, on_paper=True) for one in mandates)
    counts = {choice: found.counts[choice] for choice in sorted(found.counts) if found.counts[choice]}
    for choice, ballots in counts.items():
        await _add(session, vote.number, choice, ballots)
    await session.flush()
    before = {LIST: vote.result[LIST]} if vote.result and LIST in vote.result else {}
    vote.result = {**await result_of(session, vote), **before}
    entered = sum(one.on_paper for one in (await turnout(session, vote.number)).values())
    await tell(session, vote, "result", {"on_paper": entered}, now)  # not the letter of the closing once more
    details = {"counts": counts, "mandates": mandates, "result": digest_of(vote.result)}
    await record.append(session, NewEntry(Act.PAPER_ENTERED, now, staff.person_id, vote.number, details=details))
    return vote


async def check_paper(session: AsyncSession, vote: Vote, found: PaperBallots) -> None:
    """Let pass what can be counted in; see ``enter_paper``."""
    await check_time(session, vote)
    options = len(await options_of(session, vote))
    for choice in found.counts:
        check_choice(Kind(vote.kind), choice, options)
        if choice == Choice.CONFLICT:
            raise Unknown
    if len(found.mandates) < FEWEST:
        raise Unfit("one ballot on paper")
    silent = {one.mandate_id for one in await silent_mandates(session, vote)}
    if not set(found.mandates) <= silent or len(set(found.mandates)) < len(found.mandates):
        raise Unfit("voted or excluded")
    if min(found.counts.values(), default=0) < 0 or sum(found.counts.values()) != len(found.mandates):
        raise Unfit("paper does not add up")


async def check_time(session: AsyncSession, vote: Vote) -> None:
    """Let pass a closed secret vote on whose result nothing was built yet.

    Raises:
        Unknown: it is not secret.
        Unfit: too early or too late.
    """
    if not vote.secret:
        raise Unknown
    if vote.closed_at is None:
        raise Unfit("paper after the closing")
    followed = await session.scalar(select(exists().where(Vote.follows == vote.number)))
    if vote.lot is not None or followed:
        raise Unfit("result was built on")


async def handed_in_by(session: AsyncSession, vote: Vote) -> list[tuple[int, str]]:
    """The mandates that may have handed a ballot in on paper, by name: those that are silent and not excluded."""
    silent = {one.mandate_id for one in await silent_mandates(session, vote)}
    rows = await electorate(session, vote.number)
    return [(one.mandate_id, one.name) for one, _ in rows if one.mandate_id in silent]


async def _add(session: AsyncSession, number: int, choice: str, ballots: int) -> None:
    row = await session.get(SecretCount, (number, True, choice))
    if row is None:
        session.add(SecretCount(vote_number=number, on_paper=True, choice=choice, ballots=ballots))
    else:
        row.ballots += ballots

"""Votes: counting the ballots and judging them by the frozen charter."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from models.ballot.dates import DateCount, best_dates, count_dates
from models.ballot.looking import electorate
from models.ballot.paper import options_of
from models.ballot.rows import Ballot, Elector, Objection, Option, Vote
from models.ballot.rules import Choice, Held, Kind, no_objection
from models.ballot.secret.counting import secret_choices
from models.charter import (
    Charter,
    Election,
    ElectionTally,
    Tally,
    Verdict,
    count_straw_poll,
    draw_lot,
    judge,
    judge_election,
    judge_no_objection,
    read_charter,
)
from models.selection.counting import count_selection, frozen_selection
from models.selection.ranking import Selection


@dataclass(frozen=True, slots=True)
class Dates:
    """What a date finding counted: of how many mandates how many answered, and how each date suits."""

    entitled: int
    answered: int
    dates: tuple[DateCount, ...]
    best: tuple[int, ...]  # places

    def to_json(self) -> dict[str, Any]:
        """For the store, where it is frozen at closing."""
        return {**asdict(self), "dates": [asdict(one) for one in self.dates], "best": list(self.best)}

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> "Dates":
        """As it was frozen."""
        dates = tuple(DateCount(**one) for one in data["dates"])
        return cls(data["entitled"], data["answered"], dates, tuple(data["best"]))


Result = Verdict | Election | Dates | Selection


@dataclass(frozen=True, slots=True)
class Count:
    """All that is counted: who may vote, what the ballots say, and who is excluded by a decision or by „Befangen"."""

    entitled: int
    excluded: int
    said: Sequence[str]
    chair: str | None

    @property
    def answered(self) -> int:
        """The mandates whose ballot counts."""
        return len(self.said)


async def result_of(session: AsyncSession, vote: Vote) -> dict[str, Any]:
    """The figures of a vote with their reasons, as they are stored at closing."""
    return (await count(session, vote)).to_json()


def frozen_result(vote: Vote) -> Result:
    """What was stored at closing, with the lot if one was drawn since.

    Raises:
        LookupError: the vote has no result.
    """
    if vote.result is None:
        raise LookupError("a vote that is not closed has no result")
    match Kind(vote.kind):
        case Kind.DATES:
            return Dates.from_json(vote.result)
        case Kind.SELECTION:
            return frozen_selection(vote)
        case Kind.ELECTION:
            return _with_lot(vote, Election.from_json(vote.result))
        case Kind.MOTION | Kind.STRAW_POLL:
            return Verdict.from_json(vote.result)


def _with_lot(vote: Vote, election: Election) -> Election:
    if vote.lot is None:
        return election
    return draw_lot(read_charter(vote.charter), election, election.tally.votes[vote.lot - 1][0])


async def count(session: AsyncSession, vote: Vote) -> Result:
    """The result on the ballots as they stand, by the frozen charter."""
    charter = read_charter(vote.charter)
    rows = await electorate(session, vote.number)
    counted = _counted(rows, charter)
    if vote.secret:
        counted = replace(counted, said=await secret_choices(session, vote.number))
    options = await options_of(session, vote)
    objections = 0 if await session.get(Objection, vote.number) is None else 1
    match Kind(vote.kind):
        case Kind.SELECTION:
            return await count_selection(session, vote, rows, charter, objections)
        case Kind.DATES:
            return _dates(counted, options)
        case Kind.ELECTION:
            return judge_election(charter, _election_tally(vote, counted, options, objections))
        case Kind.STRAW_POLL:
            return count_straw_poll(_tally(vote, counted, 0))
        case Kind.MOTION:
            judged = judge_no_objection if no_objection(vote) else judge
            return judged(charter, _tally(vote, counted, objections))


def _counted(rows: Sequence[tuple[Elector, Ballot | None]], charter: Charter) -> Count:
    out = [
        elector
        for elector, ballot in rows
        if elector.excluded_at is not None or (ballot is not None and ballot.choice == Choice.CONFLICT)
    ]
    taking_part = [(elector, ballot) for elector, ballot in rows if elector not in out]
    chair = next(
        (ballot.choice for elector, ballot in taking_part if ballot is not None and elector.name == charter.chair), None
    )
    return Count(len(rows), len(out), [ballot.choice for _, ballot in taking_part if ballot is not None], chair)


def _present(vote: Vote, counted: Count) -> int | None:
    """Who counts as present in a meeting: as recorded there at closing; where nobody was, those who answered."""
    if vote.held != Held.MEETING:
        return None
    return counted.answered if vote.present is None else vote.present


def _tally(vote: Vote, counted: Count, objections: int) -> Tally:
    said = list(counted.said)
    return Tally(
        entitled=counted.entitled,
        yes=said.count(Choice.YES),
        no=said.count(Choice.NO),
        abstained=said.count(Choice.ABSTAIN),
        excluded=counted.excluded,
        present=_present(vote, counted),
        recorded=vote.present is not None,
        chair_choice=counted.chair,
        second_meeting=vote.again,
        objections=objections,
    )


def _election_tally(vote: Vote, counted: Count, options: Sequence[Option], objections: int) -> ElectionTally:
    said = list(counted.said)
    return ElectionTally(
        entitled=counted.entitled,
        votes=tuple((one.label, said.count(str(one.place))) for one in options),
        abstained=said.count(Choice.ABSTAIN),
        excluded=counted.excluded,
        present=_present(vote, counted),
        recorded=vote.present is not None,
        run_off=vote.round > 1,
        second_meeting=vote.again,
        objections=objections,
    )


def _dates(counted: Count, options: Sequence[Option]) -> Dates:
    dates = count_dates(len(options), counted.said)
    return Dates(counted.entitled, counted.answered, tuple(dates), tuple(one.place for one in best_dates(dates)))

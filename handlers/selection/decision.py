"""The decision record of a project selection: the ranking, the criteria, and who gave which points."""

from collections.abc import Sequence
from fractions import Fraction

from sqlalchemy.ext.asyncio import AsyncSession

from handlers.papers.values import Figures, Ranked, Table, Tone
from handlers.selection.figures import euros, mean, plain_mean, weight
from handlers.selection.words import fate_words, places_of, ties_words, title_of
from handlers.votes.naming import WAYS
from locales import Voice
from models.ballot.rows import Ballot, Elector, Vote
from models.ballot.rules import Choice, Stage, Way
from models.selection.counting import is_out
from models.selection.ranking import Ending, Fate, Selection, Standing
from models.selection.reading import call_of, said_in, scores_in
from models.selection.rules import Call, Part

Rows = Sequence[tuple[Elector, Ballot | None]]
TONES = {
    Ending.SELECTED: Tone.ADOPTED,
    Ending.NOTHING: Tone.REJECTED,
    Ending.TIE: Tone.MEETING,
    Ending.NO_QUORUM: Tone.NO_QUORUM,
    Ending.TO_MEETING: Tone.MEETING,
}
LOOKS = {Fate.FUNDED: "funded", Fate.TIED: "open", Fate.OPEN: "open"}
NONE = "–"


def figures(result: Selection) -> Figures:
    """What was counted, in mandates."""
    turnout = result.turnout
    return Figures(turnout.entitled, turnout.excluded, turnout.answered, 0, 0, 0, turnout.answered)


def ranking(voice: Voice, result: Selection) -> list[Ranked]:
    """The projects as a paper ranks them."""
    return [_ranked(voice, result, one) for one in result.standings]


def _ranked(voice: Voice, result: Selection, one: Standing) -> Ranked:
    return Ranked(
        label=title_of(one),
        rank=one.rank,
        number=one.project.number,
        title=one.project.title,
        sponsor=one.project.sponsor,
        applied=euros(voice, one.project.applied),
        cents=one.project.applied,
        mean=_mean(voice, one.mean, places_of(result)),
        exact=None if one.mean is None else str(one.mean),
        share=float(one.mean / result.scale) if one.mean is not None and result.scale else 0.0,
        mark=float(result.threshold / result.scale) if result.threshold and result.scale else 0.0,
        scores=one.scores,
        spread=_spread(voice, one),
        fate=fate_words(voice, result, one),
        look=LOOKS.get(one.fate, "not funded"),
    )


def _mean(voice: Voice, value: Fraction | None, places: int) -> str:
    return NONE if value is None else mean(voice, value, places)


def _spread(voice: Voice, one: Standing) -> str:
    return NONE if one.low is None or one.high is None else f"{mean(voice, one.low)}–{mean(voice, one.high)}"


async def tables(
    session: AsyncSession, voice: Voice, vote: Vote, result: Selection, rows: Rows, *, names: bool
) -> list[Table]:
    """The ranking and the criteria; with names also who gave which points."""
    call = await call_of(session, vote.number)
    found = [_ranking_table(voice, result), _criteria_table(voice, call)]
    if names:
        found.append(_points_table(voice, call, rows, await said_in(session, vote.number)))
    return found


def _ranking_table(voice: Voice, result: Selection) -> Table:
    headings = [
        voice.plain("Rank"),
        voice.plain("Project (sponsor)"),
        voice.plain("Mean"),
        voice.plain("Scores"),
        voice.plain("Spread"),
        voice.plain("Applied for"),
        voice.plain("Result"),
    ]
    rows = [
        [
            str(one.rank or NONE),
            voice.plain(
                "%(number)s · %(title)s (%(sponsor)s)", number=one.number, title=one.title, sponsor=one.sponsor
            ),
            one.mean,
            str(one.scores),
            one.spread,
            one.applied,
            one.fate,
        ]
        for one in ranking(voice, result)
    ]
    return Table(voice.plain("Ranking"), headings, rows, numeric=(2, 3, 4, 5))


def _criteria_table(voice: Voice, call: Call) -> Table:
    headings = ["", voice.plain("Criterion"), voice.plain("Highest points"), voice.plain("Weight")]
    rows = [[short(one.place), one.name, str(one.maximum), weight(voice, one.weight)] for one in call.criteria]
    note = voice.plain("Weighted mean from 0 to %(scale)s: sum of weight times points, by the sum of weights.",
                       scale=plain_mean(voice, call.scale))  # fmt: skip
    return Table(voice.plain("Criteria"), headings, rows, numeric=(2, 3), note=note)


def short(place: int) -> str:
    """„K2": how a table's heading names a criterion."""
    return f"K{place}"


def _points_table(voice: Voice, call: Call, rows: Rows, said: dict[int, Part]) -> Table:
    headings = [
        voice.plain("Mandate"),
        voice.plain("Project"),
        *(short(one.place) for one in call.criteria),
        voice.plain("Weighted"),
    ]
    lines = []
    for elector, ballot in rows:
        part = said.get(elector.mandate_id, Part())
        for project in call.projects:
            card, weighed = part.card(call, project.number), part.weighed(call, project.number)
            if not card and project.number not in part.aside:
                continue
            shown = mean(voice, weighed) if weighed is not None else voice.plain("does not count")
            if is_out(elector, ballot):
                shown = voice.plain("excluded")
            elif project.number in part.aside:
                shown = voice.plain("conflict of interest")
            points = [str(card.get(one.place, NONE)) for one in call.criteria]
            lines.append([elector.name, str(project.number), *points, shown])
    numeric = range(1, 3 + len(call.criteria))
    return Table(voice.plain("Points"), headings, lines, numeric=tuple(numeric))


async def notes(session: AsyncSession, voice: Voice, vote: Vote, rows: Rows) -> list[str]:
    """What was not confirmed or stands incomplete, what the office entered beside, and how ties were decided."""
    call, said = await call_of(session, vote.number), await said_in(session, vote.number)
    found = []
    for elector, ballot in rows:
        if ballot is None or ballot.choice in {Choice.CONFLICT, Stage.CONFIRMED} or elector.excluded_at:
            continue
        part = said.get(elector.mandate_id, Part())
        found.append(
            voice.plain(
                "%(mandate)s: not confirmed; projects that count: %(done)s of %(all)s.",
                mandate=elector.name,
                done=len(part.counting(call)),
                all=len(part.to_score(call)),
            )
        )
    return [*found, *await _entered_beside(session, voice, vote, rows), *ties_words(voice, vote.ties)]


async def _entered_beside(session: AsyncSession, voice: Voice, vote: Vote, rows: Rows) -> list[str]:
    """Points that the office entered, and that stand beside the member's own."""
    own = {elector.mandate_id: elector.name for elector, ballot in rows if ballot and not Way(ballot.way).by_office}
    scores = await scores_in(session, vote.number)
    entered = {(one.mandate_id, one.way, one.why) for one in scores if one.why and one.mandate_id in own}
    return [
        voice.plain(
            "%(mandate)s: in part entered by the office %(way)s (%(why)s).",
            mandate=own[mandate],
            way=voice.plain(WAYS[Way(way)]),
            why=why,
        )
        for mandate, way, why in sorted(entered)
    ]

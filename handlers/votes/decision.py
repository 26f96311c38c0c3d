"""The decision record: everything a paper says about a vote that has ended, worded in one language."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from handlers.papers.values import (
    Attached,
    DecisionRecord,
    Exclusion,
    Figures,
    Majority,
    Option,
    Quorum,
    Seat,
    Table,
    Tone,
)
from handlers.selection import decision as selection
from handlers.selection import words as selection_words
from handlers.votes.naming import FITS, KINDS, PLACES, WAYS, choice_in_words, numbered
from handlers.votes.words import outcome_words, reasons, rule_words
from locales import Voice
from models import record
from models.ballot.counting import Dates, Result, frozen_result
from models.ballot.entering import files_of
from models.ballot.looking import electorate
from models.ballot.paper import options_of, outages_during
from models.ballot.rows import Ballot, Elector, Extension, Vote
from models.ballot.rows import Option as OptionRow
from models.ballot.rules import NO_MARK, Choice, Fit, Held, Kind, Way
from models.ballot.secret.reading import turnout
from models.charter import Charter, Election, LineKind, Outcome, Verdict, read_charter
from models.member import Person
from models.office import Body, the_office
from models.selection.ranking import Selection

TONES = {
    Outcome.ADOPTED: Tone.ADOPTED,
    Outcome.ELECTED: Tone.ADOPTED,
    Outcome.REJECTED: Tone.REJECTED,
    Outcome.NOBODY: Tone.REJECTED,
    Outcome.NO_QUORUM: Tone.NO_QUORUM,
    Outcome.COUNTED: Tone.COUNTS,
    Outcome.TO_MEETING: Tone.MEETING,
    Outcome.RUN_OFF: Tone.MEETING,
    Outcome.LOT: Tone.MEETING,
}


async def decision_of(session: AsyncSession, voice: Voice, vote: Vote, *, names: bool) -> DecisionRecord:
    """The decision record of a closed vote. ``names``: whether it tells who chose what.

    Raises:
        LookupError: the vote is not closed.
    """
    result = frozen_result(vote)
    body = await session.get_one(Body, vote.body_id)
    options = await options_of(session, vote)
    rows = await electorate(session, vote.number)
    last = (await record.entries_of(session, vote.number))[-1]
    charter = read_charter(vote.charter)
    return DecisionRecord(
        office=(await the_office(session)).name,
        number=vote.number,
        body=body.name,
        short=body.short,
        kind=voice.plain(KINDS[Kind(vote.kind)]),
        held=voice.plain(PLACES[Held(vote.held)]),
        title=vote.title,
        text=vote.text,
        opened_at=vote.opened_at or vote.opens_at,
        closed_at=vote.closed_at or vote.closes_at,
        as_of=last.at,
        rules=_rules(voice, result, charter),
        clause=charter.clause if vote.held == Held.CIRCULAR else "",
        figures=_figures(result),
        quorum=_quorum(voice, result),
        majority=_majority(voice, result),
        tie=isinstance(result, Verdict) and result.tie,
        outcome=outcome_words(voice, result, options),
        tone=_tone(result),
        lines=reasons(voice, result, options),
        record_length=last.number,
        record_head=last.hash,
        secret=vote.secret,
        names=names,
        seats=await _seats(session, voice, vote, options, rows) if names else (),
        exclusions=_exclusions(voice, rows),
        options=_options(result),
        ranking=selection.ranking(voice, result) if isinstance(result, Selection) else (),
        tables=await selection.tables(session, voice, vote, result, rows, names=names)
        if isinstance(result, Selection)
        else _tables(voice, result, options),
        notes=await _notes(session, voice, vote, rows),
        attachments=[Attached(one.name, one.sha256) for one in await files_of(session, vote.number)],
        signatures=(voice.plain("Chair"), voice.plain("Minutes")),
    )


def _rules(voice: Voice, result: Result, charter: Charter) -> str:
    if isinstance(result, Selection):
        return selection_words.rule_words(voice, result)
    rules = None if isinstance(result, Dates) else result.line(LineKind.RULES)
    return rule_words(voice, rules) if rules else charter.preset


def _tone(result: Result) -> Tone:
    match result:
        case Dates():
            return Tone.COUNTS
        case Selection():
            return selection.TONES[result.outcome]
        case _:
            return TONES[result.outcome]


def _figures(result: Result) -> Figures:
    if isinstance(result, Selection):
        return selection.figures(result)
    if isinstance(result, Dates):
        return Figures(result.entitled, 0, result.answered, 0, 0, 0, result.answered)
    return Figures(
        mandates=result.tally.entitled,
        excluded=result.tally.excluded,
        voted=result.tally.turnout.voted,
        yes=result.figure(LineKind.YES),
        no=result.figure(LineKind.NO),
        abstained=result.tally.abstained,
        present=result.tally.turnout.counted,
    )


def _quorum(voice: Voice, result: Result) -> Quorum | None:
    line = None if isinstance(result, Dates | Selection) else result.line(LineKind.QUORUM)
    if line is None:
        return None
    rule = dict(_by_label(voice, result))[voice.plain("Quorum")]
    return Quorum(line.needed or 0, line.counted or 0, bool(line.reached), rule)


def _majority(voice: Voice, result: Result) -> Majority | None:
    if isinstance(result, Dates | Selection):
        return None
    line = result.line(LineKind.MAJORITY) or result.line(LineKind.MOST_VOTES)
    return Majority(dict(_by_label(voice, result))[voice.plain("Majority")], bool(line.reached)) if line else None


def _by_label(voice: Voice, result: Result) -> Sequence[tuple[str, str]]:
    return reasons(voice, result, ())


async def _seats(
    session: AsyncSession,
    voice: Voice,
    vote: Vote,
    options: Sequence[OptionRow],
    rows: Sequence[tuple[Elector, Ballot | None]],
) -> list[Seat]:
    if vote.secret:
        return await _turnout(session, voice, vote, rows)
    acted = {ballot.cast_by for _, ballot in rows if ballot}
    found = await session.execute(select(Person.id, Person.name).where(Person.id.in_(acted)))
    names = {row.id: row.name for row in found}
    return [_seat(voice, vote, options, names, elector, ballot) for elector, ballot in rows]


async def _turnout(
    session: AsyncSession, voice: Voice, vote: Vote, rows: Sequence[tuple[Elector, Ballot | None]]
) -> list[Seat]:
    """Of a secret vote: who took part, and whether on paper."""
    took_part = await turnout(session, vote.number)
    found = []
    for elector, _ in rows:
        one = took_part.get(elector.mandate_id)
        way = "" if one is None else voice.plain("on paper") if one.on_paper else "Telegram"
        found.append(Seat(elector.name, voted=one is not None, way=way))
    return found


def _seat(
    voice: Voice,
    vote: Vote,
    options: Sequence[OptionRow],
    people: dict[int, str],
    elector: Elector,
    ballot: Ballot | None,
) -> Seat:
    if ballot is None:
        return Seat(elector.name, voted=False)
    way = Way(ballot.way)
    return Seat(
        mandate=elector.name,
        voted=True,
        choice=_said(voice, vote, options, ballot.choice),
        by=people.get(ballot.cast_by, ""),
        deputy=ballot.as_deputy,
        way=voice.plain(WAYS[way]) if way.by_office else "Telegram",
        at=ballot.cast_at,
        receipt=ballot.receipt,
    )


def _said(voice: Voice, vote: Vote, options: Sequence[OptionRow], choice: str) -> str:
    """What a ballot says; of a date finding what it says of each date, by the number of its line."""
    if vote.kind != Kind.DATES:
        return choice_in_words(voice, vote, options, choice)
    marks = [(place, voice.plain(FITS[Fit(mark)])) for place, mark in enumerate(choice, 1) if mark != NO_MARK]
    return ", ".join(f"{place}: {mark}" for place, mark in marks)


def _exclusions(voice: Voice, rows: Sequence[tuple[Elector, Ballot | None]]) -> list[Exclusion]:
    found = []
    for elector, ballot in rows:
        if elector.excluded_at is not None:
            found.append(Exclusion(elector.name, elector.excluded_why))
        elif ballot is not None and ballot.choice == Choice.CONFLICT:
            found.append(Exclusion(elector.name, voice.plain("Conflict of interest, declared by the mandate itself")))
    return found


def _options(result: Result) -> list[Option]:
    if not isinstance(result, Election):
        return []
    chosen = set(result.lines[-1].options)
    return [Option(label, votes, label in chosen) for label, votes in result.tally.votes]


def _tables(voice: Voice, result: Result, options: Sequence[OptionRow]) -> list[Table]:
    if not isinstance(result, Dates):
        return []
    headings = [voice.plain("Date"), *(voice.plain(label) for label in FITS.values())]
    rows = [
        [numbered(voice, options[one.place - 1]), str(one.fits), str(one.at_a_pinch), str(one.not_)]
        for one in result.dates
    ]
    return [Table(voice.plain("Dates"), headings, rows, numeric=(1, 2, 3))]


async def _notes(
    session: AsyncSession, voice: Voice, vote: Vote, rows: Sequence[tuple[Elector, Ballot | None]]
) -> list[str]:
    notes = [_extension_note(voice, one) for one in await extensions_of(session, vote.number)]
    notes += [
        voice.plain(
            "Out of order from %(began)s to %(ended)s.",
            began=voice.stamp(one.began_at),
            ended=voice.stamp(one.ended_at),
        )
        for one in await outages_during(session, vote)
    ]
    for elector, ballot in rows:
        if ballot is not None and Way(ballot.way).by_office:
            way = voice.plain(WAYS[Way(ballot.way)])
            notes.append(
                voice.plain(
                    "%(mandate)s: entered by the office %(way)s (%(why)s).",
                    mandate=elector.name,
                    way=way,
                    why=ballot.why,
                )
            )
    if vote.kind == Kind.SELECTION:
        notes += await selection.notes(session, voice, vote, rows)
    if vote.again:
        notes.append(voice.plain("Invited again after a meeting without a quorum."))
    return notes


async def extensions_of(session: AsyncSession, number: int) -> list[Extension]:
    """How often and why the closing was put off."""
    return list(await session.scalars(select(Extension).where(Extension.vote_number == number).order_by(Extension.id)))


def _extension_note(voice: Voice, extension: Extension) -> str:
    return voice.plain(
        "Extended on %(made)s from %(old)s to %(new)s: %(reason)s",
        made=voice.stamp(extension.made_at),
        old=voice.stamp(extension.old_closing),
        new=voice.stamp(extension.new_closing),
        reason=extension.reason,
    )

"""What a vote has come to: for members a card with the same facts in words; for staff also how it stands."""

from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from handlers.callbacks import OnVote
from handlers.context import Context
from handlers.papers import card_async, decision_csv, decision_json, decision_pdf_async
from handlers.selection.card import progress_words
from handlers.selection.words import ties_words
from handlers.selection.workbook import workbook
from handlers.speech import File, Message, Picture, Row
from handlers.votes.decision import decision_of
from handlers.votes.naming import KINDS, choice_in_words, item_line, option_label, what
from handlers.votes.words import for_the_minutes, outcome_words, reasons
from handlers.way_back import office_row, to_office
from locales import DEFAULT, Markup, Voice, bold, html
from models.actor import Actor
from models.ballot import looking
from models.ballot.counting import Dates, frozen_result
from models.ballot.office import lot_between
from models.ballot.paper import item_of, options_of
from models.ballot.rows import Option, Vote
from models.ballot.rules import Kind, Phase, Stage, phase
from models.ballot.secret.counting import listed
from models.ballot.secret.reading import turnout
from models.charter import Election, Outcome, Verdict, read_charter
from models.office import Body
from models.refusals import Unknown
from models.selection.ranking import Selection
from models.selection.reading import progress_of


async def show_result(context: Context, number: int) -> None:
    """The result, for who may see the vote; of one still open how it stands."""
    async with context.read() as session:
        who = await context.actor(session)
        voice = await context.voice(session)
        vote = await looking.find_for(session, number, who, context.now)
        if vote.closed_at is None:
            message = await standing_message(session, voice, vote, who, context)
        else:
            message = await result_message(session, voice, vote, who, context.now)
    await context.toast()
    await context.say(message)


async def result_message(session: AsyncSession, voice: Voice, vote: Vote, reader: Actor, now: datetime) -> Message:
    """The result of a closed vote: a picture, the same facts in words, the block for the minutes."""
    body = await session.get_one(Body, vote.body_id)
    options = await options_of(session, vote)
    text = result_text(voice, vote, body, options, await item_of(session, vote.item_id))
    names = read_charter(vote.charter).names_published and not vote.secret
    decision = await decision_of(session, voice, vote, names=names)
    picture = Picture(f"ergebnis-{vote.number}.png", await card_async(decision, voice))
    if decision.seats:
        said = [
            voice.say("%(mandate)s: %(choice)s", mandate=one.mandate, choice=one.choice or voice.plain("did not vote"))
            for one in decision.seats
        ]
        text = Markup("\n".join([text, Markup(""), voice.say("Who voted how:"), *said]))
    if vote.secret:
        text = Markup("\n".join([text, *await _of_secret(session, voice, vote, options, reader, now)]))
    return Message(text, _staff_rows(voice, vote, options) if reader.staff else (), picture=picture)


async def _of_secret(
    session: AsyncSession, voice: Voice, vote: Vote, options: list[Option], reader: Actor, now: datetime
) -> list[Markup]:
    """What the result of a secret vote says besides: ballots on paper and, to the entitled, the list of receipts."""
    lines = []
    on_paper = sum(one.on_paper for one in (await turnout(session, vote.number)).values())
    if on_paper:
        lines += [Markup(""), voice.say("Of these on paper, entered after the closing: %(number)s", number=on_paper)]
    receipts = listed(vote.result)
    if receipts and (reader.staff is None or await looking.mandates_in(session, vote.number, reader, now)):
        lines += [Markup(""), *_list(voice, vote, options, receipts)]
    return lines


def _list(voice: Voice, vote: Vote, options: list[Option], receipts: list[tuple[str, str]]) -> list[Markup]:
    """The receipts of a secret straw poll with what their ballots say, for the entitled to look theirs up."""
    found = [
        voice.say("%(code)s: %(choice)s", code=code, choice=choice_in_words(voice, vote, options, choice))
        for code, choice in receipts
    ]
    return [voice.say("Receipts and what their ballots say:"), *found]


def result_text(
    voice: Voice, vote: Vote, body: Body, options: list[Option], item: tuple[int, int] | None = None
) -> Markup:
    """The result in words, one figure a line, with the verdict and its rules."""
    result = frozen_result(vote)
    lines = [
        voice.say("Result · %(body)s", body=body.short),
        what(voice, vote),
        *item_line(voice, item),
        bold(vote.title),
        Markup(""),
        *(
            voice.say("%(label)s: %(value)s", label=label, value=value)
            for label, value in reasons(voice, result, options)
        ),
        *(html(one) for one in ties_words(voice, vote.ties)),
        Markup(""),
        _outcome(voice, vote),
    ]
    if isinstance(result, Verdict) and vote.kind == Kind.MOTION and result.outcome is not Outcome.TO_MEETING:
        official = Voice(DEFAULT, voice.zone)
        lines += [Markup(""), voice.say("For the minutes:"), for_the_minutes(official, result)]
        if voice.language != DEFAULT:
            lines.append(voice.say("This part is official and stays in German."))
    return Markup("\n".join(lines))


def _outcome(voice: Voice, vote: Vote) -> Markup:
    result = frozen_result(vote)
    if vote.kind == Kind.STRAW_POLL:
        return voice.say("A straw poll: nothing is decided.")
    if isinstance(result, Dates):
        return voice.say("The office chooses among the dates.")
    preset = read_charter(vote.charter).preset
    outcome = outcome_words(voice, result, [])
    return voice.say("<b>%(outcome)s</b> – by the rules of procedure (%(preset)s)", outcome=outcome, preset=preset)


def _staff_rows(voice: Voice, vote: Vote, options: list[Option]) -> list[Row]:
    rows: list[Row] = [[(voice.plain("Decision record (PDF, CSV, JSON)"), OnVote(vote.number, "papers"))]]
    result = frozen_result(vote)
    if isinstance(result, Election) and result.outcome is Outcome.RUN_OFF:
        rows.append([(voice.plain("Run-off"), OnVote(vote.number, "run_off"))])
    if isinstance(result, Selection) and result.tied:
        rows.append([(voice.plain("Decide the tie"), OnVote(vote.number, "tie"))])
    if lot_between(vote):
        rows.append([(voice.plain("Enter the lot"), OnVote(vote.number, "lot"))])
    if isinstance(result, Dates):
        rows += [_meeting_row(voice, vote, result, options[place - 1]) for place in result.best]
    if vote.secret:
        rows.append([(voice.plain("Enter ballots on paper"), OnVote(vote.number, "paper"))])
    return [*rows, office_row(voice)]


def _meeting_row(voice: Voice, vote: Vote, result: Dates, option: Option) -> Row:
    label = voice.plain("Make a meeting of it")
    if len(result.best) > 1:
        label = voice.plain("Make a meeting of it: %(date)s", date=option_label(voice, option))
    return [(label, OnVote(vote.number, f"meeting{option.place}"))]


async def standing_message(session: AsyncSession, voice: Voice, vote: Vote, who: Actor, context: Context) -> Message:
    """How an open vote stands: for staff who is silent, as a call list, and what can be done."""
    body = await session.get_one(Body, vote.body_id)
    lines = [
        voice.say("Vote · %(body)s", body=body.short),
        what(voice, vote),
        *item_line(voice, await item_of(session, vote.item_id)),
        bold(vote.title),
        voice.say("Opens: %(moment)s", moment=voice.moment(vote.opens_at)) if vote.opened_at is None else Markup(""),
        voice.say("Closes: %(moment)s", moment=voice.moment(vote.closes_at)),
    ]
    current = phase(vote, context.now)
    if current is Phase.CANCELLED:
        lines.append(voice.say("The office has broken this vote off: %(reason)s", reason=vote.reason))
    elif vote.awaits_office:
        lines.append(voice.say("I was out of order when it was to close. The office decides how it goes on."))
    if who.staff is None or current is Phase.CANCELLED:
        return Message(_joined(lines), to_office(voice, who))
    lines += await _call_list(session, voice, vote, context.now)
    return Message(_joined(lines), [*await _acts(session, voice, vote, current), *to_office(voice, who)])


def _joined(lines: list[Markup]) -> Markup:
    return Markup("\n".join(line for line in lines if line))


async def _call_list(session: AsyncSession, voice: Voice, vote: Vote, now: datetime) -> list[Markup]:
    if vote.opened_at is None:
        return []
    silent = await looking.silent_mandates(session, vote)
    holders = await looking.holders_of(session, [one.mandate_id for one in silent])
    deputies = await looking.deputies_acting(session, [one.mandate_id for one in silent], vote.number, now)
    lines = [voice.say("Not voted yet: %(number)s", number=len(silent))]
    counting = await progress_of(session, vote) if vote.kind == Kind.SELECTION else {}
    for one in silent:
        name = holders.get(one.mandate_id, voice.plain("vacant"))
        if deputy := deputies.get(one.mandate_id):
            name = voice.plain("%(holder)s, deputy: %(deputy)s", holder=name, deputy=deputy)
        so_far = f" – {progress_words(voice, *counting[one.mandate_id])}" if one.mandate_id in counting else ""
        lines.append(voice.say("• %(mandate)s – %(name)s%(so_far)s", mandate=one.name, name=name, so_far=so_far))
    unconfirmed = [one.name for one, ballot in await looking.electorate(session, vote.number)
                   if ballot and ballot.choice == Stage.FULL and not one.excluded_at]  # fmt: skip
    if unconfirmed:
        lines.append(voice.say("Not confirmed yet: %(names)s", names=", ".join(unconfirmed)))
    excluded = [elector for elector, _ in await looking.electorate(session, vote.number) if elector.excluded_at]
    lines += [
        voice.say("Excluded (§ 33): %(mandate)s – %(why)s", mandate=one.name, why=one.excluded_why) for one in excluded
    ]
    return lines


async def _acts(session: AsyncSession, voice: Voice, vote: Vote, current: Phase) -> list[Row]:
    if vote.awaits_office:
        return [
            [(voice.plain("Close the vote"), OnVote(vote.number, "close"))],
            [(voice.plain("Extend"), OnVote(vote.number, "extend"))],
            [(voice.plain("Break off"), OnVote(vote.number, "break_off"))],
        ]
    last: list[Row] = [
        [(voice.plain("Extend"), OnVote(vote.number, "extend"))],
        [(voice.plain("Break off"), OnVote(vote.number, "break_off"))],
    ]
    if current is not Phase.OPEN:
        return last if current is Phase.WAITING else []
    rows: list[Row] = []
    if vote.kind != Kind.DATES:
        if not vote.secret:
            act = "points" if vote.kind == Kind.SELECTION else "enter"
            rows.append([(voice.plain("Paper or telephone"), OnVote(vote.number, act))])
        rows.append([(voice.plain("Enter an exclusion"), OnVote(vote.number, "exclude"))])
    if any(one.excluded_at for one, _ in await looking.electorate(session, vote.number)):
        rows.append([(voice.plain("Lift an exclusion"), OnVote(vote.number, "admit"))])
    return rows + last


async def send_papers(context: Context, number: int) -> None:
    """The decision record for the file: PDF/A, CSV and JSON, of a selection XLSX too, in German as the office files it.

    Raises:
        Unknown: the vote is not closed.
    """
    async with context.read() as session:
        (await context.actor(session)).need_staff()
        voice = await context.voice(session)
        official = Voice(DEFAULT, voice.zone)
        vote = await looking.find(session, number)
        if vote.closed_at is None:
            raise Unknown
        decision = await decision_of(session, official, vote, names=True)
        points = await workbook(session, official, vote) if vote.kind == Kind.SELECTION else None
    await context.toast()
    name = f"abstimmung-{number}"
    files = [
        File(f"{name}.pdf", await decision_pdf_async(decision, official)),
        File(f"{name}.csv", decision_csv(decision, official)),
        File(f"{name}.json", decision_json(decision, official.zone)),
        *([File(f"{name}.xlsx", points)] if points else []),
    ]
    kind = voice.plain(KINDS[Kind(vote.kind)])
    await context.say(
        Message(voice.say("Decision record no. %(number)s · %(kind)s", number=number, kind=kind), files=files)
    )

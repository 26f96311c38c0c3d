"""Taps on the card of a project selection: stored first, then said."""

from sqlalchemy.ext.asyncio import AsyncSession

from handlers.callbacks import OnSelection, Papers, Score, ShowProject
from handlers.context import Context
from handlers.selection.card import NAME, conflict_receipt, overview, progress, receipt
from handlers.selection.page import page
from handlers.speech import File, Message, shorten
from handlers.votes.own_paper import own_paper
from locales import Voice
from models.actor import Actor
from models.ballot import entering, looking
from models.ballot.paper import Paper
from models.ballot.rules import Choice, phase
from models.refusals import Unknown
from models.selection import scoring
from models.selection.reading import Sheet
from models.selection.scoring import Tapped, need_sheet


async def score(context: Context, tap: Score) -> None:
    """A tap on a number: stored first, then said."""
    async with context.begin() as session:
        who = await context.actor(session)
        voice = await context.voice(session)
        tapped = _tapped(context, tap.vote, tap.mandate)
        paper = await scoring.give_points(session, tapped, tap.project, tap.criterion, tap.points, who)
    await _scored(context, voice, paper, tap)


async def score_again(context: Context, tap: Score) -> None:
    """The points were stored before, only not spoken: speak the receipt from the store."""
    voice, paper = await own_paper(context, tap.vote, tap.mandate)
    await _scored(context, voice, paper, tap)


async def _scored(context: Context, voice: Voice, paper: Paper, tap: Score) -> None:
    sheet = need_sheet(paper)
    row = sheet.scores.get((tap.project, tap.criterion))
    if row is None:
        raise Unknown
    criterion = sheet.call.criterion(tap.criterion)
    said = voice.plain(
        "%(name)s %(points)s of %(maximum)s",
        name=shorten(criterion.name, NAME),
        points=row.points,
        maximum=criterion.maximum,
    )
    if sheet.part.counts(sheet.call, tap.project):
        said = voice.plain("%(said)s, project %(number)s counts", said=said, number=tap.project)
    shown = page(voice, paper, sheet, phase(paper.vote, context.now), tap.project)
    await context.answer(receipt(voice, paper, said, row.receipt), shown)


async def show_project(context: Context, tap: ShowProject) -> None:
    """Another page of the card; nothing is stored."""
    voice, paper = await own_paper(context, tap.vote, tap.mandate)
    await context.toast()
    await context.redraw(_page(context, voice, paper, tap.project, tap.criterion))


def _page(context: Context, voice: Voice, paper: Paper, project: int, criterion: int = 0) -> Message:
    sheet, current = need_sheet(paper), phase(paper.vote, context.now)
    if not project:
        return overview(voice, paper, sheet, current, short=True)
    return page(voice, paper, sheet, current, project, criterion)


async def on_selection(context: Context, tap: OnSelection) -> None:
    """„Bestätigen", „Befangen", or taken back.

    Raises:
        Unknown: another act.
    """
    async with context.begin() as session:
        who = await context.actor(session)
        voice = await context.voice(session)
        paper = await _act(session, tap, _tapped(context, tap.vote, tap.mandate), who)
    await _acted(context, voice, paper, tap)


async def _act(session: AsyncSession, tap: OnSelection, tapped: Tapped, who: Actor) -> Paper:
    match tap.act:
        case "confirm":
            return await scoring.confirm(session, tapped, who)
        case "aside" | "back" if tap.project:
            return await scoring.stand_aside(session, tapped, tap.project, who, aside=tap.act == "aside")
        case "aside" | "back":
            return await scoring.take_no_part(session, tapped, who, aside=tap.act == "aside")
        case _:
            raise Unknown


async def selection_again(context: Context, tap: OnSelection) -> None:
    """It was stored before, only not spoken."""
    voice, paper = await own_paper(context, tap.vote, tap.mandate)
    await _acted(context, voice, paper, tap)


async def _acted(context: Context, voice: Voice, paper: Paper, tap: OnSelection) -> None:
    sheet = need_sheet(paper)
    shown = _page(context, voice, paper, tap.project)
    await context.answer(_toast(voice, paper, sheet, tap), shown)


def _toast(voice: Voice, paper: Paper, sheet: Sheet, tap: OnSelection) -> str:
    ballot = paper.ballot
    if ballot is None:  # taken back before anything was said
        return progress(voice, sheet)
    if ballot.choice == Choice.CONFLICT:
        return conflict_receipt(voice, ballot.receipt)
    if tap.project:
        aside = tap.project in sheet.part.aside
        code = sheet.asides[tap.project].receipt if tap.project in sheet.asides else ballot.receipt
        said = (
            voice.plain("project %(number)s: conflict of interest", number=tap.project)
            if aside
            else voice.plain("project %(number)s: you take part", number=tap.project)
        )
        return receipt(voice, paper, said, code)
    if tap.act == "confirm":
        said = voice.plain("%(progress)s, confirmed", progress=progress(voice, sheet))
        return receipt(voice, paper, said, ballot.receipt)
    return receipt(voice, paper, progress(voice, sheet), ballot.receipt)


async def send_papers(context: Context, tap: Papers) -> None:
    """The papers of a project, for those who may see the vote."""
    async with context.read() as session:
        who = await context.actor(session)
        voice = await context.voice(session)
        await looking.find_for(session, tap.vote, who, context.now)
        rows = await entering.files_of(session, tap.vote, with_content=True, project=tap.project)
        files = [File(one.name, one.content) for one in rows]
    if not files or not tap.project:
        raise Unknown
    await context.toast()
    text = voice.say("Papers of project %(number)s in vote no. %(vote)s:", number=tap.project, vote=tap.vote)
    await context.say(Message(text, files=files))


def _tapped(context: Context, number: int, mandate_id: int) -> Tapped:
    return Tapped(number, mandate_id, context.act.received_at, context.act.update_id)

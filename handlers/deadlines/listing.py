"""``/fristen``: the next deadline in ten words, then what is ahead, by funding area, a page at a time."""

from collections.abc import Sequence
from dataclasses import replace
from functools import partial

from handlers.callbacks import DeadlineList, OnDeadline, Open
from handlers.context import Context
from handlers.deadlines.sheet import Sheet, area_name, in_short, in_words, listed, sheet_for
from handlers.ics import deadline_ics
from handlers.speech import File, Message, Row
from handlers.way_back import to_office
from handlers.words import office_note
from locales import Markup, Voice, bold
from models import deadline as deadlines
from models.deadline import AREAS, Deadline
from models.refusals import Unknown

PAGE = 8
AREAS_A_ROW = 3
ALL_AREAS = ""


async def list_deadlines(context: Context, page: int = 0) -> None:
    """``/fristen``, said anew."""
    message = await _read(context, ALL_AREAS, page)
    await context.toast()
    await context.say(message)


async def on_list(context: Context, tap: DeadlineList) -> None:
    """Turn the page, keep one area only, or take all of it into the calendar.

    Raises:
        Unknown: an area or an act that is not there.
    """
    if tap.area and tap.area not in AREAS:
        raise Unknown
    match tap.act:
        case "show":
            message = await _read(context, tap.area, tap.page)
            await context.toast()
            await context.redraw(message)
        case "ics":
            await _calendar_file(context, tap.area)
        case _:
            raise Unknown


async def _read(context: Context, area: str, page: int) -> Message:
    async with context.read() as session:
        who = await context.actor(session)
        sheet = await sheet_for(session, await context.voice(session), context.now)
        found = deadline_list(sheet, await deadlines.open_deadlines(session, context.now, who), area, page)
    return replace(found, rows=[*found.rows, *to_office(sheet.voice, who)])


def deadline_list(sheet: Sheet, ahead: Sequence[Deadline], area: str, page: int) -> Message:
    """A page of deadlines; the first begins with the next one. A page that is no more shows the last."""
    voice = sheet.voice
    found = [row for row in ahead if not area or area in row.areas]
    areas = sorted({letter for row in ahead for letter in row.areas if letter in AREAS} | ({area} if area else set()))
    if not found:
        none = voice.say("No deadline is entered at present.")
        if area:
            none = voice.say("No deadline is entered at present for funding area %(area)s.", area=area_name(area))
        return Message(none, [*_filters(voice, areas, area), _interests(voice)])
    page = min(page, (len(found) - 1) // PAGE)
    here = found[page * PAGE : (page + 1) * PAGE]
    lines = [bold(in_short(sheet, found[0]))] if page == 0 else []
    if area:
        lines.append(voice.say("Funding area %(area)s", area=area_name(area)))
    lines += [listed(sheet, row) for row in here]
    lines += [] if voice.german else office_note(voice)
    rows: list[Row] = [[(f"{row.number} · {row.title}", OnDeadline(row.number, "show"))] for row in here]
    rows += [*_turns(voice, area, page, len(found)), *_filters(voice, areas, area)]
    rows += [[(voice.plain("All to the calendar (.ics)"), DeadlineList(area, page, "ics"))], _interests(voice)]
    return Message(Markup("\n\n".join(lines)), rows)


def _turns(voice: Voice, area: str, page: int, total: int) -> list[Row]:
    turn: list[tuple[str, DeadlineList]] = []
    if page:
        turn.append((voice.plain("Back"), DeadlineList(area, page - 1, "show")))
    if total > (page + 1) * PAGE:
        turn.append((voice.plain("More deadlines"), DeadlineList(area, page + 1, "show")))
    return [turn] if turn else []


def _filters(voice: Voice, areas: Sequence[str], chosen: str) -> list[Row]:
    """A button for each area that has something ahead; the one that is shown has „Alle" in its place."""
    buttons = [(area_name(one), DeadlineList(one, 0, "show")) for one in areas if one != chosen]
    if chosen:
        buttons.insert(0, (voice.plain("All funding areas"), DeadlineList(ALL_AREAS, 0, "show")))
    return [buttons[place : place + AREAS_A_ROW] for place in range(0, len(buttons), AREAS_A_ROW)]


def _interests(voice: Voice) -> Row:
    return [(voice.plain("Choose funding areas"), Open("areas"))]


async def _calendar_file(context: Context, area: str) -> None:
    async with context.read() as session:
        who = await context.actor(session)
        voice = await context.voice(session)
        calendar = await deadlines.office_calendar(session)
        found = await deadlines.open_deadlines(session, context.now, who, area=area or None)
    if not found:
        raise Unknown
    await context.toast()
    content = deadline_ics(found, calendar, context.now, describe=partial(in_words, voice))
    said = voice.plural("For your calendar: %(number)s deadline", "For your calendar: %(number)s deadlines", len(found))
    await context.say(Message(said, files=[File(voice.plain("deadlines.ics"), content)]))

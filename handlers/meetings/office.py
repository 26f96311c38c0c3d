"""What staff does with a meeting by its buttons, and what members do with them: the calendar, the files."""

from collections.abc import Awaitable, Callable

from sqlalchemy.ext.asyncio import AsyncSession

from handlers.callbacks import OnItem, OnMeeting
from handlers.context import Context
from handlers.forms.flow import begin_form
from handlers.meetings.items import agenda_message, item_message, vote_form
from handlers.meetings.listing import show_meeting
from handlers.meetings.page import lacked_quorum, staff_view
from handlers.meetings.papers import PAPERS, papers_menu, read_minutes, send_paper
from handlers.meetings.words import calendar_file
from handlers.speech import File, Message
from locales import Voice
from models.actor import Actor
from models.meeting import acts, changing, day, looking
from models.meeting.rows import Meeting
from models.refusals import NotEntitled, Unknown

# What is filled in as a form: its act on a button → the form's name.
FORM_OF = {
    "move": "meeting_move",
    "call_off": "meeting_off",
    "change_agenda": "meeting_agenda",
    "enter": "meeting_answer",
    "present": "meeting_present",
    "left": "meeting_left",
    "begin": "meeting_begin",
    "end": "meeting_end",
    "send_minutes": "minutes",
}


async def on_meeting(context: Context, tap: OnMeeting) -> None:
    """A button of a meeting."""
    if tap.act in FORM_OF:
        await begin_form(context, FORM_OF[tap.act], {"meeting": tap.number})
        return
    acts_: dict[str, Callable[[Context, int], Awaitable[None]]] = {
        "show": show_meeting,
        "invite": _invite,
        "agenda": _agenda,
        "second": _second,
        "ics": _calendar,
        "files": _files,
        "papers": papers_menu,
        "minutes": read_minutes,
    }
    if tap.act in PAPERS:
        await send_paper(context, tap)
        return
    if tap.act not in acts_:
        raise Unknown
    await acts_[tap.act](context, tap.number)


async def meeting_again(context: Context, tap: OnMeeting) -> None:
    """It was done before, only not said: show how the meeting stands."""
    await show_meeting(context, tap.number)


async def _invite(context: Context, number: int) -> None:
    async with context.begin() as session:
        who = await context.actor(session)
        voice = await context.voice(session)
        meeting = await acts.invite(session, number, who, context.now)
        message = await staff_view(session, voice, meeting, context.now)
    await context.toast(voice.plain("The invitations are on their way."))
    await context.redraw(message)


async def _agenda(context: Context, number: int) -> None:
    async with context.read() as session:
        (await context.actor(session)).need_staff()
        voice = await context.voice(session)
        message = await agenda_message(session, voice, await looking.find(session, number), context.now)
    await context.toast()
    await context.say(message)


async def _second(context: Context, number: int) -> None:
    """„Zweite Sitzung einladen": the form of a new meeting, with what is known."""
    async with context.read() as session:
        (await context.actor(session)).need_staff()
        voice = await context.voice(session)
        meeting = await looking.find(session, number)
        there = await day.seats_on_the_day(session, number)
        if not await lacked_quorum(session, meeting, there, context.now):
            raise Unknown
        known = {
            "body": meeting.body_id,
            "title": voice.plain("%(title)s (second meeting)", title=meeting.title),
            "second_of": number,
        }
    await begin_form(context, "meeting", known)


async def _for_the_invited(context: Context, session: AsyncSession, number: int) -> tuple[Actor, Voice, Meeting]:
    who = await context.actor(session)
    if who.staff is None and not await looking.concerned(session, number, who):
        raise NotEntitled("invited")
    return who, await context.voice(session), await looking.find(session, number)


async def _calendar(context: Context, number: int) -> None:
    async with context.read() as session:
        _, voice, meeting = await _for_the_invited(context, session, number)
        file = calendar_file(meeting, voice, context.now)
    await context.toast()
    await context.say(Message(voice.say("For your calendar:"), files=[file]))


async def _files(context: Context, number: int) -> None:
    async with context.read() as session:
        _, voice, meeting = await _for_the_invited(context, session, number)
        files = [File(one.name, one.content) for one in await looking.files_of(session, number, with_content=True)]
    await context.toast()
    said = voice.say("Attachments of meeting no. %(number)s:", number=meeting.number)
    await context.say(Message(said if files else voice.say("There are no attachments."), files=files))


# --- an item of the agenda


async def on_item(context: Context, tap: OnItem) -> None:
    """An item's buttons: all of them staff's."""
    match tap.act:
        case "show":
            await _show_item(context, tap.item)
        case "decide" | "undecide":
            await _mark(context, tap.item, decision=tap.act == "decide")
        case "vote":
            async with context.read() as session:
                (await context.actor(session)).need_staff()
                known = await vote_form(session, tap.item)
            await begin_form(context, "vote", known)
        case _:
            raise Unknown


async def _show_item(context: Context, number: int) -> None:
    async with context.read() as session:
        (await context.actor(session)).need_staff()
        voice = await context.voice(session)
        message = await item_message(session, voice, *await changing.find_item(session, number))
    await context.toast()
    await context.redraw(message)


async def _mark(context: Context, number: int, *, decision: bool) -> None:
    async with context.begin() as session:
        who = await context.actor(session)
        voice = await context.voice(session)
        item, meeting = await changing.mark_decision(session, number, who, decision=decision)
        message = await item_message(session, voice, item, meeting)
    await context.toast()
    await context.redraw(message)


async def item_again(context: Context, tap: OnItem) -> None:
    """It was done before, only not said: show the item."""
    await _show_item(context, tap.item)

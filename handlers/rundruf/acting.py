"""What staff does with a Rundruf by its buttons, and „Gelesen" by its readers."""

from collections.abc import Awaitable, Callable
from functools import partial

from sqlalchemy.ext.asyncio import AsyncSession
from telegram.error import TelegramError

from handlers.callbacks import OnBroadcast, Open, Read
from handlers.context import Context
from handlers.forms.flow import begin_form
from handlers.heard import TapHandler
from handlers.rundruf.call_list import call_list, uncertain_list
from handlers.rundruf.card import card, excerpt
from handlers.speech import Message, Row, keyboard
from handlers.way_back import office_row
from locales import N_, Voice
from models.broadcast import acts
from models.broadcast.correcting import removable, withdraw
from models.broadcast.looking import latest, mark_read, missed
from models.broadcast.rows import Broadcast
from models.broadcast.rules import Fate
from models.refusals import Unknown, Withdrawn


async def broadcasts(context: Context) -> None:
    """The newest Rundrufe."""
    async with context.read() as session:
        (await context.actor(session)).need_staff()
        voice, rows = await context.voice(session), await latest(session)
        labels = [voice.plain("%(number)s · %(text)s", number=one.number, text=excerpt(one)) for one in rows]
    await context.toast()
    buttons: list[Row] = [[(label, Open("broadcast", one.number))] for label, one in zip(labels, rows, strict=True)]
    text = voice.say("<b>Broadcasts</b>, the newest first") if rows else voice.say("No broadcast has been written yet.")
    new = [(voice.plain("New broadcast"), Open("new_broadcast")), *office_row(voice)]
    await context.say(Message(text, [*buttons, new]))


async def show_broadcast(context: Context, number: int) -> None:
    """One Rundruf: how it stands, and what can be done."""
    async with context.read() as session:
        (await context.actor(session)).need_staff()
        message = await _card(context, session, await acts.find(session, number))
    await context.toast()
    await context.say(message)


async def _card(context: Context, session: AsyncSession, row: Broadcast) -> Message:
    return await card(session, await context.voice(session), row, context.now)


async def on_broadcast(context: Context, tap: OnBroadcast) -> None:
    """A button under a Rundruf.

    Raises:
        Unknown: there is no such button.
    """
    if tap.act not in ACTS:
        raise Unknown
    await ACTS[tap.act](context, tap)


async def broadcast_again(context: Context, tap: OnBroadcast) -> None:
    """The tap was stored before, only not spoken: show how it stands."""
    async with context.read() as session:
        message = await _card(context, session, await acts.find(session, tap.number))
    await context.toast()
    await context.redraw(message)


async def _release(context: Context, tap: OnBroadcast) -> None:
    await _done(context, partial(acts.release, number=tap.number, revision=tap.seen), N_("Released."))


async def _now(context: Context, tap: OnBroadcast) -> None:
    await _done(context, partial(acts.send_now, number=tap.number), N_("It is on its way."))


async def _pause(context: Context, tap: OnBroadcast) -> None:
    said = N_("Stopped. What is on its way still arrives.")
    await _done(context, partial(acts.pause, number=tap.number), said)


async def _resume(context: Context, tap: OnBroadcast) -> None:
    await _done(context, partial(acts.resume, number=tap.number), N_("It goes on."))


async def _done(context: Context, act: Callable[..., Awaitable[Broadcast]], said: str) -> None:
    """One act on a Rundruf, what is said to it, and its card as it stands then."""
    async with context.begin() as session:
        row = await act(session, by=await context.actor(session), now=context.now)
        voice, message = await context.voice(session), await _card(context, session, row)
    await context.toast(voice.plain(said))
    await context.redraw(message)


async def _missing(context: Context, tap: OnBroadcast) -> None:
    async with context.begin() as session:
        many = await acts.send_to_missing(session, tap.number, await context.actor(session), context.now)
        voice = await context.voice(session)
        message = await _card(context, session, await acts.find(session, tap.number))
    text = voice.plural("On its way to %(number)s person.", "On its way to %(number)s people.", many)
    await context.toast(text)
    await context.redraw(message)


async def _correct(context: Context, tap: OnBroadcast) -> None:
    async with context.read() as session:
        (await context.actor(session)).need_staff()
        row = await acts.find(session, tap.number)
        if row.withdrawn_at:
            raise Withdrawn
    await begin_form(context, "broadcast_correct", {"number": row.number, "seen": row.revision})


async def _ask_withdraw(context: Context, tap: OnBroadcast) -> None:
    """Asks once: what is deleted cannot be brought back."""
    async with context.read() as session:
        (await context.actor(session)).need_staff()
        voice, row = await context.voice(session), await acts.find(session, tap.number)
        if row.withdrawn_at:
            raise Withdrawn
        gone, too_old = await removable(session, row, context.now)
    lines = [voice.say("Withdraw broadcast no. %(number)s?", number=row.number)]
    if row.started_at:
        lines.append(
            voice.plural(
                "%(number)s copy is deleted from its reader's chat.",
                "%(number)s copies are deleted from their readers' chats.",
                gone,
            )
        )
    if too_old:
        lines.append(
            voice.plural(
                "%(number)s copy is older than 48 hours; Telegram does not let us delete it any more.",
                "%(number)s copies are older than 48 hours; Telegram does not let us delete them any more.",
                too_old,
            )
        )
    choices = [
        (voice.plain("Yes, withdraw"), OnBroadcast(row.number, "withdraw_yes", row.revision)),
        (voice.plain("Back"), OnBroadcast(row.number, "show", row.revision)),
    ]
    await context.toast()
    await context.redraw(Message("\n".join(lines), [choices]))


async def _withdraw(context: Context, tap: OnBroadcast) -> None:
    async with context.begin() as session:
        gone, _ = await withdraw(session, tap.number, await context.actor(session), context.now)
        voice = await context.voice(session)
        message = await _card(context, session, await acts.find(session, tap.number))
    text = voice.plural("Withdrawn. %(number)s copy is deleted.", "Withdrawn. %(number)s copies are deleted.", gone)
    await context.toast(text)
    await context.redraw(message)


async def _show(context: Context, tap: OnBroadcast) -> None:
    async with context.read() as session:
        (await context.actor(session)).need_staff()
        message = await _card(context, session, await acts.find(session, tap.number))
    await context.toast()
    await context.redraw(message)


async def _calls(context: Context, tap: OnBroadcast) -> None:
    async with context.read() as session:
        (await context.actor(session)).need_staff()
        voice, row = await context.voice(session), await acts.find(session, tap.number)
        found = await missed(session, row.number, Fate.UNREACHABLE, Fate.FAILED)
    await context.toast()
    await context.say(call_list(voice, row.number, found, [_back(voice, row)]))


async def _uncertain(context: Context, tap: OnBroadcast) -> None:
    await context.toast()
    await show_uncertain(context, tap.number)


async def show_uncertain(context: Context, number: int) -> None:
    """The uncertain copies of a Rundruf as one list, to be decided about all at once."""
    async with context.read() as session:
        (await context.actor(session)).need_staff()
        voice, row = await context.voice(session), await acts.find(session, number)
        found = await missed(session, row.number, Fate.UNCERTAIN)
    choices = [
        (voice.plain("Send again to all"), OnBroadcast(row.number, "again", row.revision)),
        (voice.plain("All have arrived"), OnBroadcast(row.number, "arrived", row.revision)),
    ]
    await context.say(uncertain_list(voice, row.number, found, [choices, _back(voice, row)]))


def _back(voice: Voice, row: Broadcast) -> Row:
    return [(voice.plain("Show the broadcast"), Open("broadcast", row.number)), *office_row(voice)]


async def _decided(context: Context, tap: OnBroadcast) -> None:
    arrived = tap.act == "arrived"
    async with context.begin() as session:
        who = await context.actor(session)
        many = await acts.settle_uncertain(session, tap.number, who, context.now, arrived=arrived)
        voice, row = await context.voice(session), await acts.find(session, tap.number)
    said = (
        voice.plural("Noted: %(number)s has arrived.", "Noted: %(number)s have arrived.", many)
        if arrived
        else voice.plural("%(number)s is sent again.", "%(number)s are sent again.", many)
    )
    await context.toast()
    await context.redraw(Message(said, [_back(voice, row)]))


ACTS: dict[str, TapHandler] = {
    "release": _release,
    "now": _now,
    "pause": _pause,
    "resume": _resume,
    "missing": _missing,
    "correct": _correct,
    "withdraw": _ask_withdraw,
    "withdraw_yes": _withdraw,
    "show": _show,
    "calls": _calls,
    "uncertain": _uncertain,
    "again": _decided,
    "arrived": _decided,
}


async def read(context: Context, tap: Read) -> None:
    """„Gelesen". Under a preview nobody has anything to read."""
    if tap.copy == 0:
        voice = await context.own_voice()
        await context.toast(voice.plain("This is a preview."))
        return
    async with context.begin() as session:
        who = await context.actor(session)
        current = await mark_read(session, tap.copy, tap.revision, who, context.now)
        voice = await context.voice(session)
    await _thank(context, voice, tap, current=current)


async def read_again(context: Context, tap: Read) -> None:
    """It is stored, only not spoken."""
    voice = await context.own_voice()
    await _thank(context, voice, tap, current=True)


async def _thank(context: Context, voice: Voice, tap: Read, *, current: bool) -> None:
    await context.toast(
        voice.plain("Thank you, that is noted.") if current else voice.plain("The text is being corrected just now.")
    )
    query = context.incoming.callback_query
    if not current or query is None or query.message is None:
        return
    rows: list[Row] = [[(voice.plain("Noted: read"), tap)]]
    try:
        await context.bot.edit_message_reply_markup(
            query.message.chat.id, query.message.message_id, api_kwargs=keyboard(rows)
        )
    except TelegramError:
        return  # tapped twice, or the message is gone: it is noted all the same

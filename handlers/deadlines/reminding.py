"""The morning's reminder: all that is due in one message, and what one can tell it."""

from collections.abc import Sequence

from handlers.callbacks import OnDeadline, OnReminder, Open
from handlers.context import Context
from handlers.deadlines.entry import ENDINGS, ended
from handlers.deadlines.sheet import Sheet, item_text
from handlers.speech import Message, Row
from locales import Markup, Voice
from models import deadline as deadlines
from models.deadline import Deadline, DueStep
from models.outbox import Letter
from models.refusals import NotEntitled, Unknown


def reminder_message(sheet: Sheet, steps: Sequence[DueStep], letter: int) -> Message:
    """The morning's reminder: all that is due, by date."""
    voice = sheet.voice
    lines = []
    for step in steps:
        text = item_text(sheet, step.deadline)
        late = voice.say("(belated)") if step.late else Markup("")
        lines.append(f"{late}\n{text}" if late else text)
    heading = voice.plural("Reminder of %(number)s deadline", "Reminder of %(number)s deadlines", len(steps))
    rows: list[Row] = [
        [
            (voice.plain("Done"), OnReminder(letter, "done")),
            (voice.plain("Stop reminding me"), OnReminder(letter, "mute")),
        ]
    ]
    return Message("\n\n".join([heading, *lines]), rows)


async def on_reminder(context: Context, tap: OnReminder) -> None:
    """„Erledigt" or „Nicht mehr erinnern" on a reminder; which one is asked where it holds several."""
    if tap.act not in ENDINGS:
        raise Unknown
    async with context.read() as session:
        letter = await session.get(Letter, tap.letter)
        voice = await context.voice(session)
        who = await context.actor(session)
        if letter is None or letter.telegram_id != context.telegram_id:
            raise NotEntitled("invited")
        rows = await deadlines.seen_by(session, letter.about.get("deadlines", []), who)
        running = [row for row in rows if await deadlines.subscription(session, row.number, who.telegram_id)]
    if not rows:
        raise Unknown
    if len(rows) == 1:
        await _end(context, voice, rows[0], tap.act)
        return
    if not running:
        await context.toast(voice.plain("I will not remind you of any of these any more."), alert=True)
        return
    await context.toast()
    buttons: list[Row] = [[(f"{row.number} · {row.title}", OnDeadline(row.number, tap.act))] for row in running]
    asks = (
        voice.say("Which one is done?") if tap.act == "done" else voice.say("Which one shall I stop reminding you of?")
    )
    await context.say(Message(asks, buttons))


async def _end(context: Context, voice: Voice, row: Deadline, act: str) -> None:
    async with context.begin() as session:
        await deadlines.end_subscription(session, row.number, context.telegram_id, ENDINGS[act], context.now)
    await context.toast(ended(voice, act))
    await context.say(_ended_message(voice, row, act))


def _ended_message(voice: Voice, row: Deadline, act: str) -> Message:
    text = voice.say("%(number)s · %(title)s: %(said)s", number=row.number, title=row.title, said=ended(voice, act))
    rows: list[Row] = [[(voice.plain("Deadlines"), Open("deadlines"))]]
    if act == "mute":
        rows.append([(voice.plain("Choose funding areas"), Open("areas"))])
    return Message(text, rows)


async def reminder_again(context: Context, tap: OnReminder) -> None:
    """The tap was stored before, only not spoken."""
    async with context.read() as session:
        voice = await context.voice(session)
        letter = await session.get(Letter, tap.letter)
        numbers = letter.about.get("deadlines", []) if letter and letter.telegram_id == context.telegram_id else []
        rows = await deadlines.seen_by(session, numbers, await context.actor(session))
    await context.toast(ended(voice, tap.act))
    if len(rows) == 1:
        await context.say(_ended_message(voice, rows[0], tap.act))

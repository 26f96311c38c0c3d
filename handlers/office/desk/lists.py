"""The lists behind „/buero" that are nobody else's: open questions, dates that are asked for."""

from collections.abc import Sequence

from handlers.callbacks import Open
from handlers.context import Context
from handlers.office.replying import office_question
from handlers.speech import Message, Row
from handlers.way_back import office_row
from locales import Markup, Voice
from models import question as questions
from models.wish import DEADLINE, open_wishes

PAGE = 5  # questions at once, each a message that can be replied to
MOST = 60


async def open_questions(context: Context, page: int) -> None:
    """The questions that wait, the oldest first; each is a message of its own, which one replies to."""
    async with context.read() as session:
        (await context.actor(session)).need_staff()
        voice = await context.voice(session)
        found = await questions.waiting(session)
        page = min(page, max(0, len(found) - 1) // PAGE)
        here = found[page * PAGE : (page + 1) * PAGE]
        shown = [office_question(voice, one, await questions.joined(session, one.number)) for one in here]
    more = len(found) - (page + 1) * PAGE
    further: list[Row] = (
        [[(voice.plain("More (%(number)s)", number=more), Open("questions", page + 1))]] if more > 0 else []
    )
    await context.toast()
    await say_all(context, shown or [Message(voice.say("No question is open."))], [*further, office_row(voice)])


async def say_all(context: Context, messages: Sequence[Message], rows: Sequence[Row]) -> None:
    """Say them one by one; under the last one stand these buttons too."""
    *before, last = messages
    for message in before:
        await context.say(message)
    await context.say(Message(last.text, [*last.rows, *rows]))


async def wishes(context: Context) -> None:
    """Which dates people wait for („Sagen Sie mir Bescheid"), without who they are."""
    async with context.read() as session:
        (await context.actor(session)).need_staff()
        voice = await context.voice(session)
        found = await open_wishes(session)
    lines: list[Markup] = [voice.say("No date is asked for that is not entered.")]
    if found:
        lines = [
            voice.say("<b>Dates that people wait for.</b> Once one is entered, they hear of it by themselves."),
            *(_asked(voice, one.text, one.many) for one in found[:MOST]),
        ]
    rows: list[Row] = [[(voice.plain("New deadline"), Open("new_deadline"))]] if found else []
    if any(one.about != DEADLINE for one in found):
        rows.append([(voice.plain("New meeting"), Open("new_meeting"))])
    await context.toast()
    await context.say(Message("\n".join(lines), [*rows, office_row(voice)]))


def _asked(voice: Voice, text: str, many: int) -> Markup:
    people = voice.plural("%(number)s person", "%(number)s people", many)
    return voice.say("• “%(text)s” · %(people)s", text=text, people=people)

"""Messages of which nobody can know whether they arrived: a person decides."""

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from handlers.callbacks import OnLetter
from handlers.context import Context
from handlers.office.desk.lists import say_all
from handlers.rundruf.acting import show_uncertain
from handlers.speech import Message, split
from handlers.way_back import office_row
from locales import Markup, Voice
from models.actor import actor
from models.broadcast.looking import with_uncertain
from models.forecast import OWN_ENTRY
from models.outbox import Letter, LetterState, send_again, settle_by_hand
from models.refusals import Unknown

EXCERPT = 1000  # UTF-16 units of an uncertain letter that are shown


async def uncertain(session: AsyncSession) -> list[Letter]:
    """Letters of which nobody can know whether they arrived; those of a Rundruf stand in a list of their own."""
    query = select(Letter).where(Letter.state == LetterState.UNCERTAIN, Letter.kind.not_in(OWN_ENTRY))
    return list(await session.scalars(query.order_by(Letter.id)))


async def uncertain_letters(context: Context) -> None:
    """The uncertain letters, each with „Erneut senden"."""
    async with context.read() as session:
        (await context.actor(session)).need_staff()
        voice = await context.voice(session)
        found = await uncertain(session)
        names = [await _reader(session, one.telegram_id) for one in found]
        together = await with_uncertain(session)
    await context.toast()
    for number, _ in together:
        await show_uncertain(context, number)
    shown = [_uncertain_message(voice, letter, name) for letter, name in zip(found, names, strict=True)]
    if not found and not together:
        shown = [Message(voice.say("No message is uncertain."))]
    if shown:
        await say_all(context, shown, [office_row(voice)])


async def _reader(session: AsyncSession, telegram_id: int) -> str:
    return (await actor(session, telegram_id)).name


def _uncertain_message(voice: Voice, letter: Letter, name: str) -> Message:
    text = voice.say(
        "To %(name)s, %(moment)s: the connection broke while sending. It may have arrived.\n\n%(text)s",
        name=name or voice.plain("somebody not on your lists"),
        moment=voice.moment(letter.not_before),
        text=Markup(split(letter.text or "", EXCERPT)[0]),
    )
    row = [
        (voice.plain("Send again"), OnLetter(letter.id, "again")),
        (voice.plain("It has arrived"), OnLetter(letter.id, "drop")),
    ]
    return Message(text, [row])


async def on_letter(context: Context, tap: OnLetter) -> None:
    """Staff decides about an uncertain letter."""
    if tap.act not in {"again", "drop"}:
        raise Unknown
    async with context.begin() as session:
        (await context.actor(session)).need_staff()
        voice = await context.voice(session)
        letter = await session.get(Letter, tap.letter)
        if letter is not None and letter.kind in OWN_ENTRY:
            raise Unknown  # of a Rundruf all are decided about together
        if tap.act == "again":
            await send_again(session, tap.letter, context.now)
        else:
            await settle_by_hand(session, tap.letter)
    await context.toast()
    done = voice.say("It is being sent again.") if tap.act == "again" else voice.say("Noted: it has arrived.")
    await context.redraw(Message(done, [office_row(voice)]))

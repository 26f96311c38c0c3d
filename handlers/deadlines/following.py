"""„Förderbereiche wählen": of which areas and kinds somebody wants to hear."""

from sqlalchemy.ext.asyncio import AsyncSession

from handlers.callbacks import Follow, Open
from handlers.context import Context
from handlers.deadlines.sheet import area_name
from handlers.forms.parts import chosen
from handlers.speech import Message, Row
from locales import Voice
from models import deadline as deadlines
from models.deadline import AREA, AREAS, KIND, KINDS

IN_A_ROW = 2


async def choose_areas(context: Context) -> None:
    """The areas, the chosen ones ticked."""
    await _ask(context, AREA)


async def choose_kinds(context: Context) -> None:
    """The kinds of deadlines, the chosen ones ticked."""
    await _ask(context, KIND)


async def _ask(context: Context, what: str) -> None:
    async with context.read() as session:
        message = await _chooser(context, session, what)
    await context.toast()
    await context.say(message)


async def _chooser(context: Context, session: AsyncSession, what: str) -> Message:
    voice = await context.voice(session)
    followed = await deadlines.follows(session, context.telegram_id)
    names = {one: area_name(one) for one in AREAS} if what == AREA else {one: one for one in KINDS}
    buttons = [
        (chosen(voice, name) if (what, value) in followed else name, Follow(what, value))
        for value, name in names.items()
    ]
    rows: list[Row] = [buttons[place : place + IN_A_ROW] for place in range(0, len(buttons), IN_A_ROW)]
    return Message(_text(voice, what), [*rows, _ways_on(voice, what)])


def _text(voice: Voice, what: str) -> str:
    asks = (
        voice.say("<b>Which funding areas concern you?</b>")
        if what == AREA
        else voice.say("<b>Which kinds of deadlines concern you?</b>")
    )
    told = voice.say(
        "Tap what you want to hear about; tap again to undo. I will tell you about new deadlines and remind you "
        "of each, in one message a morning."
    )
    return f"{asks}\n{told}"


def _ways_on(voice: Voice, what: str) -> Row:
    other = (
        (voice.plain("Choose kinds of deadlines"), Open("kinds"))
        if what == AREA
        else (voice.plain("Choose funding areas"), Open("areas"))
    )
    return [other, (voice.plain("Deadlines"), Open("deadlines"))]


async def on_follow(context: Context, tap: Follow) -> None:
    """Tick an area or a kind, or take the tick back."""
    async with context.begin() as session:
        await context.account(session)
        voice = await context.voice(session)
        before = (tap.what, tap.value) in await deadlines.follows(session, context.telegram_id)
        if before:
            await deadlines.unfollow(session, tap.what, tap.value, context.telegram_id)
        else:
            await deadlines.follow(session, tap.what, tap.value, context.telegram_id, context.now)
        message = await _chooser(context, session, tap.what)
    name = area_name(tap.value) if tap.what == AREA else tap.value
    said = voice.plain("No longer: %(name)s", name=name) if before else voice.plain("Chosen: %(name)s", name=name)
    await context.toast(said)
    await context.redraw(message)


async def following_again(context: Context, tap: Follow) -> None:
    """The tick was stored before, only not shown."""
    async with context.read() as session:
        message = await _chooser(context, session, tap.what)
    await context.toast()
    await context.redraw(message)

"""A tap that was typed: the same right, the same handler, the same once-only as the button itself."""

from collections.abc import Mapping, Sequence

from handlers.callbacks import CastTap, Tap
from handlers.context import Context
from handlers.heard import OnTap, work_off
from handlers.speech import Message
from handlers.typed.buttons import Meant
from handlers.votes.casting import read_back_tap
from handlers.votes.secret import refuse_typed
from locales import html

KINDS: dict[type[Tap], OnTap] = {}


def register(kinds: Mapping[type[Tap], OnTap]) -> None:
    """Make known what each kind of tap does."""
    KINDS.update(kinds)


async def perform(context: Context, tap: Tap) -> None:
    """Work a tap off that was typed. A vote is read back first; „Abgeben" then casts it.

    Raises:
        Refusal: as the tap itself.
    """
    context.act.typed = tap
    if not (isinstance(tap, CastTap) and await read_back_tap(context, tap)):
        await work_off(context, KINDS[type(tap)], tap)
    if context.act.unsaid:
        answer, context.act.unsaid = context.act.unsaid, ""
        await context.say(Message(html(answer)))


async def press(context: Context, found: Sequence[Meant]) -> None:
    """Do what the typed label or number means; where that is not certain, say so and do nothing."""
    first = found[0]
    if first.under.secret and first.tap is None:
        await refuse_typed(context, first.under.secret)
    elif len(found) > 1:
        await _say_several(context, first)
    elif first.under.by >= context.act.update_id or first.under.at > context.now:
        await _say_changed(context)
    elif first.tap is not None:
        await perform(context, first.tap)


async def _say_several(context: Context, one: Meant) -> None:
    voice = await context.own_voice()
    text = voice.say(
        "“%(label)s” stands under several messages. Please reply to the one you mean, or write its number too.",
        label=one.label,
    )
    await context.say(Message(text))


async def _say_changed(context: Context) -> None:
    """It was typed before the buttons were there that it would mean now."""
    voice = await context.own_voice()
    text = voice.say("Meanwhile I have written again. Please look at the last message and type once more.")
    await context.say(Message(text))

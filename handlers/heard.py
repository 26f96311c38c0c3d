"""How a command and a tap reach their handler, and how a refusal becomes a sentence."""

from collections.abc import Awaitable, Callable, Coroutine, Mapping
from dataclasses import dataclass
from typing import Any

from telegram import Update

from handlers.callbacks import Tap, parse
from handlers.commands import Right
from handlers.context import Context, EffectHadBeforeError, Handler
from handlers.phrases import refusal_text
from handlers.speech import Message
from locales import html
from models import drafts
from models.refusals import Refusal, Unknown

TapHandler = Callable[[Context, Any], Awaitable[None]]
Callback = Callable[[Update, Context], Coroutine[Any, Any, None]]


@dataclass(frozen=True)
class OnTap:
    """What a kind of tap does, who may do it, and how its answer is spoken again after a crash."""

    handler: TapHandler
    right: Right
    again: TapHandler | None = None


def command(handler: Handler) -> Callback:
    """A command in the private chat; a form being filled in is put aside first."""

    async def callback(update: Update, context: Context) -> None:
        if update.effective_user is not None:
            await put_form_aside(context)
            await _spoken(context, handler)

    return callback


def plain(handler: Handler) -> Callback:
    """Anything else that somebody sends; what nobody sent (a message in a chat's own name) is let pass."""

    async def callback(update: Update, context: Context) -> None:
        if update.effective_user is not None:
            await _spoken(context, handler)

    return callback


async def _spoken(context: Context, handler: Handler) -> None:
    try:
        await handler(context)
    except Refusal as refusal:
        context.note_refusal(refusal)
        voice = await context.own_voice()
        await context.say(Message(html(refusal_text(refusal, voice))))
    except EffectHadBeforeError:
        voice = await context.own_voice()
        await context.say(Message(voice.say("I was away for a moment. What you sent is stored.")))


async def put_form_aside(context: Context) -> None:
    """A command comes between: the form that is being filled in waits under „/offen" and „/buero"."""
    async with context.read() as session:
        draft = await drafts.active(session, context.telegram_id)
    if draft is not None:
        async with context.house.database.begin() as session:
            await drafts.put_aside(session, context.telegram_id)


def taps(kinds: Mapping[type[Tap], OnTap]) -> Callback:
    """Every tap on an inline button. It is always answered, so that no button keeps turning."""

    async def callback(update: Update, context: Context) -> None:
        query = update.callback_query
        tap = parse(query.data or "") if query else None
        try:
            if tap is None:
                raise Unknown
            await work_off(context, kinds[type(tap)], tap)
        except Refusal as refusal:
            context.note_refusal(refusal)
            voice = await context.own_voice()
            await context.toast(refusal_text(refusal, voice), alert=True)
        await context.toast()

    return callback


async def work_off(context: Context, on: OnTap, tap: Tap) -> None:
    """What a tap does, by finger or typed.

    Raises:
        Refusal: it may not be done, or not any more.
    """
    if on.right is Right.STAFF:
        # A member's right is narrower than the role (the mandate's holder, the invited): the act itself asks for it.
        async with context.read() as session:
            (await context.actor(session)).need_staff()
    try:
        await on.handler(context, tap)
    except EffectHadBeforeError:
        await (on.again or _is_stored)(context, tap)


async def _is_stored(context: Context, _tap: Tap) -> None:
    voice = await context.own_voice()
    await context.toast(voice.plain("That is stored."))

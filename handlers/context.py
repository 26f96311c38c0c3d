"""What every handler is given: one transaction, the instant of the act, who acts, and a voice in their language."""

import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager, suppress
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession
from telegram import Message as SentMessage
from telegram import Update
from telegram.constants import ParseMode
from telegram.error import BadRequest
from telegram.ext import CallbackContext, ExtBot

from handlers.allowance import Allowance, Verdict
from handlers.house import Act, House, current_act
from handlers.numbers import buttons_of, how_many, numbered
from handlers.speaking import speak, voice_for
from handlers.speech import Message, keyboard, shown, split
from locales import Markup, Voice, html
from models import inbox
from models.actor import Actor, actor, ensure_account
from models.locks import stamp_in_order
from models.member import Account
from models.refusals import Refusal, TooMany


class EffectHadBeforeError(Exception):
    """The update's act is in the store already; only its answer is still to be spoken."""


# Fewer are left for the moment after the last answer: one statement for many costs no more than for one.
SPOKEN_AT_ONCE = 16
NEVER = sys.maxsize  # with a secret ballot nothing else is written


class Context(CallbackContext[ExtBot[Any], dict[Any, Any], dict[Any, Any], dict[Any, Any]]):
    """The context of one update."""

    incoming: Update
    _seen: tuple[AsyncSession, Actor] | None = None  # who acts, as looked up in this transaction

    @classmethod
    def from_update(cls, update: object, application: Any) -> "Context":
        """Keep the update at hand, so that handlers need only one argument."""
        context: Context = super().from_update(update, application)
        if isinstance(update, Update):
            context.incoming = update
        return context

    @property
    def house(self) -> House:
        """The house this update came into."""
        house: House = self.bot_data["house"]
        return house

    @property
    def act(self) -> Act:
        """The update being worked off."""
        return current_act.get()

    @property
    def now(self) -> datetime:
        """The instant of the act: when its update reached us."""
        return self.act.received_at

    @property
    def telegram_id(self) -> int:
        """The Telegram user who acts."""
        user = self.incoming.effective_user
        if user is None:
            raise LookupError("an update without a user reached a handler for people")
        return user.id

    @property
    def telegram_language(self) -> str | None:
        """The language of the user's Telegram."""
        return self.incoming.effective_user.language_code if self.incoming.effective_user else None

    @asynccontextmanager
    async def begin(self) -> AsyncIterator[AsyncSession]:
        """The act's transaction: its effect and the inbox's mark are one.

        Raises:
            EffectHadBeforeError: the effect is in the store; nothing is to be done but to speak.
        """
        act = self.act
        if act.acted:
            raise EffectHadBeforeError
        # Emptying the payloads of those before costs no commit of its own this way.
        with self.house.settling(SPOKEN_AT_ONCE if act.stored else NEVER) as unkept:
            async with self._transaction() as session:
                if act.stored and not await inbox.mark_acted(session, act.update_id):
                    act.acted = True
                    raise EffectHadBeforeError
                await unkept.write(session)
                yield session
        act.acted = True
        act.committed()
        self.house.post_went_in()

    def _transaction(self) -> AbstractAsyncContextManager[AsyncSession]:
        return self.house.database.begin_together() if self.act.stored else self._traceless()

    @asynccontextmanager
    async def _traceless(self) -> AsyncIterator[AsyncSession]:
        async with self.house.database.begin_traceless() as session:
            # Not stamped with a batch, so stamped here, where no closing can slip in before the commit.
            self.act.received_at = await stamp_in_order(session, self.house.clock)
            yield session

    def read(self) -> AbstractAsyncContextManager[AsyncSession]:
        """A look at the store, without an effect."""
        return self.house.database.read()

    async def actor(self, session: AsyncSession) -> Actor:
        """Who acts, with every role that holds now."""
        self._seen = session, await actor(session, self.telegram_id, self.telegram_language)
        return self._seen[1]

    async def reader(self, session: AsyncSession) -> Actor:
        """Whom an answer is worded for: who acts, as looked up last for this update. Rights are asked of ``actor``."""
        return self._seen[1] if self._seen else await self.actor(session)

    async def account(self, session: AsyncSession) -> Account:
        """The acting user's account, made at the first contact."""
        return await ensure_account(session, self.telegram_id, self.telegram_language, self.now)

    async def voice(self, session: AsyncSession) -> Voice:
        """A voice in the acting user's language."""
        seen_in, who = self._seen or (None, None)
        if who is None or seen_in is not session:
            who = await self.actor(session)
        return await voice_for(session, who)

    async def own_voice(self) -> Voice:
        """The same, where nothing else is read."""
        async with self.read() as session:
            return await self.voice(session)

    def note_refusal(self, refusal: Refusal) -> None:
        """Somebody hears a refusal. Of a tap in a secret vote nothing is told."""
        if self.act.stored:
            self.house.refused(type(refusal).__name__)

    async def say(self, message: Message, reply_to: int | None = None) -> SentMessage | None:
        """Answer in the chat; None where the user can no longer be written to."""
        message = await self._with_numbers(self._with_answer(message))
        sent = await speak(self.bot, self._room, message, reply_to)
        if sent is not None and message.rows:
            self._note(sent.message_id, message)
        return sent

    def _with_answer(self, message: Message) -> Message:
        """What a tap would have been answered with, above what follows it; where that says it too, once."""
        answer, self.act.unsaid = self.act.unsaid, ""
        if not answer or answer in shown(message.text):
            return message
        return replace(message, text=Markup(f"{html(answer)}\n\n{message.text}"))

    async def _with_numbers(self, message: Message) -> Message:
        """The message, its buttons numbered for whoever would rather type."""
        if not message.rows or self._room != self.telegram_id:
            return message
        if self._seen is None:
            async with self.read() as session:
                await self.actor(session)
        who = self._seen[1] if self._seen else None
        return numbered(Voice(who.language), message, self.act.counted + 1) if who and who.types else message

    def _note(self, message_id: int, message: Message) -> None:
        """Remember the buttons that this chat shows now. A tap in a secret vote leaves no trace, so not here either."""
        act = self.act
        if not act.stored:
            return
        first, act.counted = act.counted + 1, act.counted + how_many(message.rows)
        noted = buttons_of(message_id, message, self.house.clock(), by=act.update_id, first=first)
        self.house.note_shown(self._room, noted)

    async def redraw(self, message: Message) -> int | None:
        """Turn the tapped message into this one, or say it anew; the id of the message that shows it now."""
        query = self.incoming.callback_query
        if query is None or query.message is None or message.files or message.picture or len(split(message.text)) > 1:
            return _id_of(await self.say(message))
        original, message = message, await self._with_numbers(message)
        try:
            await self.bot.edit_message_text(
                message.text,
                chat_id=query.message.chat.id,
                message_id=query.message.message_id,
                parse_mode=ParseMode.HTML,
                api_kwargs=keyboard(message.rows),
            )
        except BadRequest as error:
            if "not modified" not in error.message.lower():
                return _id_of(await self.say(original))
        self._note(query.message.message_id, message)
        return query.message.message_id

    async def strip(self) -> None:
        """Take the buttons off the tapped message: what follows below takes its place."""
        query = self.incoming.callback_query
        if query is not None and query.message is not None:
            with suppress(BadRequest):
                await self.bot.edit_message_reply_markup(query.message.chat.id, query.message.message_id)
            self._note(query.message.message_id, Message(""))

    async def toast(self, text: str = "", *, alert: bool = False) -> None:
        """Answer the tap. A tap too old for an answer is no fault: the card says the same."""
        query = self.incoming.callback_query
        if self.act.answered:
            return
        self.act.answered = True
        if query is None:
            self.act.unsaid = text if self.act.typed else ""
            return
        try:
            await self.bot.answer_callback_query(query.id, text[:200] or None, show_alert=alert or None)
        except BadRequest:
            return

    async def answer(self, said: str, message: Message) -> int | None:
        """``toast``, then ``redraw``: where many tap at once, everyone hears that it is stored before cards change."""
        await self.toast(said)
        return await self.redraw(message)

    def within(self, allowance: Allowance, who: int | None = None) -> bool:
        """Whether the acting user (or ``who``, a group) may have one more; False: enough was said.

        Raises:
            TooMany: the first one too many.
        """
        verdict, until = self.house.counter.ask(allowance, who or self.telegram_id, self.now)
        if verdict is Verdict.NO and allowance.told:
            raise TooMany(allowance.what, until)
        return verdict is Verdict.YES

    @property
    def _room(self) -> int:
        chat = self.incoming.effective_chat
        return chat.id if chat else self.telegram_id


def _id_of(sent: SentMessage | None) -> int | None:
    return sent.message_id if sent else None


Handler = Callable[["Context"], Awaitable[None]]

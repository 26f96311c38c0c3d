"""What every handler is given: one transaction, the instant of the act, who acts, and a voice in their language."""

import sys
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress
from contextvars import ContextVar
from dataclasses import dataclass, field, replace
from datetime import datetime
from io import BytesIO
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy.ext.asyncio import AsyncSession
from telegram import InputFile, ReplyParameters, Update
from telegram import Message as SentMessage
from telegram.constants import ParseMode
from telegram.error import BadRequest, ChatMigrated, Forbidden
from telegram.ext import CallbackContext, ExtBot

from handlers.allowance import Allowance, Counter, Verdict
from handlers.callbacks import Tap
from handlers.numbers import buttons_of, how_many, numbered
from handlers.pieces import Enclosed, HandleGoneError, send_enclosed
from handlers.speech import Message, keyboard, shown, split
from locales import Markup, Voice, choose, html
from models import inbox
from models import shown as showing
from models.actor import Actor, actor, ensure_account
from models.base import Database, stamp_in_order
from models.member import Account
from models.office import the_office
from models.refusals import Refusal, TooMany
from models.shown import Buttons


class EffectHadBeforeError(Exception):
    """The update's act is in the store already; only its answer is still to be spoken."""


@dataclass
class Act:
    """One update on its way through the handlers."""

    update_id: int
    received_at: datetime
    acted: bool = False  # its effect is in the store
    answered: bool = False  # its callback query was answered
    stored: bool = True  # a row of the inbox; else it goes round it, see ``bot/passing.py``
    committed: Callable[[], None] = lambda: None  # told once the effect is in the store
    told: str = ""  # what only this act knows to say, while Telegram cannot be reached
    error: BaseException | None = None
    typed: Tap | None = None  # what was typed in the place of a tap
    counted: int = 0  # buttons shown so far that have numbers
    unsaid: str = ""  # the answer to a tap that was typed: it has no toast, so it goes into the next message

    def anew(self) -> None:
        """Another try begins."""
        self.answered, self.counted, self.unsaid, self.error = False, 0, "", None


@dataclass
class Unkept:
    """What the next transaction writes along, since it is worth no commit of its own."""

    spoken: set[int] = field(default_factory=set)  # updates to be marked done
    shown: dict[int, list[Buttons]] = field(default_factory=dict)  # by chat

    def __len__(self) -> int:
        return max(len(self.spoken), len(self.shown))

    async def write(self, session: AsyncSession) -> None:
        """Write it."""
        if self.spoken:
            await inbox.mark_done(session, self.spoken)
        if self.shown:
            await showing.keep(session, self.shown)


@dataclass(frozen=True)
class Process:
    """What only this process knows of itself, for „Technik"."""

    version: str = ""
    since: datetime | None = None
    backup_folder: str = ""
    halted_for: Callable[[], float] = lambda: 0.0  # seconds for which Telegram wants silence


@dataclass
class House:
    """What the composition root lends the handlers."""

    database: Database
    clock: Callable[[], datetime]
    post_went_in: Callable[[], None] = lambda: None
    unkept: Unkept = field(default_factory=Unkept)
    settle_soon: Callable[[], None] = lambda: None  # writes it where no transaction comes along
    refused: Callable[[str], None] = lambda _kind: None  # told to whoever watches: a refusal of this type was spoken
    vote_cast: Callable[[], None] = lambda: None  # likewise: a tap in an open vote is stored
    counter: Counter = field(default_factory=Counter)
    process: Process = field(default_factory=Process)

    @contextmanager
    def settling(self, at_least: int = 1) -> Iterator[Unkept]:
        """What this transaction is to write along, if there is so much; given back where it fails.

        Taken out at once: two transactions that marked the same rows would wait for each other on PostgreSQL.
        """
        taken = Unkept()
        if len(self.unkept) >= at_least:
            taken, self.unkept = self.unkept, taken
        try:
            yield taken
        except BaseException:
            self.unkept.spoken |= taken.spoken
            for chat, before in taken.shown.items():
                self.unkept.shown[chat] = [*before, *self.unkept.shown.get(chat, ())]
            raise

    def note_shown(self, chat: int, buttons: Buttons) -> None:
        """Remember which buttons a chat shows; in a group nothing is typed."""
        if chat > 0:
            self.unkept.shown.setdefault(chat, []).append(buttons)
            self.settle_soon()


# Fewer are left for the moment after the last answer: one statement for many costs no more than for one.
SPOKEN_AT_ONCE = 16
NEVER = sys.maxsize  # with a secret ballot nothing else is written

current_act: ContextVar[Act] = ContextVar("current_act")


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

    @asynccontextmanager
    async def _transaction(self) -> AsyncIterator[AsyncSession]:
        if self.act.stored:
            async with self.house.database.begin_together() as session:
                yield session
            return
        async with self.house.database.begin_traceless() as session:
            # Not stamped with a batch, so stamped here, where no closing can slip in before the commit.
            self.act.received_at = await stamp_in_order(session, self.house.clock)
            yield session

    @asynccontextmanager
    async def read(self) -> AsyncIterator[AsyncSession]:
        """A look at the store, without an effect."""
        async with self.house.database.read() as session:
            yield session

    async def actor(self, session: AsyncSession) -> Actor:
        """Who acts, with every role that holds now."""
        self._seen = session, await actor(session, self.telegram_id, self.telegram_language)
        return self._seen[1]

    async def account(self, session: AsyncSession) -> Account:
        """The acting user's account, made at the first contact."""
        return await ensure_account(session, self.telegram_id, self.telegram_language, self.now)

    async def voice(self, session: AsyncSession) -> Voice:
        """A voice in the acting user's language."""
        seen_in, who = self._seen or (None, None)
        if who is None or seen_in is not session:
            who = await self.actor(session)
        return await voice_for(session, who)

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
                reply_markup=keyboard(message.rows),
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

    def within(self, allowance: Allowance, who: int | None = None) -> bool:
        """Whether the acting user (or ``who``, a group) may have one more; False: enough was said.

        Raises:
            TooMany: the first one too many.
        """
        verdict, until = self.house.counter.ask(allowance, who or self.telegram_id, self.now)
        if verdict is Verdict.NO and allowance.told:
            raise TooMany(allowance.what, until)
        return verdict is Verdict.YES

    async def typing(self) -> None:
        """Show that an answer is being looked for."""
        await self.bot.send_chat_action(self._room, "typing")

    @property
    def _room(self) -> int:
        chat = self.incoming.effective_chat
        return chat.id if chat else self.telegram_id


def _id_of(sent: SentMessage | None) -> int | None:
    return sent.message_id if sent else None


async def voice_for(session: AsyncSession, who: Actor) -> Voice:
    """A voice in somebody's language, if the office offers it, and in the office's time zone."""
    zone, languages = who.zone, who.languages
    if not zone:
        office = await the_office(session)
        zone, languages = office.time_zone, tuple(office.languages)
    return Voice(choose(who.language, languages), ZoneInfo(zone))


async def speak(bot: ExtBot[Any], chat_id: int, message: Message, reply_to: int | None = None) -> SentMessage | None:
    """Answer in a chat, whole; the message with the buttons, or None where the chat is closed to us."""
    said: SentMessage | None = None
    for part in message.parts:
        try:
            sent = await send_part(bot, chat_id, part, reply_to)
        except ChatMigrated as moved:
            # The group has become a supergroup: https://core.telegram.org/bots/api#responseparameters
            chat_id = moved.new_chat_id
            sent = await send_part(bot, chat_id, part)
        except (Forbidden, HandleGoneError):
            return None
        said, reply_to = (sent if part.text else said), None
    return said


async def send_part(
    bot: ExtBot[Any], chat_id: int, part: Message, reply_to: int | None = None, **extra: Any
) -> SentMessage:
    """Send one of a message's parts: a text with its buttons, a picture, or a file.

    Raises:
        TelegramError: whatever Telegram says.
    """
    if isinstance(part, Enclosed):
        return (await send_enclosed(bot, chat_id, part, **extra))[-1]
    if part.picture is not None:
        return await bot.send_photo(
            chat_id,
            InputFile(BytesIO(part.picture.content), part.picture.name),
            part.text or None,
            parse_mode=ParseMode.HTML,
            reply_markup=keyboard(part.rows),
            **extra,
        )
    if not part.text:
        file = part.files[0]
        return await bot.send_document(chat_id, InputFile(BytesIO(file.content), file.name), **extra)
    return await bot.send_message(
        chat_id,
        part.text,
        parse_mode=ParseMode.HTML,
        reply_markup=keyboard(part.rows),
        reply_parameters=ReplyParameters(reply_to, allow_sending_without_reply=True) if reply_to else None,
        **extra,
    )


Handler = Callable[["Context"], Awaitable[None]]

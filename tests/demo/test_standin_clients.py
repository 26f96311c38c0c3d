"""Foreign clients, unchanged: python-telegram-bot and aiogram."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
from aiogram import Bot as AiogramBot
from aiogram import Dispatcher, F
from aiogram import types as aiogram_types
from aiogram.client.default import DefaultBotProperties
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer
from aiogram.exceptions import TelegramForbiddenError, TelegramRetryAfter
from aiogram.filters import KICKED, ChatMemberUpdatedFilter, Command, CommandObject, CommandStart
from aiogram.webhook.aiohttp_server import SimpleRequestHandler
from aiohttp import web
from telegram import ChatMember, InlineKeyboardButton, InlineKeyboardMarkup, Update
from telegram.error import BadRequest, Conflict, Forbidden, RetryAfter
from telegram.ext import (
    Application,
    CallbackQueryHandler,
    ChatMemberHandler,
    CommandHandler,
    ContextTypes,
    MessageHandler,
    filters,
)

from demo.telegram import Fault, Person, World
from demo.telegram.bots import Bot
from demo.telegram.server import running
from tests.demo.raw_client import TOKEN
from tests.demo.walk import judge_all, walk

pytestmark = pytest.mark.filterwarnings("default::DeprecationWarning")  # the foreign clients' own


async def ptb_start(update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
    keyboard = InlineKeyboardMarkup([[InlineKeyboardButton("Ja", callback_data="yes")]])
    assert update.message
    await update.message.reply_html(f"<b>Hallo</b> {context.args}", reply_markup=keyboard)


async def ptb_tap(update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
    assert update.callback_query
    await update.callback_query.answer("Gezählt", show_alert=True)
    await update.callback_query.edit_message_text("Danke")


async def ptb_often(update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
    assert update.message
    with pytest.raises(RetryAfter) as caught:
        await update.message.reply_text("Nachgeholt")
    assert caught.value.retry_after
    await update.message.reply_text("Nachgeholt")


async def ptb_stopped(update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
    assert update.my_chat_member
    if update.my_chat_member.new_chat_member.status == ChatMember.BANNED:
        with pytest.raises(Forbidden) as caught:
            await context.bot.send_message(update.my_chat_member.chat.id, "Noch da?")
        await context.bot.send_message(2, f"403 {caught.value.message}")


async def ptb_document(update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
    assert update.message
    assert update.message.document
    content = await (await update.message.document.get_file()).download_as_bytearray()
    await update.message.reply_document(bytes(content).upper(), filename="zurück.txt")


@asynccontextmanager
async def ptb(address: str) -> AsyncIterator[Any]:
    builder = Application.builder().token(TOKEN).base_url(f"{address}/bot").base_file_url(f"{address}/file/bot")
    app = builder.build()
    app.add_handler(CommandHandler("start", ptb_start))
    app.add_handler(CommandHandler("oft", ptb_often))
    app.add_handler(CallbackQueryHandler(ptb_tap))
    app.add_handler(ChatMemberHandler(ptb_stopped))
    app.add_handler(MessageHandler(filters.Document.ALL, ptb_document))
    async with app:
        await app.start()
        yield app
        await app.stop()


async def test_python_telegram_bot_walks_through(address: str, anna: Person, world: World) -> None:
    async with ptb(address) as app:
        await app.updater.start_polling()
        await walk(anna, world)
        await app.updater.stop()
    judge_all(world, "getUpdates")


async def test_python_telegram_bot_sees_its_own_errors(address: str, anna: Person, world: World) -> None:
    async with ptb(address) as app:
        world.faults.add(Fault("retry_after", seconds=3))
        with pytest.raises(RetryAfter):
            await app.bot.send_message(1, "x")
        with pytest.raises(BadRequest, match="Chat not found"):
            await app.bot.send_message(99, "x")
        anna.block()
        with pytest.raises(Forbidden, match="blocked"):
            await app.bot.send_message(1, "x")


async def test_python_telegram_bot_meets_a_second_poller(address: str, anna: Person, bot: Bot, world: World) -> None:
    async with ptb(address) as one, ptb(address) as other:
        first = asyncio.ensure_future(one.bot.get_updates(timeout=20))
        await world.until(lambda: bot.waiting is not None)
        second = asyncio.ensure_future(other.bot.get_updates(timeout=20))
        with pytest.raises(Conflict, match="terminated by other"):
            await first
        anna.send("x")
        assert len(await second) == 1


def aiogram_dispatcher() -> Dispatcher:
    dispatcher = Dispatcher()

    @dispatcher.message(CommandStart())
    async def start(message: aiogram_types.Message, command: CommandObject) -> None:
        button = aiogram_types.InlineKeyboardButton(text="Ja", callback_data="yes")
        keyboard = aiogram_types.InlineKeyboardMarkup(inline_keyboard=[[button]])
        await message.answer(f"<b>Hallo</b> {command.args}", reply_markup=keyboard)

    @dispatcher.callback_query(F.data == "yes")
    async def tapped(query: aiogram_types.CallbackQuery) -> None:
        await query.answer("Gezählt", show_alert=True)
        assert isinstance(query.message, aiogram_types.Message)
        await query.message.edit_text("Danke")

    @dispatcher.message(Command("oft"))
    async def often(message: aiogram_types.Message) -> None:
        with pytest.raises(TelegramRetryAfter) as caught:
            await message.answer("Nachgeholt")
        assert caught.value.retry_after == 1
        await message.answer("Nachgeholt")

    @dispatcher.my_chat_member(ChatMemberUpdatedFilter(KICKED))
    async def stopped(change: aiogram_types.ChatMemberUpdated, bot: AiogramBot) -> None:
        with pytest.raises(TelegramForbiddenError) as caught:
            await change.answer("Noch da?")
        await bot.send_message(2, f"403 {caught.value.message}")

    @dispatcher.message(F.document)
    async def document(message: aiogram_types.Message, bot: AiogramBot) -> None:
        assert message.document
        content = await bot.download(message.document)
        assert content
        await message.answer_document(aiogram_types.BufferedInputFile(content.read().upper(), "zurück.txt"))

    return dispatcher


@asynccontextmanager
async def aiogram(address: str) -> AsyncIterator[AiogramBot]:
    session = AiohttpSession(api=TelegramAPIServer.from_base(address))
    async with AiogramBot(TOKEN, session=session, default=DefaultBotProperties(parse_mode="HTML")) as client:
        yield client


async def test_aiogram_walks_through(address: str, anna: Person, world: World) -> None:
    async with aiogram(address) as client:
        dispatcher = aiogram_dispatcher()
        polling = asyncio.ensure_future(dispatcher.start_polling(client, handle_signals=False, close_bot_session=False))
        await walk(anna, world)
        await dispatcher.stop_polling()
        await polling
    judge_all(world, "getUpdates")


async def test_aiogram_walks_through_by_webhook(address: str, anna: Person, world: World) -> None:
    async with aiogram(address) as client:
        dispatcher = aiogram_dispatcher()
        app = web.Application()
        SimpleRequestHandler(dispatcher, client, secret_token="s3cret").register(app, "/hook")
        async with running(app, "127.0.0.1", 0) as hook:
            assert (await client.get_me()).id == 42
            await client.set_webhook(
                f"{hook}/hook", secret_token="s3cret", allowed_updates=dispatcher.resolve_used_update_types()
            )
            await walk(anna, world)
            await client.delete_webhook()
    judge_all(world, "setWebhook")


async def test_aiogram_sees_its_own_errors(address: str, anna: Person, world: World) -> None:
    async with aiogram(address) as client:
        world.faults.add(Fault("retry_after", seconds=3))
        with pytest.raises(TelegramRetryAfter) as caught:
            await client.send_message(1, "x")
        assert caught.value.retry_after == 3
        anna.block()
        with pytest.raises(TelegramForbiddenError, match="blocked"):
            await client.send_message(1, "x")

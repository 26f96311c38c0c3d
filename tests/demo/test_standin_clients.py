"""A foreign client, unchanged: python-telegram-bot."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
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

"""aiogram, unchanged, with a bot that does what `walk` asks for."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from aiogram import Bot, Dispatcher, F, types
from aiogram.client.default import DefaultBotProperties
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer
from aiogram.exceptions import TelegramForbiddenError, TelegramRetryAfter
from aiogram.filters import KICKED, ChatMemberUpdatedFilter, Command, CommandObject, CommandStart
from aiogram.webhook.aiohttp_server import SimpleRequestHandler

from tests.demo.raw_client import TOKEN

__all__ = ["SimpleRequestHandler", "TelegramForbiddenError", "TelegramRetryAfter", "client", "dispatcher"]


def dispatcher() -> Dispatcher:
    made = Dispatcher()

    @made.message(CommandStart())
    async def start(message: types.Message, command: CommandObject) -> None:
        button = types.InlineKeyboardButton(text="Ja", callback_data="yes")
        keyboard = types.InlineKeyboardMarkup(inline_keyboard=[[button]])
        await message.answer(f"<b>Hallo</b> {command.args}", reply_markup=keyboard)

    @made.callback_query(F.data == "yes")
    async def tapped(query: types.CallbackQuery) -> None:
        await query.answer("Gezählt", show_alert=True)
        assert isinstance(query.message, types.Message)
        await query.message.edit_text("Danke")

    @made.message(Command("oft"))
    async def often(message: types.Message) -> None:
        with pytest.raises(TelegramRetryAfter) as caught:
            await message.answer("Nachgeholt")
        assert caught.value.retry_after == 1
        await message.answer("Nachgeholt")

    @made.my_chat_member(ChatMemberUpdatedFilter(KICKED))
    async def stopped(change: types.ChatMemberUpdated, bot: Bot) -> None:
        with pytest.raises(TelegramForbiddenError) as caught:
            await change.answer("Noch da?")
        await bot.send_message(2, f"403 {caught.value.message}")

    @made.message(F.document)
    async def document(message: types.Message, bot: Bot) -> None:
        assert message.document
        content = await bot.download(message.document)
        assert content
        await message.answer_document(types.BufferedInputFile(content.read().upper(), "zurück.txt"))

    return made


@asynccontextmanager
async def client(address: str) -> AsyncIterator[Bot]:
    session = AiohttpSession(api=TelegramAPIServer.from_base(address))
    async with Bot(TOKEN, session=session, default=DefaultBotProperties(parse_mode="HTML")) as running:
        yield running

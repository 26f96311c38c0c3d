"""Bare bots to measure beside: ``python -m benchmarks.echo ptb|aiogram|taps API_URL TOKEN``."""

import asyncio
import sys
from itertools import count

CARD, CARD_BUTTONS, CARD_LENGTH = "Karte", ("Ja", "Nein", "Enthaltung", "Befangen"), 900


def ptb(api_url: str, token: str) -> None:
    """python-telegram-bot as it comes, with its default transport and 256 updates side by side."""
    from telegram import Update
    from telegram.ext import ApplicationBuilder, ContextTypes, MessageHandler, filters

    async def echo(update: Update, _context: ContextTypes.DEFAULT_TYPE) -> None:
        if update.message:
            await update.message.reply_text(update.message.text or "")

    application = ApplicationBuilder().token(token).base_url(f"{api_url}/bot").concurrent_updates(256).build()
    application.add_handler(MessageHandler(filters.TEXT, echo))
    application.run_polling()


async def aiogram(api_url: str, token: str) -> None:
    """Aiogram as it comes."""
    from aiogram import Bot, Dispatcher
    from aiogram.client.session.aiohttp import AiohttpSession
    from aiogram.client.telegram import TelegramAPIServer
    from aiogram.types import Message

    dispatcher = Dispatcher()

    @dispatcher.message()
    async def echo(message: Message) -> None:
        await message.answer(message.text or "")

    session = AiohttpSession(api=TelegramAPIServer.from_base(api_url))
    await dispatcher.start_polling(Bot(token, session=session), polling_timeout=30)


async def taps(api_url: str, token: str) -> None:
    """Aiogram as it comes, which answers a tap as a vote is: with a toast and a changed card. It stores nothing."""
    from aiogram import Bot, Dispatcher
    from aiogram.client.session.aiohttp import AiohttpSession
    from aiogram.client.telegram import TelegramAPIServer
    from aiogram.types import CallbackQuery, InlineKeyboardButton, InlineKeyboardMarkup, Message

    dispatcher, answered = Dispatcher(), count(1)
    buttons = [InlineKeyboardButton(text=one, callback_data=one) for one in CARD_BUTTONS]
    keyboard = InlineKeyboardMarkup(inline_keyboard=[buttons[:2], buttons[2:]])

    @dispatcher.message()
    async def card(message: Message) -> None:
        await message.answer(CARD, reply_markup=keyboard)

    @dispatcher.callback_query()
    async def vote(query: CallbackQuery) -> None:
        await query.answer("Ihre Stimme")
        if isinstance(query.message, Message):
            await query.message.edit_text(f"{CARD} {next(answered)} {'x' * CARD_LENGTH}", reply_markup=keyboard)

    session = AiohttpSession(api=TelegramAPIServer.from_base(api_url))
    await dispatcher.start_polling(Bot(token, session=session), polling_timeout=30)


if __name__ == "__main__":
    kind, url, secret = sys.argv[1:]
    if kind == "ptb":
        ptb(url, secret)
    else:
        asyncio.run({"aiogram": aiogram, "taps": taps}[kind](url, secret))

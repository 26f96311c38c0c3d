"""Bare echo bots to measure beside: ``python -m benchmarks.echo ptb|aiogram API_URL TOKEN``."""

import asyncio
import sys


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


if __name__ == "__main__":
    kind, url, secret = sys.argv[1:]
    if kind == "ptb":
        ptb(url, secret)
    else:
        asyncio.run(aiogram(url, secret))

"""A bot as python-telegram-bot's own examples write one: ``python -m tests.demo.ptb_idioms ADDRESS TOKEN WAY``.

``run_polling`` (WAY is ``polling``) or ``run_webhook`` (WAY is a port), a ConversationHandler, jobs of the JobQueue
that run once and again.
"""

import sys

from telegram import ReplyKeyboardMarkup, ReplyKeyboardRemove, Update
from telegram.ext import (
    Application,
    CommandHandler,
    ContextTypes,
    ConversationHandler,
    MessageHandler,
    filters,
)

Context = ContextTypes.DEFAULT_TYPE
NAME, COLOUR = range(2)


async def begin(update: Update, context: Context) -> int:
    assert update.message
    await update.message.reply_text("Wie heißen Sie?")
    return NAME


async def name(update: Update, context: Context) -> int:
    assert update.message
    assert context.user_data is not None
    context.user_data["name"] = update.message.text
    choice = ReplyKeyboardMarkup([["Rot", "Blau"]], one_time_keyboard=True, input_field_placeholder="Farbe")
    await update.message.reply_text("Welche Farbe?", reply_markup=choice)
    return COLOUR


async def colour(update: Update, context: Context) -> int:
    assert update.message
    assert context.user_data is not None
    text = f"{context.user_data['name']} mag {update.message.text}"
    await update.message.reply_text(text, reply_markup=ReplyKeyboardRemove())
    return ConversationHandler.END


async def cancel(update: Update, context: Context) -> int:
    assert update.message
    await update.message.reply_text("Abgebrochen", reply_markup=ReplyKeyboardRemove())
    return ConversationHandler.END


async def remind(update: Update, context: Context) -> None:
    assert update.message
    assert context.job_queue
    context.job_queue.run_once(reminder, 0.05, chat_id=update.message.chat_id, data="einmal")
    context.job_queue.run_repeating(reminder, 0.05, first=0.1, last=10, chat_id=update.message.chat_id, data="wieder")


async def reminder(context: Context) -> None:
    assert context.job
    assert context.job.chat_id
    await context.bot.send_message(context.job.chat_id, f"Erinnerung: {context.job.data}")


async def quiet(update: Update, context: Context) -> None:
    assert update.message
    assert context.job_queue
    for job in context.job_queue.jobs():
        job.schedule_removal()
    await update.message.reply_text("Still")


def build(address: str, token: str) -> Application:  # type: ignore[type-arg]  # six parameters, none of interest here
    app = Application.builder().token(token).base_url(f"{address}/bot").base_file_url(f"{address}/file/bot").build()
    text = filters.TEXT & ~filters.COMMAND
    talk = ConversationHandler(
        [CommandHandler("start", begin)],
        {NAME: [MessageHandler(text, name)], COLOUR: [MessageHandler(text, colour)]},
        [CommandHandler("abbrechen", cancel)],
    )
    app.add_handlers([talk, CommandHandler("erinnern", remind), CommandHandler("still", quiet)])
    return app


if __name__ == "__main__":
    where, secret, way = sys.argv[1:]
    if way == "polling":
        build(where, secret).run_polling(allowed_updates=Update.ALL_TYPES)
    else:
        build(where, secret).run_webhook(
            port=int(way),
            url_path="hook",
            secret_token="s3cret",
            webhook_url=f"http://127.0.0.1:{way}/hook",
        )

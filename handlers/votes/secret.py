"""Secret votes on the phone: choosing stores nothing; „Verbindlich abgeben" stores what nobody can find again."""

from contextlib import suppress

from telegram.error import TelegramError

from handlers.callbacks import SecretCast, SecretChoose, WithdrawConflict
from handlers.context import Context
from handlers.speech import Message, Row
from handlers.votes.card import card
from handlers.votes.casting import read_back, show_cards
from handlers.votes.deputies import redraw_cards
from handlers.votes.own_paper import own_paper
from handlers.votes.secret_words import counted, label_of
from locales import Markup, Voice, bold
from models.ballot import looking
from models.ballot.casting import Said
from models.ballot.paper import Paper
from models.ballot.rules import Choice, check_not_excluded, check_open, phase
from models.ballot.secret import casting, declaring
from models.refusals import Unfit, Unknown

BACK = "back"


async def choose(context: Context, tap: SecretChoose) -> None:
    """A choice was tapped: show it, with „Verbindlich abgeben". Or „Zurück": show the card."""
    voice, paper = await own_paper(context, tap.vote, tap.mandate)
    if tap.choice == BACK or paper.mark is not None:
        await _show(context, voice, paper, "")
        return
    check_open(paper.vote, context.now)
    check_not_excluded(paper.elector)
    if paper.ballot is not None:
        raise Unfit("conflict declared")
    label = label_of(voice, paper, tap.choice)
    if label is None or not paper.vote.secret:
        raise Unknown
    await context.answer("", _preview(voice, paper, tap, label))


def _preview(voice: Voice, paper: Paper, tap: SecretChoose, label: str) -> Message:
    # Both buttons go round the inbox: what Telegram sends with a tap holds the whole message.
    lines = [
        voice.say("Vote · %(body)s", body=paper.body),
        voice.say("for %(mandate)s", mandate=paper.elector.name),
        bold(paper.vote.title),
        Markup(""),
        voice.say("Your choice: <b>%(choice)s</b> – not cast yet", choice=label),
        Markup(""),
        voice.say("Once cast, a ballot cannot be changed or found again."),
    ]
    rows: list[Row] = [
        [(voice.plain("Cast it for good"), SecretCast(tap.vote, tap.mandate, tap.choice))],
        [(voice.plain("Back"), SecretChoose(tap.vote, tap.mandate, BACK))],
    ]
    return Message("\n".join(lines), rows)


async def cast(context: Context, tap: SecretCast) -> None:
    """„Verbindlich abgeben": into the box first, then said; the message loses the choice."""
    async with context.begin() as session:
        who = await context.actor(session)
        voice = await context.voice(session)
        said = Said(tap.vote, tap.mandate, tap.choice, context.now, context.act.update_id)
        stored = await casting.cast(session, said, who)
        context.act.told = stored.receipt
    await _show_everywhere(context, voice, stored.paper, stored.receipt)


async def cast_again(context: Context, tap: SecretCast) -> None:
    """The ballot is in the box, only Telegram could not be told."""
    voice, paper = await own_paper(context, tap.vote, tap.mandate)
    await _show_everywhere(context, voice, paper, context.act.told)


async def _show_everywhere(context: Context, voice: Voice, paper: Paper, receipt: str) -> None:
    """Also on the cards that reminders brought: one of them may still show a choice."""
    message_id = await _show(context, voice, paper, receipt)
    await redraw_cards(context, paper.mandate_id, but=message_id)


async def _show(context: Context, voice: Voice, paper: Paper, receipt: str) -> int | None:
    """The card as it is now in the place of what was tapped, and what it says as the answer to the tap; its message."""
    said = counted(voice, receipt or paper.mark.receipt or "") if paper.mark else ""
    shown = card(voice, paper, phase(paper.vote, context.now), receipt=receipt)
    message_id = await context.answer(said, shown)
    query = context.incoming.callback_query
    if query and query.message and message_id not in {None, query.message.message_id}:
        # It could not be edited any more, so it was said anew: the old one still shows the choice.
        with suppress(TelegramError):
            await context.bot.delete_message(query.message.chat.id, query.message.message_id)
    return message_id


async def withdraw(context: Context, tap: WithdrawConflict) -> None:
    """„Befangenheit zurücknehmen": stored first, then said."""
    async with context.begin() as session:
        who = await context.actor(session)
        voice = await context.voice(session)
        paper = await declaring.withdraw_conflict(session, tap.vote, tap.mandate, who, context.now)
    await _withdrawn(context, voice, paper)


async def withdraw_again(context: Context, tap: WithdrawConflict) -> None:
    """It was withdrawn before, only not said."""
    voice, paper = await own_paper(context, tap.vote, tap.mandate)
    await _withdrawn(context, voice, paper)


async def _withdrawn(context: Context, voice: Voice, paper: Paper) -> None:
    said = voice.plain("The conflict of interest is withdrawn. You can vote now.")
    await context.answer(said if paper.ballot is None else "", card(voice, paper, phase(paper.vote, context.now)))


async def heard_typed(context: Context, choice: Choice, number: int) -> None:
    """„Ja zu 17": read back in an open vote. In a secret one it is not taken, and goes out of the chat."""
    async with context.read() as session:
        who = await context.actor(session)
        secret = (await looking.find_for(session, number, who, context.now)).secret
    if secret:
        await refuse_typed(context, number)
    else:
        await read_back(context, choice, number)


async def refuse_typed(context: Context, number: int) -> None:
    """A choice in a secret vote is not taken in writing, since what is written is kept; the other way is on paper."""
    async with context.read() as session:
        who = await context.actor(session)
        voice = await context.voice(session)
        await looking.find_for(session, number, who, context.now)
    said = voice.say(
        "Vote no. %(number)s is secret. A vote in writing is not taken there; please tap on the card.", number=number
    )
    # Until it is answered, what was written stands in the store and in the chat: nobody could call that secret.
    said = Markup(f"{said} {voice.say('Whoever cannot tap asks the office for a ballot on paper.')}")
    if not await _removed(context):
        said = Markup(f"{said} {voice.say('Please delete your message yourself.')}")
    await context.say(Message(said))
    await show_cards(context, number)


async def _removed(context: Context) -> bool:
    """Take what somebody wrote out of the chat; False where Telegram does not allow it any more (after 48 hours).

    https://core.telegram.org/bots/api#deletemessage
    """
    message = context.incoming.effective_message
    if message is None:
        return False
    try:
        return await context.bot.delete_message(message.chat.id, message.message_id)
    except TelegramError:
        return False

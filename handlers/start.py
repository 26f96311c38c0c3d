"""Coming in: what the bot can do, whom a code is for, and the privacy notice."""

from handlers.allowance import GROUP
from handlers.callbacks import Claim, Open
from handlers.context import Context
from handlers.menu import set_menu
from handlers.phrases import refusal_text
from handlers.privacy.notice import VERSION, notice
from handlers.roles import role_line
from handlers.speech import Message, Row
from handlers.way_back import office_row
from locales import Markup, Voice, bold, html
from models.actor import Actor, actor
from models.entry import Shown, claim, disown, show_code
from models.office import the_office
from models.refusals import Refusal


async def start(context: Context) -> None:
    """``/start`` and ``/start CODE`` (from a link or a QR code)."""
    code = " ".join(context.args or [])
    if code:
        await show(context, code)
        return
    async with context.begin() as session:
        account = await context.account(session)
        account.notice_version, account.notice_shown_at = VERSION, context.now
        who = await context.actor(session)
        voice = await context.voice(session)
        office = await the_office(session)
    await context.say(welcome(voice, office.name, who))
    await context.say(Message(notice(voice, office.contact)))
    await set_menu(context.bot, who)


async def show(context: Context, code: str) -> None:
    """Whom a code is for, or the sentence that says why it is no good."""
    async with context.begin() as session:
        account = await context.account(session)
        voice = await context.voice(session)
        office = await the_office(session)
        shown = await show_code(session, code, account, context.now)
        if isinstance(shown, Shown):
            account.notice_version, account.notice_shown_at = VERSION, context.now
    if isinstance(shown, Refusal):
        await context.say(Message(html(refusal_text(shown, voice))))
        return
    await context.say(is_this_you(voice, shown, office.contact))


def is_this_you(voice: Voice, shown: Shown, contact: str) -> Message:
    """The question whether the office takes the account for the right person."""
    lines = [voice.say("The office has you down as <b>%(name)s</b>:", name=shown.person.name)]
    lines += [Markup(f"• {role_line(voice, *role)}") for role in shown.roles]
    text = "\n".join(lines) + "\n\n" + notice(voice, contact)
    return Message(
        text,
        [
            [(voice.plain("That is me"), Claim("yes", shown.person.id))],
            [(voice.plain("That is not me"), Claim("no", shown.person.id))],
        ],
    )


async def answer_claim(context: Context, tap: Claim) -> None:
    """„Das bin ich" and „Das bin ich nicht"."""
    async with context.begin() as session:
        account = await context.account(session)
        if tap.answer != "yes":
            await disown(session, tap.person, account, context.now)
            voice = await context.voice(session)
        else:
            person = await claim(session, tap.person, account, context.now)
            await session.flush()
            who = await context.actor(session)
            voice = await context.voice(session)
            office = await the_office(session)
    await context.toast()
    if tap.answer != "yes":
        await context.redraw(Message(voice.say("Thank you. The code is void now, and the office knows.")))
        return
    await context.redraw(Message(voice.say("Welcome, %(name)s. You are in.", name=person.name)))
    await context.say(welcome(voice, office.name, who))
    await set_menu(context.bot, who)


async def claim_again(context: Context, _tap: Claim) -> None:
    """The answer was stored before, only not spoken: say where the account stands now."""
    async with context.read() as session:
        who = await actor(session, context.telegram_id)
        voice = await context.voice(session)
        office = await the_office(session)
    await context.redraw(welcome(voice, office.name, who))
    await set_menu(context.bot, who)


def welcome(voice: Voice, office: str, who: Actor) -> Message:
    """What the bot can do for this person, and the first steps as buttons."""
    lines = [
        bold(office or voice.plain("Regional coordination")),
        voice.say(
            "I answer questions about the directive REGIO AKTIV and show where the answer comes from. Just write."
        ),
        voice.say("I know the deadlines and remind you of them: /deadlines"),
    ]
    rows: list[Row] = [
        [(voice.plain("Deadlines"), Open("deadlines"))],
        [(voice.plain("Choose funding areas"), Open("areas"))],
    ]
    if who.is_member:
        lines.append(voice.say("Votes and invitations that are waiting for you: /open"))
        rows.insert(0, [(voice.plain("What is waiting for me"), Open("open"))])
    if who.staff:
        lines.append(voice.say("Everything the office does: /office"))
        rows.insert(0, office_row(voice))
    lines.append(voice.say("All commands: /help"))
    return Message("\n\n".join(lines), rows)


def _is_for_another_bot(context: Context) -> bool:
    message = context.incoming.effective_message
    command = ((message.text if message else None) or "/").split()[0]
    _, at, name = command.partition("@")
    return bool(at) and name.lower() != context.bot.username.lower()


async def in_a_group(context: Context) -> None:
    """A command in a group: send people to the private chat; no business is done before others."""
    group = context.incoming.effective_chat
    if group is None or _is_for_another_bot(context) or not context.within(GROUP, group.id):
        return
    voice = await context.own_voice()
    link = f"https://t.me/{context.bot.username}"
    await context.say(Message(voice.say("Please write to me in private: %(link)s", link=link)))

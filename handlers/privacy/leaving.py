"""``/loeschen``: what goes and what stays is said first; a second tap does it."""

from handlers.callbacks import Leave
from handlers.context import Context
from handlers.menu import set_menu
from handlers.roles import role_line
from handlers.speech import Message
from handlers.turn import Turn
from locales import N_, Markup, Voice
from models.actor import Actor
from models.office import the_office
from models.privacy import RETENTION_YEARS, Formal, Leaving, erase, leaving
from models.refusals import Unknown

STAYS = {
    Formal.BALLOT: N_("open votes: %(number)s"),
    Formal.HANDOVER: N_("mandates handed over or taken over: %(number)s"),
    Formal.OBJECTION: N_("objections: %(number)s"),
    Formal.ATTENDANCE: N_("attendance and minutes: %(number)s"),
    Formal.OFFICE: N_("acts of the office in votes: %(number)s"),
}


async def ask_to_leave(context: Context) -> None:
    """``/loeschen``: what would go, what would stay and why.

    Raises:
        LastOfStaff: nobody could let in another.
    """
    async with context.read() as session:
        voice = await context.voice(session)
        found = await leaving(session, context.telegram_id)
        years = int((await the_office(session)).settings.get("retention_years", RETENTION_YEARS))
    if not found.known:
        await context.say(nothing_kept(voice))
        return
    lines = [
        voice.say("<b>Delete what is kept about you</b>"),
        voice.say(
            "This is deleted: your Telegram number, your language, reminders and funding areas, your questions, "
            "the texts of all messages to you, half-filled forms, your answers to invitations, your role and "
            "your name."
        ),
    ]
    if found.roles:
        lines.append(
            voice.say("You lose these roles here, and with them every right:\n%(roles)s", roles=_roles(voice, found))
        )
    lines += what_stays(voice, found, years)
    lines.append(voice.say("This cannot be undone. Shall I delete it?"))
    rows = [[(voice.plain("Delete for good"), Leave("yes"))], [(voice.plain("Cancel"), Leave("no"))]]
    await context.say(Message("\n\n".join(lines), rows))


def _roles(voice: Voice, found: Leaving) -> Markup:
    return Markup("\n".join(f"• {role_line(voice, *role)}" for role in found.roles))


def what_stays(voice: Voice, found: Leaving, years: int) -> list[Markup]:
    """What is kept all the same, and why; empty where nothing is."""
    lines = []
    if found.stays:
        acts = [voice.say(STAYS[kind], number=number) for kind, number in sorted(found.stays.items())]
        lines.append(
            voice.plural(
                "This stays with your name for %(number)s year after the act, since a decision must be open to "
                "examination; then the name goes:",
                "This stays with your name for %(number)s years after the act, since a decision must be open to "
                "examination; then the name goes:",
                years,
            )
        )
        lines.append(Markup("\n".join(f"• {one}" for one in acts)))
    if found.watched:
        lines.append(
            voice.say(
                "Your Telegram number alone stays for 30 days, since wrong codes were tried with it. Otherwise a pause "
                "could be got round by deleting."
            )
        )
    return lines


def nothing_kept(voice: Voice) -> Message:
    """Who is not known has nothing to delete."""
    return Message(voice.say("Nothing is kept about you."))


async def leave(context: Context, tap: Leave) -> None:
    """„Endgültig löschen" or „Abbrechen". It is always about who taps, and only in their own chat.

    Raises:
        LastOfStaff: nobody could let in another.
        Unknown: another answer, or a button somewhere else.
    """
    query = context.incoming.callback_query
    room = query.message.chat.id if query and query.message else context.telegram_id
    if tap.answer not in {"yes", "no"} or room != context.telegram_id:
        raise Unknown
    voice = await context.own_voice()
    if tap.answer == "no":
        await context.toast()
        await context.redraw(Message(voice.say("Nothing was deleted.")))
        return
    async with context.begin() as session:
        years = int((await the_office(session)).settings.get("retention_years", RETENTION_YEARS))
        found = await erase(session, context.telegram_id, context.now)
    await context.house.database.rewrite_log()
    await context.toast()
    await context.redraw(gone(voice, found, years) if found.known else nothing_kept(voice))
    await set_menu(context.bot, Actor(context.telegram_id))


def gone(voice: Voice, found: Leaving, years: int) -> Message:
    """It is done: what is left, and what only they themselves can delete."""
    lines = [
        voice.say("Deleted. I do not know you any more."),
        *what_stays(voice, found, years),
        voice.say(
            "Telegram keeps this chat until you delete it there. Copies in the office's backups go with these. If you "
            "write again, we begin anew: /start"
        ),
    ]
    return Message("\n\n".join(lines))


async def left_again(context: Context, _tap: Leave) -> None:
    """It was done before, only not spoken."""
    voice = await context.own_voice()
    await context.redraw(Message(voice.say("Deleted. I do not know you any more.")))


async def left_letter(turn: Turn) -> Message | None:
    """What staff hears: which role nobody fills any more."""
    turn.reader.need_staff()
    voice = turn.voice
    roles = Markup("\n".join(f"• {role_line(voice, *role)}" for role in turn.letter.about["roles"]))
    return Message(
        voice.say(
            "Somebody has deleted their data here and has left:\n%(roles)s\n\nPlease strike the person from "
            "members.csv too; else the next load puts them back on the list.",
            roles=roles,
        )
    )

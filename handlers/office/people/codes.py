"""Codes anew: one in the chat, letters for all who are not in yet as one PDF, or a list for a mail merge.

A code stands in the store as its hash alone. What holds it in clear is said straight into the chat after the commit,
never through the outbox, and carries no button: a tap on one would bring the text back to us in its update
(docs/decisions/0025-codes-in-the-chat.md).
"""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.ext.asyncio import AsyncSession

from handlers.callbacks import OnCodes, OnPerson, PeopleList
from handlers.contact import one_line
from handlers.context import Context
from handlers.office.people.page import person_page
from handlers.office.people.words import role_label, ways_back
from handlers.papers.lists import letters_pdf
from handlers.papers.sheets import csv_file
from handlers.papers.values import Letter, Pass
from handlers.speech import File, Message, Row
from locales import Markup, Voice, choose, html
from models.codes import VALID_DAYS, codes_issued
from models.entry import roles_of
from models.member import Person, Role
from models.office import Office, the_office
from models.people.acts import issue, to_invite
from models.refusals import AlreadyDone, Unknown

# As `invite --missing` writes them, so that a mail merge made for one takes the other.
HEADINGS = ("role", "body", "mandate", "name", "code", "link", "expires")


@dataclass(frozen=True, slots=True)
class Invited:
    """Somebody with the code just issued for them. ``roles``: role, body or sponsor, mandate."""

    person: Person
    roles: Sequence[tuple[str, str, str]]
    code: str


def link_for(bot: str, code: str) -> str:
    """What opens the bot with this code: https://core.telegram.org/api/links#bot-links."""
    return f"https://t.me/{bot}?start={code}"


async def new_code(context: Context, tap: OnPerson) -> None:
    """„Neuer Code": shown once, to who asked for it. A second tap on the same button issues none."""
    try:
        async with context.begin() as session:
            who = await context.actor(session)
            voice = await context.voice(session)
            [(person, code)] = await issue(session, tap.person, tap.seen, who, context.now)
            message = await person_page(context, session, tap.person)
    except AlreadyDone:
        await _issued_before(context, tap.person)
        return
    await context.toast()
    await context.strip()
    await context.say(code_message(voice, person.name, code, context.bot.username, context.now))
    await context.say(message)


def code_message(voice: Voice, name: str, code: str, bot: str, now: datetime) -> Message:
    """The code, its link and its last day. No button, see above."""
    lines = [
        voice.say("<b>Code for %(name)s</b>", name=name),
        Markup(f"<code>{html(code)}</code>"),
        html(link_for(bot, code)),
        voice.say("Valid until %(moment)s, for one use.", moment=_until(voice, now)),
        voice.say(
            "Codes issued before stay valid until one of them is used. I cannot show this one again. Please pass it on "
            "to nobody else, and do not reply to this message."
        ),
    ]
    return Message("\n\n".join(lines))


async def _issued_before(context: Context, number: int) -> None:
    async with context.read() as session:
        voice = await context.voice(session)
        message = await person_page(context, session, number)
    await context.toast(voice.plain("A code was issued just now. For another one please tap “New code” once more."))
    await context.redraw(message)


def _until(voice: Voice, now: datetime) -> str:
    return voice.moment(now + timedelta(days=VALID_DAYS))


# --- letters and the list


async def ask_for_files(context: Context, tap: OnCodes) -> None:
    """What making letters means, before it is done.

    Raises:
        Unknown: nobody is missing, or this person is in, or is no more.
    """
    async with context.read() as session:
        message = await _question(context, session, tap.person)
    await context.toast()
    await context.say(message)


async def _question(context: Context, session: AsyncSession, number: int) -> Message:
    (await context.actor(session)).need_staff()
    voice = await context.voice(session)
    people = await to_invite(session, number)
    if not people:
        raise Unknown
    seen = await codes_issued(session, number or None)
    lines = [
        voice.plural("%(number)s new code will be issued", "%(number)s new codes will be issued", len(people)),
        voice.say("valid until %(moment)s, for one use.", moment=_until(voice, context.now)),
    ]
    text = Markup(
        ", ".join(lines)
        + "\n\n"
        + voice.say(
            "What I issue stands in the file alone; I keep no code. So please print or save it at once, and delete it "
            "from this chat afterwards. Codes issued before stay valid until one of them is used."
        )
    )
    pdf = voice.plain("Make the letters (PDF)") if len(people) > 1 else voice.plain("Make the letter (PDF)")
    rows: list[Row] = [[(pdf, OnCodes(number, "pdf", seen))]]
    if not number:
        rows.append([(voice.plain("List for a mail merge (CSV)"), OnCodes(number, "csv", seen))])
    back = OnPerson(number, "show") if number else PeopleList("missing")
    return Message(text, [*rows, [(voice.plain("Back"), back)]])


async def make_file(context: Context, tap: OnCodes) -> None:
    """Issue the codes, then make the file of them. What a second tap would make anew is asked again.

    Raises:
        NotEntitled, Unknown: as for ``ask_for_files``.
    """
    try:
        async with context.begin() as session:
            who = await context.actor(session)
            voice = await context.voice(session)
            issued = await issue(session, tap.person, tap.seen, who, context.now)
            invited = [Invited(one, await roles_of(session, one.id), code) for one, code in issued]
            office = await the_office(session)
    except AlreadyDone:
        await asked_again(context, tap)
        return
    await context.toast()
    await context.strip()
    bot = context.bot.username
    if tap.act == "csv":
        file = File(voice.plain("invitations.csv"), _csv(voice, invited, bot, context.now))
    else:
        # Beside the chats: a letter takes long enough to be felt by whoever taps meanwhile.
        file = File(
            voice.plain("invitation-letters.pdf"),
            await asyncio.to_thread(pdf, voice, invited, office, bot, context.now),
        )
    await context.say(Message(_done(voice, len(invited)), [ways_back(voice)], [file]))


def _done(voice: Voice, many: int) -> Markup:
    return voice.plural(
        "%(number)s code was issued; it stands in the file below and nowhere else.",
        "%(number)s codes were issued; they stand in the file below and nowhere else.",
        many,
    )


async def asked_again(context: Context, tap: OnCodes) -> None:
    """Codes were issued meanwhile: by the same button, by a colleague, or by us before we were interrupted."""
    async with context.read() as session:
        voice = await context.voice(session)
        message = await _question(context, session, tap.person)
    said = voice.plain("Codes were issued just now. If you have no file, or want others, please tap once more.")
    await context.toast(said, alert=True)
    await context.redraw(message)


def _csv(voice: Voice, invited: Sequence[Invited], bot: str, now: datetime) -> bytes:
    expires = voice.stamp(now + timedelta(days=VALID_DAYS))
    rows = []
    for one in invited:
        role, place, mandate = one.roles[0]
        body, named = ("", place) if role == Role.SPONSOR else (place, mandate)
        rows.append((role, body, named, one.person.name, one.code, link_for(bot, one.code), expires))
    return csv_file([HEADINGS, *rows])


def pdf(voice: Voice, invited: Sequence[Invited], office: Office, bot: str, now: datetime) -> bytes:
    """The letters, a page each, in each one's language."""
    official = Voice("de", voice.zone)
    spoken = [Voice(choose(one.person.language or official.language, office.languages), voice.zone) for one in invited]
    letters = [_letter(own, one, office, bot, now) for own, one in zip(spoken, invited, strict=True)]
    return letters_pdf(letters, official.plain("Invitation letters"), official)


def _letter(voice: Voice, one: Invited, office: Office, bot: str, now: datetime) -> Letter:
    contact = one_line(office.contact)
    roles = "; ".join(
        " · ".join(part for part in (role_label(voice, Role(role)), *place) if part) for role, *place in one.roles
    )
    return Letter(
        office=office.name,
        sender=" · ".join(part for part in (office.name, contact) if part),
        address=[one.person.name, *([one.roles[0][2] or one.roles[0][1]] if one.roles else [])],
        title=voice.plain("Your way into the assistant of the ReKo"),
        written_on=now,
        text="\n".join(
            [
                voice.plain("Good day %(name)s,", name=one.person.name),
                voice.plain(
                    "invitations, votes, deadlines and information on the directive now also reach you on your "
                    "telephone. With the office you are listed as: %(roles)s.",
                    roles=roles,
                ),
            ]
        ),
        points=[
            voice.printed("Install the app Telegram on your telephone. It costs nothing."),
            voice.printed(
                "Point the camera of the telephone at the picture below and open the link. Or look for @%(bot)s in "
                "Telegram, tap “Start” and type the code.",
                bot=bot,
            ),
            voice.printed("Read whom the office takes you for, and tap “That is me”."),
        ],
        points_title=voice.plain("Three steps"),
        entry=Pass(
            link_for(bot, one.code),
            voice.plain("QR code that opens the assistant in Telegram with your code"),
            voice.plain("Your code"),
            one.code,
            [
                voice.printed(
                    "Valid until %(moment)s, for one use.", moment=voice.moment(now + timedelta(days=VALID_DAYS))
                ),
                voice.printed("It is for you alone. Please pass it on to nobody."),
            ],
        ),
        closing=_closing(voice, contact),
        signed=office.name,
        contact=contact,
        language=voice.language,
    )


def _closing(voice: Voice, contact: str) -> str:
    other = voice.plain("You would rather not use Telegram? Then everything goes as before, and counts the same.")
    if contact:
        other += " " + voice.plain("Reach us here: %(contact)s.", contact=contact)
    return "\n".join([other, voice.plain("Kind regards")])

"""The privacy notice: five lines at the start, the whole on demand (Art. 13 GDPR). What was shown when is kept."""

from typing import Any

from handlers.contact import one_line
from handlers.context import Context, EffectHadBeforeError
from handlers.speech import Message
from locales import Markup, Voice
from models.member import Account
from models.office import Office, the_office
from models.privacy import RETENTION_YEARS
from models.privacy.rules import TEXT_MONTHS

# Changed with the wording; a test holds the one to the other.
VERSION = "2026-12"


def notice(voice: Voice, contact: str) -> Markup:
    """The privacy notice in five lines."""
    lines = [
        voice.say("<b>Privacy in short</b>"),
        voice.say(
            "1. What is stored: your Telegram number, your name as the office knows it, your role and your answers."
        ),
        voice.say("2. No telephone numbers. Please send no data of participants."),
        voice.say("3. Telegram, a company outside the EU, sees every message here. Using the bot is voluntary."),
        voice.say("4. All of this also works by telephone or e-mail: %(contact)s", contact=one_line(contact) or "–"),
        voice.say("5. The whole notice: /privacy. Your data: /mydata. Delete it: /delete."),
    ]
    return Markup("\n".join(lines))


async def whole_notice(context: Context) -> None:
    """``/datenschutz``: the whole notice. To whom it was shown is noted, where there is an account."""
    async with context.read() as session:
        voice = await context.voice(session)
        office = await the_office(session)
        known = (await context.actor(session)).known
    if known:
        await _note(context)
    await context.say(Message(whole(voice, office)))


async def _note(context: Context) -> None:
    try:
        async with context.begin() as session:
            account = await session.get(Account, context.telegram_id)
            if account is not None:
                account.notice_version, account.notice_shown_at = VERSION, context.now
    except EffectHadBeforeError:
        return  # noted before, only not spoken


def whole(voice: Voice, office: Office) -> Markup:
    """The whole notice, with what the office has said of itself."""
    settings: dict[str, Any] = office.settings
    contact = one_line(office.contact)
    paragraphs = [
        voice.say("<b>Privacy notice (Art. 13 GDPR), version %(version)s</b>", version=VERSION),
        voice.say(
            "<b>Who is responsible.</b> %(controller)s. Data protection officer: %(officer)s",
            controller=one_line(settings.get("controller", "")) or f"{office.name}, {contact}",
            officer=one_line(settings.get("privacy_officer", "")) or voice.plain("please ask the office"),
        ),
        voice.say(
            "<b>What is kept.</b> Your Telegram number and language; your name and role as the office knows them; your "
            "votes, answers to invitations and the deputies you name; your reminders; your questions and what I have "
            "written to you. No telephone number, no profile picture, no data of participants. I refuse those."
        ),
        voice.say(
            "<b>What for, and by what right.</b> To answer questions, to remind of deadlines, to invite to meetings "
            "and to hold votes. Legal basis: %(basis)s",
            basis=settings.get("legal_basis", "") or voice.plain("the office tells you on request."),
        ),
        voice.say(
            "<b>Who sees it.</b> The office. Members see names of voters only where the rules of the body say so. "
            "How you voted in a secret vote is seen by nobody. Auditors see the decisions, where the law asks for it."
        ),
        voice.say(
            "<b>Telegram.</b> The messages pass through the servers of Telegram, a company outside the EU. It sees "
            "what is written here and keeps it by its own rules. Ordinary chats are not end-to-end encrypted. "
            "Supervisory authorities advise public bodies against it. So use is voluntary, and nothing confidential "
            "belongs here."
        ),
        _how_long(voice, settings),
        voice.say(
            "<b>Your rights.</b> Information: /mydata. Erasure: /delete. Correction, restriction and objection: "
            "ask the office. You may complain to %(authority)s.",
            authority=settings.get("authority", "")
            or voice.plain("the data protection commissioner of Sachsen-Anhalt"),
        ),
        voice.say("<b>No decision about you is made by a machine alone.</b> Votes are counted by the body's rules."),
        voice.say(
            "<b>You do not have to use it.</b> You can do the same by telephone or e-mail, without any drawback: "
            "%(contact)s",
            contact=contact or "–",
        ),
    ]
    return Markup("\n\n".join(paragraphs))


def _how_long(voice: Voice, settings: dict[str, Any]) -> Markup:
    months = int(settings.get("text_months", TEXT_MONTHS))
    years = int(settings.get("retention_years", RETENTION_YEARS))
    lines = [
        voice.say("<b>How long.</b> What you write leaves the list of incoming messages once it is answered."),
        voice.plural(
            "Texts of questions and messages: %(number)s month.", "Texts of questions and messages: %(number)s months.",
            months,
        ),
        voice.say("The last question, so that you can follow it up: ten minutes. Codes: 30 days after they expire."),
        voice.plural(
            "Formal acts (open votes, deputies, attendance, minutes): your name for %(number)s year after the act.",
            "Formal acts (open votes, deputies, attendance, minutes): your name for %(number)s years after the act.",
            years,
        ),
        voice.say("Everything else until you delete it."),
    ]  # fmt: skip
    return Markup(" ".join(lines))

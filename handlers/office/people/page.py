"""A person's page: who it is, whether they are in, and what can be done."""

from sqlalchemy.ext.asyncio import AsyncSession

from handlers.callbacks import OnCodes, OnPerson, Open, Tap
from handlers.context import Context
from handlers.general import NAMES
from handlers.office.people.words import STATES, paired, role_words, ways_back
from handlers.speech import Message
from locales import Markup, Voice, bold
from models.actor import Actor
from models.member import Role
from models.people.looking import Portrait, State, portrait

MOST_FORMER = 5


async def person_page(context: Context, session: AsyncSession, person_id: int) -> Message:
    """The page as it is now; for staff.

    Raises:
        NotEntitled: for everyone else.
        Unknown: there is no such person.
    """
    who: Actor = await context.actor(session)
    who.need_staff()
    return page_message(await context.voice(session), await portrait(session, person_id, context.now))


def page_message(voice: Voice, one: Portrait) -> Message:
    """Name, state, roles, language, and the buttons."""
    lines = [bold(one.person.name)]
    if one.person.former_names:
        lines.append(voice.say("formerly: %(names)s", names=", ".join(one.person.former_names)))
    lines += [_state(voice, one), Markup("")]
    lines += [Markup(f"• {role_words(voice, role)}") for role in one.roles]
    if not one.roles:
        lines.append(voice.say("No role at present."))
    if one.former:
        lines += [Markup(""), voice.say("Formerly:")]
        lines += [
            voice.say("• %(role)s (until %(day)s)", role=role_words(voice, role), day=voice.day(role.ended_at))
            for role in one.former[-MOST_FORMER:]
            if role.ended_at
        ]
    if one.state is not State.IN and (answers := _answers(voice, {role.role for role in one.roles})):
        lines += [Markup(""), answers]
    return Message("\n".join(lines), [*paired(_buttons(voice, one)), ways_back(voice)])


def _state(voice: Voice, one: Portrait) -> Markup:
    words = voice.say(STATES[one.state])
    if one.state is State.IN and one.person.came_in_at:
        words = voice.say("in since %(day)s", day=voice.day(one.person.came_in_at))
    parts = [words]
    if one.language:
        parts.append(voice.say("Language: %(language)s", language=NAMES.get(one.language, one.language)))
    if one.valid_until:
        valid = voice.plural(
            "%(number)s code valid until %(moment)s",
            "%(number)s codes valid, the last until %(moment)s",
            one.valid_codes,
            moment=voice.moment(one.valid_until),
        )
        return Markup(" · ".join(parts) + f"\n{valid}")
    return Markup(" · ".join(parts))


def _answers(voice: Voice, held: set[Role]) -> Markup:
    """Where the office enters what somebody answers who does not use the bot."""
    if Role.MEMBER in held:
        return voice.say(
            "What this person answers on paper or by telephone you enter under the vote (“Paper or telephone”) or the "
            "meeting (“Enter an answer”)."
        )
    if held & {Role.ADVISER, Role.GUEST}:
        return voice.say(
            "What this person answers on paper or by telephone you enter under the meeting (“Enter an answer”)."
        )
    return Markup("")


def _buttons(voice: Voice, one: Portrait) -> list[tuple[str, Tap]]:
    number = one.person.id
    buttons: list[tuple[str, Tap]] = []
    if one.roles and one.state is not State.WITHOUT:
        buttons.append((voice.plain("New code"), OnPerson(number, "code", one.codes)))
    if one.roles and one.state is State.MISSING:
        buttons.append((voice.plain("Letter (PDF)"), OnCodes(number, "ask", one.codes)))
        buttons.append((voice.plain("Without Telegram"), OnPerson(number, "without")))
    if one.state is State.WITHOUT:
        buttons.append((voice.plain("With Telegram"), OnPerson(number, "with")))
    buttons.append((voice.plain("Add a role"), OnPerson(number, "role")))
    if one.roles:
        buttons.append((voice.plain("Change the role"), OnPerson(number, "change")))
    if any(role.role is Role.MEMBER for role in one.roles):
        buttons.append((voice.plain("Move the mandate"), OnPerson(number, "move")))
    buttons.append((voice.plain("Change the name"), OnPerson(number, "rename")))
    if one.roles:
        buttons.append((voice.plain("End a membership"), OnPerson(number, "end")))
    held = {role.role for role in one.roles}
    if one.state is not State.IN and Role.MEMBER in held:
        buttons.append((voice.plain("Votes and results"), Open("votes")))
    if one.state is not State.IN and held & {Role.MEMBER, Role.ADVISER, Role.GUEST}:
        buttons.append((voice.plain("Meetings"), Open("meetings")))
    return buttons

"""What somebody hears when a role of theirs begins or ends."""

from sqlalchemy.ext.asyncio import AsyncSession

from handlers.callbacks import Open
from handlers.contact import other_way
from handlers.office.people.words import role_words
from handlers.speech import Message
from handlers.turn import Turn, Wording
from models.member import Membership, Person, Role
from models.office import the_office
from models.people.looking import Listed, listed


async def _role(session: AsyncSession, turn: Turn) -> Listed | None:
    """The role it is about, where this account still is the person's."""
    found = await listed(session, Membership.id == turn.letter.about["membership"], ended=True)
    if not found:
        return None
    person = await session.get_one(Person, found[0].person_id)
    return found[0] if person.telegram_id == turn.letter.telegram_id else None


async def _begun(turn: Turn) -> Message | None:
    role, voice = await _role(turn.session, turn), turn.voice
    if role is None or role.ended_at is not None:
        return None
    lines = [voice.say("The office has entered this role for you:\n<b>%(role)s</b>", role=role_words(voice, role))]
    match role.role:
        case Role.STAFF:
            lines.append(voice.say("Everything the office does: /office"))
            button = (voice.plain("Office"), Open("office"))
        case Role.SPONSOR:
            lines.append(voice.say("Deadlines that are for your organisation alone now stand under /deadlines too."))
            button = (voice.plain("Deadlines"), Open("deadlines"))
        case _:
            lines.append(voice.say("Votes and invitations that are waiting for you: /open"))
            button = (voice.plain("What is waiting for me"), Open("open"))
    return Message("\n\n".join([*lines, await _if_wrong(turn)]), [[button]])


async def _ended(turn: Turn) -> Message | None:
    role, voice = await _role(turn.session, turn), turn.voice
    if role is None or role.ended_at is None:
        return None
    lines = [
        voice.say("The office has ended this role of yours:\n<b>%(role)s</b>", role=role_words(voice, role)),
        voice.say("Its rights have ended with it; ballots that you cast stay. Questions I answer as before."),
    ]
    return Message("\n\n".join([*lines, await _if_wrong(turn)]))


async def _if_wrong(turn: Turn) -> str:
    contact = (await the_office(turn.session)).contact
    if not contact:
        return turn.voice.say("Is that not right? Please tell the office: /contact")
    return turn.voice.say("Is that not right? Please tell the office.") + " " + other_way(turn.voice, contact)


PEOPLE_LETTERS: dict[str, Wording] = {"role_begun": _begun, "role_ended": _ended}

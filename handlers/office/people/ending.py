"""The forms „Mitgliedschaft beenden" and „Mandat übergeben": what it means is said before it is done."""

from handlers.callbacks import OnPerson
from handlers.forms.shape import Ask, Desk, Form, Question
from handlers.office.people.adding import PREVIEW, done
from handlers.office.people.asking import (
    CALLED,
    bulleted,
    menus_follow,
    read_name,
    what_ends,
    which_membership,
)
from handlers.office.people.words import role_words, then_and_now, ways_back
from handlers.speech import Message
from locales import N_, Markup, bold, html
from models.member import Role
from models.people import acts, looking
from models.people.looking import role_held
from models.people.meaning import meaning_of_end
from models.refusals import Unfit
from models.roster import deputies_of

# --- „Mitgliedschaft beenden"


async def _which(desk: Desk) -> Ask:
    return await which_membership(desk, desk.voice.say("Which role ends?"))


async def _preview_end(desk: Desk) -> Message:
    role, voice = await role_held(desk.session, desk.answers["membership"]), desk.voice
    await acts.check_may_end(desk.session, role.membership_id)
    notes = what_ends(voice, await meaning_of_end(desk.session, role, desk.now))
    if role.role is Role.MEMBER:
        notes.append(voice.say("The mandate is vacant then. If a successor is known, “Move the mandate” does both."))
    lines = [voice.say("<b>Preview</b> – this ends:"), Markup(""), bold(role.name), role_words(voice, role), Markup("")]
    return Message("\n".join([*lines, bulleted(notes)]))


async def _end(desk: Desk) -> Message:
    person = await acts.end(desk.session, desk.answers["membership"], desk.actor, desk.now)
    voice = desk.voice
    rows = [[(voice.plain("Show the person"), OnPerson(person.id, "show"))], ways_back(voice)]
    return Message(voice.say("Ended. %(name)s no longer has the role.", name=person.name), rows)


END_MEMBERSHIP = Form(
    "person_end",
    N_("End a membership"),
    N_("End it"),
    (Question("membership", _which),),
    _preview_end,
    _end,
    afterwards=menus_follow,
)


# --- „Mandat übergeben"


async def _which_mandate(desk: Desk) -> Ask:
    return await which_membership(desk, desk.voice.say("Which mandate?"), Role.MEMBER)


async def _to_whom(desk: Desk) -> Ask:
    role = await role_held(desk.session, desk.answers["membership"])
    deputies = await deputies_of(desk.session, role.mandate_id) if role.mandate_id is not None else []
    text = desk.voice.say("Who holds %(mandate)s from now on? Write first and last name.", mandate=role.mandate)
    if deputies:
        text = desk.voice.say(
            "Who holds %(mandate)s from now on? Tap the deputy, or write first and last name.", mandate=role.mandate
        )
    return Ask(text, [(one.name, one.name) for one in deputies])


async def _check_successor(desk: Desk, name: str) -> None:
    if name == desk.answers[CALLED]:
        raise Unfit("same holder")


async def _preview_move(desk: Desk) -> Message:
    role, voice, name = await role_held(desk.session, desk.answers["membership"]), desk.voice, desk.answers["name"]
    person = await looking.called(desk.session, name)
    lines = [
        voice.say(PREVIEW),
        Markup(""),
        html(f"{role.mandate} · {role.body}"),
        *then_and_now(voice, role.name, name),
        Markup(""),
    ]
    notes = what_ends(voice, await meaning_of_end(desk.session, role, desk.now))
    if person is None:
        notes.append(voice.say("%(name)s is new on the lists. The code comes next.", name=name))
    elif person.telegram_id is not None:
        notes.append(voice.say("%(name)s is told, and asked to what is open for the mandate.", name=name))
    if person and role.mandate_id and person.id in {one.id for one in await deputies_of(desk.session, role.mandate_id)}:
        notes.append(voice.say("%(name)s is its deputy no longer.", name=name))
    return Message("\n".join([*lines, bulleted(notes)]))


async def _move(desk: Desk) -> Message:
    role = await role_held(desk.session, desk.answers["membership"])
    person = await acts.move(desk.session, role.membership_id, desk.answers["name"], desk.actor, desk.now)
    said = desk.voice.say("%(name)s holds %(mandate)s now.", name=person.name, mandate=role.mandate)
    return await done(desk, person, said)


MOVE_MANDATE = Form(
    "person_move",
    N_("Move the mandate"),
    N_("Move it"),
    (Question("membership", _which_mandate), Question("name", _to_whom, read_name, check=_check_successor)),
    _preview_move,
    _move,
    afterwards=menus_follow,
)

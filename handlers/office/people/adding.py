"""The forms „Person hinzufügen", „Rolle hinzufügen", „Rolle ändern", „Name ändern", and „Suchen"."""

from handlers.callbacks import OnCodes, OnPerson, Open
from handlers.forms.shape import Ask, Desk, Form, Question, a_line
from handlers.office.people.asking import (
    CALLED,
    PERSON,
    ROLE_QUESTIONS,
    bulleted,
    listing_of,
    listing_words,
    menus_follow,
    read_name,
    what_begins,
    what_ends,
    which_membership,
)
from handlers.office.people.listing import MOST_FOUND, found_labels
from handlers.office.people.page import page_message
from handlers.office.people.words import then_and_now, ways_back
from handlers.speech import Message, Row
from locales import N_, Markup, Voice, bold
from models.codes import codes_issued
from models.member import Membership, Person
from models.people import acts, looking
from models.people.looking import State, role_held, state_of
from models.people.meaning import meaning_of_end
from models.people.rules import same_name
from models.refusals import Unfit
from models.roster import Listing

PREVIEW = N_("<b>Preview</b> – this is what is entered:")


# --- „Person hinzufügen" and „Rolle hinzufügen"


async def _name(desk: Desk) -> Ask:
    return Ask(desk.voice.say("First and last name? As it is to stand in lists and letters."))


async def _check_role_is_new(desk: Desk, name: str) -> None:
    person = await looking.called(desk.session, name)
    if person is None:
        return
    listing = await listing_of(desk, name)
    held = await looking.listed(desk.session, Membership.person_id == person.id)
    if any((one.role, one.body, one.mandate) == (listing.role, listing.body, listing.mandate) for one in held):
        raise Unfit("has role")


async def _preview(desk: Desk, name: str) -> Message:
    await _check_role_is_new(desk, name)
    voice, listing = desk.voice, await listing_of(desk, name)
    person = await looking.called(desk.session, name)
    lines = [voice.say(PREVIEW), Markup(""), bold(name), listing_words(voice, listing), Markup("")]
    notes = [await _who_it_is(desk, name, person), *await what_begins(desk, listing, person)]
    return Message("\n".join([*lines, bulleted(notes)]))


async def _who_it_is(desk: Desk, name: str, person: Person | None) -> Markup:
    voice = desk.voice
    if person is None:
        return voice.say("New on the lists. The code comes next.")
    roles = await looking.listed(desk.session, Membership.person_id == person.id)
    if roles:
        return voice.say("%(name)s is on the lists already and gets this role too.", name=name)
    return voice.say("%(name)s was on the lists before and comes back.", name=name)


async def _preview_person(desk: Desk) -> Message:
    return await _preview(desk, desk.answers["name"])


async def _add_person(desk: Desk) -> Message:
    person = await acts.add(desk.session, await listing_of(desk, desk.answers["name"]), desk.actor, desk.now)
    return await done(desk, person, desk.voice.say("%(name)s is entered.", name=person.name), another=True)


async def done(desk: Desk, person: Person, said: Markup, *, another: bool = False) -> Message:
    """What was done, the code where it is still needed, and the ways on."""
    voice, seen = desk.voice, await codes_issued(desk.session, person.id)
    rows: list[Row] = []
    if state_of(person) is State.MISSING and await acts.to_invite(desk.session, person.id):
        said = Markup(f"{said}\n{_how_in(voice)}")
        rows.append([(voice.plain("New code"), OnPerson(person.id, "code", seen))])
        rows.append([(voice.plain("Letter (PDF)"), OnCodes(person.id, "ask", seen))])
    rows.append([(voice.plain("Show the person"), OnPerson(person.id, "show"))])
    if another:
        rows.append([(voice.plain("Add another person"), Open("new_person"))])
    return Message(said, [*rows, ways_back(voice)])


def _how_in(voice: Voice) -> Markup:
    return voice.say("Not in yet: here is the code, or a letter with it. Both can be had later too.")


NEW_PERSON = Form(
    "person",
    N_("Add a person"),
    N_("Enter"),
    (*ROLE_QUESTIONS, Question("name", _name, read_name, check=_check_role_is_new)),
    _preview_person,
    _add_person,
    afterwards=menus_follow,
)


async def _preview_role(desk: Desk) -> Message:
    return await _preview(desk, desk.answers[CALLED])


async def _add_role(desk: Desk) -> Message:
    person = await acts.add(desk.session, await listing_of(desk, desk.answers[CALLED]), desk.actor, desk.now)
    return await done(desk, person, desk.voice.say("%(name)s has the role.", name=person.name))


ADD_ROLE = Form(
    "person_role",
    N_("Add a role"),
    N_("Enter"),
    ROLE_QUESTIONS,
    _preview_role,
    _add_role,
    afterwards=menus_follow,
)


# --- „Rolle ändern"


async def _which(desk: Desk) -> Ask:
    return await which_membership(desk, desk.voice.say("Which role changes?"))


async def _preview_change(desk: Desk) -> Message:
    voice, name = desk.voice, desk.answers[CALLED]
    role = await role_held(desk.session, desk.answers["membership"])
    await acts.check_may_end(desk.session, role.membership_id)
    listing = await listing_of(desk, name)
    if (role.role, role.body, role.mandate) == (listing.role, listing.body, listing.mandate):
        raise Unfit("same role")
    await _check_role_is_new(desk, name)
    person = await desk.session.get_one(Person, role.person_id)
    lines = [
        voice.say(PREVIEW),
        Markup(""),
        bold(name),
        *then_and_now(voice, listing_words(voice, _as_listing(role)), listing_words(voice, listing)),
        Markup(""),
    ]
    meaning = await meaning_of_end(desk.session, role, desk.now)
    notes = [*what_ends(voice, meaning, goes_on=True), *await what_begins(desk, listing, person)]
    return Message("\n".join([*lines, bulleted(notes)]))


def _as_listing(role: looking.Listed) -> Listing:
    return Listing(role.role, role.name, role.body, role.mandate)


async def _change(desk: Desk) -> Message:
    listing = await listing_of(desk, desk.answers[CALLED])
    person = await acts.change(desk.session, desk.answers["membership"], listing, desk.actor, desk.now)
    return await done(desk, person, desk.voice.say("The role of %(name)s is changed.", name=person.name))


CHANGE_ROLE = Form(
    "person_change",
    N_("Change the role"),
    N_("Enter"),
    (Question("membership", _which), *ROLE_QUESTIONS),
    _preview_change,
    _change,
    afterwards=menus_follow,
)


# --- „Name ändern"


async def _new_name(desk: Desk) -> Ask:
    desk.actor.need_staff()
    return Ask(desk.voice.say("What is %(name)s called from now on?", name=desk.answers[CALLED]))


async def _check_name(desk: Desk, name: str) -> None:
    if name == desk.answers[CALLED]:
        raise Unfit("same name")
    other = await looking.called(desk.session, name)
    if other is not None and other.id != desk.answers[PERSON]:
        raise Unfit("name taken")


async def _preview_name(desk: Desk) -> Message:
    voice, before, name = desk.voice, desk.answers[CALLED], desk.answers["name"]
    notes = [
        voice.say("The new name stands everywhere from now on, with former ballots and meetings too."),
        voice.say("Papers that were sent, and the record of votes, stay as they are; the record knows numbers only."),
        voice.say("A members.csv that still has the former name means the same person."),
    ]
    if not same_name(before.split()[-1], name.split()[-1]) and not same_name(before.split()[0], name.split()[0]):
        notes.append(voice.say("Another person? Then please use “Move the mandate” instead."))
    lines = [voice.say(PREVIEW), Markup(""), *then_and_now(voice, before, name)]
    return Message("\n".join([*lines, "", bulleted(notes)]))


async def _rename(desk: Desk) -> Message:
    name = desk.answers["name"]
    await acts.rename(desk.session, desk.answers[PERSON], name, desk.actor)
    person = await desk.session.get_one(Person, desk.answers[PERSON])
    return await done(desk, person, desk.voice.say("The name is changed: %(name)s", name=name))


CHANGE_NAME = Form(
    "person_name",
    N_("Change the name"),
    N_("Enter"),
    (Question("name", _new_name, a_line, check=_check_name),),
    _preview_name,
    _rename,
)


# --- „Suchen"


async def _typed(desk: Desk) -> Ask:
    desk.actor.need_staff()
    return Ask(desk.voice.say("Whom are you looking for? Part of a name or of a mandate is enough."))


async def _check_found(desk: Desk, typed: str) -> None:
    if not await looking.find(desk.session, typed):
        raise Unfit("nobody found")


async def _which_one(desk: Desk) -> Ask:
    found, voice = await looking.find(desk.session, desk.answers["typed"]), desk.voice
    if not found:
        raise Unfit("nobody found")
    text = voice.plural("%(number)s person found.", "%(number)s people found.", len(found))
    if len(found) > MOST_FOUND:
        text = Markup(f"{text} " + voice.say("These are the first. To narrow it down, tap “Back” and write more."))
    return Ask(text, found_labels(voice, found))


async def _show(desk: Desk) -> Message:
    return page_message(desk.voice, await looking.portrait(desk.session, desk.answers[PERSON], desk.now))


FIND_PERSON = Form(
    "find_person",
    N_("Look for a person"),
    N_("Show the person"),
    (Question("typed", _typed, a_line, check=_check_found), Question(PERSON, _which_one)),
    _show,
    _show,
    looks_up=True,
)

"""The questions that several forms about people put: which role, which body, which mandate, and what that means."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select

from handlers.context import Context
from handlers.forms.parts import which_body
from handlers.forms.shape import Ask, Desk, Question, a_line
from handlers.menu import set_menu
from handlers.office.people.words import role_label
from handlers.roles import role_line
from locales import Markup, Voice
from models.actor import actor
from models.member import Membership, Person, Role
from models.office import Body, Mandate
from models.people import looking
from models.people.acts import known_place
from models.people.looking import Listed
from models.people.meaning import Meaning
from models.refusals import Unfit
from models.roster import WITH_BODY, WITH_MANDATE, Listing, holder_of

PERSON, CALLED = "person", "called"  # whom a form is about, and what they are called
ROLES_IN_ORDER = (Role.MEMBER, Role.DEPUTY, Role.ADVISER, Role.GUEST, Role.SPONSOR, Role.STAFF)


async def _which_role(desk: Desk) -> Ask:
    desk.actor.need_staff()
    choices = [(role_label(desk.voice, one), str(one)) for one in ROLES_IN_ORDER]
    return Ask(desk.voice.say("Which role?"), choices)


async def _which_body(desk: Desk) -> Ask | None:
    return await which_body(desk) if Role(desk.answers["role"]) in WITH_BODY else None


async def _which_mandate(desk: Desk) -> Ask | None:
    role, voice = Role(desk.answers["role"]), desk.voice
    if role not in WITH_MANDATE:
        return None
    if role is Role.SPONSOR:
        names = await looking.places(desk.session, role, None)
        return Ask(voice.say("Which sponsor? Tap, or write the name."), [(one, one) for one in names])
    body_id = desk.answers["body"]
    if role is Role.DEPUTY:
        names = await looking.places(desk.session, role, body_id)
        if not names:
            raise Unfit("no mandates")
        return Ask(voice.say("Deputy for which mandate?"), [(one, one) for one in names], must_be_tapped=True)
    vacant = await looking.vacant_mandates(desk.session, body_id)
    text = voice.say(
        "Which mandate? Write its name; one that is not there yet is made. For one that somebody holds, tap “Move the "
        "mandate” on the holder's page."
    )
    if vacant:
        text = voice.say(
            "Which mandate? Tap a vacant one, or write its name; one that is not there yet is made. For one that "
            "somebody holds, tap “Move the mandate” on the holder's page."
        )
    return Ask(text, [(one, one) for one in vacant])


async def _read_mandate(desk: Desk, entry: str) -> str:
    return await known_place(desk.session, Role(desk.answers["role"]), desk.answers.get("body"), a_line(desk, entry))


async def _check_mandate(desk: Desk, name: str) -> None:
    role = Role(desk.answers["role"])
    if role is Role.SPONSOR:
        return
    mandate = await _mandate(desk, name)
    if role is Role.DEPUTY and mandate is None:
        raise Unfit("unknown mandate")
    if role is Role.MEMBER and mandate is not None and await holder_of(desk.session, mandate.id) is not None:
        raise Unfit("mandate held")


async def _mandate(desk: Desk, name: str) -> Mandate | None:
    found = await desk.session.scalars(
        select(Mandate).where(Mandate.body_id == desk.answers["body"], Mandate.name == name)
    )
    return found.one_or_none()


ROLE_QUESTIONS = (
    Question("role", _which_role),
    Question("body", _which_body),
    Question("mandate", _which_mandate, _read_mandate, check=_check_mandate),
)


async def listing_of(desk: Desk, name: str) -> Listing:
    """The line of the lists that the answers make."""
    role = Role(desk.answers["role"])
    body = await desk.session.get_one(Body, desk.answers["body"]) if role in WITH_BODY else None
    mandate = desk.answers["mandate"] if role in WITH_MANDATE else ""
    return Listing(role, name, body.short if body else "", mandate)


def listing_words(voice: Voice, listing: Listing) -> Markup:
    """„Mitglied · RAK Stendal · IHK Magdeburg"."""
    return role_line(voice, listing.role, listing.body, listing.mandate)


async def what_begins(desk: Desk, listing: Listing, person: Person | None) -> list[Markup]:
    """What a new role means: for the quorum, and for the person."""
    voice = desk.voice
    lines = []
    if listing.role is Role.MEMBER and await _mandate(desk, listing.mandate) is None:
        lines.append(
            voice.say(
                "“%(mandate)s” is a new mandate of this body: from now on it counts in every quorum. It has no ballot "
                "in votes that are open already.",
                mandate=listing.mandate,
            )
        )
    if listing.role is Role.STAFF:
        lines.append(voice.say("Staff may do everything that stands under /office."))
    if person is not None and person.telegram_id is not None:
        lines.append(voice.say("The rights hold at once. %(name)s is told.", name=listing.name))
    return lines


async def which_membership(desk: Desk, text: Markup, *roles: Role) -> Ask:
    """Which of a person's roles it is about.

    Raises:
        Unfit: there is none, or none any more.
    """
    desk.actor.need_staff()
    found = await looking.listed(desk.session, Membership.person_id == desk.answers[PERSON])
    fitting = [one for one in found if not roles or one.role in roles]
    if not fitting:
        raise Unfit("role ended")
    return Ask(text, [(_short(desk.voice, one), one.membership_id) for one in fitting])


def _short(voice: Voice, one: Listed) -> str:
    parts = (role_label(voice, one.role), one.mandate, one.body)
    return " · ".join(part for part in parts if part)


def what_ends(voice: Voice, meaning: Meaning, *, goes_on: bool = False) -> list[Markup]:
    """What ending a role means: at once, in open votes, for handovers, in meetings ahead, for the person.

    ``goes_on``: another role follows in the same act.
    """
    role = meaning.role
    lines = [voice.say("The rights of this role end at once. What was done by it stays, ballots too.")]
    if meaning.votes:
        numbers = ", ".join(str(one) for one in meaning.votes)
        lines.append(
            voice.plural(
                "Open vote: no. %(numbers)s. A ballot cast there stands; a successor may vote, or change it where the "
                "rules allow.",
                "Open votes: nos. %(numbers)s. Ballots cast there stand; a successor may vote, or change them where "
                "the rules allow.",
                len(meaning.votes),
                numbers=numbers,
            )
        )
    if meaning.handed and role.role is Role.MEMBER:
        lines.append(voice.say("The handover to %(names)s ends.", names=", ".join(meaning.handed)))
    elif meaning.handed:
        lines.append(voice.say("%(names)s votes again without this deputy.", names=", ".join(meaning.handed)))
    if meaning.meetings:
        lines.append(_meetings(voice, meaning))
    if meaning.last and not goes_on:
        lines.append(voice.say("It is the only role: %(name)s then is on no list any more.", name=role.name))
    if meaning.told and not goes_on:
        lines.append(voice.say("%(name)s is told.", name=role.name))
    elif not meaning.told:
        lines.append(voice.say("%(name)s does not use the bot: please tell them yourself.", name=role.name))
    return lines


def _meetings(voice: Voice, meaning: Meaning) -> Markup:
    numbers = ", ".join(str(one) for one in meaning.meetings)
    if meaning.role.role in {Role.ADVISER, Role.GUEST}:
        return voice.say("No longer invited to meeting: no. %(numbers)s.", numbers=numbers)
    return voice.say("The answer falls, the mandate is asked again for meeting: no. %(numbers)s.", numbers=numbers)


def bulleted(lines: list[Markup]) -> str:
    """One below the other, with a point before each."""
    return "\n".join(f"• {one}" for one in lines)


async def menus_follow(context: Context, answers: Mapping[str, Any]) -> None:
    """The command menu shows what one may do now: of whoever the form was about, and of who came in their place."""
    async with context.read() as session:
        people = [await session.get(Person, answers[PERSON])] if PERSON in answers else []
        if (name := answers.get("name")) is not None:
            people.append(await looking.called(session, name))
        found = [await actor(session, one.telegram_id) for one in people if one and one.telegram_id is not None]
    for who in found:
        await set_menu(context.bot, who)


async def read_name(desk: Desk, entry: str) -> str:
    """The name; of somebody on the lists as it stands there, so that another way of writing makes no second person."""
    name = a_line(desk, entry)
    known = await looking.called(desk.session, name)
    return known.name if known else name

"""What staff taps on a person's page."""

from handlers.callbacks import OnCodes, OnPerson
from handlers.context import Context
from handlers.forms.flow import begin_form
from handlers.office.people import codes
from handlers.office.people.page import person_page
from models.people import acts
from models.people.looking import portrait
from models.refusals import Unknown

# What is filled in as a form: its act on a button → the form's name.
FORM_OF = {
    "role": "person_role",
    "change": "person_change",
    "move": "person_move",
    "end": "person_end",
    "rename": "person_name",
}
ACTS = ("show", "code", "without", "with", *FORM_OF)


async def on_person(context: Context, tap: OnPerson) -> None:
    """A button of a person's page.

    Raises:
        NotEntitled: for everyone but staff.
        Unknown: no such person or act.
    """
    if tap.act in FORM_OF:
        async with context.read() as session:
            (await context.actor(session)).need_staff()
            found = await portrait(session, tap.person, context.now)
        await begin_form(context, FORM_OF[tap.act], {"person": tap.person, "called": found.person.name})
        return
    match tap.act:
        case "show":
            await _show(context, tap.person)
        case "code":
            await codes.new_code(context, tap)
        case "without" | "with":
            await _mark(context, tap)
        case _:
            raise Unknown


async def _show(context: Context, number: int) -> None:
    async with context.read() as session:
        message = await person_page(context, session, number)
    await context.toast()
    await context.say(message)


async def _mark(context: Context, tap: OnPerson) -> None:
    async with context.begin() as session:
        who = await context.actor(session)
        await acts.mark_without(session, tap.person, who, without=tap.act == "without")
        message = await person_page(context, session, tap.person)
    await context.toast()
    await context.redraw(message)


async def person_again(context: Context, tap: OnPerson) -> None:
    """It was done before, only not said: show the page. A code that was issued then nobody has seen."""
    async with context.read() as session:
        voice = await context.voice(session)
        message = await person_page(context, session, tap.person)
    said = voice.plain("I was interrupted before I could show the code. Please tap “New code” once more.")
    await context.toast(said if tap.act == "code" else "", alert=tap.act == "code")
    await context.say(message)


async def on_codes(context: Context, tap: OnCodes) -> None:
    """Codes for one person or for all who are not in yet: what it means first, then the file.

    Raises:
        NotEntitled: for everyone but staff.
        Unknown: no such act or person, or nobody is missing.
    """
    match tap.act:
        case "ask":
            await codes.ask_for_files(context, tap)
        case "pdf" | "csv":
            await codes.make_file(context, tap)
        case _:
            raise Unknown


async def codes_again(context: Context, tap: OnCodes) -> None:
    """Codes were issued before we were interrupted, and nobody has them: ask anew."""
    await codes.asked_again(context, tap)

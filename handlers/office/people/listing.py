"""„Personen": how many there are, and the lists, page by page."""

from collections.abc import Sequence

from sqlalchemy.ext.asyncio import AsyncSession

from handlers.callbacks import OnCodes, Open, PeopleList, Tap
from handlers.context import Context
from handlers.forms.flow import begin_form
from handlers.office.people.words import TITLES, name_buttons, paired, title_words, ways_back, with_state
from handlers.roles import ROLES
from handlers.speech import Message, Row
from handlers.way_back import office_row
from locales import Markup, Voice, bold, html
from models.codes import codes_issued
from models.member import Role
from models.office import Body
from models.people import looking
from models.people.looking import Block, Found, Listed, State, Tally
from models.people.rules import pages
from models.refusals import Unknown

STAFF, SPONSORS, MISSING, WITHOUT = "staff", "sponsors", "missing", "without"
MOST_FOUND = 20


async def overview(context: Context) -> None:
    """„Personen": how many are in, and the ways to everybody."""
    async with context.read() as session:
        (await context.actor(session)).need_staff()
        voice = await context.voice(session)
        found = await looking.tally(session)
    await context.toast()
    await context.say(overview_message(voice, found))


def overview_message(voice: Voice, found: Tally) -> Message:
    """The counts, and a button for each list."""
    states = found.states
    lines = [voice.say("<b>People</b>")]
    lines.append(voice.plural("%(number)s person on the lists", "%(number)s people on the lists", found.everyone))
    counts = [voice.say("in: %(number)s", number=states[State.IN])]
    counts.append(voice.say("not in yet: %(number)s", number=states[State.MISSING]))
    if states[State.WITHOUT]:
        counts.append(voice.say("without Telegram: %(number)s", number=states[State.WITHOUT]))
    lines.append(Markup(" · ".join(counts)))
    lists: list[tuple[str, Tap]] = [(f"{body.short} ({many})", PeopleList(str(body.id))) for body, many in found.bodies]
    lists += [
        (f"{voice.plain(TITLES[role])} ({found.roles[role]})", PeopleList(where))
        for role, where in ((Role.SPONSOR, SPONSORS), (Role.STAFF, STAFF))
        if found.roles[role]
    ]
    rows = [
        [(voice.plain("Search"), Open("find_person")), (voice.plain("Add a person"), Open("new_person"))],
        *paired(lists),
        *_by_state(voice, states),
        office_row(voice),
    ]
    return Message("\n".join(lines), rows)


def _by_state(voice: Voice, states: dict[State, int]) -> list[Row]:
    rows: list[Row] = []
    if states[State.MISSING]:
        label = voice.plain("Who is not in yet? (%(number)s)", number=states[State.MISSING])
        rows.append([(label, PeopleList(MISSING))])
    if states[State.WITHOUT]:
        label = voice.plain("Without Telegram (%(number)s)", number=states[State.WITHOUT])
        rows.append([(label, PeopleList(WITHOUT))])
    return rows


async def show_list(context: Context, tap: PeopleList) -> None:
    """A page of one of the lists; a page that is no more shows the last.

    Raises:
        Unknown: there is no such list.
    """
    async with context.read() as session:
        (await context.actor(session)).need_staff()
        voice = await context.voice(session)
        title, blocks = await _blocks(session, voice, tap.where)
        issued = await codes_issued(session)
    await context.toast()
    await context.redraw(list_message(voice, tap, title, blocks, issued))


async def _blocks(session: AsyncSession, voice: Voice, where: str) -> tuple[str, list[Block]]:
    match where:
        case "staff":
            return voice.plain("Office team"), await looking.with_role(session, Role.STAFF)
        case "sponsors":
            return voice.plain("Sponsors"), await looking.with_role(session, Role.SPONSOR)
        case "missing":
            return voice.plain("Not in yet"), [("", await looking.in_state(session, State.MISSING))]
        case "without":
            return voice.plain("Without Telegram"), [("", await looking.in_state(session, State.WITHOUT))]
        case number if number.isascii() and number.isdigit():
            body = await session.get(Body, int(number))
            if body is not None:
                return body.short, await looking.in_body(session, body.id)
    raise Unknown


def list_message(voice: Voice, tap: PeopleList, title: str, blocks: Sequence[Block], issued: int) -> Message:
    """A page: block by block who it is, and a button for each."""
    shown = pages(blocks)
    page = min(tap.page, len(shown) - 1)
    heading = bold(title)
    if len(shown) > 1:
        heading = voice.say(
            "<b>%(title)s</b> · page %(page)s of %(pages)s", title=title, page=page + 1, pages=len(shown)
        )
    lines = [heading]
    for name, people in shown[page]:
        words = title_words(voice, name)
        lines += [Markup(""), bold(words)] if words and words != title else [Markup("")]
        lines += [_line(voice, one, tap.where) for one in people] or [_nobody(voice, tap.where)]
    rows = name_buttons((one.person_id, one.name) for _, people in shown[page] for one in people)
    rows += _turns(voice, tap.where, page, len(shown))
    if tap.where == MISSING and any(people for _, people in blocks):
        rows.append([(voice.plain("Invitation letters (PDF)"), OnCodes(0, "ask", issued))])
    return Message("\n".join(lines), [*rows, ways_back(voice)])


def _nobody(voice: Voice, where: str) -> Markup:
    return voice.say("Nobody.") if where in {MISSING, WITHOUT} else voice.say("<i>vacant</i>")


def _line(voice: Voice, one: Listed, where: str) -> Markup:
    if where in {MISSING, WITHOUT}:
        role = " · ".join(part for part in (voice.plain(ROLES[one.role]), one.body, one.mandate) if part)
        return html(f"{one.name} – {role}")
    if one.role is Role.DEPUTY:
        return voice.say("Deputy: %(name)s", name=with_state(voice, one))
    return with_state(voice, one)


def _turns(voice: Voice, where: str, page: int, many: int) -> list[Row]:
    turn: list[tuple[str, Tap]] = []
    if page:
        turn.append((voice.plain("Previous page"), PeopleList(where, page - 1)))
    if page + 1 < many:
        turn.append((voice.plain("Next page"), PeopleList(where, page + 1)))
    return [turn] if turn else []


async def new_person(context: Context) -> None:
    """„Person hinzufügen": the form."""
    await begin_form(context, "person")


async def find_person(context: Context) -> None:
    """„Suchen": the form of one question."""
    await begin_form(context, "find_person")


def found_labels(voice: Voice, found: Sequence[Found]) -> list[tuple[str, int]]:
    """Who was found, as buttons: the name, and the first place by which one tells two of a name apart."""
    labels = []
    for one in found[:MOST_FOUND]:
        place = next((role.mandate or role.body for role in one.roles if role.mandate or role.body), "")
        word = place or (voice.plain(ROLES[one.roles[0].role]) if one.roles else voice.plain("no role"))
        labels.append((f"{one.name} · {word}", one.person_id))
    return labels

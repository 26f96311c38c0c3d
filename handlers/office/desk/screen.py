"""The first screen of „/buero", short: each thing that waits as a sentence and a button that leads right to it."""

from collections import Counter
from collections.abc import Sequence

from handlers.callbacks import FormAct, Open
from handlers.context import Context
from handlers.forms.asking import FORMS
from handlers.forms.flow import begin_form
from handlers.office.desk.words import button, sentence
from handlers.speech import Message, Row
from handlers.way_back import office_row
from locales import N_, Markup, Voice
from models import condition, drafts
from models.waiting import Waiting, waiting

MOST, MOST_OF_A_KIND = 8, 3  # on the first screen; the rest is one tap away
PAGE = 15
NEW = {"new_vote": "vote", "new_meeting": "meeting", "new_deadline": "deadline", "new_broadcast": "broadcast"}
# What one can begin, and where one can look, each a button and its place; two stand side by side.
BEGIN = (
    (N_("New vote"), "new_vote"),
    (N_("New meeting"), "new_meeting"),
    (N_("New deadline"), "new_deadline"),
    (N_("Broadcast"), "new_broadcast"),
)
LOOK = (
    (N_("Votes and results"), "votes"),
    (N_("Meetings"), "meetings"),
    (N_("Deadlines"), "deadlines"),
    (N_("Questions to the office"), "questions"),
    (N_("All broadcasts"), "broadcasts"),
    (N_("Planned messages"), "planned"),
    (N_("People"), "people"),
    (N_("Lists and files"), "lists"),
    (N_("Reports"), "reports"),
    (N_("Engine room"), "technik"),
)


async def office(context: Context) -> None:
    """``/buero``."""
    async with context.read() as session:
        who = await context.actor(session)
        who.need_staff()
        voice = await context.voice(session)
        found = await waiting(session, who, context.now)
        half_filled = await drafts.mine(session, who.telegram_id)
        ill = condition.wrong(await condition.look(session, context.now), context.now)
    first = _first(found)
    lines = [voice.say("<b>Something is wrong with the assistant itself:</b> see “Engine room”.")] if ill else []
    lines += [sentence(voice, one) for one in first]
    rows = [button(voice, one) for one in first]
    if more := len(found) - len(first):
        rows.append([(voice.plain("Show everything (%(number)s more)", number=more), Open("waiting"))])
    if half_filled:
        lines.append(voice.plural("%(number)s half-filled form", "%(number)s half-filled forms", len(half_filled)))
    rows += [resume_row(voice, draft) for draft in half_filled]
    heading = voice.say("<b>Office</b>")
    said = [f"• {line}" for line in lines] or [voice.say("Nothing waits for the office today.")]
    await context.toast()
    await context.say(Message("\n".join([heading, *said]), [*rows, *_pairs(voice, BEGIN), *_pairs(voice, LOOK)]))


def _first(found: Sequence[Waiting]) -> list[Waiting]:
    """What stands on the first screen: not too much, and of no kind so much that another kind is not seen."""
    seen: Counter[str] = Counter()
    first = []
    for one in found:
        seen[one.what] += 1
        if seen[one.what] <= MOST_OF_A_KIND:
            first.append(one)
    return first[:MOST]


def _pairs(voice: Voice, places: Sequence[tuple[str, str]]) -> list[Row]:
    buttons = [(voice.plain(label), Open(where)) for label, where in places]
    return [buttons[place : place + 2] for place in range(0, len(buttons), 2)]


async def everything_waiting(context: Context, page: int) -> None:
    """„Alles zeigen": a page of all that waits."""
    async with context.read() as session:
        who = await context.actor(session)
        who.need_staff()
        voice = await context.voice(session)
        found = await waiting(session, who, context.now)
    page = min(page, max(0, len(found) - 1) // PAGE)
    here = found[page * PAGE : (page + 1) * PAGE]
    turn = [(voice.plain("Back"), Open("waiting", page - 1))] if page else []
    if len(found) > (page + 1) * PAGE:
        turn.append((voice.plain("More"), Open("waiting", page + 1)))
    lines: list[Markup | str] = [voice.say("<b>All that waits for the office</b>")]
    lines += [f"• {sentence(voice, one)}" for one in here] or [voice.say("Nothing waits for the office today.")]
    await context.toast()
    rows = [*(button(voice, one) for one in here), *([turn] if turn else []), office_row(voice)]
    await context.say(Message("\n".join(lines), rows))


def resume_row(voice: Voice, draft: drafts.Draft) -> Row:
    """„Weiter ausfüllen: Neue Abstimmung"."""
    title = voice.plain(FORMS[draft.form].title)
    label = voice.plain("Continue filling in: %(title)s", title=title)
    return [(label, FormAct(draft.id, len(draft.asked) - 1, "resume"))]


async def new_form(context: Context, where: str) -> None:
    """One of the forms; the right is checked when its first question is put."""
    await begin_form(context, NEW[where])

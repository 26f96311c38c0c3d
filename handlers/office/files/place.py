"""„Listen und Dateien" as a place under „/buero": what can be sent, templates, and the lists as they stand."""

from handlers.callbacks import OnFiles, Open
from handlers.context import Context
from handlers.office.files.tables import STANDING, TITLES, standing, template
from handlers.speech import Message, Row
from handlers.way_back import office_row
from locales import N_, Voice
from models.refusals import Unknown

# What a button leads to: what is asked under it, which lists it has, and what is said with the files.
TEMPLATE, NOW = "template", "now"
ACTS = {
    TEMPLATE: (N_("A template of which list?"), tuple(TITLES), N_("Template: %(title)s")),
    NOW: (
        N_("Which list? Change what you like and send it back: only what has changed is taken."),
        STANDING,
        N_("As it stands now: %(title)s"),
    ),
}


async def files_place(context: Context) -> None:
    """What can be sent, and the two buttons.

    Raises:
        NotEntitled: for everyone but staff.
    """
    async with context.read() as session:
        (await context.actor(session)).need_staff()
        voice = await context.voice(session)
    await context.toast()
    await context.redraw(_place(voice))


def _place(voice: Voice) -> Message:
    lines = [
        voice.say("<b>Lists and files</b>"),
        voice.say(
            "Send me members, deadlines, meetings or sources as .xlsx or .csv. I show what would change, and take it "
            "when you tap “Take over”."
        ),
        voice.say(
            "A document (.pdf, .docx, .html, .md, .txt) becomes a source; a list of projects goes where “New vote” "
            "asks for it."
        ),
        voice.say(
            "The whole file with all votes and meetings is written on the office's own computer, by the command "
            "“python -m bot export FOLDER”. It does not go through Telegram."
        ),
    ]
    rows: list[Row] = [
        [(voice.plain("Templates"), OnFiles(TEMPLATE, "")), (voice.plain("As it stands now"), OnFiles(NOW, ""))],
        office_row(voice),
    ]
    return Message("\n\n".join(lines), rows)


async def on_files(context: Context, tap: OnFiles) -> None:
    """A template or the present state: first of which list, then the list as CSV and XLSX.

    Raises:
        NotEntitled: for everyone but staff.
        Unknown: no such act or list.
    """
    if tap.act not in ACTS or tap.kind not in {"", *ACTS[tap.act][1]}:
        raise Unknown
    question, kinds, said = ACTS[tap.act]
    async with context.read() as session:
        (await context.actor(session)).need_staff()
        voice = await context.voice(session)
        files = await standing(session, voice, tap.kind) if tap.kind and tap.act == NOW else []
    await context.toast()
    if not tap.kind:
        rows: list[Row] = [[(voice.plain(TITLES[kind]), OnFiles(tap.act, kind))] for kind in kinds]
        await context.redraw(Message(voice.say(question), [*rows, [(voice.plain("Back"), Open("lists"))]]))
        return
    title = voice.plain(TITLES[tap.kind])
    await context.say(Message(voice.say(said, title=title), files=files or template(voice, tap.kind)))

"""„Technik": first whether all is well and what is to be done, then the figures; „Sicherung jetzt"."""

from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from handlers.callbacks import OnBackup, Open
from handlers.context import Context
from handlers.house import Process
from handlers.office.desk.technik_words import FAULTS, TROUBLES, WRONG
from handlers.speech import Message, Row
from handlers.turn import Turn
from handlers.way_back import office_row
from locales import Markup, Voice
from models import safekeeping
from models.condition import SHOWN, Condition, Wrong, look, wrong
from models.refusals import Unknown
from models.safekeeping import Backup, Fault
from models.troubles import Trouble

MOST = 5  # errors and outages that are shown
MEGABYTE = 1000  # kilobytes
MINUTE = 60


async def technik(context: Context) -> None:
    """How the assistant itself is."""
    async with context.read() as session:
        (await context.actor(session)).need_staff()
        message = await _screen(context, session)
    await context.toast()
    await context.say(message)


async def _screen(context: Context, session: AsyncSession, *, heading: Markup | None = None) -> Message:
    voice, found = await context.voice(session), await look(session, context.now)
    process = context.house.process
    lines = [voice.say("<b>Engine room</b>"), *([heading, Markup("")] if heading else [])]
    lines += _verdict(voice, found, wrong(found, context.now))
    lines += [Markup(""), *_facts(voice, found, process), *_backup_lines(voice, found, process), *_errors(voice, found)]
    rows: list[Row] = [
        [(voice.plain("Backup now"), OnBackup("now")), (voice.plain("Look again"), OnBackup("look"))],
        [(voice.plain("Back"), Open("office"))],
    ]
    return Message("\n".join(lines), rows)


def _verdict(voice: Voice, found: Condition, ill: list[Wrong]) -> list[Markup]:
    if not ill:
        return [voice.say("<b>Everything is in order.</b>")]
    lines = [voice.say("<b>This is not in order:</b>")]
    for one in ill:
        text, advice = WRONG[one]
        if one is Wrong.BACKUP_FAILED and found.last_backup:
            advice = FAULTS[Fault(found.last_backup.fault)]
        lines.append(voice.say("• %(what)s %(advice)s", what=voice.say(text), advice=voice.say(advice)))
    return lines


def _facts(voice: Voice, found: Condition, process: Process) -> list[Markup]:
    kind = voice.plain("PostgreSQL (a database server)") if found.shared else voice.plain("SQLite (one file)")
    lines = [voice.say("Version %(version)s, database: %(kind)s", version=process.version, kind=kind)]
    if process.since:
        lines.append(voice.say("At work since %(moment)s", moment=voice.moment(process.since)))
    lines += [_inbox(voice, found), _outbox(voice, found)]
    if halt := round(process.halted_for()):
        lines.append(
            voice.plural(
                "Telegram asks for a pause of %(number)s second.",
                "Telegram asks for a pause of %(number)s seconds.",
                halt,
            )
        )
    return [*lines, *_rounds(voice, found), _record(voice, found), _knowledge(voice, found)]


def _inbox(voice: Voice, found: Condition) -> Markup:
    if not found.unworked:
        return voice.say("Incoming: everything is worked off")
    return voice.plural(
        "Incoming: %(number)s message not worked off yet",
        "Incoming: %(number)s messages not worked off yet",
        found.unworked,
    )


def _outbox(voice: Voice, found: Condition) -> Markup:
    if found.next_letter is None:
        return voice.say("Outgoing: nothing waits")
    return voice.plural(
        "Outgoing: %(number)s message waits, the next one goes %(moment)s",
        "Outgoing: %(number)s messages wait, the next one goes %(moment)s",
        found.letters,
        moment=voice.brief(found.next_letter),
    )


def _rounds(voice: Voice, found: Condition) -> list[Markup]:
    lines = [voice.say("Nightly cleaning: not yet") if found.cleaned_for is None else
             voice.say("Nightly cleaning: last %(moment)s", moment=voice.brief(found.cleaned_for))]  # fmt: skip
    if not found.outages:
        return [*lines, voice.say("Out of order in the last 30 days: never")]
    times = [_span(voice, one.began_at, one.ended_at) for one in found.outages[:MOST]]
    return [*lines, voice.say("Out of order in the last 30 days: %(times)s", times="; ".join(times))]


def _span(voice: Voice, begin: datetime, end: datetime) -> str:
    return voice.plain("%(begin)s to %(end)s", begin=voice.brief(begin), end=voice.brief(end))


def _record(voice: Voice, found: Condition) -> Markup:
    return voice.plural(
        "Record of votes: %(number)s entry, state %(head)s",
        "Record of votes: %(number)s entries, state %(head)s",
        found.head.length,
        head=found.head.short,
    )


def _knowledge(voice: Voice, found: Condition) -> Markup:
    sources = voice.plural("%(number)s source", "%(number)s sources", found.sources)
    passages = voice.plural("%(number)s passage", "%(number)s passages", found.passages)
    by_meaning = voice.plain("on") if found.vectors else voice.plain("off")
    return voice.say(
        "Knowledge: %(sources)s, %(passages)s; finding by meaning: %(state)s",
        sources=sources,
        passages=passages,
        state=by_meaning,
    )


# --- backups


def _backup_lines(voice: Voice, found: Condition, process: Process) -> list[Markup]:
    lines = [Markup("")]
    if found.open_backup:
        lines.append(voice.say("A backup is being made."))
    if found.good_backup:
        lines.append(voice.say("Last backup: %(backup)s", backup=_described(voice, found.good_backup)))
        lines.append(_kept(voice, found.good_backup, found.kept_days))
    elif not found.open_backup:
        lines.append(voice.say("There is no backup yet. One is made every night."))
    lines.append(
        voice.say(
            "Backups lie on the computer that the assistant runs on (%(folder)s). They are never sent into a chat, "
            "for they hold everything.",
            folder=process.backup_folder,
        )
    )
    return lines


def _described(voice: Voice, row: Backup) -> str:
    size = voice.plain("%(number)s kB", number=row.kilobytes)
    if row.kilobytes >= MEGABYTE:
        size = voice.plain("%(number)s MB", number=round(row.kilobytes / MEGABYTE))
    return f"{voice.moment(row.ended_at or row.ordered_at)} · {row.name} · {size}"


def _kept(voice: Voice, row: Backup, days: int) -> Markup:
    return voice.plural(
        "%(number)s backup is kept: of the last %(days)s days the last one each.",
        "%(number)s backups are kept: of the last %(days)s days the last one each.",
        row.kept,
        days=days,
    )


def _without(voice: Voice, row: Backup) -> list[Markup]:
    if not row.left_out:
        return []
    numbers = ", ".join(map(str, row.left_out))
    text = voice.say(
        "Without the ballots of the secret votes that are running (no. %(numbers)s): two copies would tell them apart. "
        "If this backup is ever played back, they are broken off and opened anew.",
        numbers=numbers,
    )
    return [text]


async def on_backup(context: Context, tap: OnBackup) -> None:
    """„Sicherung jetzt", and looking again.

    Raises:
        Unknown: there is no such button.
    """
    match tap.act:
        case "now":
            await _order(context)
        case "look":
            await backup_again(context, tap)
        case _:
            raise Unknown


async def _order(context: Context) -> None:
    async with context.begin() as session:
        _, fresh = await safekeeping.order(session, await context.actor(session), context.now)
        voice = await context.voice(session)
        said = voice.say("The backup is being made. You hear from me as soon as it is there.")
        if not fresh:
            said = voice.say("A backup is being made already; a second one is not begun.")
        message = await _screen(context, session, heading=said)
    await context.toast(voice.plain("Backup ordered.") if fresh else voice.plain("One is being made already."))
    await context.redraw(message)


async def backup_again(context: Context, _tap: OnBackup) -> None:
    """How it stands now."""
    async with context.read() as session:
        (await context.actor(session)).need_staff()
        message = await _screen(context, session)
    await context.toast()
    await context.redraw(message)


async def backup_letter(turn: Turn) -> Message | None:
    """What became of a backup, for who asked for it; a failure for all staff."""
    turn.reader.need_staff()
    row, voice = await turn.session.get(Backup, turn.letter.about["backup"]), turn.voice
    if row is None:
        return None
    rows: list[Row] = [[(voice.plain("Engine room"), Open("technik"))], office_row(voice)]
    if row.fault:
        lines = [voice.say("<b>The backup could not be made.</b>"), voice.say(FAULTS[Fault(row.fault)])]
        return Message("\n".join(lines), rows)
    lines = [
        voice.say("<b>The backup is there</b>, and was read back."),
        voice.say("%(backup)s", backup=_described(voice, row)),
        voice.plural("%(number)s backup is kept.", "%(number)s backups are kept.", row.kept),
        *_without(voice, row),
        voice.say("It lies on the computer that the assistant runs on, and is never sent into a chat."),
    ]
    return Message("\n".join(lines), rows)


# --- errors


def _errors(voice: Voice, found: Condition) -> list[Markup]:
    if not found.troubles:
        return [Markup(""), voice.say("Errors in the last 30 days: none")]
    lines = [Markup(""), voice.say("Errors in the last %(days)s days:", days=SHOWN.days)]
    return [*lines, *(_error(voice, one) for one in found.troubles[:MOST])]


def _error(voice: Voice, one: Trouble) -> Markup:
    text = TROUBLES.get(f"{one.place}:{one.what}") or TROUBLES[one.place]
    times = voice.plural("%(number)s time", "%(number)s times", one.many)
    mark = f"{one.what} {one.reference}".strip()
    return voice.say(
        "• %(what)s %(times)s, last %(moment)s (for who looks after the computer: %(mark)s)",
        what=voice.say(text),
        times=times,
        moment=voice.brief(one.last_at),
        mark=mark,
    )

"""„Berichte": a month or a quarter in words, and the same as PDF, workbook and CSV."""

import asyncio
import re
from collections.abc import Callable
from datetime import date

from sqlalchemy.ext.asyncio import AsyncSession

from handlers.callbacks import OnReport, Open
from handlers.context import Context
from handlers.forms.shape import Ask, Desk, Form, Question
from handlers.papers.report.files import report_csv, report_pdf, report_xlsx
from handlers.papers.report.values import Figure, Section, Value, Worded, period_name, shown
from handlers.papers.report.words import worded
from handlers.speech import File, Message, Row
from handlers.times import MONTH_OF
from handlers.way_back import office_row
from locales import N_, Markup, Voice
from models.deadline import office_calendar
from models.office import the_office
from models.refusals import Unfit, Unknown
from models.report import report_of
from models.report.periods import Period, month, month_of, quarter, quarter_of, read_spelled
from models.report.rules import Share

PRESETS: tuple[tuple[str, Callable[[date], Period]], ...] = (
    (N_("This month"), month_of),
    (N_("Last month"), lambda today: month_of(today).before),
    (N_("This quarter"), quarter_of),
    (N_("Last quarter"), lambda today: quarter_of(today).before),
)
_MONTH_NAMED = re.compile(rf"({'|'.join(MONTH_OF)})\.?\s*(\d{{4}})?")
_MONTH_NUMBERED = re.compile(r"(\d\d?)\s*[./]\s*(\d{4})")
_MONTH_ISO = re.compile(r"(\d{4})-(\d\d?)")
_QUARTER = re.compile(r"(?:([1-4])\s*\.?\s*(?:quartal|quarter|q)|(?:quartal|quarter|q)\s*([1-4]))\s*[./]?\s*(\d{4})?")


async def reports(context: Context) -> None:
    """The choice of a month or a quarter."""
    async with context.read() as session:
        (await context.actor(session)).need_staff()
        voice = await context.voice(session)
        today = (await office_calendar(session)).day(context.now)
    rows = [_chosen(voice, voice.plain(label), of(today)) for label, of in PRESETS]
    rows.append([(voice.plain("Another period …"), Open("new_report"))])
    await context.toast()
    await context.say(Message(voice.say("<b>Reports</b>\nOf which period?"), [*rows, office_row(voice)]))


def _chosen(voice: Voice, label: str, period: Period) -> Row:
    return [(f"{label} · {period_name(period, voice)}", OnReport(period.spelled, "show"))]


async def on_report(context: Context, tap: OnReport) -> None:
    """A report in words, or one of its files.

    Raises:
        Unknown: there is no such period, or no such file.
    """
    period = read_spelled(tap.period)
    if period is None or (tap.act != "show" and tap.act not in FILES):
        raise Unknown
    async with context.read() as session:
        (await context.actor(session)).need_staff()
        voice = await context.voice(session)
        # What the office files is German, as all its papers are.
        spoken = voice if tap.act == "show" else Voice("de", voice.zone)
        report = await _worded(session, context, period, spoken)
    await context.toast()
    if tap.act == "show":
        await context.say(_in_short(voice, period, report))
        return
    ending, make = FILES[tap.act]
    file = File(f"{report.name}.{ending}", await asyncio.to_thread(make, report, spoken))
    await context.say(Message(voice.say("The report %(period)s:", period=period_name(period, voice)), files=[file]))


async def _worded(session: AsyncSession, context: Context, period: Period, voice: Voice) -> Worded:
    return worded(await report_of(session, period, context.now), (await the_office(session)).name, voice)


FILES: dict[str, tuple[str, Callable[[Worded, Voice], bytes]]] = {
    "pdf": ("pdf", report_pdf),
    "xlsx": ("xlsx", report_xlsx),
    "csv": ("csv", report_csv),
}


def _in_short(voice: Voice, period: Period, report: Worded) -> Message:
    """The figures that matter most, each with that of the period before."""
    lines = [voice.say("<b>%(title)s</b>", title=report.title)]
    if report.compared:
        lines.append(voice.say("In brackets: %(before)s.", before=report.before))
    blocks = [Markup("\n".join(lines)), *(_block(voice, report, one) for one in report.sections)]
    blocks += [voice.say("<i>%(text)s</i>", text=one) for one in report.remarks]
    files = [(voice.plain(label), OnReport(period.spelled, act)) for label, act in BUTTONS]
    back = [(voice.plain("Back"), Open("reports"))]
    return Message("\n\n".join(blocks), [files[:1], files[1:], back])


BUTTONS = ((N_("PDF"), "pdf"), (N_("Table (XLSX)"), "xlsx"), (N_("CSV"), "csv"))


def _block(voice: Voice, report: Worded, section: Section) -> Markup:
    compared = report.compared and section.compared
    main = [one for one in section.figures if one.main]
    # Whatever is a share of nothing says nothing that the counts do not say.
    told = [one for one in main if _says(one.now) or (compared and _says(one.before))] or main[:1]
    heading = voice.say("<b>%(title)s</b>", title=section.title)
    return Markup("\n".join([heading, *(_line(voice, one, compared=compared) for one in told)]))


def _says(value: Value) -> bool:
    return value is not None and not (isinstance(value, Share) and value.whole == 0)


def _line(voice: Voice, figure: Figure, *, compared: bool) -> Markup:
    now = shown(figure.now, voice)
    if not compared:
        return voice.say("%(label)s: <b>%(now)s</b>", label=figure.label, now=now)
    before = shown(figure.before, voice)
    return voice.say("%(label)s: <b>%(now)s</b> (%(before)s)", label=figure.label, now=now, before=before)


# --- another period, typed


def read_period(text: str, today: date) -> Period:
    """The period that somebody means: „März 2026", „3/2026", „1. Quartal 2026", „Q1/2026", „Q1".

    Without a year it is the newest one that has begun.

    Raises:
        Unfit: it is not understood.
    """
    words = " ".join(text.casefold().split()).strip(" .!")
    found = _read_quarter(words, today) or _read_month(words, today)
    if found is None:
        raise Unfit("period")
    return found


def _read_quarter(words: str, today: date) -> Period | None:
    match = _QUARTER.fullmatch(words)
    if match is None:
        return None
    number = int(match[1] or match[2])
    if match[3]:
        return quarter(int(match[3]), number)
    return quarter(today.year - (number > quarter_of(today).quarter), number)


def _read_month(words: str, today: date) -> Period | None:
    if match := _MONTH_NAMED.fullmatch(words):
        number = MONTH_OF[match[1]]
        return month(int(match[2]) if match[2] else today.year - (number > today.month), number)
    if match := _MONTH_NUMBERED.fullmatch(words):
        return month(int(match[2]), int(match[1]))
    if match := _MONTH_ISO.fullmatch(words):
        return month(int(match[1]), int(match[2]))
    return None


async def _ask(desk: Desk) -> Ask:
    return Ask(desk.voice.say("Which month or quarter? Write it like this: March 2026, or: Q1/2026"))


def _read(desk: Desk, text: str) -> str:
    period = read_period(text, desk.calendar.day(desk.now))
    if period.first > desk.calendar.day(desk.now):
        raise Unfit("period ahead")
    return period.spelled


def _period(desk: Desk) -> Period:
    found = read_spelled(desk.answers["period"])
    if found is None:
        raise Unknown
    return found


async def _preview(desk: Desk) -> Message:
    name = period_name(_period(desk), desk.voice)
    return Message(desk.voice.say("A report of: <b>%(period)s</b>", period=name))


async def _finish(desk: Desk) -> Message:
    period, voice = _period(desk), desk.voice
    report = worded(await report_of(desk.session, period, desk.now), (await the_office(desk.session)).name, voice)
    return _in_short(voice, period, report)


REPORT = Form("report", N_("Report"), N_("Show the report"), (Question("period", _ask, _read),), _preview, _finish)

"""The forms: a new Rundruf, and another text for one that is there."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from handlers.callbacks import OnBroadcast, Open, Read
from handlers.forms.parts import read_back, read_instant, soon
from handlers.forms.shape import NOW, Ask, Desk, Form, Question, a_line
from handlers.phrases import refusal_text
from handlers.rundruf.audience import ask_audience, audience_line, marks_of, tick
from handlers.rundruf.formatting import formatted
from handlers.rundruf.layout import Design, attachments, bundle, design_of, fits_caption
from handlers.speech import Message, Row
from handlers.way_back import office_row
from locales import N_, SHIPPED, Markup, Voice, html
from models.actor import staff_accounts
from models.broadcast.acts import Plan, asks_release, enter, find
from models.broadcast.audience import recipients
from models.broadcast.correcting import Rewriting, rewrite
from models.office import the_office
from models.refusals import Changed, Unfit

LANGUAGES = {"de": N_("German"), "leicht": N_("Easy German"), "en": N_("English")}


async def _main_language(desk: Desk) -> str:
    """The language of the office's first text: the first of those it names that we speak."""
    return next((one for one in (await the_office(desk.session)).languages if one in SHIPPED), SHIPPED[0])


async def _text(desk: Desk) -> Ask:
    return Ask(desk.voice.say("Text of the broadcast? Bold, links and other formatting are kept."))


def _read_text(desk: Desk, entry: str) -> str:
    return formatted(entry, desk.entities)


def _in_language(code: str) -> Question:
    """The text in another language of the office, from the preview."""

    async def ask(desk: Desk) -> Ask | None:
        spoken = (await the_office(desk.session)).languages
        if code not in spoken or code == await _main_language(desk):
            return None
        return Ask(
            desk.voice.say("The text in %(language)s?", language=desk.voice.plain(LANGUAGES[code])), optional=True
        )

    def label(desk: Desk) -> str:
        return desk.voice.plain("Text in %(language)s …", language=desk.voice.plain(LANGUAGES[code]))

    return Question(f"text_{code}", ask, _read_text, label=label)


async def _attachments(desk: Desk) -> Ask:
    lines = [desk.voice.say("Attachments? Send pictures and files (up to 20 MB each), then tap “Next”.")]
    files = await attachments(desk.session, desk.answers.get("attachments", []))
    lines += [desk.voice.say("• %(name)s", name=one.name) for one in files]
    return Ask(Markup("\n".join(lines)), optional=True)


async def _asks_read(desk: Desk) -> Ask:
    return Ask(Markup(""), [("", not desk.answers.get("read", False))])


def _read_label(desk: Desk) -> str:
    if desk.answers.get("read"):
        return desk.voice.plain("Without the “Read” button")
    return desk.voice.plain("Ask for “Read”")


async def _at(desk: Desk) -> Ask:
    now = (desk.voice.plain("At once"), NOW)
    text = desk.voice.say("When is it to go out? Tap, or write like this: 01.12.2026 12:00")
    return Ask(text, [now, *soon(desk, desk.now, (1, 2, 7))])


def _at_label(desk: Desk) -> str:
    return desk.voice.plain("At another time …")


async def _texts(desk: Desk) -> dict[str, str]:
    """The texts by language, as they were entered."""
    others = {code: desk.answers.get(f"text_{code}") for code in SHIPPED}
    return {await _main_language(desk): desk.answers["text"]} | {code: one for code, one in others.items() if one}


async def _design(desk: Desk) -> Design:
    files, texts = await attachments(desk.session, desk.answers.get("attachments", [])), await _texts(desk)
    captioned = bool(files) and fits_caption(texts.values())
    return Design(texts, await _main_language(desk), files, desk.answers.get("read", False), captioned)


def _samples(desk: Desk, design: Design) -> Sequence[Message]:
    """It as it will look, once for each language it is written in."""
    read = Read(0, 0) if design.asks_read else None
    first = Voice(design.language, desk.voice.zone)
    voices = [first, *(Voice(code, desk.voice.zone) for code in design.texts if code != design.language)]
    return [bundle(voice, design, read) for voice in voices]


async def _preview(desk: Desk) -> Message:
    voice = desk.voice
    lines = [
        voice.say("<b>Preview</b> – above you see what the recipients will see."),
        await audience_line(desk, marks_of(desk)),
        voice.say("Goes out: %(moment)s", moment=_when(desk)),
    ]
    if desk.calendar.quiet(desk.at("at") if "at" in desk.answers else desk.now):
        lines.append(voice.say("These are quiet hours: it makes no sound."))
    if await asks_release(desk.session):
        lines.append(await _release_line(desk))
    return Message("\n".join(lines), samples=_samples(desk, await _design(desk)))


def _when(desk: Desk) -> str:
    if desk.answers.get("at", NOW) == NOW:
        return desk.voice.plain("At once")
    return desk.voice.moment(desk.at("at"))


async def _release_line(desk: Desk) -> Markup:
    others = set(await staff_accounts(desk.session)) - {desk.actor.telegram_id}
    if not others:
        return desk.voice.say("<b>Attention:</b> a second person has to release it, and nobody else has come in.")
    return desk.voice.say("A second person of the office has to release it.")


async def _finish(desk: Desk) -> Message:
    at = desk.answers.get("at", NOW)
    design = await _design(desk)
    plan = Plan(
        design.texts,
        design.language,
        marks_of(desk),
        [one.file_id for one in design.attachments],
        design.asks_read,
        None if at == NOW else desk.at("at"),
        design.captioned,
    )
    row, voice = await enter(desk.session, plan, desk.actor, desk.now), desk.voice
    people = len(await recipients(desk.session, row.audience, desk.now))
    if row.started_at:
        text = voice.plural(
            "Broadcast no. %(broadcast)s is on its way to %(number)s person.",
            "Broadcast no. %(broadcast)s is on its way to %(number)s people.",
            people,
            broadcast=row.number,
        )
    elif row.needs_release:
        text = voice.say("Broadcast no. %(number)s lies before your colleagues for release.", number=row.number)
    else:
        moment = voice.moment(row.starts_at or desk.now)
        text = voice.say("Broadcast no. %(number)s goes out on %(moment)s.", number=row.number, moment=moment)
    return Message(text, _ways_on(voice, row.number))


def _ways_on(voice: Voice, number: int) -> list[Row]:
    return [
        [(voice.plain("Show the broadcast"), Open("broadcast", number))],
        office_row(voice),
    ]


IN_LANGUAGES = tuple(_in_language(code) for code in SHIPPED)
NEW_BROADCAST = Form(
    "broadcast",
    N_("Broadcast"),
    N_("Send"),
    (
        Question("text", _text, _read_text),
        Question("attachments", _attachments, takes_files=True),
        Question("audience", ask_audience, tick=tick),
    ),
    _preview,
    _finish,
    guarded=True,
    sides=(
        Question("read", _asks_read, label=_read_label),
        Question("at", _at, read_instant, echo=read_back("at", N_("Goes out: %(moment)s")), label=_at_label),
        *IN_LANGUAGES,
    ),
)


# --- another text


async def _new_text(desk: Desk) -> Ask:
    row = await find(desk.session, desk.answers["number"])
    text = desk.voice.say(
        "The new text? Until now it says:\n\n%(text)s", text=Markup(row.revisions[-1]["texts"][row.language])
    )
    return Ask(text)


async def _asks_note(desk: Desk) -> Ask | None:
    if (await find(desk.session, desk.answers["number"])).started_at is None:
        return None
    return Ask(Markup(""), [("", not desk.answers.get("note", True))])


def _note_switch(desk: Desk) -> str:
    if desk.answers.get("note", True):
        return desk.voice.plain("Without a notice")
    return desk.voice.plain("With a notice")


async def _ask_note_text(desk: Desk) -> Ask | None:
    if not desk.answers.get("note", True) or await _asks_note(desk) is None:
        return None
    return Ask(desk.voice.say("What has changed? One line; it follows “Correction:”."))


def _note_label(desk: Desk) -> str:
    return desk.voice.plain("Write the notice …")


async def _rewritten(desk: Desk) -> Design:
    """The design with the new texts; a language without a new one has none."""
    row = await find(desk.session, desk.answers["number"])
    design = await design_of(desk.session, row)
    texts = {row.language: desk.answers["text"]}
    texts |= {code: one for code in SHIPPED if (one := desk.answers.get(f"text_{code}"))}
    fits = fits_caption(texts.values())
    if row.started_at and design.captioned and not fits:
        raise Unfit("too long for a caption")
    captioned = design.captioned if row.started_at else bool(design.attachments) and fits
    return replace(design, texts=texts, captioned=captioned)


def _note(desk: Desk, *, started: bool) -> Markup | None:
    if not started or not desk.answers.get("note", True):
        return None
    words = desk.answers.get("note_text") or desk.voice.plain(
        "The message above has changed. Please read it once more."
    )
    return desk.voice.say("Correction: %(words)s", words=words)


async def _preview_rewritten(desk: Desk) -> Message:
    row, voice = await find(desk.session, desk.answers["number"]), desk.voice
    samples = list(_samples(desk, await _rewritten(desk)))
    lines = [voice.say("<b>Preview</b> – above you see what the recipients will see.")]
    if row.started_at is None:
        lines.append(voice.say("It has not gone out yet; the new text takes the place of the old one."))
    else:
        lines.append(voice.say("Every copy that was sent is edited. Edits make no sound."))
        lines.append(voice.say("Whose copy Telegram does not let us edit any more gets the new text as a message."))
        if row.asks_read:
            lines.append(voice.say("“Read” starts anew."))
    if set(row.revisions[-1]["texts"]) - set((await _rewritten(desk)).texts):
        lines.append(voice.say("<b>Attention:</b> another language has no new text; its readers get this one."))
    if (note := _note(desk, started=row.started_at is not None)) is not None:
        lines.append(voice.say("This follows:\n%(note)s", note=note))
    return Message("\n".join(lines), samples=samples)


async def _finish_rewritten(desk: Desk) -> Message:
    number, voice = desk.answers["number"], desk.voice
    row, design = await find(desk.session, number), await _rewritten(desk)
    note = _note(desk, started=row.started_at is not None)
    try:
        new = Rewriting(desk.answers["seen"], design.texts, note, design.captioned)
        row = await rewrite(desk.session, number, new, desk.actor, desk.now)
    except Changed as refusal:
        # The form is done with all the same; what was typed is not lost.
        text = Markup(f"{html(refusal_text(refusal, voice))}\n\n{design.text(row.language)}")
        return Message(text, _ways_on(voice, number))
    done = (
        voice.say("Broadcast no. %(number)s: the copies are being corrected.", number=number)
        if row.started_at
        else voice.say("Broadcast no. %(number)s has its new text.", number=number)
    )
    return Message(done, _ways_on(voice, number))


def known(tap: OnBroadcast, row: Any) -> dict[str, Any]:
    """What the correction's form knows from the start: which Rundruf, and over which revision it is written."""
    return {"number": tap.number, "seen": row.revision}


CORRECT_BROADCAST = Form(
    "broadcast_correct",
    N_("Correct the broadcast"),
    N_("Correct now"),
    (Question("text", _new_text, _read_text),),
    _preview_rewritten,
    _finish_rewritten,
    guarded=True,
    sides=(
        *IN_LANGUAGES,
        Question("note", _asks_note, label=_note_switch),
        Question("note_text", _ask_note_text, a_line, label=_note_label),
    ),
)

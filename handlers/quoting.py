"""How a passage is shown: verbatim, with the place where it stands, its date, and the lines that start „Achtung:"."""

from collections.abc import Sequence
from datetime import date

from handlers.callbacks import OnQuestion
from handlers.speech import Message, Row
from handlers.words import source_note
from locales import Markup, Voice, html
from models.knowledge import Quote
from models.search import (
    Answer,
    NewerEdition,
    NotYetValid,
    OtherFigure,
    ValidityEnded,
)

OMITTED = "\n[…]\n"


def quoted(passage: Quote, pieces: Sequence[str] = ()) -> Markup:
    """The passage, or pieces of it, verbatim, with the sentence that introduces it where it is part of a list."""
    lead = [passage.lead] if passage.lead else []
    return html(OMITTED.join([*lead, *(pieces or [passage.text])]))


def citation(voice: Voice, passage: Quote) -> Markup:
    """„Fundstelle:" and „Stand:"."""
    document = passage.document
    where = [document.title, document.publisher, passage.section]
    if passage.page:
        where.append(voice.plain("page %(page)s", page=passage.page))
    place = voice.say("Source: %(where)s", where=", ".join(part for part in where if part))
    return Markup(f"{place}\n{voice.say('As of: %(date)s', date=_as_of(voice, document.dated, document.valid_from))}")


def _as_of(voice: Voice, dated: date | None, valid_from: date | None) -> str:
    if dated:
        return voice.day(dated)
    if valid_from:
        return voice.plain("undated (valid from %(date)s)", date=voice.day(valid_from))
    return voice.plain("undated")


def warnings(voice: Voice, found: Sequence[object]) -> list[Markup]:
    """The lines that start „Achtung:"."""
    lines = []
    for one in found:
        match one:
            case ValidityEnded():
                lines.append(voice.say("Attention: valid only until %(date)s.", date=voice.day(one.until)))
            case NotYetValid():
                lines.append(voice.say("Attention: valid only from %(date)s.", date=voice.day(one.valid_from)))
            case NewerEdition():
                lines.append(voice.say("Attention: there is a newer edition: %(title)s.", title=one.title))
            case OtherFigure():
                title = one.quote.document.title
                lines.append(voice.say("Attention: another source, “%(title)s”, gives another figure.", title=title))
    return lines


def answer_message(
    voice: Voice, found: Answer, pieces: Sequence[str], number: int, contact: str = "", *, staff: bool
) -> Message:
    """The answer: what of the passage is short enough for a phone, citation, warnings, and what to do next."""
    parts = [quoted(found.quote, pieces), citation(voice, found.quote), *warnings(voice, found.warnings)]
    rows: list[Row] = [
        [(voice.plain("Helpful"), OnQuestion(number, "good")), (voice.plain("Not helpful"), OnQuestion(number, "bad"))],
        [(voice.plain("To the office"), OnQuestion(number, "office"))],
    ]
    shortened = "".join(pieces) != found.quote.text
    if shortened or found.more or any(isinstance(one, OtherFigure) for one in found.warnings):
        rows.insert(0, [(voice.plain("More"), OnQuestion(number, "more"))])
    if staff:
        rows.append([(voice.plain("People also ask it like this"), OnQuestion(number, "alias"))])
    return Message(
        "\n\n".join(part for part in (*parts, source_note(voice, contact, found.quote.document.rank)) if part), rows
    )


def whole_message(voice: Voice, found: Answer, contact: str = "") -> Message:
    """„Mehr": the whole of the paragraph or list with its citation, then the other figures with theirs."""
    block = sorted([found.quote, *found.more], key=lambda one: one.ordinal)
    lead = block[0].lead
    # Sentences of a paragraph stand side by side, entries of a list one below the other.
    between = "\n" if lead or any("\n" in one.text for one in block) else " "
    text = html(between.join([*([lead] if lead else []), *(one.text for one in block)]))
    others = [one.quote for one in found.warnings if isinstance(one, OtherFigure)]
    parts = [text, citation(voice, found.quote), *warnings(voice, found.warnings)]
    parts += [Markup(f"{quoted(one)}\n\n{citation(voice, one)}") for one in others]
    return Message(
        "\n\n".join(part for part in (*parts, source_note(voice, contact, found.quote.document.rank)) if part)
    )


def _noted(voice: Voice, found: Answer, contact: str, parts: Sequence[Markup]) -> Markup:
    note = source_note(voice, contact, found.quote.document.rank)
    return Markup("\n\n".join([*parts, note] if note else parts))

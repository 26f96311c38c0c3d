"""What the office knows: its sources, edition by edition, and the questions it answered, without who asked."""

from sqlalchemy import select

from bot.exporting.desk import Desk
from models.knowledge import Edition, Passage
from models.question import OfficeQuestion

SOURCES, QUESTIONS = "quellen", "fragen"
SOURCE_HEADINGS = [
    "Nr.", "Kurzname", "Titel", "Herausgeber", "Datum", "Gültig ab", "Gültig bis", "Adresse", "Rang", "Widerspricht",
    "Geladen", "Abgelöst", "SHA-256 des Textes", "Datei",
]  # fmt: skip
QUESTION_HEADINGS = ["Nr.", "Gefragt am", "Frage", "Beantwortet am", "Antwort"]


async def export_sources(desk: Desk) -> None:
    """All editions as a table, and of each the passages that can be quoted, word by word."""
    rows = []
    for edition in await desk.session.scalars(select(Edition).order_by(Edition.key, Edition.id)):
        passages = await desk.session.scalars(
            select(Passage).where(Passage.edition_id == edition.id).order_by(Passage.ordinal)
        )
        name = f"{edition.key.replace('/', '-')}-{edition.id}.txt"
        path = desk.akte.put(f"{SOURCES}/texte", name, _text(edition, list(passages)))
        days = [f"{day:%d.%m.%Y}" if day else "" for day in (edition.dated, edition.valid_from, edition.valid_until)]
        stamps = [desk.voice.stamp(at) if at else "" for at in (edition.loaded_at, edition.superseded_at)]
        about = [str(edition.id), edition.key, edition.title, edition.publisher, *days, edition.url, edition.rank]
        rows.append([*about, " ".join(edition.contradicts), *stamps, edition.content_hash, path])
    desk.table(SOURCES, "quellen", SOURCE_HEADINGS, rows)


def _text(edition: Edition, passages: list[Passage]) -> bytes:
    """The passages, each under its section and page. The files themselves are not kept by the assistant."""
    parts = [f"{edition.title}\n{edition.publisher}"]
    above = ""
    for one in passages:
        place = ", ".join([*([one.section] if one.section else []), *([f"Seite {one.page}"] if one.page else [])])
        if place and place != above:
            parts.append(f"[{place}]")
        above = place
        parts.append(f"{one.lead}\n{one.text}" if one.lead else one.text)
    return ("\n\n".join(parts) + "\n").encode()


async def export_questions(desk: Desk) -> None:
    """The questions that the office answered, as table and JSON. Nobody who asked or answered is named."""
    found = await desk.session.scalars(
        select(OfficeQuestion)
        .where(OfficeQuestion.answered_at.is_not(None), OfficeQuestion.joined_to.is_(None), OfficeQuestion.text != "")
        .order_by(OfficeQuestion.number)
    )
    rows, listed = [], []
    for one in found:
        if not one.answer:
            continue
        stamps = [desk.voice.stamp(one.asked_at), desk.voice.stamp(one.answered_at or one.asked_at)]
        rows.append([str(one.number), stamps[0], one.text, stamps[1], one.answer])
        listed.append(
            {
                "number": one.number,
                "asked_at": desk.instant(one.asked_at),
                "question": one.text,
                "answered_at": desk.instant(one.answered_at),
                "answer": one.answer,
            }
        )
    desk.table(QUESTIONS, "fragen", QUESTION_HEADINGS, rows)
    desk.akte.put_json(QUESTIONS, "fragen.json", listed)

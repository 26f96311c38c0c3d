"""Of which messages a Rundruf consists: albums first, then the text, and „Gelesen" where people look last."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession
from telegram.constants import MediaGroupLimit, MessageLimit

from handlers.callbacks import Read
from handlers.pieces import Attachment, Bundle, Deleted, Edited, Enclosed, Replying
from handlers.speech import LONGEST, Message, Row, shown, units
from locales import DEFAULT, EASY, Markup, Voice
from models.broadcast.rows import Broadcast, Copy
from models.files import StoredFile, content_of

# What goes into one album: https://core.telegram.org/bots/api#sendmediagroup
FAMILIES = ({"photo", "video"}, {"document"}, {"audio"})


@dataclass(frozen=True)
class Design:
    """What is to be sent: texts (HTML) by language, files, and whether „Gelesen" is asked for.

    ``captioned``: the text stands under the last album, not in a message of its own.
    """

    texts: dict[str, str]
    language: str
    attachments: Sequence[Attachment] = field(default=())
    asks_read: bool = False
    captioned: bool = False

    def text(self, language: str) -> Markup:
        """The text for a reader: in their language, for Leichte Sprache else in German, else in the first one."""
        near = DEFAULT if language == EASY else self.language
        return Markup(self.texts.get(language) or self.texts.get(near) or self.texts[self.language])

    def spoken(self, voice: Voice) -> Markup:
        """The text for a reader; one in a language that is not theirs says so, where there is room for it."""
        text = self.text(voice.language)
        if voice.german or self.texts.get(voice.language):
            return text
        marked = Markup(f"{text}\n\n{voice.say('The office has written this in German only.')}")
        return marked if units(shown(marked)) <= (MessageLimit.CAPTION_LENGTH if self.captioned else LONGEST) else text

    @property
    def albums(self) -> list[Sequence[Attachment]]:
        """The attachments as they go together."""
        families = [[one for one in self.attachments if one.kind in family] for family in FAMILIES]
        most = MediaGroupLimit.MAX_MEDIA_LENGTH
        return [family[first : first + most] for family in families for first in range(0, len(family), most)]

    @property
    def text_part(self) -> int:
        """Which of the messages shows the text."""
        return len(self.albums) - self.captioned

    @property
    def own_button(self) -> bool:
        """Whether „Gelesen" needs a message of its own: an album has no buttons."""
        return self.asks_read and self.captioned and len(self.albums[-1]) > 1


def fits_caption(texts: Iterable[str]) -> bool:
    """Whether HTML texts can stand under a picture, each of them."""
    return all(units(shown(one)) <= MessageLimit.CAPTION_LENGTH for one in texts)


async def design_of(session: AsyncSession, row: Broadcast, revision: int | None = None) -> Design:
    """The Rundruf as it is, or was in an earlier revision."""
    texts = row.revisions[row.revision if revision is None else revision]["texts"]
    files = await attachments(session, row.file_ids)
    return Design(dict(texts), row.language, files, row.asks_read, row.captioned)


async def attachments(session: AsyncSession, file_ids: Sequence[int]) -> list[Attachment]:
    """The files with these ids, in that order; read from the store only where Telegram has no handle of them."""
    found = []
    for one in [await session.get_one(StoredFile, number) for number in file_ids]:
        content = None if one.handle else await content_of(session, one.id)
        found.append(Attachment(one.id, one.kind, one.name, one.handle, content))
    return found


def bundle(voice: Voice, design: Design, read: Read | None) -> Bundle:
    """The messages for a reader. ``read``: what the button says that they read."""
    text = design.spoken(voice)
    button: list[Row] = [[(voice.plain("Read"), read)]] if read else []
    pieces: list[Message] = [Enclosed("", attachments=one) for one in design.albums]
    under_text = () if design.own_button else button
    if design.captioned:
        pieces[-1] = Enclosed(text, under_text, attachments=design.albums[-1])
    else:
        pieces.append(Message(text, under_text))
    if design.own_button:
        pieces.append(Message(_please(voice), button))
    return Bundle(text, pieces=pieces)


def _please(voice: Voice) -> Markup:
    return voice.say("Please tap “Read” once you have read this message.")


def update(voice: Voice, design: Design, parts: Sequence[Any], copy: Copy, note: str | None) -> tuple[Bundle, int]:
    """What turns a copy that was sent (``parts``, as in its letter) into the present text, and says so.

    Returns it with the number of messages that are edits, which do no harm a second time.
    """
    text = design.spoken(voice)
    read = Read(copy.id, copy.updated_to) if design.asks_read else None
    button: list[Row] = [[(voice.plain("Read"), read)]] if read else []
    place = _last(parts[design.text_part])
    what = "caption" if design.captioned else "text"
    pieces: list[Message] = [Edited(text, () if design.own_button else button, message_id=place, what=what)]
    if design.own_button and len(parts) > design.text_part + 1:
        pieces.append(Edited(_please(voice), button, message_id=_last(parts[design.text_part + 1]), what="buttons"))
    edits = len(pieces)
    if note is not None:
        pieces.append(Replying(note, reply_to=place))
    return Bundle(text, pieces=pieces), edits


def _last(arrived: int | list[int]) -> int:
    return arrived if isinstance(arrived, int) else arrived[-1]


def deletion(text: Markup, parts: Sequence[Any]) -> Bundle:
    """What takes a copy away; 0 stands for a file that was never there."""
    numbers = [number for one in parts for number in ([one] if isinstance(one, int) else one) if number]
    return Bundle(text, pieces=[Deleted(text, message_ids=numbers)])

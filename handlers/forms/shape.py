"""What a form is made of. A form is data and small functions; the engine in ``flow`` does the asking."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession
from telegram import MessageEntity

from handlers.commands import Right
from handlers.context import Context
from handlers.speech import Message, units
from locales import Markup, Voice
from models.actor import Actor
from models.calendar import Calendar
from models.refusals import Unfit

# In UTF-16 units, as Telegram counts.
LONGEST_LINE = 200  # of a title or place
LONGEST_TEXT = 3000  # leaves room on a card of 4096 for everything else
# Marks that turn the writing of what follows around: what stands behind a title would be read backwards.
# https://www.unicode.org/reports/tr9/#Explicit_Directional_Embeddings
TURNING = dict.fromkeys([*range(0x202A, 0x202F), *range(0x2066, 0x206A)])


@dataclass(frozen=True)
class Desk:
    """What a form's functions work with: the store, who fills it in, and the answers so far (JSON values).

    ``message_id``: the message that is being read, where one is, and ``entities``: the formatting of its text.
    """

    session: AsyncSession
    actor: Actor
    voice: Voice
    now: datetime
    calendar: Calendar
    answers: dict[str, Any]
    message_id: int | None = None
    entities: Sequence[MessageEntity] = ()

    def at(self, key: str) -> datetime:
        """An instant among the answers; „now" is the instant of the act."""
        value = self.answers[key]
        return self.now if value == NOW else datetime.fromisoformat(value)


NOW = "now"


@dataclass(frozen=True)
class Ask:
    """One question as it is put: its text, the values behind its buttons, whether it may be passed over.

    A choice of one is not asked, unless its tap is a confirmation (``must_be_tapped``).
    """

    text: Markup
    choices: Sequence[tuple[str, Any]] = field(default=())
    optional: bool = False
    must_be_tapped: bool = False


Reader = Callable[[Desk, str], Any]
Tick = Callable[[Desk, Any], tuple[Any, bool]]


@dataclass(frozen=True)
class Question:
    """A question. ``ask`` gives None where it need not be put; ``read`` turns typed text into a JSON value.

    Where it has to look into the store it gives something to await.

    ``echo`` reads an entry back above the next question, so that a misread date is seen at once. ``read_file`` takes a
    file (name, content) for a typed answer; ``takes_files`` collects files as they are.
    ``check`` looks an entry up in the store; what it writes there stays, also where it raises ``Unfit``.
    ``tick``: of which several may be tapped; it makes the new answer of a tap, and says whether the question stays (see
    ``parts.toggle``). ``label``: of a question that is asked from the preview only, the words on its button there.
    """

    key: str
    ask: Callable[[Desk], Awaitable[Ask | None]]
    read: Reader | None = None
    takes_files: bool = False
    echo: Callable[[Desk], Markup] | None = None
    tick: Tick | None = None
    label: Callable[[Desk], str] | None = None
    read_file: Callable[[Desk, str, bytes], Any] | None = None
    check: Callable[[Desk, Any], Awaitable[None]] | None = None


@dataclass(frozen=True)
class Form:
    """A form: its questions in order, the preview, the word on the last button, and what happens then.

    ``finish`` acts in the transaction; ``afterwards`` speaks once that is committed, beyond the answer to the tap.
    ``guarded``: what is typed reaches people outside, so personal data are refused as they are in questions.
    ``sides``: questions that need not be answered; the preview has a button for each that can be put.
    ``looks_up``: it changes nothing, so its last answer brings what was looked for, without a preview.
    """

    name: str
    title: str  # a message of the catalogues
    confirm: str  # likewise
    questions: Sequence[Question]
    preview: Callable[[Desk], Awaitable[Message]]
    finish: Callable[[Desk], Awaitable[Message]]
    right: Right = Right.STAFF
    afterwards: Callable[[Context, Mapping[str, Any]], Awaitable[None]] | None = None
    guarded: bool = False
    sides: Sequence[Question] = ()
    looks_up: bool = False

    def question(self, key: str) -> Question:
        """The question with this key."""
        return next(one for one in (*self.questions, *self.sides) if one.key == key)


def a_line(_desk: Desk, text: str) -> str:
    """A title or place: one line.

    Raises:
        Unfit: empty or too long.
    """
    return _text(" ".join(text.translate(TURNING).split()), LONGEST_LINE)


def a_text(_desk: Desk, text: str) -> str:
    """A text of several lines.

    Raises:
        Unfit: empty or too long.
    """
    return written(text)


def written(text: str) -> str:
    """Somebody's text of several lines, without what would turn its surroundings around.

    Raises:
        Unfit: empty or too long.
    """
    return _text(text.translate(TURNING).strip(), LONGEST_TEXT)


def _text(text: str, longest: int) -> str:
    if not text:
        raise Unfit("empty")
    if units(text) > longest:
        raise Unfit("too long")
    return text

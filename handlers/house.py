"""What the composition root lends the handlers, and what goes with one update through them."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from handlers.allowance import Counter
from handlers.callbacks import Tap
from models import inbox
from models import shown as showing
from models.base import Database
from models.shown import Buttons


@dataclass
class Act:
    """One update on its way through the handlers."""

    update_id: int
    received_at: datetime
    acted: bool = False  # its effect is in the store
    answered: bool = False  # its callback query was answered
    stored: bool = True  # a row of the inbox; else it goes round it, see ``bot/passing.py``
    committed: Callable[[], None] = lambda: None  # told once the effect is in the store
    told: str = ""  # what only this act knows to say, while Telegram cannot be reached
    error: BaseException | None = None
    typed: Tap | None = None  # what was typed in the place of a tap
    counted: int = 0  # buttons shown so far that have numbers
    unsaid: str = ""  # the answer to a tap that was typed: it has no toast, so it goes into the next message

    def anew(self) -> None:
        """Another try begins."""
        self.answered, self.counted, self.unsaid, self.error = False, 0, "", None


current_act: ContextVar[Act] = ContextVar("current_act")


@dataclass
class Unkept:
    """What the next transaction writes along, since it is worth no commit of its own."""

    spoken: set[int] = field(default_factory=set)  # updates to be marked done
    shown: dict[int, list[Buttons]] = field(default_factory=dict)  # by chat

    def __len__(self) -> int:
        return max(len(self.spoken), len(self.shown))

    async def write(self, session: AsyncSession) -> None:
        """Write it."""
        if self.spoken:
            await inbox.mark_done(session, self.spoken)
        if self.shown:
            await showing.keep(session, self.shown)


@dataclass(frozen=True)
class Process:
    """What only this process knows of itself, for „Technik"."""

    version: str = ""
    since: datetime | None = None
    backup_folder: str = ""
    halted_for: Callable[[], float] = lambda: 0.0  # seconds for which Telegram wants silence


@dataclass
class House:
    """What the composition root lends the handlers."""

    database: Database
    clock: Callable[[], datetime]
    post_went_in: Callable[[], None] = lambda: None
    unkept: Unkept = field(default_factory=Unkept)
    settle_soon: Callable[[], None] = lambda: None  # writes it where no transaction comes along
    refused: Callable[[str], None] = lambda _kind: None  # told to whoever watches: a refusal of this type was spoken
    vote_cast: Callable[[], None] = lambda: None  # likewise: a tap in an open vote is stored
    counter: Counter = field(default_factory=Counter)
    process: Process = field(default_factory=Process)

    @contextmanager
    def settling(self, at_least: int = 1) -> Iterator[Unkept]:
        """What this transaction is to write along, if there is so much; given back where it fails.

        Taken out at once: two transactions that marked the same rows would wait for each other on PostgreSQL.
        """
        taken = Unkept()
        if len(self.unkept) >= at_least:
            taken, self.unkept = self.unkept, taken
        try:
            yield taken
        except BaseException:
            self.unkept.spoken |= taken.spoken
            for chat, before in taken.shown.items():
                self.unkept.shown[chat] = [*before, *self.unkept.shown.get(chat, ())]
            raise

    def note_shown(self, chat: int, buttons: Buttons) -> None:
        """Remember which buttons a chat shows; in a group nothing is typed."""
        if chat > 0:
            self.unkept.shown.setdefault(chat, []).append(buttons)
            self.settle_soon()

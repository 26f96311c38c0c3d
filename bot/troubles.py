"""What is worth a line in the log is counted for „Technik" too: where, which kind of error, when; never its words."""

import logging
from collections.abc import Callable
from datetime import datetime

from sqlalchemy.exc import SQLAlchemyError

from models import troubles
from models.base import Database
from models.troubles import Met, Place

log = logging.getLogger("bot.troubles")

LISTENED = ("bot", "handlers", "models", "scheduler")
PLACES = {
    "bot.intake": Place.UPDATE,
    "scheduler.courier": Place.LETTER,
    "scheduler.planner": Place.PLAN,
}
MOST = 100  # kinds held between two ticks


class Collector(logging.Handler):
    """Hears the log of our own rooms; ``flush_to`` brings what it heard into the store.

    An error counts by its type. A warning counts where it says so: ``extra={"trouble": …}`` names what happened,
    ``extra={"reference": …}`` the update, the letter or the act, by which it is found in the log.
    """

    def __init__(self, clock: Callable[[], datetime]) -> None:
        super().__init__(logging.WARNING)
        self._clock = clock
        self._met: dict[tuple[Place, str], Met] = {}

    def emit(self, record: logging.LogRecord) -> None:
        """Count it. Nothing of its text is looked at."""
        kind = record.exc_info[0] if record.exc_info else None
        what = getattr(record, "trouble", None) or (kind.__name__ if kind else None)
        if what is None or record.name == log.name:
            return
        place = PLACES.get(record.name, Place.REST)
        if kind is not None and issubclass(kind, SQLAlchemyError):
            place = Place.STORE
        place = getattr(record, "place", place)
        before = self._met.get((place, what))
        if before is None and len(self._met) >= MOST:
            return
        many = before.many + 1 if before else 1
        self._met[place, what] = Met(place, what, many, self._clock(), str(getattr(record, "reference", "")))

    def listen(self) -> None:
        """Begin to hear."""
        for name in LISTENED:
            logging.getLogger(name).addHandler(self)

    def leave(self) -> None:
        """Hear no more."""
        for name in LISTENED:
            logging.getLogger(name).removeHandler(self)

    async def flush_to(self, database: Database) -> None:
        """Note what was heard; what cannot be noted now is noted later."""
        if not self._met:
            return
        met, self._met = self._met, {}
        try:
            async with database.begin() as session:
                await troubles.note(session, met.values())
        except SQLAlchemyError as error:
            self._met = met | self._met
            log.warning("Errors could not be noted (%s).", type(error).__name__)

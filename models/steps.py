"""Steps of reminding that are counted back from an instant."""

from collections.abc import Iterable
from datetime import datetime

from models.calendar import Calendar
from models.heartbeat import GAP


def newest_step(steps: Iterable[datetime], since: datetime, now: datetime) -> datetime | None:
    """The newest step that has come since something was announced; None where none has."""
    return max((step for step in steps if since < step <= now), default=None)


def held_by_quiet(calendar: Calendar, step: datetime, now: datetime) -> bool:
    """Whether a step that an outage held up has to wait now for the end of the quiet hours."""
    return now - step > GAP and calendar.quiet(now)

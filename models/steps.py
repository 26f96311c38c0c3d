"""Steps of reminding that are counted back from an instant."""

from collections.abc import Iterable
from datetime import datetime


def newest_step(steps: Iterable[datetime], since: datetime, now: datetime) -> datetime | None:
    """The newest step that has come since something was announced; None where none has."""
    return max((step for step in steps if since < step <= now), default=None)

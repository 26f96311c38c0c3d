"""The log: one line an event on standard error, plain or as JSON, with what it belongs to.

``about(update=17)`` says what everything logged within the block belongs to; an update's own number is its correlation
id, by which its row in the inbox is found. Never logged: texts, names, codes, tokens.
"""

import logging
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Literal

import structlog
from structlog.typing import EventDict, Processor

Form = Literal["plain", "json"]
_FIRST = ("timestamp", "level", "logger", "event", "exception")


@contextmanager
def about(**what: int) -> Iterator[None]:
    """Whatever is logged in this block belongs to this (``update=…``, ``letter=…``)."""
    with structlog.contextvars.bound_contextvars(**what):
        yield


def begin(form: Form = "plain") -> None:
    """Log from now on; libraries speak only of what needs somebody."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(formatter(form))
    logging.basicConfig(level=logging.INFO, handlers=[handler], force=True)
    for name in ("apscheduler", "telegram", "aiosqlite", "alembic", "sqlalchemy", "uvicorn"):
        logging.getLogger(name).setLevel(logging.WARNING)
    # What it says of a job is said by the job itself.
    logging.getLogger("apscheduler.scheduler").setLevel(logging.ERROR)


def formatter(form: Form) -> logging.Formatter:
    """What makes a line of a record."""
    shared: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.format_exc_info,
    ]
    last: Processor = structlog.processors.JSONRenderer(ensure_ascii=False) if form == "json" else _plain
    return structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=shared, processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, last]
    )


def _plain(_logger: object, _method: str, event: EventDict) -> str:
    """``2026-11-22T12:00:00Z WARNING bot.intake: What happened. [update=17]``."""
    rest = " ".join(f"{key}={value}" for key, value in event.items() if key not in _FIRST)
    line = f"{event['timestamp']} {event['level'].upper()} {event['logger']}: {event['event']}"
    trace = f"\n{event['exception']}" if "exception" in event else ""
    return f"{line} [{rest}]{trace}" if rest else f"{line}{trace}"

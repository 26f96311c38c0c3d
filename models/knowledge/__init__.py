"""What the office's sources say: editions, passages, and how a text becomes both."""

from models.knowledge.acts import (
    Intake,
    Taken,
    editions_in_force,
    passages_in_force,
    quote,
    take_in,
    turn_over,
    waits,
    withdraw,
)
from models.knowledge.body import UnreadableError
from models.knowledge.meta import Details, Fault, read_day
from models.knowledge.prepared import Prepared, is_source, prepare, unpack
from models.knowledge.rows import Edition, Passage
from models.knowledge.source import Reading, Source, read_source, read_sources
from models.knowledge.values import Document, Quote, Rank

__all__ = [
    "Details",
    "Document",
    "Edition",
    "Fault",
    "Intake",
    "Passage",
    "Prepared",
    "Quote",
    "Rank",
    "Reading",
    "Source",
    "Taken",
    "UnreadableError",
    "editions_in_force",
    "is_source",
    "passages_in_force",
    "prepare",
    "quote",
    "read_day",
    "read_source",
    "read_sources",
    "take_in",
    "turn_over",
    "unpack",
    "waits",
    "withdraw",
]

"""What the office's sources say: editions, passages, and how a text becomes both."""

from models.knowledge.acts import (
    Intake,
    Taken,
    editions_in_force,
    passages_in_force,
    quote,
    take_in,
    turn_over,
    withdraw,
)
from models.knowledge.meta import Fault
from models.knowledge.rows import Edition, Passage
from models.knowledge.source import Reading, Source, read_source, read_sources
from models.knowledge.values import Document, Quote, Rank

__all__ = [
    "Document",
    "Edition",
    "Fault",
    "Intake",
    "Passage",
    "Quote",
    "Rank",
    "Reading",
    "Source",
    "Taken",
    "editions_in_force",
    "passages_in_force",
    "quote",
    "read_source",
    "read_sources",
    "take_in",
    "turn_over",
    "withdraw",
]

"""Privacy: what the store knows of people, telling it, deleting it, and what goes by itself."""

from models.privacy.access import Kept, formal_acts, mine, own_data
from models.privacy.erasing import Leaving, erase, leaving
from models.privacy.listing import KNOWN, NOBODY, Fate, Formal, Known, Subject
from models.privacy.rules import RETENTION_YEARS
from models.privacy.upkeep import clean

__all__ = [
    "KNOWN",
    "NOBODY",
    "RETENTION_YEARS",
    "Fate",
    "Formal",
    "Kept",
    "Known",
    "Leaving",
    "Subject",
    "clean",
    "erase",
    "formal_acts",
    "leaving",
    "mine",
    "own_data",
]

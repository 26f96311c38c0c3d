"""The record of votes: append-only, each entry with the hash of the one before, one chain an office.

``acts`` appends and reads, ``rules`` says what an entry may hold, ``chain`` finds what was tampered with, ``guards``
are the database's own, ``agreement`` compares record and votes.
"""

from models.record.acts import append, append_all, entries_of, head, verify
from models.record.chain import Fault, Finding, Head, check_chain, parse_head
from models.record.rules import Act, Entry, NewEntry, Unrecordable, digest, digest_of, instant

__all__ = [
    "Act",
    "Entry",
    "Fault",
    "Finding",
    "Head",
    "NewEntry",
    "Unrecordable",
    "append",
    "append_all",
    "check_chain",
    "digest",
    "digest_of",
    "entries_of",
    "head",
    "instant",
    "parse_head",
    "verify",
]

"""Papers: what leaves the office as a picture or a file. One engine sets PDF and PNG from templates beside it.

Each paper is a pure function of values and a voice. Those of typst take some ten milliseconds without the
interpreter's lock, so conversations ask for the ``…_async`` ones, which leave the event loop free.
"""

import asyncio

from handlers.papers.data_files import decision_csv, decision_json
from handlers.papers.decision import decision_pdf
from handlers.papers.lists import table_pdf
from handlers.papers.picture import card
from handlers.papers.values import DecisionRecord, ListPaper
from locales import Voice

__all__ = [
    "card",
    "card_async",
    "decision_csv",
    "decision_json",
    "decision_pdf",
    "decision_pdf_async",
    "table_pdf",
    "table_pdf_async",
]


async def card_async(record: DecisionRecord, voice: Voice) -> bytes:
    """``card`` in a thread."""
    return await asyncio.to_thread(card, record, voice)


async def decision_pdf_async(record: DecisionRecord, voice: Voice) -> bytes:
    """``decision_pdf`` in a thread."""
    return await asyncio.to_thread(decision_pdf, record, voice)


async def table_pdf_async(paper: ListPaper, voice: Voice) -> bytes:
    """``table_pdf`` in a thread."""
    return await asyncio.to_thread(table_pdf, paper, voice)

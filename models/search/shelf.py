"""The library of the editions in force, kept in the process and rebuilt where the sources changed."""

import asyncio
from collections.abc import Mapping, Sequence

from sqlalchemy.ext.asyncio import AsyncSession

from models.knowledge import Quote, editions_in_force, passages_in_force
from models.knowledge.aliases import aliases_in_force
from models.search.confidence import calibrated
from models.search.library import Library

_DETAILS = (
    "id",
    "content_hash",
    "loaded_at",
    "title",
    "publisher",
    "dated",
    "valid_from",
    "valid_until",
    "url",
    "rank",
)
_AT_ONCE = 300  # passages that are worked out before anybody notices; more are worked out beside the event loop

_State = tuple[object, ...]
_shelf: dict[_State, Library] = {}


async def library(session: AsyncSession) -> Library:
    """The library of the editions in force. Quick where nothing changed; else built from the one before."""
    editions = await editions_in_force(session)
    aliases = await aliases_in_force(session)
    details = ((*(getattr(edition, name) for name in _DETAILS), *edition.contradicts) for edition in editions)
    state = (*details, tuple(sorted(aliases.items())))
    if state not in _shelf:
        passages = await passages_in_force(session)
        before = next(iter(_shelf.values()), None)
        if len(passages) <= _AT_ONCE:
            built = _built(passages, before, aliases)
        else:
            built = await asyncio.to_thread(_built, passages, before, aliases)
        _shelf.clear()  # one state is enough: the one before answers nobody any more
        _shelf[state] = built
    return _shelf[state]


def _built(passages: Sequence[Quote], before: Library | None, aliases: Mapping[int, Sequence[str]]) -> Library:
    made = Library(passages, before, aliases)
    made.floors = calibrated(made)
    return made

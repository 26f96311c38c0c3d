"""The library of the editions in force, kept in the process and rebuilt where the sources changed."""

from collections.abc import Awaitable, Callable, Mapping, Sequence

from sqlalchemy.ext.asyncio import AsyncSession

from models.knowledge import Quote, passages_in_force
from models.knowledge.aliases import aliases_in_force
from models.knowledge.state import State, state_in_force
from models.search.confidence import calibrated
from models.search.library import Library

_AT_ONCE = 300  # passages that are worked out before anybody notices; more are worked out beside the event loop

Beside = Callable[..., Awaitable[Library]]
_shelf: dict[State, Library] = {}


async def library(session: AsyncSession, beside: Beside | None = None) -> Library:
    """The library of the editions in force. Quick where nothing changed; else built from the one before.

    ``beside`` does long work beside everything else (``asyncio.to_thread``); without it everybody waits meanwhile.
    """
    state = await state_in_force(session)
    if state not in _shelf:
        aliases = await aliases_in_force(session)
        passages = await passages_in_force(session)
        before = next(iter(_shelf.values()), None)
        if beside is None or len(passages) <= _AT_ONCE:
            built = _built(passages, before, aliases)
        else:
            built = await beside(_built, passages, before, aliases)
        _shelf.clear()  # one state is enough: the one before answers nobody any more
        _shelf[state] = built
    return _shelf[state]


def _built(passages: Sequence[Quote], before: Library | None, aliases: Mapping[int, Sequence[str]]) -> Library:
    made = Library(passages, before, aliases)
    made.floors = calibrated(made)
    return made

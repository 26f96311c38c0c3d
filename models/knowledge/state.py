"""In which state the sources are: asked at every question, since another process may have changed them."""

from sqlalchemy import String, cast, select
from sqlalchemy.ext.asyncio import AsyncSession

from models.knowledge.aliases import Alias
from models.knowledge.rows import Edition, in_force

State = tuple[tuple[object, ...], ...]

# Made once. A passage never changes after loading, so its edition's number and hash say enough.
_EDITIONS = (
    select(
        Edition.id,
        Edition.content_hash,
        Edition.loaded_at,
        Edition.title,
        Edition.publisher,
        Edition.dated,
        Edition.valid_from,
        Edition.valid_until,
        Edition.url,
        Edition.rank,
        cast(Edition.contradicts, String),
    )
    .where(in_force())
    .order_by(Edition.key)
)
_ALIASES = select(Alias.id, Alias.key, Alias.passage_hash, Alias.text).order_by(Alias.id)


async def state_in_force(session: AsyncSession) -> State:
    """All that an answer depends on: the editions in force with what is said of them, and other ways of asking."""
    editions, aliases = await session.execute(_EDITIONS), await session.execute(_ALIASES)
    return (*map(tuple, editions), (), *map(tuple, aliases))

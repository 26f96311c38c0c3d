"""The paper under a card, for whoever acts for its mandate now: read only, by every tap that stores nothing."""

from handlers.context import Context
from locales import Voice
from models.ballot.paper import Paper, read_paper
from models.ballot.rules import acting_for


async def own_paper(context: Context, number: int, mandate_id: int) -> tuple[Voice, Paper]:
    """The reader's voice, and the paper of a mandate in a vote.

    Raises:
        NotEntitled: somebody else acts for the mandate now.
        Unknown: no such vote, or the mandate has none there.
    """
    async with context.read() as session:
        who = await context.actor(session)
        voice = await context.voice(session)
        paper = await read_paper(session, number, mandate_id, context.now)
        acting_for(who, mandate_id, paper.deputy_id)
    return voice, paper

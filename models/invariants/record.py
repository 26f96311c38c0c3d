"""The record of votes."""

from collections.abc import Callable

from sqlalchemy import Executable, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from models.record.acts import verify
from models.record.agreement import disagreements
from models.record.rows import RecordHead, RecordLine


def _ends_that_are_not_the_head() -> Executable:
    end = func.coalesce(select(func.max(RecordLine.number)).scalar_subquery(), 0)
    noted = func.coalesce(select(RecordHead.length).scalar_subquery(), 0)
    return select(end, noted).where(end != noted)


PROMISES: dict[str, Callable[[], Executable]] = {
    "the record's head is its last entry": _ends_that_are_not_the_head,
}


async def broken(session: AsyncSession) -> list[str]:
    """Breaks of the chain, and votes that are not as it has them."""
    finding = await verify(session)
    breaks = [] if finding.whole else [f"the record is one chain: {finding.fault}, {finding.number}"]
    return breaks + [
        f"the votes are as the record has them: {', '.join(map(str, difference))}"
        for difference in await disagreements(session)
    ]

"""Project selection: the call is stored with its vote, and frozen with it."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from models.ballot.rows import Attachment
from models.files import StoredFile
from models.record import digest_of
from models.selection.reading import call_of
from models.selection.rows import CallRow, CriterionRow, ProjectRow
from models.selection.rules import Call, project_of_file


async def store_call(session: AsyncSession, number: int, call: Call) -> None:
    """Store the call of a vote that has just been entered."""
    session.add(CallRow(vote_number=number, budget=call.budget, threshold=call.threshold))
    session.add_all(
        CriterionRow(vote_number=number, place=one.place, name=one.name, maximum=one.maximum, weight=one.weight)
        for one in call.criteria
    )
    session.add_all(
        ProjectRow(vote_number=number, number=one.number, title=one.title, sponsor=one.sponsor, applied=one.applied)
        for one in call.projects
    )
    await session.flush()


async def attach(session: AsyncSession, number: int, file_ids: Sequence[int], call: Call | None) -> None:
    """Attach files to a vote; of a selection each to its project, where its name says which."""
    for file_id in file_ids:
        project = None
        if call is not None:
            name = (await session.get_one(StoredFile, file_id)).name
            project = project_of_file(name, len(call.projects))
        session.add(Attachment(vote_number=number, file_id=file_id, project=project))
    await session.flush()


async def frozen_call(session: AsyncSession, number: int) -> dict[str, Any]:
    """What the record says of the call at the opening: the digest of all its figures and names."""
    return {"call": digest_of((await call_of(session, number)).to_json())}

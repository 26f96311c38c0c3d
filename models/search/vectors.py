"""Vectors of passages and of ways of asking, kept by the hash of the text and the model: computed once."""

from collections.abc import Collection, Mapping

import numpy as np
from sqlalchemy import LargeBinary, delete, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base
from models.search.meaning import Matrix
from models.statements import insert_or


class PassageVector(Base):
    """What an embedder made of a text. Half precision: a thousandth is far below what decides."""

    __tablename__ = "passage_vectors"

    hash: Mapped[str] = mapped_column(primary_key=True)
    model: Mapped[str] = mapped_column(primary_key=True)
    vector: Mapped[bytes] = mapped_column(LargeBinary)


async def vectors(session: AsyncSession, model: str) -> dict[str, Matrix]:
    """All vectors of a model, by hash."""
    rows = await session.execute(select(PassageVector.hash, PassageVector.vector).where(PassageVector.model == model))
    return {key: np.frombuffer(stored, np.float16).astype(np.float32) for key, stored in rows}


async def keep_vectors(session: AsyncSession, model: str, found: Mapping[str, Matrix]) -> None:
    """Store vectors by hash; what is there already stays."""
    for key, vector in found.items():
        values = {"hash": key, "model": model, "vector": vector.astype(np.float16).tobytes()}
        await session.execute(insert_or(session, PassageVector).values(values).on_conflict_do_nothing())


async def drop_vectors(session: AsyncSession, model: str, wanted: Collection[str]) -> None:
    """Drop what no passage in force has any more."""
    known = await session.scalars(select(PassageVector.hash).where(PassageVector.model == model))
    gone = [key for key in known if key not in wanted]
    for start in range(0, len(gone), _AT_ONCE):
        some = gone[start : start + _AT_ONCE]
        await session.execute(delete(PassageVector).where(PassageVector.model == model, PassageVector.hash.in_(some)))


_AT_ONCE = 500  # a statement takes no endless list

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.end_to_end.stage import Stage, set_up


@pytest.fixture
async def stage(kind: str, request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Stage]:
    """The program and its surroundings, once on SQLite and once on PostgreSQL."""
    async with set_up(request.getfixturevalue(f"bare_{kind}_url"), tmp_path) as made:
        yield made

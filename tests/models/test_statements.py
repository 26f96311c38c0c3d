"""Rows to look at."""

import pytest

from models.ballot.rows import Elector
from models.statements import as_read, table_of


def test_a_row_to_look_at_has_its_columns_and_cannot_be_changed() -> None:
    row = as_read(Elector, [17, 4, "Stadt Stendal", None, None, ""])
    assert (row.vote_number, row.mandate_id, row.name, row.excluded_at) == (17, 4, "Stadt Stendal", None)
    with pytest.raises(AttributeError):
        row.name = "Osterburg"
    assert row.name == "Stadt Stendal"


def test_it_needs_every_column() -> None:
    with pytest.raises(ValueError, match="zip"):
        as_read(Elector, [17] * (len(table_of(Elector).columns) - 1))

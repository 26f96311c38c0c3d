"""From words on pages to headings, paragraphs and rows of tables, in the order in which one reads them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from models.knowledge.body import Block
from models.knowledge.readers.columns import Flow, flows
from models.knowledge.readers.furniture import without_furniture
from models.knowledge.readers.grid import Table, parts
from models.knowledge.readers.page import Page
from models.knowledge.readers.paragraphs import Manner, Writer
from models.knowledge.readers.tables import table_blocks

_ALIKE = 6.0  # points that a column of a table may stand elsewhere on the next page


def blocks(pages: Sequence[Page]) -> Iterator[Block]:
    """The blocks of a document."""
    read = [flow for page, runs in without_furniture(pages) for flow in flows(page, runs)]
    manner = Manner.of(line for flow in read for line in flow.lines)
    reader = _Reader(Writer(manner))
    for flow in read:
        yield from reader.read(flow)
    last = reader.writer.finish()
    if last:
        yield last


@dataclass(slots=True)
class _Reader:
    writer: Writer
    table: Table | None = field(default=None)  # the one read last, if nothing has followed it

    def read(self, flow: Flow) -> Iterator[Block]:
        self.writer.part()
        for part in parts(flow.lines):
            if isinstance(part, Table):
                done = self.writer.finish()
                if done:
                    yield done
                yield from self._rows(part)
                continue
            done = self.writer.take(part, flow.edge)
            self.table = None
            if done:
                yield done

    def _rows(self, table: Table) -> Iterator[Block]:
        """A table that goes on from the page before keeps the headings it has there."""
        headings = self.table.rows[0] if self.table and _goes_on(self.table, table) else None
        if headings is None:
            headed, rows = None, table.rows
        else:
            headed, rows = True, [headings, *(row for row in table.rows if row != headings)]
        yield from table_blocks(rows, headed=headed, page=table.page)
        self.table = Table(table.page, rows, table.columns)


def _goes_on(above: Table, below: Table) -> bool:
    if above.page == below.page or len(above.columns) != len(below.columns):
        return False
    pairs = zip(above.columns, below.columns, strict=True)
    return all(abs(one[0] - other[0]) <= _ALIKE for one, other in pairs)

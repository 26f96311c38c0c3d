"""How much of a file is read, and what is wrong with one that cannot be."""

LARGEST = 5_000_000  # bytes of a list
LARGEST_UNPACKED = 25_000_000  # bytes of the parts of an .xlsx that are read; it is a zip file
MOST_PARTS = 2_000  # files within an .xlsx
MOST_ROWS = 20_000
MOST_COLUMNS = 100
MOST_ELEMENTS = 1_500_000  # beginnings, ends and texts of elements in an .xlsx; a filled cell has five
MOST_MERGED = 2_000  # places where cells are merged
LONGEST_CELL = 32_767  # characters, which is as many as a spreadsheet takes itself
# What a file with a password begins with, and an .xls: both are no zip files but OLE containers.
# https://learn.microsoft.com/openspecs/windows_protocols/ms-cfb
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
ZIP = b"PK\x03\x04"


class BrokenError(Exception):
    """The file cannot be read, or not on from ``row``; ``reason`` is one of those of ``models.roll.values.Fault``."""

    def __init__(self, reason: str, row: int | None = None) -> None:
        super().__init__(reason)
        self.reason, self.row = reason, row

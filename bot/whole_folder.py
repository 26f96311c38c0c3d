"""A folder that appears whole or not at all: it is written beside its place, under another name, and then renamed.

Nobody but its owner can read it.
"""

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


class NoRoom(Exception):
    """The folder cannot be written there; the text is a German sentence for whoever asked."""


@contextmanager
def whole_folder(path: Path, what: str) -> Iterator[Path]:
    """A draft to write into. It lies at ``path`` once the block has ended well; else nothing does.

    ``what`` is written there, as a German sentence begins („Eine Akte").

    Raises:
        NoRoom: there is something already, or it cannot be written there.
    """
    target = free_place(path, what)
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        draft = Path(tempfile.mkdtemp(prefix=f".{target.name}.", suffix=".part", dir=target.parent))  # 0700
    except OSError as error:
        raise NoRoom(f"{path} lässt sich nicht anlegen ({error.strerror}).") from error
    try:
        yield draft
        if target.exists():
            target.rmdir()
        draft.rename(target)
    except OSError as error:
        raise NoRoom(f"{path} lässt sich nicht schreiben ({error.strerror}).") from error
    finally:
        shutil.rmtree(draft, ignore_errors=True)


def free_place(path: Path, what: str) -> Path:
    """Where the folder is going to lie.

    Raises:
        NoRoom: there is something already.
    """
    target = Path(os.path.realpath(path))
    try:
        taken = target.exists() and (not target.is_dir() or any(target.iterdir()))
    except OSError as error:
        raise NoRoom(f"{path} lässt sich nicht ansehen ({error.strerror}).") from error
    if taken:
        raise NoRoom(f"{path} ist nicht leer. {what} wird nur in einen neuen oder leeren Ordner geschrieben.")
    return target

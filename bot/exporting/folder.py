"""The folder that an Akte is written to.

Nobody but its owner can read it. Each file's SHA-256 stands in ``SHA256SUMS`` (``sha256sum -c SHA256SUMS`` checks them)
and in ``manifest.json``, which also vouches for ``SHA256SUMS``.
"""

import json
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import Any

from bot.exporting.names import safe_name
from bot.whole_folder import whole_folder

SUMS, MANIFEST = "SHA256SUMS", "manifest.json"
Made = bytes | Callable[[], bytes]


@dataclass(frozen=True, slots=True)
class Entry:
    """A file in the folder, by its path from there."""

    path: str
    size: int
    sha256: str


@dataclass(slots=True)
class Akte:
    """What goes into the folder. Papers that take long to set are made at the end, once nothing is read any more."""

    root: Path
    entries: list[Entry] = field(default_factory=list)
    _taken: set[str] = field(default_factory=set)
    _later: list[tuple[str, Callable[[], bytes]]] = field(default_factory=list)

    def put(self, folder: str, name: str, content: Made) -> str:
        """Write a file, now or at the end; its path. The name becomes one that every computer takes."""
        path = self._free(folder, safe_name(name))
        if callable(content):
            self._later.append((path, content))
        else:
            self._write(path, content)
        return path

    def put_json(self, folder: str, name: str, value: Any) -> None:
        """The same with a value as JSON."""
        self.put(folder, name, as_json(value))

    def finish(self, about: dict[str, Any]) -> str:
        """Make what was put off, then the sums and the manifest; the SHA-256 of the manifest."""
        for path, make in self._later:
            self._write(path, make())
        self.entries.sort(key=lambda one: one.path)
        sums = "".join(f"{one.sha256}  {one.path}\n" for one in self.entries).encode()
        self._store(SUMS, sums)
        files = [{"path": one.path, "size": one.size, "sha256": one.sha256} for one in self.entries]
        files.append({"path": SUMS, "size": len(sums), "sha256": sha256(sums).hexdigest()})
        manifest = as_json({**about, "files": files})
        self._store(MANIFEST, manifest)
        return sha256(manifest).hexdigest()

    def _free(self, folder: str, name: str) -> str:
        """A path that no other file has, whatever the case of its letters."""
        stem, dot, ending = name.rpartition(".")
        path, number = f"{folder}/{name}" if folder else name, 1
        while path.lower() in self._taken:
            number += 1
            other = f"{stem}-{number}.{ending}" if dot and stem else f"{name}-{number}"
            path = f"{folder}/{other}" if folder else other
        self._taken.add(path.lower())
        return path

    def _write(self, path: str, content: bytes) -> None:
        self._store(path, content)
        self.entries.append(Entry(path, len(content), sha256(content).hexdigest()))

    def _store(self, path: str, content: bytes) -> None:
        file = self.root / path
        for folder in reversed(
            Path(path).parents[:-1]
        ):  # with ``parents=True`` only the last would be closed to others
            (self.root / folder).mkdir(mode=0o700, exist_ok=True)
        with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as written:
            written.write(content)
            written.flush()
            os.fsync(written.fileno())


def as_json(value: Any) -> bytes:
    """JSON as people can read it, too."""
    return (json.dumps(value, ensure_ascii=False, indent=2) + "\n").encode()


@contextmanager
def new_folder(path: Path) -> Iterator[Akte]:
    """An Akte that lies at ``path`` once the block has ended well; else nothing does.

    Raises:
        NoRoom: there is something already, or it cannot be written there.
    """
    with whole_folder(path, "Eine Akte") as draft:
        yield Akte(draft)


def numbered(number: int) -> str:
    """„0017": numbers that stand in their order in every list of files."""
    return f"{number:04}"

"""Files, both ways: what the bot uploads and what people send."""

import base64
import mimetypes
import struct
from dataclasses import dataclass
from pathlib import PurePosixPath

from demo.telegram.entities import Json
from demo.telegram.refusal import bad_request

MAX_DOWNLOAD = 20 * 1024 * 1024
MAX_UPLOAD = 50 * 1024 * 1024
MAX_PHOTO = 10 * 1024 * 1024
_PNG = b"\x89PNG\r\n\x1a\n"
_TYPES = {".ics": "text/calendar", ".md": "text/markdown", ".csv": "text/csv", ".toml": "application/toml"}


@dataclass(frozen=True)
class StoredFile:
    """A file as Telegram holds it; ``path`` is what getFile gives, below ``/file/bot<token>/``."""

    file_id: str
    file_unique_id: str
    path: str
    name: str
    mime_type: str
    content: bytes
    bot_id: int

    def as_json(self) -> Json:
        """The fields every kind of file has."""
        return {"file_id": self.file_id, "file_unique_id": self.file_unique_id, "file_size": len(self.content)}

    def as_document(self) -> Json:
        """A Bot API ``Document``."""
        return {"file_name": self.name, "mime_type": self.mime_type, **self.as_json()}

    def as_photo(self) -> list[Json]:
        """A Bot API array of ``PhotoSize``, of one size: the original.

        Raises:
            ApiError: 400 if the content is no picture Telegram reads.
        """
        size = image_size(self.content)
        if size is None or len(self.content) > MAX_PHOTO:
            raise bad_request("IMAGE_PROCESS_FAILED")
        return [{**self.as_json(), "width": size[0], "height": size[1]}]


class FileStore:
    """All files of one world. An id belongs to one bot, as Telegram's do."""

    def __init__(self) -> None:
        self._by_id: dict[str, StoredFile] = {}
        self._by_path: dict[tuple[int, str], StoredFile] = {}

    def add(self, bot_id: int, kind: str, name: str, content: bytes) -> StoredFile:
        """Keeps a file. ``kind`` is the folder of its path (``documents``, ``photos`` …)."""
        number = len(self._by_id) + 1
        safe = PurePosixPath(name.replace("\\", "/")).name or "file"
        suffix = PurePosixPath(safe).suffix
        unique = base64.urlsafe_b64encode(struct.pack(">IQ", number, bot_id)).decode().rstrip("=")
        mime = _TYPES.get(suffix.lower()) or mimetypes.guess_type(safe)[0] or "application/octet-stream"
        stored = StoredFile(
            f"BQACAgI{unique}", f"AgAD{unique[:8]}", f"{kind}/file_{number}{suffix}", safe, mime, content, bot_id
        )
        self._by_id[stored.file_id] = stored
        self._by_path[bot_id, stored.path] = stored
        return stored

    def get(self, bot_id: int, file_id: str) -> StoredFile:
        """The file with this id.

        Raises:
            ApiError: 400 if this bot knows none.
        """
        stored = self._by_id.get(file_id)
        if stored is None or stored.bot_id != bot_id:
            raise bad_request("wrong file identifier/HTTP URL specified")
        return stored

    def find(self, file_id: str) -> StoredFile | None:
        """The file with this id, whoever owns it."""
        return self._by_id.get(file_id)

    def at(self, bot_id: int, path: str) -> StoredFile | None:
        """The file a download path names."""
        return self._by_path.get((bot_id, path))


def image_size(content: bytes) -> tuple[int, int] | None:
    """Width and height in pixels of a PNG, GIF or JPEG; nothing for anything else."""
    if content.startswith(_PNG) and len(content) >= len(_PNG) + 16:
        width, height = struct.unpack_from(">II", content, 16)
        return width, height
    if content[:6] in {b"GIF87a", b"GIF89a"} and len(content) >= len(b"GIF89a") + 4:
        width, height = struct.unpack_from("<HH", content, 6)
        return width, height
    return _jpeg_size(content) if content.startswith(b"\xff\xd8") else None


def _jpeg_size(content: bytes) -> tuple[int, int] | None:
    """Walks the segments of a JPEG to its frame header (ITU T.81, B.2.2)."""
    place = 2
    while place + 9 <= len(content):
        marker, length = content[place + 1], int.from_bytes(content[place + 2 : place + 4], "big")
        if marker in {0xC0, 0xC1, 0xC2, 0xC3}:
            height, width = struct.unpack_from(">HH", content, place + 5)
            return width, height
        place += 2 + length
    return None

"""Files: documents, photos and the like, albums, download."""

from typing import Any, NamedTuple

from demo.telegram.call import Call
from demo.telegram.entities import Json
from demo.telegram.files import MAX_DOWNLOAD, MAX_UPLOAD, StoredFile
from demo.telegram.methods.registry import method
from demo.telegram.params import Params
from demo.telegram.refusal import ApiError, bad_request

ALBUM = range(2, 11)


class _Kind(NamedTuple):
    """Where files of a kind are kept, which numbers describe them, which texts."""

    folder: str
    numbers: tuple[str, ...] = ()
    texts: tuple[str, ...] = ()


_KINDS = {
    "document": _Kind("documents"),
    "photo": _Kind("photos"),
    "video": _Kind("videos", ("width", "height", "duration")),
    "audio": _Kind("music", ("duration",), ("performer", "title")),
    "voice": _Kind("voice", ("duration",)),
    "animation": _Kind("animations", ("width", "height", "duration")),
    "video_note": _Kind("video_notes", ("length", "duration")),
}
_NO_NAME = {"voice", "video_note"}


def _stored(call: Call, kind: str, name: str, reference: Any) -> StoredFile:
    """The file a parameter means: an upload of its own name, one attached under another, or an earlier file's id."""
    upload = call.params.uploads.get(name)
    if isinstance(reference, str) and reference.startswith("attach://"):
        upload = call.params.uploads.get(reference.removeprefix("attach://"))
        if upload is None:
            raise bad_request(f"wrong file identifier/HTTP URL specified: {reference}")
    if upload is not None:
        if not upload.content:
            raise bad_request("file must be non-empty")
        if len(upload.content) > MAX_UPLOAD:
            raise ApiError(413, "Request Entity Too Large")
        return call.world.files.add(call.bot.id, _KINDS[kind].folder, upload.name, upload.content)
    if not reference or not isinstance(reference, str):
        raise bad_request(f"there is no {kind.replace('_', ' ')} in the request")
    if "://" in reference:
        raise bad_request("failed to get HTTP URL content")
    return call.world.files.get(call.bot.id, reference)


def _described(kind: str, stored: StoredFile, values: Params) -> Json:
    """The fields of a Message that hold this file."""
    if kind == "photo":
        return {kind: stored.as_photo()}
    described = stored.as_document()
    if kind in _NO_NAME:
        del described["file_name"]
    if kind == "video_note":
        del described["mime_type"]
    described |= {name: values.integer(name) for name in _KINDS[kind].numbers}
    described |= {name: values.text(name) for name in _KINDS[kind].texts if name in values}
    content: Json = {kind: described}
    if kind == "animation":
        content["document"] = stored.as_document()
    return content


def _send(call: Call, kind: str) -> Json:
    caption = {} if kind == "video_note" else call.caption()
    room = call.target()
    stored = _stored(call, kind, kind, call.params.values.get(kind))
    flags = {name: True for name in ("show_caption_above_media",) if call.params.flag(name)}
    if call.params.flag("has_spoiler"):
        flags["has_media_spoiler"] = True
    return call.post({**_described(kind, stored, call.params), **caption, **flags}, room=room).data


@method
def send_document(call: Call) -> Json:
    """A file."""
    return _send(call, "document")


@method
def send_photo(call: Call) -> Json:
    """A picture."""
    return _send(call, "photo")


@method
def send_video(call: Call) -> Json:
    """A film."""
    return _send(call, "video")


@method
def send_audio(call: Call) -> Json:
    """Music."""
    return _send(call, "audio")


@method
def send_voice(call: Call) -> Json:
    """Speech."""
    return _send(call, "voice")


@method
def send_animation(call: Call) -> Json:
    """A short film without sound."""
    return _send(call, "animation")


@method
def send_video_note(call: Call) -> Json:
    """A round film."""
    return _send(call, "video_note")


def album_item(call: Call, item: Any) -> Json:
    """The fields of a Message for one ``InputMedia``.

    Raises:
        ApiError: 400 if it is none, or its file is missing.
    """
    if not isinstance(item, dict):
        raise bad_request("can't parse InputMedia: expected an Object")
    kind = item.get("type")
    if kind not in _KINDS or kind in _NO_NAME:
        raise bad_request("can't parse InputMedia: type must be one of photo, document, video, audio, animation")
    values = Params(item)
    stored = _stored(call, kind, "", item.get("media"))
    return {**_described(kind, stored, values), **call.caption(values)}


@method
def send_media_group(call: Call) -> list[Json]:
    """An album."""
    items = call.params.array("media", "InputMedia")
    if len(items) not in ALBUM:
        raise bad_request("too many messages to send as an album" if items else "there are no messages to send")
    contents = [album_item(call, item) for item in items]
    kinds = {item["type"] for item in items}
    for alone in ("document", "audio"):
        if alone in kinds and len(kinds) > 1:
            raise bad_request(f"{alone} can't be mixed with other media types")
    room = call.target()
    group = {"media_group_id": call.world.token_id()}
    return [call.post({**content, **group}, room=room).data for content in contents]


@method
def get_file(call: Call) -> Json:
    """Where to download a file."""
    file_id = call.params.text("file_id")
    if not file_id:
        raise bad_request("file_id not specified")
    stored = call.world.files.find(file_id)
    if stored is None or stored.bot_id != call.bot.id:
        raise bad_request("wrong file_id or the file is temporarily unavailable")
    if len(stored.content) > MAX_DOWNLOAD:
        raise bad_request("file is too big")
    return {**stored.as_json(), "file_path": stored.path}

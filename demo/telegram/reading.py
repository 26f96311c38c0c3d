"""The parameters of a request, from the query and from a body of any of the kinds Telegram takes.

Forms with files are taken apart here, as leniently as Telegram does it: clients write the names of files bare or in
quotes, and in UTF-8.
"""

import json
import re
from collections.abc import Iterator
from contextlib import suppress
from typing import Any
from urllib.parse import parse_qsl

from aiohttp import web

from demo.telegram.entities import Json
from demo.telegram.files import MAX_UPLOAD
from demo.telegram.params import Params, Upload
from demo.telegram.refusal import ApiError, bad_request

SLACK = 1024 * 1024
"""Bytes a request may hold beside its files."""
_BOUNDARY = re.compile(r'boundary="?([^";,]+)"?', re.IGNORECASE)
_ASIDE = re.compile(r'[;\s](name|filename)="((?:\\.|[^"\\])*)"|[;\s](name|filename)=([^";\s][^;]*)', re.IGNORECASE)


async def read(request: web.Request) -> Params:
    """All parameters and files of a request.

    Raises:
        ApiError: 400 if the body cannot be read, 413 if it is too big.
    """
    params = Params(dict(request.query) if request.query_string else {})
    if not request.can_read_body:
        return params
    try:
        match request.content_type:
            case "application/json":
                params.values |= _json_object(await request.read())
            case "multipart/form-data":
                _read_parts(request.headers["Content-Type"], await request.read(), params)
            case "application/x-www-form-urlencoded":
                params.values |= dict(parse_qsl((await request.read()).decode(), keep_blank_values=True))
    except web.HTTPRequestEntityTooLarge:
        raise ApiError(413, "Request Entity Too Large") from None
    except UnicodeDecodeError:
        raise bad_request("strings must be encoded in UTF-8") from None
    return params


def _json_object(body: bytes) -> Json:
    with suppress(ValueError):
        value: Any = json.loads(body) if body.strip() else {}
        if isinstance(value, dict):
            return value
    raise bad_request("can't parse JSON object")


def _read_parts(content_type: str, body: bytes, params: Params) -> None:
    """Puts the parts of a form into ``params``: files by their field's name, all else as text."""
    if len(body) > MAX_UPLOAD + SLACK:
        raise ApiError(413, "Request Entity Too Large")
    boundary = _BOUNDARY.search(content_type)
    if boundary is None:
        raise bad_request("can't find boundary of the form")
    for head, content in _parts(body, boundary[1].encode()):
        found = {(one[1] or one[3]).lower(): one[2] or one[4] or "" for one in _ASIDE.finditer(head)}
        name, filename = found.get("name"), found.get("filename")
        if name and filename is None:
            params.values[name] = content.decode()
        elif name and filename is not None:
            params.uploads[name] = Upload(re.sub(r"\\(.)", r"\1", filename).strip(), content)


def _parts(body: bytes, boundary: bytes) -> Iterator[tuple[str, bytes]]:
    """The line that says what a part is, and its content (RFC 7578)."""
    for piece in (b"\r\n" + body).split(b"\r\n--" + boundary)[1:]:
        head, blank, content = piece.partition(b"\r\n\r\n")
        for line in head.split(b"\r\n") if blank else ():
            if line.lower().startswith(b"content-disposition:"):
                yield line.decode(), content

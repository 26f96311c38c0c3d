"""Requests checked against the parameters each method takes; the table comes from `demo.telegram.derive`.

As at Telegram, parameters nobody knows are passed over, ``null`` is as good as nothing, numbers, booleans and JSON may
come as text, and a number or boolean stands for its text.
"""

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

from demo.telegram.params import Params
from demo.telegram.refusal import bad_request

_MISSING = {
    "action": "wrong parameter action in request",
    "callback_query_id": "query is too old and response timeout expired or query ID is invalid",
    "chat_id": "chat_id is empty",
    "file_id": "file_id not specified",
    "from_chat_id": "from_chat_id is empty",
    "media": "media is empty",
    "message_id": "message identifier is not specified",
    "message_ids": "message identifiers are not specified",
    "text": "message text is empty",
    "user_id": "invalid user_id specified",
}
_FILES = frozenset({"animation", "audio", "document", "photo", "video", "video_note", "voice"})
_JSON_NAMES = {"reply_markup": "reply keyboard markup", "link_preview_options": "link preview options"}
_BOOLEANS = frozenset({"true", "false", "yes", "no", "1", "0"})

Field = tuple[bool, tuple[str, ...]]


def _loaded() -> dict[str, dict[str, Field]]:
    table = json.loads(Path(__file__).with_name("signatures.json").read_text(encoding="utf-8"))
    return {
        (name.lower() if name[0].islower() else name): {
            field.rstrip("!"): (field.endswith("!"), tuple(kinds.split("|"))) for field, kinds in fields.items()
        }
        for name, fields in table.items()
    }


SIGNATURES = _loaded()
"""Methods in lower case, and objects, by name; each field with whether it is required and what it may be."""
_REQUIRED = {
    name: tuple(field for field, (required, _) in fields.items() if required) for name, fields in SIGNATURES.items()
}


def check(method: str, params: Params) -> None:
    """Looks at the parameters of one request.

    Raises:
        ApiError: 400 if one that is required is missing, or one has a wrong type.
    """
    name = method.lower()
    known, values = SIGNATURES.get(name, {}), params.values
    for field in _REQUIRED.get(name, ()):
        if values.get(field) is None and field not in params.uploads:
            raise bad_request(_missing(field))
    for field, value in values.items():
        if field in known and value is not None:
            _check_value(field, known[field][1], value)


def _missing(field: str) -> str:
    if field in _FILES:
        return f"there is no {field.replace('_', ' ')} in the request"
    return _MISSING.get(field) or f'parameter "{field}" is required'


def _check_value(field: str, kinds: tuple[str, ...], value: Any) -> None:
    if not value and value != 0:
        return  # an empty text, list or object is for the method itself to judge
    if not any(_PLAIN.get(kind, _structured)(value) for kind in kinds):
        if isinstance(value, str) and kinds[0] not in _PLAIN:
            raise bad_request(f"can't parse {_JSON_NAMES.get(field, field)} JSON object")
        raise bad_request(f'field "{field}" must be of type {_said(kinds[0])}')
    if len(kinds) == 1 and kinds[0] not in _PLAIN:
        _check_inside(field, kinds[0], json.loads(value) if isinstance(value, str) else value)


def _said(kind: str) -> str:
    if kind in _PLAIN:
        return kind
    return "Array" if kind.startswith("Array of ") else "Object"


def _check_inside(field: str, kind: str, value: Any) -> None:
    """An array or object, whose own fields are typed as JSON."""
    if kind.startswith("Array of "):
        if not isinstance(value, list):
            raise bad_request(f"expected an Array of {_JSON_NAMES.get(field, field)}")
        for item in value:
            _check_value(field, (kind.removeprefix("Array of "),), item)
        return
    if not isinstance(value, dict):
        raise bad_request(f'field "{field}" must be of type Object')
    fields = SIGNATURES.get(kind, {})
    for name in _REQUIRED.get(kind, ()):
        if value.get(name) is None:
            raise bad_request(f"can't parse {kind}: Can't find field \"{name}\"")
    for name, item in value.items():
        if name in fields and item is not None:
            _check_value(name, fields[name][1], item)


def _is_integer(value: Any) -> bool:
    if isinstance(value, str):
        return bool(re.fullmatch(r"\s*[+-]?[0-9]+\s*", value))
    return (isinstance(value, int) and not isinstance(value, bool)) or (isinstance(value, float) and value.is_integer())


def _is_float(value: Any) -> bool:
    if isinstance(value, str):
        return bool(re.fullmatch(r"\s*[+-]?[0-9]+(\.[0-9]*)?\s*", value))
    return isinstance(value, int | float)


def _is_boolean(value: Any) -> bool:
    return isinstance(value, bool) or str(value).lower() in _BOOLEANS


def _is_scalar(value: Any) -> bool:
    return isinstance(value, str | int | float)


def _structured(value: Any) -> bool:
    """Whether it is an array or object, or JSON text of one."""
    if isinstance(value, str):
        try:
            value = json.loads(value)
        except ValueError:
            return False
    return isinstance(value, list | dict)


_PLAIN: dict[str, Callable[[Any], bool]] = {
    "Integer": _is_integer,
    "Float": _is_float,
    "Boolean": _is_boolean,
    "String": _is_scalar,
    "File": _is_scalar,
}

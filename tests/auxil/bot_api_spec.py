"""The Bot API's own specification as a judge: of requests we make, and of replies and updates the stand-in makes.

    check_request("sendMessage", {"chat_id": 1, "text": "Hallo"})
    check_object("Message", reply["result"])

Both raise ``AssertionError`` with every fault found. The specification stands beside the project and is not part of
it: where it is missing, tests that call `require_spec` (or use the checks) are skipped.
"""

import json
import re
from collections.abc import Collection, Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest

SPEC_FILE = Path(__file__).parents[3] / "shared" / "telegram" / "api.json"
CONSTANT = re.compile(r'(?:always "(\w+)"|must be (\w+))$')
_PARSE_MODES = {"HTML", "MarkdownV2", "Markdown"}
CONSTANT_FIELDS = {"type", "status", "source"}
_PLAIN = {"Integer", "Float", "Boolean", "String"}


@cache
def spec() -> dict[str, Any]:
    """The specification; skips the test where there is none."""
    if not SPEC_FILE.exists():
        pytest.skip("the Bot API's specification (../shared/telegram/api.json) is not here")
    loaded: dict[str, Any] = json.loads(SPEC_FILE.read_text(encoding="utf-8"))
    loaded["by_lower_name"] = {name.lower(): method for name, method in loaded["methods"].items()}
    return loaded


def require_spec() -> None:
    """Skips the test where the specification is missing."""
    spec()


def check_object(kind: str, value: Any) -> None:
    """Checks a reply or update: known fields only, required ones present, right types, nothing empty or null."""
    faults = list(_faults([kind], value, kind, strict=True))
    assert not faults, "\n".join(faults)


def check_result(method: str, value: Any) -> None:
    """Checks what a method gave back."""
    returns = spec()["by_lower_name"][method.lower()]["returns"]
    faults = list(_faults(returns, value, method, strict=True))
    assert not faults, "\n".join(faults)


def check_request(method: str, params: dict[str, Any], uploads: Collection[str] = ()) -> None:
    """Checks a request: known method and parameters, required ones present, right types, also inside JSON text.

    ``uploads`` are the names of parts of a form that hold files.
    """
    known = spec()["by_lower_name"].get(method.lower())
    assert known, f"no method {method}"
    fields = {field["name"]: field for field in known.get("fields", [])}
    faults = [f"{method}: no parameter {name}" for name in params if name not in fields]
    for name, field in fields.items():
        if name in params:
            faults += _faults(field["types"], _unpacked(field["types"], params[name]), f"{method}.{name}", strict=False)
        elif field["required"] and name not in uploads:
            faults.append(f"{method}: {name} is required")
    if params.get("parse_mode") not in {None, *_PARSE_MODES}:
        faults.append(f"{method}: no parse_mode {params['parse_mode']}")
    assert not faults, "\n".join(faults)


def _unpacked(types: list[str], value: Any) -> Any:
    """A parameter as it would be in JSON: forms hold everything as text."""
    if not isinstance(value, str) or "String" in types:
        return value
    if "Boolean" in types and value.lower() in {"true", "false"}:
        return value.lower() == "true"
    try:
        return json.loads(value)
    except ValueError:
        return value


def _faults(types: list[str], value: Any, path: str, *, strict: bool) -> Iterator[str]:
    """What is wrong with a value that may be of any of these types; nothing if one fits."""
    fewest: list[str] | None = None
    for kind in types:
        found = list(_faults_as(kind, value, path, strict=strict))
        if not found:
            return
        if fewest is None or len(found) < len(fewest):
            fewest = found
    yield from fewest or [f"{path}: no type fits"]


def _faults_as(kind: str, value: Any, path: str, *, strict: bool) -> Iterator[str]:
    if kind in _PLAIN:
        if not _is_plain(kind, value):
            yield f"{path}: {value!r} is no {kind}"
    elif kind.startswith("Array of "):
        yield from _faults_in_array(kind.removeprefix("Array of "), value, path, strict=strict)
    elif kind == "InputFile":
        if not isinstance(value, str):
            yield f"{path}: no file"
    elif not isinstance(value, dict):
        yield f"{path}: {value!r} is no {kind}"
    elif subtypes := spec()["types"][kind].get("subtypes"):
        yield from _faults(subtypes, value, path, strict=strict)
    else:
        yield from _faults_in_object(kind, value, path, strict=strict)


def _is_plain(kind: str, value: Any) -> bool:
    match kind:
        case "Integer":
            return isinstance(value, int) and not isinstance(value, bool)
        case "Float":
            return isinstance(value, int | float) and not isinstance(value, bool)
        case "Boolean":
            return isinstance(value, bool)
        case _:
            return isinstance(value, str)


def _faults_in_array(kind: str, value: Any, path: str, *, strict: bool) -> Iterator[str]:
    if not isinstance(value, list):
        yield f"{path}: {value!r} is no array"
        return
    for number, item in enumerate(value):
        yield from _faults([kind], item, f"{path}[{number}]", strict=strict)


def _faults_in_object(kind: str, value: dict[str, Any], path: str, *, strict: bool) -> Iterator[str]:
    fields = {field["name"]: field for field in spec()["types"][kind].get("fields", [])}
    for name, item in value.items():
        if name not in fields:
            yield f"{path}: {kind} has no field {name}"
            continue
        field = fields[name]
        if strict and not field["required"] and item in ([], {}, None):
            yield f"{path}.{name}: empty, should be absent"
        elif name in CONSTANT_FIELDS and (constant := CONSTANT.search(field["description"])):
            if item not in constant.groups():
                yield f"{path}.{name}: {item!r} is not {kind}'s"
        else:
            yield from _faults(field["types"], item, f"{path}.{name}", strict=strict)
    yield from (
        f"{path}: {kind} needs {name}" for name, field in fields.items() if field["required"] and name not in value
    )

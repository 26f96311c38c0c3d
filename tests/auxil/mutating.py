"""Files as they never should be: real ones, with something put in, cut out, doubled or moved."""

import io
import signal
import zipfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

FEW, MANY = 25, 600
PATIENCE = 20  # seconds for one file, on a computer that others use too
twice = pytest.mark.parametrize("times", [FEW, pytest.param(MANY, marks=pytest.mark.chaos)])
# What has upset readers of such files before, or might.
TOKENS = (
    b"\0", b'"', b"'", b";", b"\t", b"\r", b"\n\n", b"\xff\xfe", b"\xef\xbb\xbf", b"\xed\xa0\x80", b"sep=,\n", b"=1+1",
    b"9" * 5000, b"-1", b"1e999", b"nan", b"0x" + b"f" * 5000, b"[" * 3000, b"{a=" * 3000, b"a." * 3000, b'"""', b"\\",
    b"01.01.0001 00:00", b"31.12.9999 23:59", b"0001-01-01T00:00+14:00", b"2026-02-30", b"29.03.2026 02:30", b"2958466",
    b"-700000", b"60", b"0.5", b"<!DOCTYPE a>", b"&#0;", b"&x;", b"<", b">", b"</row>", b'r="XFD1048576"', b't="s"',
    b't="d"', b'ref="A1:A1048576"', b"\xe2\x80\xae", b"\xcc\x81" * 100, b"\xd9\xa1\xc2\xb2", b"x" * 40_000, b"ja",
    b"[[body]]\n", b"[body.charter]\n", b"true", b"''", b"---\n", b"abgesagt", b"traeger:",
)  # fmt: skip
CHANGE = st.tuples(
    st.sampled_from(["put", "cut", "double", "move", "flip"]),
    st.integers(0, 10**6),
    st.integers(0, 400),
    st.sampled_from(TOKENS) | st.binary(max_size=4),
)
CHANGES = st.lists(CHANGE, min_size=1, max_size=6)
Change = tuple[str, int, int, bytes]


def mutated(data: bytes, changes: Sequence[Change]) -> bytes:
    """The bytes after some changes."""
    for how, place, length, token in changes:
        at = place % (len(data) + 1)
        piece = data[at : at + length]
        match how:
            case "put":
                data = data[:at] + token + data[at:]
            case "cut":
                data = data[:at] + data[at + length :]
            case "double":
                data = data[:at] + piece * 3 + data[at:]
            case "move":
                data = piece + data[:at] + data[at + length :]
            case _:
                data = data[:at] + bytes(one ^ 1 << length % 8 for one in data[at : at + 1]) + data[at + 1 :]
    return data


def mutated_within(data: bytes, part: int, changes: Sequence[Change]) -> bytes:
    """A zip file with one of its parts changed, packed anew: else its checksums would tell at once."""
    packed = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as before, zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as after:
        names = before.namelist()
        for number, name in enumerate(names):
            content = before.read(name)
            after.writestr(name, mutated(content, changes) if number == part % len(names) else content)
    return packed.getvalue()


def for_many(times: int, held: Callable[..., None], **given_by: st.SearchStrategy[Any]) -> None:
    """Hold it for so many examples, none of which may take long."""

    def quickly(**example: Any) -> None:
        with no_longer_than(PATIENCE):
            held(**example)

    checks = settings(max_examples=times, deadline=None, suppress_health_check=list(HealthCheck))
    checks(given(**given_by)(quickly))()


@contextmanager
def no_longer_than(seconds: int) -> Iterator[None]:
    """Raise in what hangs."""

    def tell(*_: object) -> None:
        raise TimeoutError(f"{seconds} seconds over one file")

    before = signal.signal(signal.SIGALRM, tell)
    signal.alarm(seconds)
    try:
        yield
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)

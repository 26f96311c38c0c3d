"""How many requests a second the stand-in answers on one core: it must never be what a benchmark measures.

The stand-in runs in a process of its own, kept on one core; a client with kept-alive connections, and nothing but
the bytes of HTTP, asks it from another. ``python -m benchmarks.standin`` measures this alone.
"""

import asyncio
import os
import sys
import time
from statistics import median

import psutil

REQUESTS = 6000
CONNECTIONS = 8
ROUNDS = 3
TOKEN = "42:BENCH"  # noqa: S105 - the stand-in takes any
TARGET = 2500
"""Requests a second the stand-in must reach."""
_BODY = b'{"chat_id": 1, "text": "Guten Tag"}'


async def standin() -> float:
    """Requests a second: sendMessage, one after the other on each of a few kept-alive connections."""
    server = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "demo.telegram", "--port", "0", stdout=asyncio.subprocess.PIPE
    )
    try:
        if server.stdout is None:
            raise RuntimeError("the stand-in does not say where it listens")
        base = (await server.stdout.readline()).decode().strip()
        _one_core(server.pid)
        host, port = base.removeprefix("http://").removesuffix("/bot").split(":")
        await _prepare(host, int(port))
        await _all(host, int(port), REQUESTS // 10)
        began = time.perf_counter()
        await _all(host, int(port), REQUESTS)
        return REQUESTS / (time.perf_counter() - began)
    finally:
        server.terminate()
        await server.wait()


def _one_core(pid: int) -> None:
    """Keeps the process on one core, where the system lets one choose."""
    cores = sorted(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else []
    if len(cores) > 1:
        psutil.Process(pid).cpu_affinity(cores[:1])


async def _prepare(host: str, port: int) -> None:
    reader, writer = await asyncio.open_connection(host, port)
    for path, body in (
        (f"/bot{TOKEN}/getMe", b"{}"),
        ("/control/users", b'{"id": 1, "first_name": "A"}'),
        ("/control/send", b'{"user_id": 1, "text": "/start"}'),
    ):
        await _ask(reader, writer, _request(path, body))
    writer.close()
    await writer.wait_closed()


async def _all(host: str, port: int, requests: int) -> None:
    async with asyncio.TaskGroup() as group:
        for _ in range(CONNECTIONS):
            group.create_task(_stream(host, port, requests // CONNECTIONS))


async def _stream(host: str, port: int, requests: int) -> None:
    reader, writer = await asyncio.open_connection(host, port)
    request = _request(f"/bot{TOKEN}/sendMessage", _BODY)
    for _ in range(requests):
        await _ask(reader, writer, request)
    writer.close()
    await writer.wait_closed()


def _request(path: str, body: bytes) -> bytes:
    head = (
        f"POST {path} HTTP/1.1\r\nHost: bench\r\nContent-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body


async def _ask(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, request: bytes) -> None:
    writer.write(request)
    head = await reader.readuntil(b"\r\n\r\n")
    length = int(head.lower().partition(b"content-length:")[2].split(b"\r\n", 1)[0])
    body = await reader.readexactly(length)
    if not head.startswith(b"HTTP/1.1 200"):
        raise RuntimeError(body.decode())


async def main() -> None:
    """Measures some rounds and prints one line."""
    figures = [await standin() for _ in range(ROUNDS)]
    verdict = "reached" if median(figures) >= TARGET else "MISSED"
    print(
        f"{'stand-in on one core, kept alive':<44}{median(figures):>8.0f}/s  "
        f"({min(figures):.0f}–{max(figures):.0f})  {TARGET}/s {verdict}"
    )


if __name__ == "__main__":
    asyncio.run(main())

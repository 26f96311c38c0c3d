"""One address in front of several processes: in turn, past those that are gone; some calls come twice, or late."""

import asyncio
import random
import socket
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

from aiohttp import ClientError, ClientSession, ClientTimeout, web

from bot.endpoint import SECRET_HEADER
from demo.telegram.server import running

PATH = "/telegram/webhook"
LATE = 0.05  # seconds


def free_ports(count: int) -> list[int]:
    """Ports that nobody listens at just now."""
    found = [socket.create_server(("127.0.0.1", 0)) for _ in range(count)]
    ports = [one.getsockname()[1] for one in found]
    for one in found:
        one.close()
    return ports


class Proxy:
    """Round robin, as nginx would do it; with ``mischief`` a share of the calls is doubled, or overtaken by others."""

    def __init__(self, ports: Sequence[int], chance: random.Random) -> None:
        self.ports, self.chance = ports, chance
        self.mischief = 0.0
        self.taken = dict.fromkeys(ports, 0)
        self.doubled = self.overtaken = 0
        self._next = 0
        self._later: set[asyncio.Task[None]] = set()
        self._session: ClientSession | None = None

    async def _call(self, request: web.Request) -> web.Response:
        body, headers = await request.read(), {"Content-Type": request.content_type}
        headers[SECRET_HEADER] = request.headers.get(SECRET_HEADER, "")
        if self.chance.random() < self.mischief:
            self.doubled += 1
            self._spawn(self._until_taken(body, headers, self.chance.random() * LATE))
        if self.chance.random() < self.mischief:
            # It says yes, and keeps the call for a while: what comes next overtakes it.
            self.overtaken += 1
            self._spawn(self._until_taken(body, headers, self.chance.random() * LATE))
            return web.Response()
        return web.Response(status=await self._forward(body, headers))

    def _spawn(self, work: "asyncio.coroutines.Coroutine[None, None, None]") -> None:  # type: ignore[name-defined]
        task = asyncio.ensure_future(work)
        self._later.add(task)
        task.add_done_callback(self._later.discard)

    async def _until_taken(self, body: bytes, headers: dict[str, str], pause: float) -> None:
        while True:
            await asyncio.sleep(pause)
            if await self._forward(body, headers) == 200:
                return

    async def _forward(self, body: bytes, headers: dict[str, str]) -> int:
        """The status of the first that answers."""
        assert self._session is not None
        for _ in self.ports:
            self._next += 1
            port = self.ports[self._next % len(self.ports)]
            try:
                async with self._session.post(f"http://127.0.0.1:{port}{PATH}", data=body, headers=headers) as response:
                    self.taken[port] += response.status == 200
                    return response.status
            except (ClientError, OSError):
                continue
        return 502


@asynccontextmanager
async def in_front_of(
    ports: Sequence[int], chance: random.Random, patience: float = 40.0
) -> AsyncIterator[tuple[Proxy, str]]:
    """The proxy and its address. Who says nothing for ``patience`` seconds is passed over, though he may answer yet."""
    proxy = Proxy(ports, chance)
    app = web.Application()
    app.router.add_post(PATH, proxy._call)
    async with ClientSession(timeout=ClientTimeout(total=patience)) as session, running(app, "127.0.0.1", 0) as address:
        proxy._session = session
        yield proxy, f"{address}{PATH}"
        await asyncio.gather(*proxy._later)

"""A small HTTP server of our own beside the bot, in the same loop. The program keeps the signals to itself."""

import asyncio
import socket
from collections.abc import Iterator
from contextlib import contextmanager

import uvicorn
from starlette.types import ASGIApp

from bot.listening import bound
from bot.settings import Listen

FINISH_SECONDS = 10  # for calls that are being answered when the bot is told to stop
KEEP_ALIVE = 75  # seconds; longer than proxies keep a connection they do not use, so that none meets a closing one


class _Server(uvicorn.Server):
    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """None: what a signal means is decided in ``bot/running.py``."""
        yield


class Serving:
    """An application on an address, from ``start`` to ``stop``."""

    def __init__(self, app: ASGIApp, listen: Listen, *, beside_others: bool = False) -> None:
        self._listen, self._beside_others = listen, beside_others
        self._server = _Server(
            uvicorn.Config(
                app,
                log_config=None,
                access_log=False,
                lifespan="off",
                ws="none",
                server_header=False,
                proxy_headers=False,
                timeout_keep_alive=KEEP_ALIVE,
                timeout_graceful_shutdown=FINISH_SECONDS,
            )
        )
        self._socket: socket.socket | None = None
        self._running: asyncio.Task[None] | None = None

    def bind(self) -> None:
        """Take the address; who calls is refused until ``start``.

        Raises:
            AddressTaken: another program has it.
        """
        self._socket = bound(self._listen, beside_others=self._beside_others)

    def start(self) -> None:
        """Answer from now on."""
        if self._socket is not None:
            self._running = asyncio.create_task(self._server.serve([self._socket]))

    async def stop(self) -> None:
        """Take no more calls, and answer those that have come."""
        self._server.should_exit = True
        if self._running is not None:
            await asyncio.gather(self._running, return_exceptions=True)
        if self._socket is not None:
            self._socket.close()

"""Updates brought by Telegram: our own endpoint, which says 200 only once an update is committed (decision 32).

200  stored, or there already; also what is not an update at all, since it would come again for a day
403  without the secret, or with another one: not Telegram
408  the body did not come within ten seconds
413  more than a megabyte
415  not JSON by its content type
503  the store cannot take it now, or the bot stops: Telegram brings it again, to this process or another
"""

import asyncio
import hmac
import json
import logging
from collections import deque
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any
from urllib.parse import urlsplit

from sqlalchemy.exc import SQLAlchemyError
from starlette.applications import Starlette
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import Route

from bot.passing import passes
from bot.working import StoppedError

log = logging.getLogger("bot.webhook")

SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"  # noqa: S105 - the name of a header
LARGEST = 1_000_000  # bytes; an update with a text of 4096 characters and all its entities has some ten thousand
BODY_SECONDS = 10.0
BATCH = 100  # updates in one commit
STORE_SECONDS = 25.0  # Telegram waits about a minute for an answer
HIGHEST_ID = 2**63

Update = Mapping[str, Any]
Take = Callable[[Sequence[Update]], Awaitable[None]]
Tell = Callable[[int], None]  # the status of each call


class Gathering:
    """What comes in while a batch is being stored is the next batch: one commit for many calls."""

    def __init__(self, take: Take) -> None:
        self._take = take
        self._waiting: deque[tuple[Update, asyncio.Future[None]]] = deque()
        self._storing: asyncio.Task[None] | None = None

    async def take(self, update: Update) -> None:
        """Return once the update is in the store, or its ballot is.

        Raises:
            SQLAlchemyError: the store cannot be written to.
            StoppedError: the bot stops.
        """
        if passes(update):  # its ballot is waited for, and must keep nobody else waiting
            await self._take([update])
            return
        future: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.append((update, future))
        if self._storing is None or self._storing.done():
            self._storing = asyncio.create_task(self._store())
        await future

    async def _store(self) -> None:
        while self._waiting:
            batch = [self._waiting.popleft() for _ in range(min(BATCH, len(self._waiting)))]
            error: Exception | None = None
            try:
                await self._take([update for update, _ in batch])
            except Exception as fault:  # noqa: BLE001 - whoever called hears of it
                error = fault
            for _, future in batch:
                if future.done():  # who called has not waited
                    continue
                if error is None:
                    future.set_result(None)
                else:
                    future.set_exception(error)


def endpoint(url: str, secret: str, take: Callable[[Update], Awaitable[None]], told: Tell) -> Starlette:
    """The application that Telegram calls at ``url``; ``told`` hears each call's status."""
    expected = secret.encode()

    async def call(request: Request) -> Response:
        status = await _heard(request, expected, take)
        told(status)
        return Response(status_code=status)

    return Starlette(routes=[Route(urlsplit(url).path or "/", call, methods=["POST"])])


async def _heard(request: Request, secret: bytes, take: Callable[[Update], Awaitable[None]]) -> int:
    """Take one call in; its status."""
    if not hmac.compare_digest(request.headers.get(SECRET_HEADER, "").encode(), secret):
        return 403
    if request.headers.get("Content-Type", "").partition(";")[0].strip().lower() != "application/json":
        return 415
    return await _read(request, take)


async def _read(request: Request, take: Callable[[Update], Awaitable[None]]) -> int:
    try:
        async with asyncio.timeout(BODY_SECONDS):
            body = await _body(request)
    except TimeoutError:
        return 408
    except ClientDisconnect:
        return 400  # nobody hears it
    if body is None:
        return 413
    update = _parsed(body)
    if update is None:
        # Telegram would bring it again for a day and hold back the chat it belongs to, and it would be no better.
        log.error("Something that is not an update came with the right secret (%d bytes); it was let go.", len(body))
        return 200
    return await _stored(update, take)


async def _stored(update: Update, take: Callable[[Update], Awaitable[None]]) -> int:
    try:
        async with asyncio.timeout(STORE_SECONDS):
            await take(update)
    except (SQLAlchemyError, TimeoutError) as error:
        log.warning("An update could not be stored (%s); Telegram brings it again.", type(error).__name__)
        return 503
    except StoppedError:
        return 503
    return 200


async def _body(request: Request) -> bytes | None:
    """The body; None where it is too large, of which no more is read than that."""
    declared = request.headers.get("Content-Length", "")
    if declared.isdecimal() and int(declared) > LARGEST:
        return None
    parts, size = [], 0
    async for part in request.stream():
        size += len(part)
        if size > LARGEST:
            return None
        parts.append(part)
    return b"".join(parts)


def _parsed(body: bytes) -> dict[str, Any] | None:
    """The update; None for what is none, or cannot be kept as one."""
    try:
        update = json.loads(body)
        json.dumps(update)  # as it will be stored: nothing is nested too deeply
    except (ValueError, RecursionError):
        return None
    number = update.get("update_id") if isinstance(update, dict) else None
    known = isinstance(number, int) and not isinstance(number, bool) and 0 <= number < HIGHEST_ID
    return update if known else None

"""Whether the process lives, whether it is ready, and its figures: for a load balancer, a supervisor and Prometheus.

    /healthz  200: the process lives and its loop turns
    /readyz   200: it may be given work; else 503. Each answer says what was looked at
    /metrics  see ``bot/metrics.py``

On an address of its own (``BOT_METRICS_LISTEN``), which is nobody's business outside the house.
"""

import asyncio
from collections.abc import Callable
from datetime import datetime

from sqlalchemy.exc import SQLAlchemyError
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from bot.metrics import Metrics
from bot.migrate import HEAD, revision
from models.base import Database
from models.heartbeat import EVERY, Heartbeat

PATIENCE = 3.0  # seconds for the store to answer
CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"  # https://prometheus.io/docs/instrumenting/exposition_formats


def health(
    metrics: Metrics, database: Database, clock: Callable[[], datetime], *, works: Callable[[], bool]
) -> Starlette:
    """The application. ``works``: Telegram knows us, updates are let in, and nobody has told us to stop."""

    async def alive(_request: Request) -> Response:
        return PlainTextResponse("alive\n")

    async def ready(_request: Request) -> Response:
        found = {"works": works(), **await _store(database, clock())}
        return JSONResponse(found, 200 if all(found.values()) else 503)

    async def figures(_request: Request) -> Response:
        return Response(await metrics.page(database, clock), media_type=CONTENT_TYPE)

    return Starlette(routes=[Route("/healthz", alive), Route("/readyz", ready), Route("/metrics", figures)])


async def _store(database: Database, now: datetime) -> dict[str, bool]:
    """Whether it is reachable, of this program's revision, and somebody gave a sign of life lately."""
    try:
        async with asyncio.timeout(PATIENCE):
            current = await revision(database) == HEAD
            async with database.read() as session:
                beat = await session.get(Heartbeat, 1) if current else None
    except (SQLAlchemyError, OSError, TimeoutError):
        return {"store": False, "migrated": False, "heartbeat": False}
    return {"store": True, "migrated": current, "heartbeat": beat is not None and abs(now - beat.at) < 2 * EVERY}

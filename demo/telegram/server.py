"""The HTTP side: ``/bot<token>/<method>``, ``/file/bot<token>/<path>`` and ``/control/…``."""

import inspect
import json
from asyncio import sleep
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from aiohttp import web

from demo.telegram import control, webhooks
from demo.telegram.call import Call
from demo.telegram.entities import Json
from demo.telegram.faults import Fault
from demo.telegram.files import MAX_UPLOAD
from demo.telegram.journal import Request
from demo.telegram.keys import WORLD
from demo.telegram.methods import METHODS
from demo.telegram.methods.registry import Method
from demo.telegram.params import Params
from demo.telegram.reading import SLACK, read
from demo.telegram.refusal import ApiError, too_many_requests
from demo.telegram.signatures import check
from demo.telegram.world import World


class _DroppedError(Exception):
    """The connection ends here, without a reply."""


def build_app(world: World) -> web.Application:
    """The application; the page of the demo adds its own routes to it."""
    app = web.Application(client_max_size=MAX_UPLOAD + SLACK)
    app[WORLD] = world
    app.router.add_route("*", "/bot{token}/{method}", _answer)
    app.router.add_get("/file/bot{token}/{path:.+}", _download)
    control.add_routes(app)
    app.on_shutdown.append(_end_polls)
    app.cleanup_ctx.append(webhooks.deliver)
    return app


@asynccontextmanager
async def serve(world: World, *, host: str = "127.0.0.1", port: int = 0) -> AsyncIterator[str]:
    """Runs the stand-in; gives its address, as ``http://127.0.0.1:40123``. A bot's base is that and ``/bot``."""
    async with running(build_app(world), host, port) as address:
        yield address


@asynccontextmanager
async def running(app: web.Application, host: str, port: int) -> AsyncIterator[str]:
    """Runs an application until the block ends; port 0 takes a free one.

    Raises:
        OSError: the port is taken.
    """
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=1.0)
    await runner.setup()
    try:
        site = web.TCPSite(runner, host, port)
        await site.start()
        yield f"http://{host}:{runner.addresses[0][1]}"
    finally:
        await runner.cleanup()


async def _end_polls(app: web.Application) -> None:
    for bot in app[WORLD].bots.values():
        bot.end_poll()


async def _answer(request: web.Request) -> web.StreamResponse:
    """One call of a method."""
    world, name = request.app[WORLD], request.match_info["method"]
    try:
        bot = world.bot(request.match_info["token"])
    except LookupError:
        return _reply(401, {"ok": False, "error_code": 401, "description": "Unauthorized"})
    function = METHODS.get(name.lower())
    if function is None:
        return _reply(404, {"ok": False, "error_code": 404, "description": "Not Found"})
    call, plan = Call(world, bot, Params({})), _Plan(name)
    status, body = await _carry_out(function, call, request, plan)
    told, uploads = body.get("description", ""), tuple(call.params.uploads)
    world.journal.add(
        Request(world.clock(), bot.id, name, call.params.values, status, told, uploads, body.get("result"))
    )
    world.wake()
    if not status:
        return _drop(request)
    if plan.fault and plan.fault.action == "half_reply":
        return await _half(request, body)
    return _reply(status, body)


@dataclass
class _Plan:
    """The method as it was called, and what is to go wrong with it."""

    method: str
    fault: Fault | None = None


async def _carry_out(function: Method, call: Call, request: web.Request, plan: _Plan) -> tuple[int, Json]:
    """The status (0: the connection drops) and the body of the reply."""
    try:
        call.params = await read(request)
        plan.fault = call.world.faults.take(plan.method, call.params.text("chat_id"))
        if plan.fault:
            await _before(plan.fault)
        check(plan.method, call.params)
        result = function(call)
        body: Json = {"ok": True, "result": await result if inspect.isawaitable(result) else result}
        status = 200
    except ApiError as refusal:
        status, body = refusal.code, refusal.as_json()
    except _DroppedError:
        return 0, {}
    return (0 if plan.fault and plan.fault.action == "drop_after" else status), body


def _reply(status: int, body: Json) -> web.Response:
    headers = {}
    if retry_after := body.get("parameters", {}).get("retry_after"):
        headers["Retry-After"] = str(retry_after)
    return web.Response(
        status=status, body=json.dumps(body).encode(), content_type="application/json", headers=headers or None
    )


async def _before(fault: Fault) -> None:
    """What happens before the effect."""
    match fault.action:
        case "delay":
            await sleep(fault.seconds)
        case "retry_after":
            raise too_many_requests(int(fault.seconds))
        case "error":
            raise ApiError(fault.code, fault.description)
        case "drop_before":
            raise _DroppedError


def _drop(request: web.Request) -> web.Response:
    """Ends the connection; the response is never written."""
    if request.transport:
        request.transport.abort()
    return web.Response()


async def _half(request: web.Request, body: Json) -> web.StreamResponse:
    """Sends the first half of a reply and ends the connection."""
    whole = json.dumps(body).encode()
    response = web.StreamResponse(headers={"Content-Type": "application/json", "Content-Length": str(len(whole))})
    await response.prepare(request)
    await response.write(whole[: len(whole) // 2])
    if request.transport:
        request.transport.close()
    return response


async def _download(request: web.Request) -> web.Response:
    """A file, for the bot that owns it."""
    world = request.app[WORLD]
    try:
        bot = world.bot(request.match_info["token"])
    except LookupError:
        return _reply(401, {"ok": False, "error_code": 401, "description": "Unauthorized"})
    stored = world.files.at(bot.id, request.match_info["path"])
    if stored is None:
        return _reply(404, {"ok": False, "error_code": 404, "description": "Not Found: file not found"})
    return web.Response(body=stored.content, content_type="application/octet-stream")

import asyncio
import io
import socket
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

import pytest
from aiohttp import web
from telegram import Bot, InputFile
from telegram.error import (
    BadRequest,
    ChatMigrated,
    Conflict,
    Forbidden,
    InvalidToken,
    NetworkError,
    RetryAfter,
    TimedOut,
)

from bot.transport import NeverLeft, NotTaken, Transport

TOKEN = "42:secret-token"
ME = {"id": 42, "is_bot": True, "first_name": "ReKo", "username": "reko_bot"}
Handler = Callable[[web.Request], Awaitable[web.Response]]


@asynccontextmanager
async def bot_api(handler: Handler) -> AsyncIterator[str]:
    """A server on this computer that answers every request with ``handler``."""
    application = web.Application(client_max_size=10**8)
    application.router.add_route("*", "/{path:.*}", handler)
    runner = web.AppRunner(application)
    await runner.setup()
    await (site := web.TCPSite(runner, "127.0.0.1", 0)).start()
    assert site._server is not None
    port = site._server.sockets[0].getsockname()[1]  # type: ignore[attr-defined]  # aiohttp says AbstractServer
    yield f"http://127.0.0.1:{port}/bot"
    await runner.cleanup()


@asynccontextmanager
async def silent_server(*, hang_up: bool) -> AsyncIterator[str]:
    """A server that reads a request and then hangs up, or never says anything."""
    leave = asyncio.Event()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        if not hang_up:
            await leave.wait()
        writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/bot"
    leave.set()
    server.close()


@pytest.fixture
async def transport() -> AsyncIterator[Transport]:
    made = Transport()
    yield made
    await made.shutdown()


def answering(status: int, answer: Any) -> Handler:
    async def handler(_request: web.Request) -> web.Response:
        return web.json_response(answer, status=status)

    return handler


async def error_of(transport: Transport, url: str, **timeouts: Any) -> Exception:
    with pytest.raises(Exception) as caught:  # noqa: PT011 - the type is what the test asks
        await transport.post(f"{url}{TOKEN}/getMe", **timeouts)
    assert TOKEN not in repr(caught.value)
    assert caught.value.__cause__ is None or TOKEN not in repr(caught.value.__cause__)
    return caught.value


async def test_the_bot_speaks_through_it_and_text_arrives_as_written(transport: Transport) -> None:
    seen: dict[str, str] = {}

    async def handler(request: web.Request) -> web.Response:
        if request.path.endswith("getMe"):
            return web.json_response({"ok": True, "result": ME})
        seen.update(await request.json())
        return web.json_response(
            {"ok": True, "result": {"message_id": 1, "date": 1, "chat": {"id": 7, "type": "private"}, "text": "x"}}
        )

    async with bot_api(handler) as url, Bot(TOKEN, base_url=url, request=transport) as bot:
        message = await bot.send_message(7, "Grüße & „Zitat“ + 100 %\n🗳")
    assert message.message_id == 1
    assert seen == {"chat_id": "7", "text": "Grüße & „Zitat“ + 100 %\n🗳"}


@pytest.mark.parametrize("name", ["Übersicht 2026.pdf", 'Antrag "neu".pdf'])
async def test_a_file_arrives_with_its_name_and_its_bytes(transport: Transport, name: str) -> None:
    content = bytes(range(256)) * 5000
    seen: dict[str, Any] = {}

    async def handler(request: web.Request) -> web.Response:
        form = await request.post()
        upload = next(value for value in form.values() if isinstance(value, web.FileField))
        seen.update(name=upload.filename, content=upload.file.read(), chat=form["chat_id"])
        seen["named"] = str(form["document"]).startswith("attach://") or form["document"] is upload
        upload.file.close()
        return web.json_response(
            {"ok": True, "result": {"message_id": 1, "date": 1, "chat": {"id": 7, "type": "private"}}}
        )

    async with bot_api(handler) as url:
        bot = Bot(TOKEN, base_url=url, request=transport)
        await bot.send_document(7, InputFile(io.BytesIO(content), filename=name))
    assert seen == {"name": name, "content": content, "chat": "7", "named": True}


async def test_a_file_is_fetched(transport: Transport) -> None:
    async def handler(_request: web.Request) -> web.Response:
        return web.Response(body=b"\0\1\2")

    async with bot_api(handler) as url:
        assert await transport.retrieve(f"{url}{TOKEN}/documents/1.bin") == b"\0\1\2"


async def test_raw_updates_come_as_they_are(transport: Transport) -> None:
    seen: dict[str, str] = {}
    update = {"update_id": 5, "something_new": {"deep": [1, 2]}}

    async def handler(request: web.Request) -> web.Response:
        seen.update(await request.json())
        return web.json_response({"ok": True, "result": [update]})

    async with bot_api(handler) as url:
        params = {"offset": 5, "timeout": 30, "allowed_updates": ["message", "callback_query"]}
        assert await transport.updates(f"{url}{TOKEN}/getUpdates", params, 35.0) == [update]
    assert seen == {"offset": "5", "timeout": "30", "allowed_updates": '["message", "callback_query"]'}


@pytest.mark.parametrize(
    ("status", "answer", "expected"),
    [
        (400, {"ok": False, "description": "Bad Request: chat not found"}, BadRequest),
        (401, {"ok": False, "description": "Unauthorized"}, InvalidToken),
        (403, {"ok": False, "description": "Forbidden: bot was blocked by the user"}, Forbidden),
        (404, {"ok": False, "description": "Not Found"}, InvalidToken),
        (409, {"ok": False, "description": "Conflict: terminated by other getUpdates request"}, Conflict),
        (429, {"ok": False, "description": "Too Many Requests", "parameters": {"retry_after": 3}}, RetryAfter),
        (400, {"ok": False, "description": "x", "parameters": {"migrate_to_chat_id": -100}}, ChatMigrated),
        (500, {"ok": False, "description": "Internal Server Error"}, NotTaken),
        (502, {"ok": False, "description": "Bad Gateway"}, NotTaken),
    ],
)
async def test_each_answer_becomes_the_librarys_error(
    transport: Transport, status: int, answer: dict[str, Any], expected: type[Exception]
) -> None:
    async with bot_api(answering(status, answer)) as url:
        assert type(await error_of(transport, url)) is expected
        with pytest.raises(expected):
            await transport.updates(f"{url}{TOKEN}/getUpdates", {}, 1.0)


async def test_a_proxys_error_page_is_no_traceback_in_the_log(
    transport: Transport, caplog: pytest.LogCaptureFixture
) -> None:
    async def handler(_request: web.Request) -> web.Response:
        return web.Response(status=502, text="<html>Bad Gateway</html>", content_type="text/html")

    async with bot_api(handler) as url:
        assert type(await error_of(transport, url)) is NotTaken
    assert caplog.records == []


async def test_no_connection_means_it_never_left(transport: Transport) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))  # bound, not listening: refused
        url = f"http://127.0.0.1:{taken.getsockname()[1]}/bot"
        assert type(await error_of(transport, url)) is NeverLeft


async def test_no_free_connection_means_it_never_left() -> None:
    transport = Transport(connections=1)
    async with silent_server(hang_up=False) as url:
        first = asyncio.create_task(error_of(transport, url, read_timeout=0.3))
        await asyncio.sleep(0.05)
        second = await error_of(transport, url, connect_timeout=0.05, pool_timeout=0.05)
        assert type(second) is NeverLeft
        assert type(await first) is TimedOut
        await transport.shutdown()


async def test_no_answer_in_time_is_a_timeout(transport: Transport) -> None:
    async with silent_server(hang_up=False) as url:
        assert type(await error_of(transport, url, read_timeout=0.05)) is TimedOut


async def test_hanging_up_after_the_request_leaves_it_uncertain(transport: Transport) -> None:
    async with silent_server(hang_up=True) as url:
        assert type(await error_of(transport, url)) is NetworkError


async def test_a_bad_address_does_not_show_the_token(transport: Transport) -> None:
    assert isinstance(await error_of(transport, "nonsense://["), NetworkError)


async def test_connections_are_kept_and_the_pool_reopens_after_shutdown(transport: Transport) -> None:
    peers = set()

    async def handler(request: web.Request) -> web.Response:
        assert request.transport is not None
        peers.add(request.transport.get_extra_info("peername"))
        return web.json_response({"ok": True, "result": ME})

    async with bot_api(handler) as url:
        for _ in range(3):
            await transport.post(f"{url}{TOKEN}/getMe")
        assert len(peers) == 1
        await transport.shutdown()
        await transport.shutdown()
        await transport.post(f"{url}{TOKEN}/getMe")
        assert len(peers) == 2
        await transport.shutdown()
    assert transport.server_date is not None


async def test_a_proxy_from_the_environment_is_used_with_its_password(
    transport: Transport, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[str | None] = []

    async def handler(request: web.Request) -> web.Response:
        seen.append(request.headers.get("Proxy-Authorization"))
        return web.json_response({"ok": True, "result": ME})

    async with bot_api(handler) as url:
        monkeypatch.setenv("http_proxy", url.removesuffix("/bot").replace("://", "://reko:geheim@"))
        monkeypatch.setenv("no_proxy", "elsewhere.invalid")
        await transport.post(f"http://bot-api.invalid/bot{TOKEN}/getMe")
        assert transport._way("http://elsewhere.invalid/bot").proxy is None
    assert seen == ["Basic cmVrbzpnZWhlaW0="]


async def test_of_an_edited_message_no_more_is_read_than_that_it_was_edited(transport: Transport) -> None:
    answer = {"ok": True, "result": {"message_id": 1, "date": 1, "chat": {"id": 7, "type": "private"}, "text": "x"}}
    async with bot_api(answering(200, answer)) as url:
        assert await transport.post(f"{url}{TOKEN}/editMessageText") is True
    refusal = {"ok": False, "description": "Bad Request: message is not modified"}
    async with bot_api(answering(400, refusal)) as url:
        with pytest.raises(BadRequest):
            await transport.post(f"{url}{TOKEN}/editMessageText")

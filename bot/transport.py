"""HTTP to the Bot API over aiohttp, for python-telegram-bot.

Under load the library's default (httpx) spends most of its time in its connection pool; ``benchmarks/`` shows both.
Kept from it: timeouts per call, uploads, proxies from the environment, and the mapping of errors, which is finer here,
because a letter must know whether it left:

    telegram.error.NetworkError
    ├── NeverLeft     no connection: Telegram has seen nothing
    ├── NotTaken      Telegram answered 5xx: it did not take the request
    ├── TimedOut      sent, and no answer in time: nobody knows
    └── (itself)      the connection broke after sending: nobody knows

No error's text holds a URL: the token is part of it.
"""

import io
import json
from collections.abc import Mapping
from functools import cache
from http import HTTPStatus
from typing import Any, NamedTuple
from urllib.request import getproxies, proxy_bypass

import aiohttp
from telegram._utils.defaultvalue import DefaultValue  # the type of BaseRequest.DEFAULT_NONE has no public name
from telegram.error import NetworkError, TelegramError, TimedOut
from telegram.request import BaseRequest, RequestData
from telegram.request._requestparameter import RequestParameter  # RequestData cannot be filled without it
from yarl import URL

CONNECTIONS = 512
# Shorter than servers keep idle connections, so that hardly a request meets one that is just being closed.
KEEP_ALIVE = 15.0  # seconds
CONNECT_TIMEOUT, POOL_TIMEOUT, READ_TIMEOUT = 10.0, 10.0, 20.0  # seconds
WRITE_TIMEOUT, UPLOAD_TIMEOUT = 10.0, 60.0  # seconds
SERVER_FAULT = 500

Timeout = float | DefaultValue[float] | DefaultValue[None] | None


class NeverLeft(NetworkError):
    """No connection came about: the request certainly never left."""


class NotTaken(NetworkError):
    """Telegram answered 5xx: it did not take the request."""


class _Way(NamedTuple):
    """How a server is reached: directly, or through a proxy that the environment names."""

    proxy: URL | None = None
    headers: dict[str, str] | None = None  # for the proxy


class Transport(BaseRequest):
    """One pool of connections, opened in the running loop at the first request."""

    def __init__(self, *, connections: int = CONNECTIONS) -> None:
        self._connections = connections
        self._session: aiohttp.ClientSession | None = None
        self._ways: dict[tuple[str, str], _Way] = {}
        self.server_date: str | None = None  # HTTP date of the last answer: the other side's clock

    @property
    def read_timeout(self) -> float:
        """Seconds to wait for an answer where the call names none."""
        return READ_TIMEOUT

    async def initialize(self) -> None:
        """Nothing yet: the pool opens with the first request, in the loop that makes it."""

    async def shutdown(self) -> None:
        """Close the pool. May be called twice; a later request opens a new one."""
        session, self._session = self._session, None
        if session is not None:
            await session.close()

    async def do_request(
        self,
        url: str,
        method: str,
        request_data: RequestData | None = None,
        read_timeout: Timeout = BaseRequest.DEFAULT_NONE,
        write_timeout: Timeout = BaseRequest.DEFAULT_NONE,
        connect_timeout: Timeout = BaseRequest.DEFAULT_NONE,
        pool_timeout: Timeout = BaseRequest.DEFAULT_NONE,
    ) -> tuple[int, bytes]:
        """Send one request; the status and the body of the answer.

        Raises:
            NeverLeft: no connection.
            NotTaken: an answer of 500 or above.
            TimedOut: sent, no answer in time.
            NetworkError: the connection broke after sending.
        """
        upload = request_data is not None and request_data.contains_files
        limits = _limits(
            connect=_or(connect_timeout, CONNECT_TIMEOUT),
            pool=_or(pool_timeout, POOL_TIMEOUT),
            write=_or(write_timeout, UPLOAD_TIMEOUT if upload else WRITE_TIMEOUT),
            read=_or(read_timeout, READ_TIMEOUT),
            bounded=method == "POST",
        )
        try:
            status, body = await self._send(method, url, _body(request_data), limits)
        except (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError, aiohttp.ClientHttpProxyError) as error:
            raise NeverLeft(type(error).__name__) from None
        except TimeoutError:
            raise TimedOut from None
        except aiohttp.ClientError as error:
            raise NetworkError(type(error).__name__) from None
        if status >= SERVER_FAULT:
            raise NotTaken(f"HTTP {status}")
        # What an edited message looks like nobody asks, and reading it costs much; of one sent inline Telegram says
        # no more than this.
        return status, (_EDITED if url.endswith("/editMessageText") and status == HTTPStatus.OK else body)

    async def updates(self, url: str, params: Mapping[str, Any], read_timeout: float) -> list[dict[str, Any]]:
        """The raw updates of one ``getUpdates`` at the full ``url``; ``read_timeout`` in seconds, above the poll's own.

        Raises:
            TelegramError: as any call of the library (Conflict, InvalidToken, RetryAfter, NetworkError …).
        """
        data = RequestData([RequestParameter.from_input(name, value) for name, value in params.items()])
        answer = await self.post(url, data, read_timeout=read_timeout)
        if not isinstance(answer, list):
            raise TelegramError("getUpdates did not answer with a list")
        return answer

    @staticmethod
    def parse_json_payload(payload: bytes) -> dict[str, Any]:
        """The answer as JSON. The library would write what it cannot read into the log: here nothing is written."""
        try:
            answer = json.loads(payload)
        except ValueError:
            answer = None
        if not isinstance(answer, dict):
            raise TelegramError("Invalid server response")
        return answer

    async def _send(
        self, method: str, url: str, body: aiohttp.FormData | bytes | None, limits: aiohttp.ClientTimeout
    ) -> tuple[int, bytes]:
        headers = _JSON if isinstance(body, bytes) else None
        way = self._way(url)
        async with self._open().request(
            method,
            url,
            data=body,
            headers=headers,
            timeout=limits,
            proxy=way.proxy,
            proxy_headers=way.headers,
            allow_redirects=False,
        ) as answer:
            self.server_date = answer.headers.get("Date", self.server_date)
            return answer.status, await answer.read()

    def _open(self) -> aiohttp.ClientSession:
        if self._session is None:
            self._session = aiohttp.ClientSession(
                connector=aiohttp.TCPConnector(limit=self._connections, keepalive_timeout=KEEP_ALIVE),
                headers={"User-Agent": self.USER_AGENT},
                cookie_jar=aiohttp.DummyCookieJar(),
            )
        return self._session

    def _way(self, url: str) -> _Way:
        """The way to a server, found once: aiohttp itself would search the environment for every request."""
        scheme, _, rest = url.partition("://")
        server = (scheme, rest.partition("/")[0])
        if server not in self._ways:
            self._ways[server] = _find_way(*server)
        return self._ways[server]


def _find_way(scheme: str, host: str) -> _Way:
    named = getproxies()
    proxy = URL(named.get(scheme) or named.get("all") or "")
    if not proxy.host or proxy_bypass(host):
        return _Way()
    known = aiohttp.encode_basic_auth(proxy.user, proxy.password or "") if proxy.user else None
    return _Way(proxy.with_user(None), {"Authorization": known} if known else None)


_JSON = {"Content-Type": "application/json"}
_EDITED = b'{"ok":true,"result":true}'


def _or(given: Timeout, default: float) -> float | None:
    return default if isinstance(given, DefaultValue) else given


@cache
def _limits(
    *, connect: float | None, pool: float | None, write: float | None, read: float | None, bounded: bool
) -> aiohttp.ClientTimeout:
    """The pool knows no timeout for writing, so it bounds the whole; a download has a bound between its parts only."""
    waiting = None if connect is None or pool is None else connect + pool
    whole = None if not bounded or waiting is None or write is None or read is None else waiting + write + read
    return aiohttp.ClientTimeout(total=whole, connect=waiting, sock_connect=connect, sock_read=read)


def _body(data: RequestData | None) -> aiohttp.FormData | bytes | None:
    if data is None:
        return None
    if not data.contains_files:
        return data.json_payload
    # Quoted fields would show „Übersicht.pdf" as „%C3%9Cbersicht.pdf" in the chat.
    form = aiohttp.FormData(quote_fields=False)
    for name, value in data.json_parameters.items():
        form.add_field(name, value)
    for name, (file_name, content, mime_type) in data.multipart_data.items():
        part = io.BytesIO(content) if isinstance(content, bytes) else content  # large bytes would be sent in one piece
        form.add_field(name, part, filename=file_name, content_type=mime_type)
    return form

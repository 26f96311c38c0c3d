"""A client of the stand-in that knows nothing but HTTP."""

from typing import Any

import aiohttp
import pytest

from tests.auxil.bot_api_spec import SPEC_FILE, check_object, check_request, check_result

TOKEN = "42:TEST"


class Refused(Exception):
    def __init__(self, status: int, body: dict[str, Any]) -> None:
        super().__init__(f"{status}: {body['description']}")
        self.status = status
        self.body = body


class Api:
    """A client that knows nothing but HTTP; judges every reply by the specification where it is at hand."""

    def __init__(self, session: aiohttp.ClientSession, address: str, token: str = TOKEN) -> None:
        self.session = session
        self.address = address
        self.token = token

    def url(self, method: str) -> str:
        return f"{self.address}/bot{self.token}/{method}"

    async def __call__(self, method: str, **params: Any) -> Any:
        if SPEC_FILE.exists():
            check_request(method, params)
        return await self.sloppy(method, **params)

    async def sloppy(self, method: str, **params: Any) -> Any:
        """Without a look at the request, for those that are wrong on purpose."""
        async with self.session.post(self.url(method), json=params) as response:
            return await self.read(method, response)

    async def read(self, method: str, response: aiohttp.ClientResponse) -> Any:
        body = await response.json()
        if not body["ok"]:
            assert body["error_code"] == response.status
            raise Refused(response.status, body)
        if SPEC_FILE.exists():
            check_result(method, body["result"])
        return body["result"]

    async def updates(self, **params: Any) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = await self("getUpdates", **params)
        return found

    async def refusal(self, method: str, **params: Any) -> str:
        """What it says to a wrong request."""
        with pytest.raises(Refused) as caught:
            await self.sloppy(method, **params)
        description: str = caught.value.body["description"]
        return description


def judge_update(update: dict[str, Any]) -> None:
    if SPEC_FILE.exists():
        check_object("Update", update)

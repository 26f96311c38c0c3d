"""Photographs of the demo's page: one phone, with some of its messages, as small as a picture of words can be."""

import asyncio
import io
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from PIL import Image
from playwright.async_api import Browser
from playwright.async_api import Page as Tab

from tests.demo.chromium import chromium, painted, phone, sit

WIDTH, DENSITY = 400, 2
"""Of a phone, in the page's pixels; and how many of the picture's make one of them."""
FRONT = {"width": 1280, "height": 880}
COLOURS = 128
# One phone as wide as a phone, as high as what is on it, without the line to write in; nothing round it.
STYLE = f"""
body {{ height: auto; background: transparent; }}
.phones {{ grid-auto-columns: {WIDTH}px; justify-content: start; overflow: visible; }}
.phone, .screen, .talk, .log {{ height: auto; flex: none; overflow: visible; }}
.screen {{ overflow: hidden; box-shadow: none; }}
.talk, .screen {{ border-radius: 20px; }}
.talk {{ border-top-left-radius: 0; border-top-right-radius: 0; }}
.composer, .past, .day, .toasts, .newest, .message.off {{ display: none; }}
.wordless .text {{ display: none; }}
"""
CHOOSE = """(phone, [ids, words]) => {
  phone.classList.toggle("wordless", !words);
  for (const one of phone.querySelectorAll(".message")) {
    one.classList.toggle("off", !ids.includes(Number(one.dataset.id)));
  }
  return Promise.all([...phone.querySelectorAll(".message:not(.off) img")].map((one) => {
    one.loading = "eager";
    return one.decode();
  })).then(() => phone.querySelectorAll(".message:not(.off)").length);
}"""


class Camera:
    """Takes pictures into a folder."""

    def __init__(self, browser: Browser, address: str, folder: Path) -> None:
        self._browser = browser
        self._address = address
        self._folder = folder
        self._tab: Tab | None = None

    async def phone(self, name: str, who: str, messages: list[int], *, words: bool) -> None:
        """One phone, with these messages; without ``words`` their pictures only."""
        tab = self._tab = self._tab or await self._opened({"width": 4 * WIDTH + 200, "height": 1000}, DENSITY, STYLE)
        if not await phone(tab, who).count():
            await sit(tab, 0, who)
        async with asyncio.timeout(10):
            while await phone(tab, who).evaluate(CHOOSE, [messages, words]) != len(messages):
                await painted(tab)
        await painted(tab)
        shot = await phone(tab, who).locator(".screen").screenshot(omit_background=True)
        self._keep(name, shot)

    async def front(self, name: str) -> None:
        """The page as a newcomer finds it."""
        tab = await self._opened(FRONT, 1.5, ".screen { box-shadow: none; }")
        await painted(tab)
        self._keep(name, await tab.screenshot())
        await tab.context.close()

    async def _opened(self, size: dict[str, int], density: float, style: str) -> Tab:
        context = await self._browser.new_context(
            viewport=size,  # type: ignore[arg-type]  # playwright's own type of the same
            device_scale_factor=density,
            color_scheme="light",
            reduced_motion="reduce",
            locale="de-DE",
            bypass_csp=True,  # for the style above
        )
        tab = await context.new_page()
        await tab.goto(self._address)
        await tab.wait_for_selector("body[data-ready]")
        if style:
            await tab.add_style_tag(content=style)
        return tab

    def _keep(self, name: str, shot: bytes) -> None:
        with Image.open(io.BytesIO(shot)) as picture:
            few = picture.convert("RGBA").quantize(COLOURS, method=Image.Quantize.FASTOCTREE, dither=Image.Dither.NONE)
            few.save(self._folder / f"{name}.png", optimize=True)


@asynccontextmanager
async def camera(address: str, folder: Path) -> AsyncIterator[Camera]:
    """A camera, with a browser of its own."""
    async with chromium() as browser:
        yield Camera(browser, address, folder)

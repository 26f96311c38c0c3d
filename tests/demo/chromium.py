"""Chromium for the tests of the page: where it is, how it is started."""

import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from playwright.async_api import Browser, ConsoleMessage, Locator, async_playwright
from playwright.async_api import Page as Tab

ARTEFACTS = Path(__file__).parents[2] / "artefacts"
CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run"]
WIDE, NARROW = {"width": 1280, "height": 860}, {"width": 390, "height": 844}

BROWSER_MARKS = [
    pytest.mark.browser,
    pytest.mark.asyncio(loop_scope="session"),
    pytest.mark.xdist_group("browser"),
    pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on this computer"),
]


@asynccontextmanager
async def chromium() -> AsyncIterator[Browser]:
    async with async_playwright() as playwright:
        launched = await playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield launched
        await launched.close()


async def opened(browser: Browser, address: str, size: dict[str, int] = WIDE, scheme: str = "light") -> Tab:
    """A tab with the page, ready; an error on its console fails the test."""
    context = await browser.new_context(viewport=size, color_scheme=scheme, reduced_motion="reduce", locale="de-DE")  # type: ignore[arg-type]  # playwright's own types
    tab = await context.new_page()

    def complain(message: ConsoleMessage) -> None:
        assert message.type != "error", message.text

    tab.on("console", complain)
    await tab.goto(address)
    await tab.wait_for_selector("body[data-ready]")
    return tab


async def painted(tab: Tab) -> None:
    """Wait until what was asked for last is on the screen; a busy computer takes its time."""
    await tab.evaluate("new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")
    await tab.evaluate(
        "Promise.allSettled(document.getAnimations().filter((one) => one.effect.getComputedTiming().iterations < 9)"
        ".map((one) => one.finished)).then(() => true)"
    )


def phone(tab: Tab, name: str) -> Locator:
    return tab.get_by_role("region", name=f"Telefon: {name}")


async def sit(tab: Tab, place: int, name: str) -> None:
    """Sets somebody at a phone, counted from 0 on the left."""
    chooser = tab.locator(".sitter").nth(place)
    labels = await chooser.locator("option").all_inner_texts()
    await chooser.select_option(label=next(one for one in labels if one.startswith(name)))
    await phone(tab, name).wait_for()

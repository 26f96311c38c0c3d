"""The demo in a real Chromium: vote, see the receipt, subscribe, move the clock, see the reminder."""

from pathlib import Path

import pytest
from playwright.async_api import Browser

from tests.demo.chromium import ARTEFACTS, BROWSER_MARKS, opened, phone
from tests.demo.test_demo import demo

pytestmark = BROWSER_MARKS


async def test_a_vote_and_a_reminder(
    tabs: Browser, tmp_path: Path, sqlite_template: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("demo.clock.BUDGET", 0.0)
    async with demo(tmp_path, sqlite_template) as (_, address):
        tab = await opened(tabs, address)
        anke, tom = phone(tab, "Anke Ahorn"), phone(tab, "Tom Träger")
        await anke.get_by_role("button", name="Ja", exact=True).click()
        await anke.locator(".toast", has_text="Ihre Stimme: Ja · Beleg ").wait_for()
        await anke.locator(".text", has_text="Ihre Stimme: Ja · Beleg ").wait_for()

        await tom.get_by_role("textbox").fill("/fristen")
        await tab.keyboard.press("Enter")
        await tom.get_by_role("button", name="Aufruf STABIL").click()
        await tom.get_by_role("button", name="Erinnere mich").click()
        await tom.locator(".toast").wait_for()
        await tab.screenshot(path=ARTEFACTS / "demo-vote.png")

        await tab.get_by_role("button", name="+1 Woche").click()
        reminder = tom.locator(".message", has=tab.get_by_role("button", name="Erledigt")).first
        await reminder.wait_for()
        assert "Aufruf STABIL" in await reminder.inner_text()
        await anke.locator(".text", has_text="Ergebnis").wait_for()
        await tab.screenshot(path=ARTEFACTS / "demo-reminder.png")

"""The page in a real Chromium: by mouse, by keyboard, in both themes and widths."""

import asyncio

import pytest
import pytest_asyncio
from playwright.async_api import Browser

from tests.demo.auditing import CONTRAST
from tests.demo.chromium import ARTEFACTS, BROWSER_MARKS, NARROW, WIDE, opened, phone
from tests.demo.page_server import Page

pytestmark = BROWSER_MARKS


@pytest_asyncio.fixture(loop_scope="session")
async def greeted(tabs: Browser, served: Page) -> Browser:
    """Chromium, once everybody on the page has been greeted."""
    await served.greet()
    return tabs


async def test_a_vote_by_mouse(greeted: Browser, served: Page) -> None:
    tab = await opened(greeted, served.address)
    anke = phone(tab, "Anke")
    await anke.get_by_role("button", name="Ja", exact=True).click()
    await anke.locator(".toast", has_text="Ihre Stimme: Ja · Beleg 7F3K").wait_for()
    await anke.locator(".text", has_text="Beleg 7F3K").wait_for()
    await anke.locator(".meta", has_text="bearbeitet").wait_for()
    await tab.screenshot(path=ARTEFACTS / "page-vote.png")
    assert await phone(tab, "Clara").locator(".toast").count() == 0


async def test_an_alert_takes_the_focus_and_gives_it_back(greeted: Browser, served: Page) -> None:
    tab = await opened(greeted, served.address)
    button = phone(tab, "Anke").get_by_role("button", name="Befangen")
    await button.focus()
    await tab.keyboard.press("Enter")
    await tab.get_by_role("button", name="In Ordnung").wait_for()
    assert await tab.evaluate("document.activeElement.textContent") == "In Ordnung"
    await tab.keyboard.press("Escape")
    assert await tab.evaluate("document.activeElement.textContent") == "Befangen"


async def test_writing_by_keyboard(greeted: Browser, served: Page) -> None:
    tab = await opened(greeted, served.address)
    tom = phone(tab, "Tom")
    entry = tom.get_by_role("textbox")
    await entry.focus()
    await tab.keyboard.type("Erste Zeile")
    await tab.keyboard.press("Shift+Enter")
    await tab.keyboard.type("<b>keine Formatierung</b>")
    await tab.keyboard.press("Enter")
    mine = tom.locator(".message.mine .text")
    await mine.wait_for()
    assert await mine.inner_text() == "Erste Zeile\n<b>keine Formatierung</b>"
    assert await entry.input_value() == ""


async def test_reply_and_escape(greeted: Browser, served: Page) -> None:
    tab = await opened(greeted, served.address)
    tom = phone(tab, "Tom")
    await tom.locator(".inner").first.click()
    await tom.get_by_text("Antwort an ReKo-Assistent").wait_for()
    await tab.keyboard.press("Escape")
    await tom.get_by_text("Antwort an ReKo-Assistent").wait_for(state="detached")
    await tom.locator(".reply").first.focus()
    await tab.keyboard.press("Enter")
    await tab.keyboard.type("Danke")
    await tab.keyboard.press("Enter")
    await tom.locator(".mine .quote", has_text="Guten Tag").wait_for()
    assert served.world.people[4].messages[-1].reply_to == served.world.people[4].messages[0].id


async def test_the_menu_of_commands(greeted: Browser, served: Page) -> None:
    tab = await opened(greeted, served.address)
    tom = phone(tab, "Tom")
    await tom.get_by_role("button", name="Befehle").click()
    await tab.keyboard.press("ArrowDown")
    assert "/fristen" in await tab.evaluate("document.activeElement.textContent")
    await tab.keyboard.press("Escape")
    await tab.keyboard.type("/o")
    await tom.get_by_role("button", name="/offen").click()
    await tom.locator(".mine .text", has_text="/offen").wait_for()
    assert served.world.people[4].messages[-1].text == "/offen"


async def test_markup_in_a_message_stays_text(greeted: Browser, served: Page) -> None:
    tab = await opened(greeted, served.address)
    text = '&lt;img src=x onerror="document.title=1"&gt; <a href="https://example.org/?a=1&amp;b=2">Link</a>'
    await served.send(4, f"{text} <b>fett <i>beides</i></b>")
    bubble = phone(tab, "Tom").locator(".message", has_text="onerror")
    await bubble.wait_for()
    assert await bubble.locator("img").count() == 0
    link = bubble.get_by_role("link", name="Link")
    assert await link.get_attribute("href") == "https://example.org/?a=1&b=2"
    assert await link.get_attribute("rel") == "noopener noreferrer"
    assert await bubble.locator("strong em").inner_text() == "beides"


async def test_a_spoiler_is_not_there_before_it_is_asked_for(greeted: Browser, served: Page) -> None:
    tab = await opened(greeted, served.address)
    await served.send(4, "Das Ergebnis: <tg-spoiler>verdeckt, <b>fett</b></tg-spoiler>")
    tom = phone(tab, "Tom")
    button = tom.get_by_role("button", name="Verdeckten Text zeigen")
    await button.wait_for()
    assert "verdeckt," not in str(await tom.text_content())
    await button.click()
    assert await tom.locator(".shown").inner_text() == "verdeckt, fett"


async def test_files_open_and_go_up(greeted: Browser, served: Page) -> None:
    tab = await opened(greeted, served.address)
    tom = phone(tab, "Tom")
    file = {"name": "Notiz.txt", "mimeType": "text/plain", "buffer": b"Inhalt"}
    await tom.locator("input[type=file]").set_input_files(file)  # type: ignore[arg-type]
    name = tom.get_by_role("link", name="Notiz.txt", exact=True)
    async with tab.context.expect_page() as popup:
        await name.click()
    assert "Inhalt" in await (await popup.value).inner_text("body")
    sent = served.world.people[4].messages[-1].file
    assert sent is not None
    assert sent.content == b"Inhalt"


async def test_the_clock_moves_and_what_falls_due_arrives(greeted: Browser, served: Page) -> None:
    tab = await opened(greeted, served.address)
    before = served.clock()
    due = asyncio.Event()

    async def tick() -> None:
        if (served.clock() - before).days >= 3 and not due.is_set():
            due.set()
            await served.send(4, "Erinnerung: Aufruf STABIL")

    served.clock.tick = tick
    await tab.get_by_role("button", name="+1 Woche").click()
    await phone(tab, "Tom").get_by_text("Erinnerung: Aufruf STABIL", exact=True).wait_for()
    await tab.get_by_role("status").get_by_text("Jetzt ist").wait_for(state="attached")
    assert (served.clock() - before).days == 7


async def test_on_a_small_screen_one_phone_at_a_time(greeted: Browser, served: Page) -> None:
    tab = await opened(greeted, served.address, NARROW)
    visible = [await one.is_visible() for one in await tab.locator(".phone").all()]
    assert visible == [True, False, False, False]
    await served.send(4, "Neu für Tom")
    badge = tab.locator(".tab", has_text="Träger").locator(".badge")
    await badge.get_by_text("1").wait_for()
    await tab.get_by_role("button", name="Träger").click()
    await phone(tab, "Tom").get_by_text("Neu für Tom", exact=True).wait_for()
    await badge.get_by_text("1").wait_for(state="hidden")
    assert await tab.evaluate("document.documentElement.scrollWidth <= innerWidth")


async def test_hints_lead_to_a_phone(greeted: Browser, served: Page) -> None:
    tab = await opened(greeted, served.address)
    await tab.get_by_role("button", name="Fragen").click()
    assert await phone(tab, "Tom").get_by_role("textbox").input_value() == "Wofür steht C?"


async def test_the_theme_follows_the_system_until_one_is_chosen(greeted: Browser, served: Page) -> None:
    tab = await opened(greeted, served.address, scheme="dark")
    theme = "document.documentElement.dataset.theme"
    assert await tab.evaluate(theme) == "dark"
    await tab.get_by_role("button", name="Dunkle Darstellung").click()
    assert await tab.evaluate(theme) == "light"
    await tab.reload()
    assert await tab.evaluate(theme) == "light"


UNNAMED = """() => [...document.querySelectorAll("button, a, textarea")]
  .filter((one) => !one.textContent.trim() && !one.ariaLabel).map((one) => one.outerHTML)"""


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", [WIDE, NARROW], ids=["1280", "390"])
async def test_it_can_be_read_in_both_themes_and_widths(
    greeted: Browser, served: Page, scheme: str, size: dict[str, int]
) -> None:
    served.world.people[2].send("Eine Frage an die ReKo")
    tab = await opened(greeted, served.address, size, scheme)
    if size is NARROW:
        await tab.get_by_role("button", name="Ahorn").click()
    await tab.screenshot(path=ARTEFACTS / f"page-{size['width']}-{scheme}.png")
    assert await tab.evaluate(CONTRAST) == []
    assert await tab.evaluate(UNNAMED) == []

"""The page for people who cannot see it, cannot use a mouse, or need it large: axe-core, and what axe cannot judge."""

from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from playwright.async_api import Browser
from playwright.async_api import Page as Tab

from tests.demo.auditing import audit_all, axe
from tests.demo.chromium import ARTEFACTS, BROWSER_MARKS, opened, painted, phone
from tests.demo.page_server import BALLOT, CARD, Page, picture

pytestmark = BROWSER_MARKS

RICH = (
    "<b>Fett</b>, <i>schräg</i>, <u>unterstrichen</u>, <s>gestrichen</s>, <code>Code</code> und "
    '<a href="https://example.org/">ein Verweis</a>, @jemand, #thema, /offen, <tg-spoiler>verdeckt</tg-spoiler>'
    "<blockquote>Einfache Mehrheit der abgegebenen Stimmen.</blockquote><pre>mehr\nZeilen</pre>"
)
RESULT = "Ergebnis · Lernort Werkstatt\nStimmberechtigt: 8\nJa: 5\nNein: 1\nangenommen"
FORM = {
    "inline_keyboard": [[{"text": "Weiter", "callback_data": "next"}], [{"text": "Abbrechen", "callback_data": "stop"}]]
}
CHOICE = {"keyboard": [[{"text": "Für das Formular"}, {"text": "Als Frage"}]]}


# --- axe: one state after the other of one page, as somebody would come through them


async def talked(served: Page, tab: Tab) -> None:
    """Cards, buttons, a picture, files, an answer, everything a text can be."""
    anke = served.world.people[2]
    await served.send(2, CARD, reply_markup=BALLOT)
    await served.send(2, RICH, disable_notification=True)
    anke.send("Eine Frage an die ReKo", reply_to=anke.messages[0])
    anke.send_document("Niederschrift.pdf", b"%PDF-1.4")
    await served.show(2, picture(), RESULT)
    anke.send_sample("voice")
    await served.api("pinChatMessage", chat_id=2, message_id=anke.messages[0].id)
    await tab.locator("[data-user='2'] img").wait_for(state="attached")


async def form_is_open(served: Page, tab: Tab) -> None:
    """A question of a form, suggested answers, somebody who answers it and has opened the commands."""
    commands = [{"command": "offen", "description": "Was wartet"}, {"command": "fristen", "description": "Fristen"}]
    await served.api("setMyCommands", commands=commands)
    await served.send(2, "Welcher Titel?", reply_markup=FORM)
    await served.send(2, "Ist das für das Formular?", reply_markup=CHOICE)
    anke = phone(tab, "Anke")
    await anke.get_by_role("button", name="Als Frage").wait_for()
    await anke.get_by_role("button", name="Auf „Welcher Titel?“ antworten").focus()
    await tab.keyboard.press("Enter")
    await anke.get_by_role("button", name="Befehle").click()


async def clock_moved(_served: Page, tab: Tab) -> None:
    await tab.keyboard.press("Escape")
    await tab.get_by_role("button", name="+1 Woche").click()
    await tab.get_by_role("status").get_by_text("Jetzt ist").wait_for(state="attached")


async def toast(served: Page, tab: Tab) -> None:
    await phone(tab, "Anke").get_by_role("button", name="Ja", exact=True).last.click()
    shown = phone(tab, "Anke").locator(".toast")
    await shown.wait_for()
    await shown.evaluate("toast => toast.after(toast.cloneNode(true))")  # one that does not go while it is looked at


async def alert(served: Page, tab: Tab) -> None:
    await phone(tab, "Anke").get_by_role("button", name="Befangen").last.click()
    await tab.get_by_role("dialog").wait_for()


async def offline(served: Page, tab: Tab) -> None:
    await tab.keyboard.press("Escape")
    await tab.evaluate("document.getElementById('offline').hidden = false")


ANKES = ".phone[data-user='2']"
STATES: dict[str, Callable[[Page, Tab], Awaitable[None]]] = {
    "talk": talked,
    "form": form_is_open,
    "clock": clock_moved,
    "toast": toast,
    "alert": alert,
    "offline": offline,
}


async def test_axe_finds_nothing_in_any_state_theme_or_width(tabs: Browser, served: Page) -> None:
    axe()
    tab = await opened(tabs, served.address)
    broken = {"first": await audit_all(tab, "first")}
    await phone(tab, "Anke").get_by_role("textbox").focus()
    await served.greet()
    await tab.locator(".tab[data-user='2']").dispatch_event("click")
    for name, reach in STATES.items():
        await reach(served, tab)
        broken[name] = await audit_all(tab, name, ANKES if name in {"form", "toast", "alert"} else "html")
    assert not any(broken.values()), broken
    assert {name for name in broken if (ARTEFACTS / f"axe-{name}-390-dark.json").exists()} == set(broken)


# --- by keyboard alone

HERE = """() => {
  const one = document.activeElement, style = getComputedStyle(one), box = one.getBoundingClientRect();
  return {
    name: (one.ariaLabel ?? one.textContent).trim(), phone: one.closest(".phone")?.dataset.user ?? "",
    marked: one.matches(":focus-visible") && style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2,
    seen: box.bottom > 0 && box.right > 0 && box.top < innerHeight && box.left < innerWidth,
  };
}"""


async def walk_to(tab: Tab, user: int, name: str, key: str = "Tab") -> list[dict[str, Any]]:
    """Presses Tab until something of that name on that phone has the focus; every stop on the way."""
    stops: list[dict[str, Any]] = []
    while len(stops) < 80:
        await tab.keyboard.press(key)
        await painted(tab)
        stops.append(await tab.evaluate(HERE))
        if (stops[-1]["phone"], stops[-1]["name"]) == (str(user), name):
            return stops
    raise AssertionError(f"{name} cannot be reached: {[one['name'] for one in stops]}")


async def test_a_vote_by_keyboard_alone(tabs: Browser, served: Page) -> None:
    await served.greet()
    tab = await opened(tabs, served.address)
    stops = await walk_to(tab, 2, "Ja")
    names = [(one["phone"], one["name"]) for one in stops]
    assert names[0] == ("", "Zu den Telefonen")
    assert names.index(("", "+1 Woche")) < names.index(("1", "Zum Eingabefeld")) < names.index(("2", "Zum Eingabefeld"))
    assert [one for one in stops if not (one["marked"] and one["seen"])] == []

    await tab.keyboard.press("Enter")
    anke = phone(tab, "Anke")
    await anke.locator(".text", has_text="Ihre Stimme: Ja · Beleg 7F3K").wait_for()
    assert (await tab.evaluate(HERE))["name"] == "Ja"  # the card is new, the place is not lost
    assert served.world.people[2].last.text.count("Beleg") == 1

    await walk_to(tab, 2, "Befangen")
    await tab.keyboard.press("Space")
    await tab.get_by_role("dialog").wait_for()
    assert (await tab.evaluate(HERE))["name"] == "In Ordnung"
    await tab.keyboard.press("Tab")
    assert (await tab.evaluate(HERE))["phone"] != "2"  # what the alert covers is not in the way
    await tab.keyboard.press("Shift+Tab")
    await tab.keyboard.press("Enter")
    assert (await tab.evaluate(HERE))["name"] == "Befangen"


async def test_past_a_long_talk_and_back_by_keyboard(tabs: Browser, served: Page) -> None:
    await served.greet()
    for number in range(20):
        await served.send(2, f"Nachricht {number}")
    tab = await opened(tabs, served.address)
    assert len(await walk_to(tab, 1, "Zum Eingabefeld")) < 15
    await tab.keyboard.press("Enter")
    assert (await tab.evaluate(HERE))["name"] == "Nachricht von Sabine Sommer"
    assert len(await walk_to(tab, 2, "Zum Eingabefeld")) < 6
    await tab.keyboard.press("Tab")
    await tab.keyboard.press("Tab")
    await tab.keyboard.press("Escape")
    assert (await tab.evaluate(HERE))["name"] == "Nachricht von Anke Ahorn"
    await tab.keyboard.type("Guten Tag")
    await tab.keyboard.press("Enter")
    await phone(tab, "Anke").locator(".mine .text", has_text="Guten Tag").wait_for()
    assert len(await walk_to(tab, 2, "Auf „Nachricht 19“ antworten", "Shift+Tab")) < 6


# --- what a screen reader has to say


async def test_what_comes_is_read_aloud_once_and_nothing_else_of_the_list(tabs: Browser, served: Page) -> None:
    await served.greet()
    tab = await opened(tabs, served.address)
    region = tab.get_by_role("log", name="Neue Nachrichten")
    assert await region.get_attribute("aria-live") == "polite"
    assert await tab.locator(".log[aria-live], .log [aria-live]").count() == 0
    await phone(tab, "Anke").get_by_role("textbox").focus()
    await served.send(4, "Für Tom")
    await served.send(4, "Noch etwas für Tom")
    await served.send(2, "Ihre Frage ist beantwortet.", reply_markup=FORM)
    await region.get_by_text("bei Tom").wait_for()
    assert await region.locator("p").all_text_contents() == [
        "ReKo-Assistent: Ihre Frage ist beantwortet.\nSchaltflächen: Weiter, Abbrechen",
        "2 neue Nachrichten bei Tom Träger.",
    ]
    number = served.world.people[2].last.id
    text = "Ihre Frage ist beantwortet.\nDanke."
    await served.api("editMessageText", chat_id=2, message_id=number, text=text, reply_markup=FORM)
    await region.get_by_text("Danke").wait_for()
    assert (await region.locator("p").all_text_contents())[2:] == ["ReKo-Assistent: Danke."]


async def test_every_part_has_a_name_and_messages_stand_in_their_order(tabs: Browser, served: Page) -> None:
    await served.greet()
    tab = await opened(tabs, served.address)
    await talked(served, tab)
    headings = await tab.get_by_role("heading").all_inner_texts()
    assert headings == ["Der ReKo-Assistent", "Sabine Sommer", "Anke Ahorn", "Clara Eiche", "Tom Träger"]
    regions = [await one.get_attribute("aria-label") for one in await tab.get_by_role("region").all()]
    assert regions == [
        "Uhr der Vorführung",
        "Einführung",
        "Telefon: Sabine Sommer, Büro",
        "Telefon: Anke Ahorn, Mitglied · Landkreis Stendal",
        "Telefon: Clara Eiche, Mitglied · Jobcenter Stendal",
        "Telefon: Tom Träger, Träger · Lernwerk Altmark gGmbH",
    ]
    talk = phone(tab, "Anke").get_by_role("group", name="Nachrichten auf dem Telefon: Anke Ahorn")
    said = await talk.locator(".message").evaluate_all("all => all.map((one) => one.textContent)")
    numbers = [int(str(await one.get_attribute("data-id"))) for one in await talk.locator(".message").all()]
    assert numbers == sorted(numbers)
    assert [one.split(":")[0] for one in said] == ["ReKo-Assistent"] * 4 + ["Sie"] * 2 + ["ReKo-Assistent", "Sie"]
    picture_of = talk.get_by_role("img")
    assert await picture_of.get_attribute("alt") == "Bild zu: Ergebnis · Lernort Werkstatt"
    assert await picture_of.locator("xpath=ancestor::li").locator(".text").inner_text() == RESULT


# --- large, spaced, at rest

WIDE_THINGS = """() => [document.documentElement, ...document.querySelectorAll(".phone.current *, .top *, .intro *")]
  .filter((one) => one.clientWidth && one.scrollWidth > one.clientWidth + 1)
  .filter((one) => !one.matches(".visually-hidden, pre, select") && getComputedStyle(one).textOverflow !== "ellipsis")
  .map((one) => `${one.tagName}.${one.className} ${one.scrollWidth} > ${one.clientWidth}`)"""
STYLE = "text => { const s = new CSSStyleSheet(); s.replaceSync(text); document.adoptedStyleSheets = [s]; }"
SPACED = """* { line-height: 1.5 !important; letter-spacing: .12em !important; word-spacing: .16em !important; }
p { margin-bottom: 2em !important; }"""
# 320 wide is 1280 at 400 %; 640 by 430 is 1280 by 860 at 200 %.
LARGE = [{"width": 320, "height": 480}, {"width": 640, "height": 430}]


@pytest.mark.parametrize("size", LARGE, ids=["400 %", "200 %"])
async def test_large_it_needs_no_scrolling_sideways(tabs: Browser, served: Page, size: dict[str, int]) -> None:
    await served.greet()
    tab = await opened(tabs, served.address, size)
    await talked(served, tab)
    await tab.get_by_role("button", name="Ahorn").click()
    await phone(tab, "Anke").get_by_role("textbox").scroll_into_view_if_needed()
    await tab.screenshot(path=ARTEFACTS / f"page-{size['width']}.png")
    assert await tab.evaluate(WIDE_THINGS) == []
    await tab.evaluate(STYLE, SPACED)
    await tab.screenshot(path=ARTEFACTS / f"page-{size['width']}-spaced.png")
    assert await tab.evaluate(WIDE_THINGS) == []


async def test_nothing_moves_where_less_motion_is_asked_for(tabs: Browser, served: Page) -> None:
    await served.greet()
    tab = await opened(tabs, served.address)  # asks for less
    await served.api("sendChatAction", chat_id=2, action="typing")
    await phone(tab, "Anke").locator(".typing").wait_for()
    moving = "document.getAnimations().filter((one) => one.effect.getComputedTiming().activeDuration > 1).length"
    assert await tab.evaluate(moving) == 0
    await tab.emulate_media(reduced_motion="no-preference")
    assert await tab.evaluate(moving) > 0


# --- what changes leaves everything else where it is


async def test_focus_selection_and_place_survive_what_changes_and_a_break(tabs: Browser, served: Page) -> None:
    for number in range(30):
        await served.send(2, f"Nachricht {number}")
    await served.greet()
    tab = await opened(tabs, served.address)
    anke = phone(tab, "Anke")
    await anke.get_by_role("button", name="Ja", exact=True).focus()
    await tab.evaluate(
        """() => { const log = document.querySelector("[data-user='2'] .log"); log.scrollTop = 200;
          getSelection().selectAllChildren(log.querySelector(".text")); }"""
    )
    await anke.get_by_role("button", name="Nein", exact=True).evaluate("key => key.focus({ preventScroll: true })")
    place = "document.querySelectorAll(\"[data-user='2'] .message\")[9].getBoundingClientRect().top"
    before = await tab.evaluate(place)
    first, card = served.world.people[2].messages[0].id, served.world.people[2].last.id
    await served.api("editMessageReplyMarkup", chat_id=2, message_id=first, reply_markup=FORM)
    await anke.get_by_role("button", name="Weiter").wait_for()
    served.hub.close()
    await tab.locator("#offline").wait_for()
    await served.api("editMessageText", chat_id=2, message_id=card, text="Neue Karte", reply_markup=BALLOT)
    await served.send(2, "Während der Pause")
    served.hub._closed = False
    await anke.get_by_text("Während der Pause", exact=True).wait_for()
    await tab.locator("#offline").wait_for(state="hidden")
    assert await anke.locator(".text", has_text="Neue Karte").count() == 1
    assert (await tab.evaluate(HERE))["name"] == "Nein"
    assert await tab.evaluate("String(getSelection())") == "Nachricht 0"
    assert abs(await tab.evaluate(place) - before) < 2  # though keys came above
    assert await anke.get_by_role("button", name="Zur neuesten Nachricht").inner_text() == "1\nZur neuesten Nachricht"

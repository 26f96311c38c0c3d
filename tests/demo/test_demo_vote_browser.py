"""Formal votes in the demo, in a real Chromium: a deputy, an exclusion, a tie, a missed quorum, and what is filed."""

import json
from pathlib import Path

import pytest
from playwright.async_api import Browser
from playwright.async_api import Page as Tab

from tests.demo.chromium import ARTEFACTS, BROWSER_MARKS, NARROW, opened, phone, sit
from tests.demo.test_demo import demo

pytestmark = BROWSER_MARKS

OFFICE, CHAIR, CLARA, ELIF, KLARA = "Sabine Sommer", "Anke Ahorn", "Clara Eiche", "Elif Esche", "Klara Kiefer"


class Hands:
    """What the people at the phones do; each step waits until the phone shows what comes of it."""

    def __init__(self, tab: Tab) -> None:
        self.tab = tab

    async def write(self, name: str, text: str, then: str) -> None:
        """Types a message; ``then`` is to be read in what comes last."""
        await phone(self.tab, name).get_by_role("textbox").fill(text)
        await self.tab.keyboard.press("Enter")
        await self.shows(name, then)

    async def tap(self, name: str, label: str, then: str) -> None:
        """Taps the newest button of that name."""
        await phone(self.tab, name).get_by_role("button", name=label, exact=True).last.click()
        await self.shows(name, then)

    async def shows(self, name: str, text: str) -> None:
        await phone(self.tab, name).locator(".message.theirs .text", has_text=text).last.wait_for()

    async def open_vote(self, title: str) -> None:
        """By the form, as the office does it."""
        await self.write(OFFICE, "/buero", "Büro")
        await self.tap(OFFICE, "Neue Abstimmung", "Gremium")
        await self.tap(OFFICE, "Begleitgremium", "Welche Art")
        await self.tap(OFFICE, "Beschluss", "Wo wird abgestimmt?")
        await self.tap(OFFICE, "In der Sitzung", "Titel")
        await self.write(OFFICE, title, "Text des Antrags")
        await self.write(OFFICE, "Das Begleitgremium stimmt zu.", "Anlagen")
        await self.tap(OFFICE, "Weiter", "Wann öffnet sie?")
        await self.tap(OFFICE, "Sofort", "Wann schließt sie?")
        await self.write(OFFICE, "in 2 Tagen 12:00", "Schließen, sobald alle")
        await self.tap(OFFICE, "Nein", "Vorschau")
        await self.tap(OFFICE, "Eröffnen", "ist eröffnet")


async def test_a_beschluss_with_deputy_exclusion_tie_and_a_missed_quorum(
    tabs: Browser, tmp_path: Path, sqlite_template: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("demo.clock.BUDGET", 0.0)
    async with demo(tmp_path, sqlite_template) as (_, address):
        tab = await opened(tabs, address)
        hands = Hands(tab)
        await hands.open_vote("Zwischenbericht 2026")
        await a_deputy_votes(hands)
        await a_mandate_is_excluded(hands)
        await hands.tap(CHAIR, "Nein", "Ihre Stimme: Nein · Beleg ")
        await hands.tap(CLARA, "Enthaltung", "Ihre Stimme: Enthaltung · Beleg ")
        await hands.open_vote("Sommerfest")
        await hands.shows(CLARA, "Sommerfest")
        await hands.tap(CLARA, "Ja", "Ihre Stimme: Ja · Beleg ")

        for _ in range(3):
            async with tab.expect_response("**/phones/clock"):
                await tab.get_by_role("button", name="+1 Tag").click()
            await tab.locator(".move:not(:disabled)").first.wait_for()
        await the_results_are_there(hands)
        await the_office_files_it(hands)
        small = await opened(tabs, address, NARROW, "dark")
        await small.get_by_role("button", name="Ahorn").click()
        await small.screenshot(path=ARTEFACTS / "demo-result-390-dark.png")


async def a_deputy_votes(hands: Hands) -> None:
    await sit(hands.tab, 3, ELIF)
    await hands.shows(ELIF, "Zwischenbericht 2026")
    await hands.write(ELIF, "/vertretung", "Mandat Freie Wohlfahrtspflege · Begleitgremium")
    await hands.tap(ELIF, KLARA, "Wie lange?")
    await hands.tap(ELIF, "Bis auf Weiteres", "bei allen Abstimmungen")
    await hands.tap(ELIF, "Übergeben", "Klara Kiefer stimmt jetzt")
    await hands.shows(ELIF, "Ihre Stellvertretung stimmt jetzt für dieses Mandat")
    card = phone(hands.tab, ELIF).locator(".message", has_text="Zwischenbericht 2026")
    assert await card.locator(".key").count() == 0
    await sit(hands.tab, 3, KLARA)
    await hands.shows(KLARA, "Zwischenbericht 2026")
    await hands.tap(KLARA, "Ja", "Abgegeben von der Stellvertretung")


async def a_mandate_is_excluded(hands: Hands) -> None:
    await hands.tap(OFFICE, "Abstimmung ansehen", "Noch nicht gestimmt: 3")
    await hands.tap(OFFICE, "Ausschluss eintragen", "Welches Mandat")
    await hands.tap(OFFICE, "Gleichstellung", "Wer hat das entschieden")
    await hands.write(OFFICE, "Beschluss vom 23.11.: selbst Antragstellerin", "ist ausgeschlossen")
    await hands.tap(OFFICE, "Eintragen", "als ausgeschlossen eingetragen")
    await sit(hands.tab, 3, "Hanna Hasel")
    await hands.shows("Hanna Hasel", "selbst Antragstellerin")
    await hands.tab.screenshot(path=ARTEFACTS / "demo-deputy-and-exclusion.png")


async def the_results_are_there(hands: Hands) -> None:
    tied = phone(hands.tab, CHAIR).locator(".message", has_text="die Stimme des Vorsitzes entscheidet")
    await tied.wait_for()
    said = await tied.inner_text()
    for line in ("Stimmberechtigt: 4", "Ausgeschlossen (§ 33): 1", "Ja: 1", "Nein: 1", "Enthaltung: 1", "abgelehnt"):
        assert line in said
    results = phone(hands.tab, CLARA).locator(".message", has_text="nicht beschlussfähig")
    missed = await results.filter(has_text="Sommerfest").inner_text()
    assert "1 von 4 (alle Mandate), nötig > 1/2, also 3 – nicht erreicht" in missed
    picture = tied.locator("img")
    await picture.scroll_into_view_if_needed()
    assert await picture.evaluate("async image => { await image.decode(); return image.naturalWidth; }") == 1080
    shown = await picture.bounding_box()
    assert shown
    assert shown["height"] > shown["width"]  # the whole card, nothing cut off
    await hands.tab.screenshot(path=ARTEFACTS / "demo-results.png")


async def the_office_files_it(hands: Hands) -> None:
    result = phone(hands.tab, OFFICE).locator(".message", has_text="die Stimme des Vorsitzes entscheidet")
    await result.get_by_role("button", name="Entscheidungsprotokoll").click()
    await hands.shows(OFFICE, "Entscheidungsprotokoll Nr. 2")
    files = phone(hands.tab, OFFICE).locator(".file-name")
    await files.filter(has_text=".json").wait_for()
    content = {}
    for link in await files.all():
        reply = await hands.tab.request.get(str(await link.evaluate("link => link.href")))
        content[(await link.inner_text()).partition(".")[2]] = await reply.body()
    assert content["pdf"].startswith(b"%PDF-")
    assert "Ausgeschlossen (§ 33);1" in content["csv"].decode()
    told = json.loads(content["json"])
    assert (told["verdict"], told["tie"], told["excluded"], told["voted"]) == ("abgelehnt", True, 1, 3)
    assert [one["mandate"] for one in told["ballots"] if one["deputy"]] == ["Freie Wohlfahrtspflege"]

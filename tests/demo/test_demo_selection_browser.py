"""A project selection in the demo: six projects, eight mandates on their phones, one of them excluded."""

import asyncio
import re
from pathlib import Path

import pytest
from playwright.async_api import Browser

from demo.stage import Stage
from demo.telegram import Message, Person
from models.member import Role
from tests.demo.chromium import ARTEFACTS, BROWSER_MARKS, NARROW, opened, phone
from tests.demo.test_demo import demo, showing
from tests.demo.test_demo_vote_browser import CHAIR, OFFICE, Hands

pytestmark = BROWSER_MARKS

BODY = "RAK Stendal"
PROJECTS = """Lernwerkstatt Altmark – Grundbildung für Erwachsene; Lernwerk Altmark gGmbH; 140.000
Job-Brücke: Begleitung in den ersten Monaten; Bildungshaus Börde e. V.; 120.000
Werkstatt Mut; IHK-Bildungszentrum GmbH; 150.000
Mobil zur Arbeit; Landkreis Stendal; 98.500
Digital-Treff Tangermünde; Volkshochschule; 76.250,50
Neustart mit Kind; Frauenzentrum e. V.; 110.000"""
CRITERIA = ("Bedarf in der Region", "Wirkung")
POINTS = ((5, 4), (4, 4), (3, 3), (2, 2), (4, 3), (1, 0))


async def test_eight_mandates_score_six_projects(
    tabs: Browser, tmp_path: Path, sqlite_template: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("demo.clock.BUDGET", 0.0)
    async with demo(tmp_path, sqlite_template) as (stage, address):
        small = await opened(tabs, address, NARROW)
        office, hands = members(stage, Role.STAFF)[OFFICE], Hands(small)
        await the_office_opens_it(stage, office)
        await small.get_by_role("button", name="Ahorn").click()
        await hands.shows(CHAIR, "6 Projekte · 0 von 6 zählen schon")
        await small.screenshot(path=ARTEFACTS / "demo-selection-card-390.png")
        await one_scores_in_the_browser(hands)
        seats = members(stage, Role.MEMBER)
        assert len(seats) == 8
        await one_is_excluded(stage, office)
        await asyncio.gather(*(scores(stage, seats[name]) for name in seats.keys() - {CHAIR, "Frank Fichte"}))

        for _ in range(2):
            await small.get_by_role("button", name="+1 Tag").click()
            await small.locator(".move:not(:disabled)").first.wait_for()
        result = phone(small, CHAIR).locator(".message", has_text="4 von 6 Projekten ausgewählt")
        await result.last.wait_for()
        said = await result.last.inner_text()
        for line in (
            "Stimmberechtigt: 8",
            "Ausgeschlossen (§ 33): 1",
            "Abgestimmt: 7",
            "1. Lernwerkstatt Altmark – Grundbildung für Erwachsene: 4,67 Punkte aus 7 Bewertungen",
            "Nachrücker: Mobil zur Arbeit",
        ):
            assert line in said
        picture = phone(small, CHAIR).locator(".message img").last
        await picture.scroll_into_view_if_needed()
        assert await picture.evaluate("async image => { await image.decode(); return image.naturalWidth; }") == 1080
        await small.screenshot(path=ARTEFACTS / "demo-selection-result-390.png")


def members(stage: Stage, role: Role) -> dict[str, Person]:
    """Who sits in the body with this role, by name."""
    found = [one for one in stage.cast.everybody if one.role is role and one.body in {BODY, ""}]
    return {one.name: stage.world.people[one.user_id] for one in found}


async def press(stage: Stage, person: Person, label: str, shown: str = "") -> None:
    """Taps the newest button with this label once ``shown`` is to be read beside it."""
    await stage.world.until(
        lambda: any(shown in one.text and label in one.labels for one in reversed(person.messages[-3:]))
    )
    await person.tap(showing(person, label), label)


async def fill(stage: Stage, person: Person, *entries: tuple[str, str]) -> None:
    """Fills a form: what is asked, and the entry; one in [brackets] is a button."""
    for asked, entry in entries:
        if entry.startswith("["):
            await press(stage, person, entry.strip("[]"), asked)
        else:
            await stage.world.until(lambda asked=asked: asked in person.messages[-1].text)  # type: ignore[misc]  # asked now
            person.send(entry)


async def the_office_opens_it(stage: Stage, office: Person) -> None:
    office.send("/buero")
    await fill(
        stage,
        office,
        ("", "[Neue Abstimmung]"),
        ("Gremium", f"[{BODY}]"),
        ("Welche Art", "[Projektauswahl]"),
        ("Titel", "Aufruf STABIL 2027"),
        ("Text", "Welche Projekte werden dem Land zur Förderung vorgeschlagen?"),
        ("Budget", "500.000"),
        ("Kriterien", f"{CRITERIA[0]}; 5; 2\n{CRITERIA[1]}; 5; 1"),
        ("mindestens", "1,5"),
        ("Welche Projekte?", PROJECTS),
        ("Anlagen", "[Weiter]"),
        ("Wann öffnet", "[Sofort]"),
        ("Wann schließt", "in 1 Tag 12:00"),
        ("sobald alle", "[Nein]"),
        ("Vorschau", "[Eröffnen]"),
    )


async def one_scores_in_the_browser(hands: Hands) -> None:
    await hands.tap(CHAIR, "Projekt 1 bewerten", f"Wie viele Punkte für {CRITERIA[0]}?")
    await hands.tap(CHAIR, "5", f"Es fehlt: {CRITERIA[1]}")
    await hands.tab.screenshot(path=ARTEFACTS / "demo-selection-project-390.png")
    await hands.tap(CHAIR, "4", "Vollständig – das zählt.")
    await hands.tab.screenshot(path=ARTEFACTS / "demo-selection-complete-390.png")
    for number, (need, effect) in enumerate(POINTS[1:], 2):
        await hands.tap(CHAIR, f"Projekt {number} bewerten", f"Wie viele Punkte für {CRITERIA[0]}?")
        await hands.tap(CHAIR, str(need), f"Wie viele Punkte für {CRITERIA[1]}?")
        await hands.tap(CHAIR, str(effect), "Vollständig – das zählt.")
    await hands.tap(CHAIR, "Bestätigen", "6 von 6 zählen schon · Beleg")


async def one_is_excluded(stage: Stage, office: Person) -> None:
    await press(stage, office, "Abstimmung ansehen", "ist eröffnet")
    await fill(
        stage,
        office,
        ("Noch nicht gestimmt: 7", "[Ausschluss eintragen]"),
        ("Welches Mandat", "[IHK Magdeburg]"),
        ("Wer hat das entschieden", "Beschluss von heute: selbst Trägerin"),
        ("ist ausgeschlossen", "[Eintragen]"),
    )


async def scores(stage: Stage, person: Person) -> None:
    """All the points, by the buttons of the card, in whatever language it speaks."""
    for number, points in enumerate(POINTS, 1):
        await press_data(stage, person, rf"vp:\d+:\d+:{number}:0")
        for place, given in enumerate(points, 1):
            await press_data(stage, person, rf"vs:\d+:\d+:{number}:{place}:{given}")


async def press_data(stage: Stage, person: Person, data: str) -> None:
    """Taps the newest button that carries this, once it is there."""

    def found() -> tuple[Message, str] | None:
        shown = [(one, each.data) for one in person.messages for each in one.buttons if re.fullmatch(data, each.data)]
        return shown[-1] if shown else None

    await stage.world.until(lambda: found() is not None)
    message, button = found() or (person.messages[-1], "")
    await person.tap(message, button)

from models.outbox import Letter, LetterState
from tests.auxil.party import STAFF, VERA, Party


async def test_a_long_uncertain_letter_is_shown_without_cutting_a_tag(party: Party) -> None:
    async with party.database.begin() as session:
        text = "x" * 990 + "<b>" + "fett " * 40 + "</b>"
        about = {"question": 1}
        session.add(
            Letter(
                key="k",
                kind="answer",
                telegram_id=VERA,
                about=about,
                posted_at=party.clock.now,
                not_before=party.clock.now,
                state=LetterState.UNCERTAIN,
                text=text,
            )
        )
    await party.write(STAFF, "/buero")
    await party.tap(STAFF, "Ungewisse Nachrichten")
    assert party.last_text(STAFF).startswith("An Vera Muster")
    assert party.labels(STAFF) == ["Erneut senden", "Es ist angekommen", "Büro"]
    shown = party.telegram.sent("sendMessage", chat_id=STAFF)[-1].params["text"]
    assert shown.count("<b>") == shown.count("</b>")


async def test_staff_decides_what_became_of_it(party: Party) -> None:
    async with party.database.begin() as session:
        session.add(
            Letter(
                key="k",
                kind="answer",
                telegram_id=VERA,
                about={"question": 1},
                posted_at=party.clock.now,
                not_before=party.clock.now,
                state=LetterState.UNCERTAIN,
                text="Antwort",
            )
        )
    await party.write(STAFF, "/buero")
    await party.tap(STAFF, "Ungewisse Nachrichten")
    await party.tap(STAFF, "Es ist angekommen")
    [letter] = await party.rows(Letter)
    assert letter.state == LetterState.VOID
    assert party.last_text(STAFF) == "Notiert: Es ist angekommen."

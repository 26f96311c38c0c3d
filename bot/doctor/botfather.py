"""The doctor on what is set at @BotFather: how to get a token, what is not as needed, what the bot says of itself."""

from collections.abc import Iterator, Sequence

from telegram import Bot, User

from bot.doctor.finding import Finding
from handlers.menu import is_introduced

NEW_BOT = """\
1. Öffnen Sie in Telegram @BotFather (mit dem blauen Haken) und schreiben Sie ihm /newbot.
2. Er fragt nach einem Namen, den alle lesen, zum Beispiel „ReKo Stendal“.
3. Dann nach einem Benutzernamen. Er muss auf bot enden und frei sein, zum Beispiel reko_stendal_bot.
4. Er nennt das Token, eine Zeile wie 123456:ABC… Tragen Sie sie hier in die Datei .env ein:
   BOT_TOKEN=123456:ABC…
5. Wer das Token kennt, kann den Bot übernehmen. Zeigen Sie es niemandem. Dann rufen Sie doctor noch einmal auf."""
COPY_AGAIN = (
    "Öffnen Sie @BotFather, schreiben Sie /mybots, wählen Sie Ihren Bot und „API Token“. Kopieren Sie es ganz in "
    "die Datei .env; „Revoke current token“ gibt ein neues, und das alte gilt nicht mehr."
)


def look_for_token(*, given: bool) -> Finding:
    """Whether there is a token; if not, how to get one."""
    if given:
        return Finding(ok=True, title="BOT_TOKEN ist gesetzt.")
    return Finding(ok=False, title="BOT_TOKEN fehlt.", advice=NEW_BOT)


async def look_at_profile(bot: Bot, me: User, offered: Sequence[str], *, runs: bool) -> list[Finding]:
    """What @BotFather and the bot itself have set.

    Raises:
        TelegramError: Telegram does not answer.
    """
    return [*_modes(me), _introduced(await is_introduced(bot, offered), runs=runs)]


def _modes(me: User) -> Iterator[Finding]:
    """Group privacy and inline mode: https://core.telegram.org/bots/features#privacy-mode."""
    if me.can_read_all_group_messages:
        yield Finding(
            ok=False,
            title="In Gruppen bekommt der Bot alles mit, was jemand schreibt. Das braucht er nicht.",
            advice="Schreiben Sie @BotFather /setprivacy, wählen Sie Ihren Bot und „Enable“. In Gruppen, in denen er "
            "schon ist, gilt das erst, wenn Sie ihn entfernen und wieder hinzufügen.",
        )
    if me.supports_inline_queries:
        yield Finding(
            ok=False,
            title="Der Inline-Modus ist an. Der Bot antwortet dort nicht.",
            advice="Schreiben Sie @BotFather /setinline, wählen Sie Ihren Bot und schreiben Sie /empty.",
        )
    if not (me.can_read_all_group_messages or me.supports_inline_queries):
        yield Finding(ok=True, title="Gruppen-Privatsphäre und Inline-Modus sind bei @BotFather richtig eingestellt.")


def _introduced(introduced: bool, *, runs: bool) -> Finding:
    if introduced:
        return Finding(ok=True, title="Befehlsmenü und Vorstellung des Bots stehen bei Telegram.")
    if not runs:
        return Finding(ok=True, title="Befehlsmenü und Vorstellung setzt der Bot bei seinem nächsten Start selbst.")
    return Finding(
        ok=False,
        title="Befehlsmenü oder Vorstellung stehen bei Telegram anders, als der Bot sie setzt.",
        advice="Starten Sie den Bot neu. Er setzt beides beim Start; ändern Sie es nicht bei @BotFather.",
    )

"""What is told to whoever watches the bot. By itself nothing is kept; ``bot/metrics.py`` counts it for Prometheus.

No id of anybody or of any vote, no text, and nothing at all of a tap in a secret vote: not that one came, nor when.
"""

from telegram.error import TelegramError

KINDS = ("message", "edited_message", "callback_query", "my_chat_member")  # what we ask Telegram for


class Watch:
    """Hears what happens, and forgets it."""

    def received(self, kind: str) -> None:
        """An update of this kind is in the store."""

    def answered(self, kind: str, seconds: float) -> None:
        """An update was answered, so long after it was stored."""

    def set_aside(self, kind: str) -> None:
        """An update failed three times."""

    def refused(self, kind: str) -> None:
        """Somebody heard a refusal of this type."""

    def vote_cast(self) -> None:
        """A tap in an open vote is stored."""

    def letter(self, state: str) -> None:
        """A letter's attempt has ended in this state."""

    def telegram_error(self, error: TelegramError) -> None:
        """A call of ours failed."""

    def ticked(self, seconds: float) -> None:
        """A tick was planned within so long."""

    def called(self, status: int) -> None:
        """A call of the webhook was answered with this status."""

"""The buttons under the latest messages of a chat: what a typed number or label stands for. One row a chat, and small.

Telegram tells no bot which buttons a chat shows, so it is noted as they go out. Of a secret vote's choices only the
label is kept and never the tap: whoever types one is to hear why it is not taken.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import JSON, BigInteger, ForeignKey, bindparam, delete, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base
from models.member import Account
from models.statements import replace_in, table_of

MOST = 6  # messages of a chat that are remembered: what one act said together, or letters that came in a row
KEPT = timedelta(days=30)  # whoever comes back later is shown anew what is open


class Shown(Base):
    """A chat and the buttons of its latest messages, the oldest first; see ``Buttons``."""

    __tablename__ = "shown"

    telegram_id: Mapped[int] = mapped_column(
        BigInteger, ForeignKey("accounts.telegram_id"), primary_key=True, autoincrement=False
    )
    messages: Mapped[list[Any]] = mapped_column(JSON)
    changed_at: Mapped[datetime]


_TABLE, _ACCOUNTS = table_of(Shown), table_of(Account)
# Made once: these are asked at every text, and with every answer.
_MESSAGES = select(_TABLE.c.messages).where(_TABLE.c.telegram_id == bindparam("chat"))
_KNOWN = (
    select(_ACCOUNTS.c.telegram_id, _TABLE.c.messages)
    .outerjoin_from(_ACCOUNTS, _TABLE, _TABLE.c.telegram_id == _ACCOUNTS.c.telegram_id)
    .where(_ACCOUNTS.c.telegram_id.in_(bindparam("chats", expanding=True)))
)


@dataclass(frozen=True, slots=True)
class Buttons:
    """The buttons of one message; none: it has them no more.

    ``labels`` and ``taps`` side by side, in the order shown. A tap that may not be typed is empty.
    ``by``: the update that this answers; 0 for what came unasked. ``first``: the number of the first button.
    ``reads``: a bare number is an entry or a label's own. ``secret``: the vote whose these are.
    """

    message_id: int
    labels: tuple[str, ...]
    taps: tuple[str, ...]
    at: datetime
    by: int = 0
    first: int = 1
    reads: bool = False
    secret: int = 0


def after(before: Sequence[Buttons], new: Buttons) -> list[Buttons]:
    """What a chat shows once this was said or changed in it. Pure.

    An answer puts an end to what was there before; what comes unasked is added. An older message that changes unasked
    (a line of progress) is no news.
    """
    if new.by and new.labels:
        before = [one for one in before if one.by == new.by]
    others = [one for one in before if one.message_id != new.message_id]
    if not new.labels:
        return others
    if not new.by and any(one.message_id > new.message_id for one in others):
        return [new if one.message_id == new.message_id else one for one in before]
    return [*others, new][-MOST:]


def latest(messages: Sequence[Buttons]) -> list[Buttons]:
    """Those whose numbers hold: the newest message, and what the same answer said before it. Pure."""
    return [one for one in messages if one is messages[-1] or (one.by and one.by == messages[-1].by)]


async def shown_in(session: AsyncSession, chat: int, unkept: Sequence[Buttons] = ()) -> list[Buttons]:
    """What a chat shows, with what is not in the store yet."""
    messages = await session.scalar(_MESSAGES, {"chat": chat})
    return _after_all(_read(messages or ()), unkept)


def _after_all(messages: list[Buttons], news: Sequence[Buttons]) -> list[Buttons]:
    for one in news:
        messages = after(messages, one)
    return messages


async def keep(session: AsyncSession, news: Mapping[int, Sequence[Buttons]]) -> None:
    """Bring the rows of these chats up to date; of somebody without an account nothing is kept."""
    found = await session.execute(_KNOWN, {"chats": list(news)})
    before = {chat: _read(messages or ()) for chat, messages in found}
    changed_to = {chat: _after_all(before[chat], news[chat]) for chat in sorted(before)}
    values = [_row(chat, now, news[chat]) for chat, now in changed_to.items() if now != before[chat]]
    if values:
        await session.execute(replace_in(session, _TABLE), values)


async def forget_old(session: AsyncSession, now: datetime) -> int:
    """Drop what nobody has answered for long; how many chats."""
    gone: int = (await session.execute(delete(Shown).where(Shown.changed_at < now - KEPT))).rowcount  # type: ignore[attr-defined]  # a DELETE's result has it
    return gone


def _row(chat: int, messages: Sequence[Buttons], news: Sequence[Buttons]) -> dict[str, Any]:
    written = [
        {one.name: getattr(message, one.name) for one in fields(message)} | {"at": message.at.isoformat()}
        for message in messages
    ]
    return {"telegram_id": chat, "messages": written, "changed_at": max(one.at for one in news)}


def _read(messages: Sequence[Mapping[str, Any]]) -> list[Buttons]:
    return [
        Buttons(
            **{
                **one,
                "labels": tuple(one["labels"]),
                "taps": tuple(one["taps"]),
                "at": datetime.fromisoformat(one["at"]),
            }
        )
        for one in messages
    ]

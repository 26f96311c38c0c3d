"""Which button a typed label or number means: one under the latest messages, or under the message replied to."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from telegram import Message as Received

from handlers.callbacks import FormAct, FormTap, SecretCast, SecretChoose, Tap, parse
from handlers.context import Context
from handlers.numbers import own_number
from handlers.typed.words import as_label, bare_number, button_number
from locales import N_, SHIPPED, Voice
from models.drafts import Draft
from models.shown import Buttons, latest, shown_in

CAST = N_("Cast it for good")  # stands under the preview of a secret ballot, of which nothing is remembered


@dataclass(frozen=True, slots=True)
class Meant:
    """The button that is meant, with the message it stands under; of a secret vote's choice there is no tap."""

    label: str
    tap: Tap | None
    under: Buttons


async def meant(context: Context, message: Received, text: str, reading: Draft | None) -> list[Meant]:
    """The buttons that a text may mean: none where it is no label or number, several where a label stands twice.

    ``reading``: the form whose open question takes this text, unless it says one of that form's own buttons.
    """
    replied = message.reply_to_message
    own = replied is not None and replied.from_user is not None and replied.from_user.id == context.bot.id
    async with context.read() as session:
        types = (await context.actor(session)).types
        if own and replied is not None and replied.reply_markup is not None:
            shown, here = [_under(context, replied)], True
        else:
            unkept = context.house.unkept.shown.get(context.telegram_id, ())
            shown, here = await shown_in(session, context.telegram_id, unkept), types
    found = _by_label(shown, text) or _by_number(shown, text, bare=here and reading is None)
    if reading is not None:
        found = [one for one in found if isinstance(one.tap, FormTap | FormAct) and one.tap.draft == reading.id]
    return found


def _under(context: Context, message: Received) -> Buttons:
    """The buttons of a message of ours that was replied to, as Telegram hands them over."""
    rows = message.reply_markup.inline_keyboard if message.reply_markup else ()
    buttons = [(button.text, str(button.callback_data or "")) for row in rows for button in row]
    taps = [(label, parse(data)) for label, data in buttons]
    secret = next((tap.vote for _, tap in taps if isinstance(tap, SecretChoose | SecretCast)), 0)
    known = [(label, tap) for label, tap in taps if tap is not None]
    packed = tuple("" if isinstance(tap, SecretChoose | SecretCast) else tap.pack() for _, tap in known)
    return Buttons(message.message_id, tuple(label for label, _ in known), packed, context.now, secret=secret)


def _each(messages: Sequence[Buttons]) -> Iterator[Meant]:
    """All buttons, the newest message first; the same tap once."""
    seen = set[str]()
    for one in reversed(messages):
        for label, data in zip(one.labels, one.taps, strict=True):
            if data not in seen:
                yield Meant(label, parse(data) if data else None, one)
            seen |= {data} - {""}


def _by_label(messages: Sequence[Buttons], text: str) -> list[Meant]:
    if text.rstrip().endswith("?"):
        return []
    wanted = as_label(text)
    secret = [one for one in messages if one.secret]
    if secret and wanted in {as_label(Voice(one).plain(CAST)) for one in SHIPPED}:
        return [Meant(text, None, secret[-1])]
    return [one for one in _each(messages) if as_label(one.label) == wanted]


def _by_number(messages: Sequence[Buttons], text: str, *, bare: bool) -> list[Meant]:
    """„2" where numbers were wished for and no text is asked for, „Knopf 2" everywhere."""
    number, named = button_number(text), True
    if number is None:
        number, named = bare_number(text), False
    if number is None or not (named or bare):
        return []
    for one in reversed(latest(messages)):
        typable = [(label, data) for label, data in zip(one.labels, one.taps, strict=True) if data]
        if one.reads and not named:
            found = [(label, data) for label, data in typable if own_number(label) == number]
        else:
            at = number - one.first
            found = typable[at : at + 1] if at >= 0 else []
        if found:
            return [Meant(label, parse(data), one) for label, data in found]
    return []

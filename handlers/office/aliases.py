"""„So fragen die Leute auch": staff adds other ways of asking to the passage that answered."""

from collections.abc import Sequence

from handlers.callbacks import OnQuestion
from handlers.context import Context
from handlers.forms.flow import begin_form
from handlers.forms.shape import LONGEST_LINE, Ask, Desk, Form, Question, a_text
from handlers.quoting import citation, quoted
from handlers.speech import Message, units
from handlers.way_back import office_row
from locales import N_, Markup
from models import question as questions
from models.knowledge import quote
from models.knowledge.aliases import add_aliases, aliases_of, drop_aliases
from models.refusals import Unfit, Unknown

MOST = 20  # ways of asking in one entry


async def alias_tapped(context: Context, tap: OnQuestion) -> None:
    """The button under an answer that staff got.

    Raises:
        NotEntitled: for everyone but staff.
        Unknown: no such question of theirs, or none with a passage.
    """
    async with context.read() as session:
        (await context.actor(session)).need_staff()
        passage_id = (await questions.own(session, tap.number, context.telegram_id)).passage_id
        if passage_id is None or await quote(session, passage_id) is None:
            raise Unknown
    await begin_form(context, "alias", {"number": tap.number, "passage": passage_id})


async def _text(desk: Desk) -> Ask:
    known = await aliases_of(desk.session, desk.answers["passage"])
    asking = desk.voice.say("How do people ask for this? One question a line.")
    if not known:
        return Ask(asking)
    text = Markup("\n\n".join([asking, desk.voice.say("Known already:"), _listed(desk, known)]))
    return Ask(text, [(desk.voice.plain("Forget them all"), list[str]())], must_be_tapped=True)


def _listed(desk: Desk, texts: Sequence[str]) -> Markup:
    return Markup("\n".join(desk.voice.say("• %(text)s", text=one) for one in texts))


def _read(desk: Desk, text: str) -> list[str]:
    found = list(dict.fromkeys(" ".join(line.split()) for line in a_text(desk, text).splitlines() if line.strip()))
    if len(found) > MOST or any(units(one) > LONGEST_LINE for one in found):
        raise Unfit("too long")
    return found


async def _preview(desk: Desk) -> Message:
    passage = await quote(desk.session, desk.answers["passage"])
    if passage is None:
        raise Unknown
    asked = desk.answers["texts"]
    if asked:
        heading = desk.voice.say("Whoever asks like this:\n%(asked)s\nwill get this:", asked=_listed(desk, asked))
    else:
        heading = desk.voice.say("All other ways of asking are forgotten for this:")
    return Message("\n\n".join([heading, quoted(passage), citation(desk.voice, passage)]))


async def _finish(desk: Desk) -> Message:
    if desk.answers["texts"]:
        await add_aliases(desk.session, desk.answers["passage"], desk.answers["texts"], desk.actor, desk.now)
        said = desk.voice.say("Noted. Whoever asks like this gets this answer from now on.")
    else:
        await drop_aliases(desk.session, desk.answers["passage"], desk.actor)
        said = desk.voice.say("Forgotten.")
    return Message(said, [office_row(desk.voice)])


ALIASES = Form(
    "alias",
    N_("Other ways of asking"),
    N_("Take over"),
    (Question("texts", _text, _read),),
    _preview,
    _finish,
    guarded=True,
)

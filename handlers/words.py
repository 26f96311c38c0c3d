"""Words explained: under ``/hilfe`` for everyone, and on the cards of those who read Leichte Sprache."""

from handlers.contact import one_line
from handlers.context import Context
from handlers.speech import Message
from locales import N_, Markup, Voice
from models.knowledge import Rank

OFFICIAL = N_("The source is an official text in German; it is quoted as it stands.")
QUOTED = N_("The source is in German; it is quoted as it stands.")
ABSTENTION = N_("<b>Abstention</b>: you say neither yes nor no.")
CONFLICT = N_(
    "<b>Conflict of interest</b>: the decision can help or harm you or somebody close to you. Then you may not vote."
)
WORDS = (
    N_("<b>Bot</b>: a computer program that you can chat with."),
    N_("<b>ReKo</b>: the office that runs this bot. The word is short for regional coordination."),
    N_("<b>Code</b>: letters and digits from the office that let you in. A code works once."),
    N_("<b>Deadline</b>: the last moment for something, such as handing in an application."),
    N_("<b>Funding area</b>: a field for which there is money. Each has a letter from A to M."),
    N_("<b>Sponsor</b>: an organisation that gets money for a project."),
    N_("<b>Body</b>: a group that meets and decides, such as a regional working group (RAK)."),
    N_("<b>Mandate</b>: a seat with a vote in a body."),
    N_("<b>Deputy</b>: somebody who comes or votes in place of a member."),
    N_("<b>Motion</b>: a text that a body decides on."),
    N_("<b>Straw poll</b>: opinions are counted, and nothing is decided."),
    N_("<b>By circulation</b>: voting without a meeting."),
    N_("<b>Objection</b>: you do not want a vote by circulation. Then the item goes to a meeting."),
    ABSTENTION,
    CONFLICT,
    N_("<b>Majority</b>: so many must say yes."),
    N_("<b>Quorum</b>: so many must take part. With fewer of them nothing is decided."),
    N_("<b>Receipt</b>: characters that show you that your vote is stored."),
    N_("<b>Minutes</b>: what was said and decided in a meeting, in writing."),
)


async def explain(context: Context) -> None:
    """„Wörter erklärt", the button under ``/hilfe``."""
    voice = await context.own_voice()
    await context.toast()
    await context.say(Message("\n\n".join(voice.say(one) for one in WORDS)))


def explained(voice: Voice, *words: str) -> list[Markup]:
    """Words on a card, explained where they stand to those who read Leichte Sprache."""
    return [voice.say(one) for one in words] if voice.easy else []


def source_note(voice: Voice, contact: str, rank: Rank) -> Markup:
    """Under a quotation, which is never translated; empty for those who read German."""
    if voice.language == "de":
        return Markup("")
    official = rank in {Rank.DIRECTIVE, Rank.GUIDANCE}
    lines = [voice.say(OFFICIAL if official else QUOTED)]
    if voice.easy and contact:
        lines.append(voice.say("Questions? Call us: %(contact)s", contact=one_line(contact)))
    return Markup("\n".join(lines))


def office_note(voice: Voice) -> list[Markup]:
    """Under what the office or a body has written, which is not translated either; none for those who read German."""
    if voice.language == "de":
        return []
    return [
        voice.say("What the office has written and the rules it names are in German; they are quoted as they stand.")
    ]

"""What a card of a secret vote says and offers."""

from handlers.callbacks import CastTap, SecretChoose, WithdrawConflict
from handlers.contact import one_line
from handlers.speech import Row, shorten
from handlers.votes.naming import CHOICES
from locales import Markup, Voice, bold
from models.ballot.paper import Paper
from models.ballot.rules import Choice, Kind
from models.ballot.secret.rules import lists_receipts

LONGEST_LABEL = 80


def notice(voice: Voice, paper: Paper) -> list[Markup]:
    """Before the ballot: that the vote is secret, what remains all the same, and that nothing can be changed."""
    if not paper.vote.secret or paper.mark is not None or paper.elector.excluded_at is not None:
        return []
    lines = [
        Markup(""),
        bold(voice.plain("Secret vote")),
        voice.say(
            "Nobody can look up later who voted how; only Telegram and the running program see your tap, and whoever "
            "compares two copies of the store, made before and after your ballot, sees what it says."
        ),
        voice.say("Once cast, a ballot cannot be changed or found again."),
    ]
    if lists_receipts(paper.vote):
        lines.append(
            voice.say("After the closing all entitled see the receipts with their choices. Keep yours to yourself.")
        )
    return lines


def on_paper(voice: Voice, paper: Paper) -> Markup:
    """The equal other way: a secret ballot can be told to nobody by telephone. Empty once it is cast."""
    if paper.mark is not None or paper.ballot is not None or not paper.contact:
        return Markup("")
    return voice.say("Rather on paper? Ask the office for a ballot: %(contact)s", contact=one_line(paper.contact))


def counted(voice: Voice, receipt: str) -> str:
    """„Ihre Stimme ist gezählt · Beleg 7F3K-9QXM", without markup."""
    if not receipt:
        return voice.plain("Your vote is counted.")
    return voice.plain("Your vote is counted · receipt %(code)s", code=receipt)


def buttons(voice: Voice, paper: Paper) -> list[Row]:
    """The choices; none once a ballot was cast, and only the way back once a conflict of interest was declared."""
    number, mandate = paper.vote.number, paper.mandate_id
    if paper.mark is not None:
        return []
    if paper.ballot is not None:
        return [[(voice.plain("Withdraw the conflict of interest"), WithdrawConflict(number, mandate))]]
    labels = _labels(voice, paper)
    taps = [(label, SecretChoose(number, mandate, choice)) for choice, label in labels.items()]
    if paper.vote.kind == Kind.ELECTION:
        return [[one] for one in taps]
    conflict = (voice.plain(CHOICES[Choice.CONFLICT]), CastTap(number, mandate, Choice.CONFLICT))
    return [taps[:2], [taps[2], conflict]]


def _labels(voice: Voice, paper: Paper) -> dict[str, str]:
    words = (Choice.ABSTAIN,) if paper.options else (Choice.YES, Choice.NO, Choice.ABSTAIN)
    options = {str(one.place): shorten(one.label, LONGEST_LABEL) for one in paper.options}
    return {**options, **{one.value: voice.plain(CHOICES[one]) for one in words}}


def label_of(voice: Voice, paper: Paper, choice: str) -> str | None:
    """What a choice is called on this card; None where it offers no such choice."""
    return _labels(voice, paper).get(choice)

"""Secret votes: where they may be held, and what their receipts prove."""

from collections.abc import Collection, Sequence

from models.ballot.paper import Paper
from models.ballot.rows import Vote
from models.ballot.rules import Choice, Held, Kind
from models.ballot.secret import box
from models.charter import Charter, read_charter
from models.refusals import Unfit

CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # 32 letters: of a byte each is as likely
HALF = 4  # „7F3K-9QXM"


def secrecy(charter: Charter, kind: Kind, held: Held) -> Sequence[bool]:
    """Whether a vote may be secret (True), open (False) or either, the usual way first.

    Elections are secret, and open only where nobody objects (§ 56 KVG LSA); the office records that. „No objection"
    (§ 54) asks who objects, so there is nothing in it to keep secret.
    """
    if held is Held.CIRCULAR and kind.binding and charter.circular == "no objection":
        return (False,)
    match kind:
        case Kind.ELECTION:
            return (True, False)
        case Kind.MOTION | Kind.STRAW_POLL:
            return (False, True) if charter.secret_on_request else (False,)
        case _:
            return (False,)


def lists_receipts(vote: Vote) -> bool:
    """Whether receipts and choices are listed for the entitled after the closing: in a straw poll, by the charter.

    The ballot then carries the receipt and the voter's mark none. In a binding vote it is the other way round, so that
    a receipt proves to nobody how somebody voted.
    """
    return vote.secret and vote.kind == Kind.STRAW_POLL and read_charter(vote.charter).receipt_list == "entitled"


def draw_receipt(given: Collection[str | None]) -> str:
    """A receipt code that is not given yet."""
    while True:
        halves = ["".join(box.random.choice(CROCKFORD) for _ in range(HALF)) for _ in range(2)]
        if (code := "-".join(halves)) not in given:
            return code


def check_declaration(paper: Paper, choice: str) -> None:
    """Let pass what may be said openly in a secret vote: a conflict of interest, before a ballot was cast.

    Raises:
        Unfit: it is a choice, or the mandate has voted, and its ballot cannot be found any more.
    """
    if choice != Choice.CONFLICT:
        raise Unfit("secret vote")
    if paper.mark is not None:
        raise Unfit("voted secretly")

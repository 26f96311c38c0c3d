"""What a button carries: a typed tap, packed into at most 64 bytes. A button carries no right and no name.

https://core.telegram.org/bots/api#inlinekeyboardbutton: callback_data is 1–64 **bytes**.
"""

from dataclasses import dataclass, fields
from typing import ClassVar, Self

LONGEST = 64
HIGHEST = 2**31 - 1  # the store's numbers are of 32 bits; PostgreSQL refuses to look for a higher one
DIGITS = len(str(HIGHEST))
_KINDS: dict[str, type["Tap"]] = {}


@dataclass(frozen=True)
class Tap:
    """Mother of all taps. Fields are whole numbers or short words of ours."""

    prefix: ClassVar[str] = ""

    def __init_subclass__(cls, prefix: str = "", **kwargs: object) -> None:
        """Make the kind known under its prefix."""
        super().__init_subclass__(**kwargs)
        if prefix in _KINDS:
            raise ValueError(f"two kinds of taps begin with {prefix}:")
        cls.prefix = prefix
        _KINDS[prefix] = cls

    def pack(self) -> str:
        """The button's data, e.g. ``v:17:4:yes``."""
        data = ":".join([self.prefix, *(str(getattr(self, one.name)) for one in fields(self))])
        if len(data.encode()) > LONGEST:
            raise ValueError(f"button data over {LONGEST} bytes: {data}")
        return data

    @classmethod
    def read(cls, words: list[str]) -> Self | None:
        """The tap from its words; None where they do not fit."""
        wanted = fields(cls)
        if len(words) != len(wanted):
            return None
        values: list[int | str] = []
        for word, one in zip(words, wanted, strict=True):
            if one.type is int or one.type == "int":
                if not word.isascii() or not word.isdigit() or len(word) > DIGITS or int(word) > HIGHEST:
                    return None
                values.append(int(word))
            else:
                values.append(word)
        return cls(*values)


def parse(data: str) -> Tap | None:
    """The tap that button data stands for; None for data we never made."""
    prefix, *words = data.split(":")
    kind = _KINDS.get(prefix)
    return kind.read(words) if kind else None


@dataclass(frozen=True)
class Open(Tap, prefix="o"):
    """Show a place: a list, a menu (``where``), and which one of it (``number``, 0 for none)."""

    where: str
    number: int = 0


@dataclass(frozen=True)
class Claim(Tap, prefix="c"):
    """„Das bin ich" (``yes``) or „Das bin ich nicht" (``no``). The code itself never stands on a button."""

    answer: str
    person: int


@dataclass(frozen=True)
class Language(Tap, prefix="l"):
    """A language was chosen."""

    code: str


@dataclass(frozen=True)
class PreferTyping(Tap, prefix="k"):
    """Whether messages number their buttons from now on: ``on`` or ``off``."""

    answer: str


@dataclass(frozen=True)
class Leave(Tap, prefix="bye"):
    """„Endgültig löschen" (``yes``) or „Abbrechen" (``no``): always of who taps, whoever sees the button."""

    answer: str


@dataclass(frozen=True)
class CastTap(Tap, prefix="v"):
    """A choice in a vote, for a mandate."""

    vote: int
    mandate: int
    choice: str


@dataclass(frozen=True)
class TypedCast(Tap, prefix="y"):
    """„Abgeben": a choice that was typed („Ja zu 17") and read back."""

    vote: int
    mandate: int
    choice: str


@dataclass(frozen=True)
class ShowDate(Tap, prefix="vd"):
    """Another date of a date finding is to be answered on the card."""

    vote: int
    mandate: int
    place: int


@dataclass(frozen=True)
class Score(Tap, prefix="vs"):
    """Points in a project selection, for a project by a criterion."""

    vote: int
    mandate: int
    project: int
    criterion: int
    points: int


@dataclass(frozen=True)
class ShowProject(Tap, prefix="vp"):
    """A page of a selection's card: a project (0: the overview), asking a criterion (0: the first without points)."""

    vote: int
    mandate: int
    project: int
    criterion: int = 0


@dataclass(frozen=True)
class OnSelection(Tap, prefix="vc"):
    """``confirm``; „Befangen" (``aside``) or taken back (``back``), in a project or in the whole call (project 0)."""

    vote: int
    mandate: int
    project: int
    act: str


@dataclass(frozen=True)
class Papers(Tap, prefix="vf"):
    """The papers of a project."""

    vote: int
    project: int


@dataclass(frozen=True)
class Object(Tap, prefix="vo"):
    """„Widerspruch gegen das Umlaufverfahren": ``ask``, then ``yes`` or ``back``."""

    vote: int
    mandate: int
    act: str


@dataclass(frozen=True)
class HandOver(Tap, prefix="h"):
    """To which deputy a mandate is to be handed over."""

    mandate: int
    person: int


@dataclass(frozen=True)
class TakeBack(Tap, prefix="hb"):
    """„Zurücknehmen" of a handover."""

    handover: int


@dataclass(frozen=True)
class OnVote(Tap, prefix="va"):
    """What staff does with a vote: ``extend``, ``break_off``, ``enter``, ``exclude``, ``close``, ``papers`` …."""

    number: int
    act: str


@dataclass(frozen=True)
class Practise(Tap, prefix="p"):
    """A choice in the rehearsal vote."""

    choice: str


@dataclass(frozen=True)
class Answer(Tap, prefix="m"):
    """An answer to an invitation: ``yes``, ``no``, ``deputy``.

    ``asked``: how often the meeting had been moved then. After a move everybody is asked anew, and old buttons are old.
    """

    invitation: int
    asked: int
    answer: str


@dataclass(frozen=True)
class AskDeputy(Tap, prefix="d"):
    """Which deputy is to be asked to come; ``asked`` as above."""

    invitation: int
    asked: int
    person: int


@dataclass(frozen=True)
class DeputyAnswer(Tap, prefix="e"):
    """The asked deputy's answer: ``yes`` or ``no``; ``asked`` as above."""

    invitation: int
    asked: int
    answer: str


@dataclass(frozen=True)
class Arrive(Tap, prefix="an"):
    """„Anwesend" by who was invited or stands in; the word of the day is asked next."""

    invitation: int


@dataclass(frozen=True)
class OnItem(Tap, prefix="i"):
    """What staff does with an item of an agenda: ``show``, ``decide``, ``undecide``, ``vote``."""

    item: int
    act: str


@dataclass(frozen=True)
class OnMeeting(Tap, prefix="s"):
    """What staff or a member does with a meeting: ``invite``, ``ics``, ``files``, ``move``, ``present`` …."""

    number: int
    act: str


@dataclass(frozen=True)
class OnDeadline(Tap, prefix="t"):
    """What somebody does with a deadline: ``show``, ``remind``, ``done``, ``mute``, ``ics``; staff: ``change`` …."""

    number: int
    act: str


@dataclass(frozen=True)
class DeadlineList(Tap, prefix="tl"):
    """A page of ``/fristen`` (``show``), of one funding area or of all (empty), or all of it as a file (``ics``)."""

    area: str
    page: int
    act: str


@dataclass(frozen=True)
class Follow(Tap, prefix="fo"):
    """Tick or untick a funding area (``what`` is ``area``, ``value`` its letter) or a kind of deadline (``kind``)."""

    what: str
    value: str


@dataclass(frozen=True)
class OnReminder(Tap, prefix="r"):
    """„Erledigt" (``done``) or „Nicht mehr erinnern" (``mute``) on a gathered reminder; it asks which one."""

    letter: int
    act: str


@dataclass(frozen=True)
class OnQuestion(Tap, prefix="q"):
    """What happens to a question: ``office``, ``alone``, ``good``, ``bad``, ``more``, ``again``, ``tell``.

    By staff: ``answer``, ``learn`` and ``unlearn`` (the knowledge base), ``alias`` (other ways of asking).
    """

    number: int
    act: str


@dataclass(frozen=True)
class Near(Tap, prefix="n"):
    """One of the headings under „Meinten Sie …" that a question led to."""

    question: int
    passage: int


@dataclass(frozen=True)
class FormTap(Tap, prefix="f"):
    """A choice in a form: of this draft, at this step."""

    draft: int
    step: int
    choice: int


@dataclass(frozen=True)
class FormAct(Tap, prefix="g"):
    """``cancel``, ``back``, ``skip``, ``confirm``, ``resume``, ``form``, ``question``."""

    draft: int
    step: int
    act: str


@dataclass(frozen=True)
class OnLetter(Tap, prefix="b"):
    """What staff decides about an uncertain letter: ``again`` or ``drop``."""

    letter: int
    act: str


@dataclass(frozen=True)
class OnBackup(Tap, prefix="bk"):
    """„Sicherung jetzt" (``now``), and „Technik" looked at once more (``look``)."""

    act: str


@dataclass(frozen=True)
class SecretChoose(Tap, prefix="x"):
    """A choice in a secret vote: shown for confirmation, stored nowhere. ``back`` shows the card again."""

    vote: int
    mandate: int
    choice: str


@dataclass(frozen=True)
class SecretCast(Tap, prefix="xc"):
    """„Verbindlich abgeben" in a secret vote."""

    vote: int
    mandate: int
    choice: str


@dataclass(frozen=True)
class WithdrawConflict(Tap, prefix="vw"):
    """„Befangenheit zurücknehmen" in a secret vote."""

    vote: int
    mandate: int


@dataclass(frozen=True)
class OnList(Tap, prefix="ta"):
    """What staff decides about a list sent in the chat: ``take`` or ``drop``."""

    file: int
    act: str


@dataclass(frozen=True)
class OnFiles(Tap, prefix="li"):
    """Under „Listen und Dateien": a ``template``, or the list as it is ``now``; ``kind``: of which list, empty: ask."""

    act: str
    kind: str


@dataclass(frozen=True)
class OnPlanned(Tap, prefix="w"):
    """What staff does with a planned message, by its ``PlannedKey``: ``show``, ``hold``, ``release``, ``now``."""

    kind: str
    number: int
    second: int
    act: str


@dataclass(frozen=True)
class OnBroadcast(Tap, prefix="u"):
    """What staff does with a Rundruf: ``release``, ``pause``, ``resume``, ``correct``, ``withdraw``, ``missing`` ….

    ``seen``: the revision that the button stood under.
    """

    number: int
    act: str
    seen: int = 0


@dataclass(frozen=True)
class Read(Tap, prefix="ur"):
    """„Gelesen" under a copy of a Rundruf, in the revision it showed. 0: under a preview, where nobody reads."""

    copy: int
    revision: int


@dataclass(frozen=True)
class PeopleList(Tap, prefix="pl"):
    """A page of people: of a body (its number), or ``staff``, ``sponsors``, ``missing``, ``without``."""

    where: str
    page: int = 0


@dataclass(frozen=True)
class OnPerson(Tap, prefix="pe"):
    """What staff does with somebody on the lists: ``show``, ``code``, ``role``, ``change``, ``move``, ``end`` ….

    ``seen``: how many codes of theirs there were, so that the same tap issues no second one.
    """

    person: int
    act: str
    seen: int = 0


@dataclass(frozen=True)
class OnCodes(Tap, prefix="pc"):
    """Codes for a person, or for all who are not in yet (0): ``ask``, then ``pdf`` or ``csv``; ``seen`` as above."""

    person: int
    act: str
    seen: int = 0


@dataclass(frozen=True)
class OnReport(Tap, prefix="rp"):
    """A report of a period („2026-11", „2026-q4"): ``show`` it in words, or as ``pdf``, ``xlsx``, ``csv``."""

    period: str
    act: str

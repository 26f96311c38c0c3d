"""The sentences for refusals."""

from functools import singledispatch

from locales import N_, Voice
from models.refusals import (
    AlreadyAnswered,
    AlreadyDone,
    BadCode,
    BallotClosed,
    Changed,
    CodeExpired,
    CodeUsed,
    DeputyVoted,
    DoneBy,
    LastOfStaff,
    Late,
    MeetingBegun,
    Moved,
    NotEntitled,
    NotYet,
    OwnBallot,
    Paused,
    Refusal,
    TooEarly,
    TooLateToCorrect,
    TooMany,
    Unfit,
    Unknown,
    Withdrawn,
)

RIGHTS = {
    "staff": N_("Only the office may do this."),
    "member": N_("Only members of a body may do this."),
    "holder": N_("Only the holder of the mandate may do this."),
    "invited": N_("Only those who were invited may do this."),
    "deputy": N_("Only the deputy who was asked may do this."),
    "second person": N_("Only a second person may do this, not the one who wrote it."),
    "addressee": N_("Only the person who got the message may do this."),
    "own form": N_("Only the person who began this form may do this."),
    "deputy in charge": N_("Only your deputy may do this now: you have handed the mandate over. See /deputy."),
    "excluded": N_("Only mandates that are not excluded may do this. This one is excluded from this item (§ 33)."),
}
UNFIT = {
    "closes before it opens": N_("It would close before it opens. Please give a later time."),
    "no mandates": N_("This body has no mandates yet, so nobody could vote."),
    "not changeable": N_("By the rules of this body a ballot cannot be changed."),
    "not by this charter": N_("The rules of this body do not allow this kind of vote there."),
    "options": N_("Please write 2 to 20 lines, one for each option."),
    "option twice": N_("Two lines say the same. Please write each option once."),
    "takes no part": N_("You take no part in this. To give points, take the conflict of interest back first."),
    "points missing": N_("Something is still missing. You can confirm once every project has all its points."),
    "points not changeable": N_("By the rules of this body points that count cannot be changed."),
    "criteria": N_("Please write 1 to 10 criteria, one a line, each with another name."),
    "projects": N_("Please give 1 to 30 projects."),
    "amount": N_("I could not read that as a sum of money. Please write it like this: 120000"),
    "number": N_("I could not read that as a number. Please write it like this: 2.5"),
    "threshold": N_("No project can reach so many points. Please give a lower number."),
    "no list": N_("Please send a list as .xlsx or .csv, or write the projects."),
    "order": N_("Please write each of the numbers once, like this: 5 2"),
    "not later": N_("That is not later than now planned. Please give a later time."),
    "secret vote": N_("This vote is secret. Please tap on its card."),
    "voted secretly": N_("This mandate has voted already. A secret ballot cannot be found again."),
    "conflict declared": N_("A conflict of interest is declared for this mandate. Please withdraw it first."),
    "paper after the closing": N_("Ballots on paper of a secret vote are entered after its closing."),
    "one ballot on paper": N_(
        "One ballot on paper alone would show how its mandate voted. Please enter at least two together."
    ),
    "too few are silent": N_("Fewer than two mandates are left that have not voted."),
    "voted or excluded": N_("One of these mandates has voted already, is excluded, or is named twice."),
    "paper does not add up": N_("There must be as many ballots as mandates. Please count again."),
    "result was built on": N_("A run-off or a lot has followed from this result. It cannot be changed any more."),
    "whole numbers": N_("Please write whole numbers, separated by blanks."),
    "no objection here": N_("This vote can only be objected to where it is binding and by circulation."),
    "nobody silent": N_("Every mandate has voted on the phone already."),
    "no open vote": N_("No vote is open for this mandate. Please choose another way."),
    "deputy not in": N_("This deputy has not come in yet. Please ask the office for a code for them."),
    "past": N_("That time is already past. Please give a later one."),
    "time unread": N_("I could not read that as a date. Please write it like this: 01.12.2026 12:00"),
    "time without clock": N_("The clock time is missing. Please write it like this: 01.12.2026 12:00"),
    "time does not exist": N_(
        "That clock time does not exist on that night, the clocks change. Please give another one."
    ),
    "ends before it starts": N_("It would end before it starts. Please give a later time."),
    "empty": N_("Please write a text."),
    "too long": N_("That is too long. Please shorten it."),
    "not a choice": N_("Please tap one of the buttons."),
    "no file": N_("Please send a file, or tap “Next”."),
    "not minutes": N_("Please send the minutes as PDF or Word (.docx)."),
    "no meeting held": N_("No meeting has been held yet whose minutes could be sent."),
    "file too large": N_("The file is larger than 20 MB. Please send a smaller one."),
    "nobody": N_("That choice holds nobody. Please choose again."),
    "nobody left": N_("None of those missing can be reached now. Please call them."),
    "too long for a caption": N_("Under pictures and files a text may have 1,024 characters. Please shorten it."),
    "areas": N_("Please write letters from A to M, separated by blanks, like this: B C"),
    "not after the first day": N_("That is before its first day. Please write a later one."),
    "no address": N_("I could not read that as an address. Please write it like this: https://example.org/page"),
    "not a day": N_("I could not read that as a date. Please write it like this: 21.06.2022"),
    "item has a vote": N_("There is a vote on one of the items you left out. Please keep its line as it is."),
    "wrong word": N_("That is not the word of the day. It is shown in the room: four digits."),
    "too many words": N_("That was wrong too often. Please tell the office, they will record you as present."),
    "still to come": N_("That time is still to come. Please give one that has passed."),
    "left before coming": N_("That is before they came. Please give a later time."),
    "all there": N_("Everybody is recorded as present."),
    "nobody there": N_("Nobody is recorded as present."),
    "not begun": N_("The meeting has not begun yet."),
    "role ended": N_("This role has ended already, perhaps by a colleague. Please look at the person's page."),
    "same role": N_("That is the role they have. Nothing would change."),
    "has role": N_("They have this role already."),
    "same holder": N_("They hold this mandate already. Please give another name."),
    "same name": N_("They are called so already."),
    "name taken": N_("Somebody else on the lists is called so. Please give a name that tells them apart."),
    "nobody found": N_("I found nobody. Please write less, or look for the mandate."),
    "mandate held": N_("Somebody holds this mandate. To hand it on, tap “Move the mandate” on the holder's page."),
    "unknown mandate": N_("This body has no such mandate. Please tap one of the buttons."),
    "period": N_("I could not read that as a month or a quarter. Please write it like this: March 2026, or: Q1/2026"),
    "period ahead": N_("That period has not begun yet. Please give an earlier one."),
    "leads": N_("Please write days before the date, separated by blanks, like this: 30 14 7 3 1"),
}


TOO_MANY = {
    "questions": N_("That was a lot of questions in a short time. I answer the next one after %(moment)s."),
    "files": N_("That was a lot of files in a short time. I take the next one after %(moment)s."),
    "own data": N_("You have just got your data. I send them anew after %(moment)s."),
    "to office": N_(
        "You have put many questions to the office today. I pass the next one on after %(moment)s. By telephone "
        "or e-mail you reach the office at any time: /contact"
    ),
}


@singledispatch
def refusal_text(refusal: Refusal, voice: Voice) -> str:  # noqa: ARG001 - the signature of those registered below
    """The one clear sentence for a refusal, without markup."""
    raise LookupError(f"no sentence for {type(refusal).__name__}")


@refusal_text.register
def _(refusal: NotEntitled, voice: Voice) -> str:
    return voice.plain(RIGHTS[refusal.needed])


@refusal_text.register
def _(_refusal: Unknown, voice: Voice) -> str:
    return voice.plain("I can no longer find that. Please start again with /help.")


@refusal_text.register
def _(_refusal: Late, voice: Voice) -> str:
    return voice.plain("The time for this is over.")


@refusal_text.register
def _(_refusal: BallotClosed, voice: Voice) -> str:
    return voice.plain("The vote has ended. Your tap reached us after closing.")


@refusal_text.register
def _(_refusal: MeetingBegun, voice: Voice) -> str:
    return voice.plain("The meeting has begun. Please tell the office directly.")


@refusal_text.register
def _(refusal: TooEarly, voice: Voice) -> str:
    return voice.plain("The vote opens on %(moment)s.", moment=voice.moment(refusal.opens_at))


@refusal_text.register
def _(_refusal: Withdrawn, voice: Voice) -> str:
    return voice.plain("The office has cancelled this.")


@refusal_text.register
def _(refusal: Moved, voice: Voice) -> str:
    moment = voice.moment(refusal.starts_at)
    return voice.plain(
        "The meeting was moved to %(moment)s. Please answer the new invitation, see /meetings.", moment=moment
    )


@refusal_text.register
def _(refusal: NotYet, voice: Voice) -> str:
    return voice.plain("That is possible from %(moment)s on.", moment=voice.moment(refusal.from_))


@refusal_text.register
def _(_refusal: AlreadyDone, voice: Voice) -> str:
    return voice.plain("That has been done already. Nothing has changed.")


@refusal_text.register
def _(refusal: DoneBy, voice: Voice) -> str:
    return voice.plain("%(name)s has done that already.", name=refusal.name)


@refusal_text.register
def _(_refusal: Changed, voice: Voice) -> str:
    return voice.plain("Somebody has changed the text meanwhile. Please look at it once more.")


@refusal_text.register
def _(_refusal: DeputyVoted, voice: Voice) -> str:
    return voice.plain("Your deputy has voted already. In this vote it cannot be taken back any more.")


@refusal_text.register
def _(_refusal: OwnBallot, voice: Voice) -> str:
    return voice.plain("The member has voted on the phone. That vote stands.")


@refusal_text.register
def _(refusal: AlreadyAnswered, voice: Voice) -> str:
    return voice.plain(
        "%(name)s has answered question no. %(number)s already. Your answer did not go out.",
        name=refusal.name,
        number=refusal.number,
    )


@refusal_text.register
def _(_refusal: TooLateToCorrect, voice: Voice) -> str:
    return voice.plain(
        "An answer can be corrected for ten minutes. That time is over; the answer stands as it was sent."
    )


@refusal_text.register
def _(_refusal: BadCode, voice: Voice) -> str:
    return voice.plain("I do not know this code. Please check it, or ask the office for a new one.")


@refusal_text.register
def _(_refusal: CodeUsed, voice: Voice) -> str:
    return voice.plain("This code has been used already. Please ask the office for a new one.")


@refusal_text.register
def _(_refusal: CodeExpired, voice: Voice) -> str:
    return voice.plain("This code has expired. Please ask the office for a new one.")


@refusal_text.register
def _(refusal: Paused, voice: Voice) -> str:
    return voice.plain("Too many wrong codes. Please try again after %(moment)s.", moment=voice.moment(refusal.until))


@refusal_text.register
def _(_refusal: LastOfStaff, voice: Voice) -> str:
    return voice.plain(
        "You are the last one of the office here: nobody could let in another after you. Please let a colleague come "
        "in first."
    )


@refusal_text.register
def _(refusal: TooMany, voice: Voice) -> str:
    return voice.plain(TOO_MANY[refusal.what], moment=voice.moment(refusal.until))


@refusal_text.register
def _(refusal: Unfit, voice: Voice) -> str:
    return voice.plain(UNFIT[refusal.reason])

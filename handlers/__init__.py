"""Everything the bot hears, in order. ``register`` binds it; nothing is heard that does not stand here."""

from typing import Any

from telegram.ext import Application, CallbackQueryHandler, ChatMemberHandler, CommandHandler, MessageHandler, filters

from handlers import answers, deadlines, general, meetings, privacy, start, text, waiting, words
from handlers.callbacks import (
    Answer,
    Arrive,
    AskDeputy,
    CastTap,
    Claim,
    DeadlineList,
    DeputyAnswer,
    Follow,
    FormAct,
    FormTap,
    HandOver,
    Language,
    Leave,
    Near,
    Object,
    OnBackup,
    OnBroadcast,
    OnCodes,
    OnDeadline,
    OnFiles,
    OnItem,
    OnLetter,
    OnList,
    OnMeeting,
    OnPerson,
    OnPlanned,
    OnQuestion,
    OnReminder,
    OnReport,
    OnSelection,
    OnVote,
    Open,
    Papers,
    PeopleList,
    Practise,
    PreferTyping,
    Read,
    Score,
    SecretCast,
    SecretChoose,
    ShowDate,
    ShowProject,
    TakeBack,
    Tap,
    TypedCast,
    WithdrawConflict,
)
from handlers.commands import COMMANDS, Right
from handlers.context import Context, Handler
from handlers.forms import asking, flow
from handlers.heard import OnTap, TapHandler, command, plain, taps
from handlers.office import aliases, answer, desk, learning, planned, replying, reports, send_minutes
from handlers.office import lists as office_lists
from handlers.office.change_deadline import CANCEL_DEADLINE, CHANGE_DEADLINE
from handlers.office.files.place import files_place, on_files
from handlers.office.new_deadline import NEW_DEADLINE
from handlers.office.new_meeting import NEW_MEETING
from handlers.office.new_source import NEW_SOURCE
from handlers.office.new_vote import NEW_VOTE
from handlers.office.people import listing as people
from handlers.office.people import tapping as person
from handlers.office.people.forms import PEOPLE_FORMS
from handlers.office.running_meeting.forms import MEETING_FORMS
from handlers.office.running_vote import tapping as running_vote
from handlers.presence import reachable_changed
from handlers.rundruf import acting as rundruf
from handlers.rundruf.form import CORRECT_BROADCAST, NEW_BROADCAST
from handlers.selection import tapping
from handlers.selection.office import SELECTION_FORMS
from handlers.typed import offering, performing, preference
from handlers.votes import casting, deputies, lists, results, secret
from models.refusals import Unknown

FORMS = (
    NEW_VOTE,
    *running_vote.VOTE_FORMS,
    *SELECTION_FORMS,
    deputies.HAND_OVER,
    NEW_MEETING,
    *MEETING_FORMS,
    meetings.ARRIVE,
    send_minutes.SEND_MINUTES,
    NEW_DEADLINE,
    CHANGE_DEADLINE,
    CANCEL_DEADLINE,
    NEW_SOURCE,
    NEW_BROADCAST,
    CORRECT_BROADCAST,
    *PEOPLE_FORMS,
    reports.REPORT,
    answer.ANSWER,
    learning.LEARN,
    aliases.ALIASES,
)

# By the first of a command's names, see ``handlers.commands``.
HANDLERS: dict[str, Handler] = {
    "start": start.start,
    "offen": waiting.waiting,
    "fristen": deadlines.list_deadlines,
    "termine": meetings.my_meetings,
    "abstimmungen": lists.my_votes,
    "vertretung": deputies.my_deputies,
    "buero": desk.office,
    "kontakt": general.contact,
    "sprache": general.language,
    "datenschutz": privacy.whole_notice,
    "meinedaten": privacy.my_data,
    "loeschen": privacy.ask_to_leave,
    "hilfe": general.help_me,
}

# Places a button can open. Those with a number hand it on.
PLACES: dict[str, tuple[Right, TapHandler]] = {
    "open": (Right.MEMBER, lambda context, _tap: waiting.waiting(context)),
    "office": (Right.STAFF, lambda context, _tap: desk.office(context)),
    "deadlines": (Right.ANYONE, lambda context, tap: deadlines.list_deadlines(context, tap.number)),
    "votes": (Right.MEMBER, lambda context, _tap: lists.my_votes(context)),
    "areas": (Right.ANYONE, lambda context, _tap: deadlines.choose_areas(context)),
    "words": (Right.ANYONE, lambda context, _tap: words.explain(context)),
    "kinds": (Right.ANYONE, lambda context, _tap: deadlines.choose_kinds(context)),
    "meetings": (Right.MEMBER, lambda context, _tap: meetings.my_meetings(context)),
    "vote": (Right.MEMBER, lambda context, tap: casting.show_cards(context, tap.number)),
    "result": (Right.MEMBER, lambda context, tap: results.show_result(context, tap.number)),
    "files": (Right.MEMBER, lambda context, tap: lists.show_files(context, tap.number)),
    "meeting": (Right.MEMBER, lambda context, tap: meetings.show_meeting(context, tap.number)),
    "practice": (Right.MEMBER, lambda context, _tap: lists.rehearsal(context)),
    "waiting": (Right.STAFF, lambda context, tap: desk.everything_waiting(context, tap.number)),
    "questions": (Right.STAFF, lambda context, tap: desk.open_questions(context, tap.number)),
    "wishes": (Right.STAFF, lambda context, _tap: desk.wishes(context)),
    "missing": (Right.STAFF, lambda context, _tap: people.show_list(context, PeopleList("missing"))),
    "technik": (Right.STAFF, lambda context, _tap: desk.technik(context)),
    "question": (Right.STAFF, lambda context, tap: replying.show_question(context, tap.number)),
    "planned": (Right.STAFF, lambda context, tap: planned.planned(context, tap.number)),
    "uncertain": (Right.STAFF, lambda context, _tap: desk.uncertain_letters(context)),
    "new_vote": (Right.STAFF, lambda context, tap: desk.new_form(context, tap.where)),
    "new_meeting": (Right.STAFF, lambda context, tap: desk.new_form(context, tap.where)),
    "new_deadline": (Right.STAFF, lambda context, tap: desk.new_form(context, tap.where)),
    "new_broadcast": (Right.STAFF, lambda context, tap: desk.new_form(context, tap.where)),
    "lists": (Right.STAFF, lambda context, _tap: files_place(context)),
    "people": (Right.STAFF, lambda context, _tap: people.overview(context)),
    "new_person": (Right.STAFF, lambda context, _tap: people.new_person(context)),
    "find_person": (Right.STAFF, lambda context, _tap: people.find_person(context)),
    "broadcasts": (Right.STAFF, lambda context, _tap: rundruf.broadcasts(context)),
    "reports": (Right.STAFF, lambda context, _tap: reports.reports(context)),
    "new_report": (Right.STAFF, lambda context, _tap: flow.begin_form(context, reports.REPORT.name)),
    "broadcast": (Right.STAFF, lambda context, tap: rundruf.show_broadcast(context, tap.number)),
}


async def open_place(context: Context, tap: Open) -> None:
    """Show the place a button names.

    Raises:
        Unknown: there is no such place.
    """
    if tap.where not in PLACES:
        raise Unknown
    await PLACES[tap.where][1](context, tap)


async def on_form(context: Context, tap: FormAct) -> None:
    """A step in a form; „Als Frage" leaves it."""
    await (text.held_as_question(context, tap) if tap.act == "question" else flow.acted(context, tap))


# What only staff does with a question; each asks for the right itself.
OFFICE_ACTS: dict[str, TapHandler] = {
    "answer": answer.answer_tapped,
    "learn": learning.learn_tapped,
    "unlearn": learning.unlearn_tapped,
    "alias": aliases.alias_tapped,
}


async def _tell_me(context: Context, tap: OnQuestion) -> None:
    await deadlines.tell_me(context, tap.number)


async def on_question(context: Context, tap: OnQuestion) -> None:
    """A question's buttons; some are the office's alone, „Sagen Sie mir Bescheid" keeps a wish."""
    acts = {**OFFICE_ACTS, "tell": _tell_me}
    await acts.get(tap.act, answers.on_question)(context, tap)


TAPS: dict[type[Tap], OnTap] = {
    CastTap: OnTap(casting.cast, Right.MEMBER, casting.cast_again),
    TypedCast: OnTap(casting.cast_typed, Right.MEMBER, casting.cast_again),
    ShowDate: OnTap(casting.show_date, Right.MEMBER),
    SecretChoose: OnTap(secret.choose, Right.MEMBER),
    SecretCast: OnTap(secret.cast, Right.MEMBER, secret.cast_again),
    WithdrawConflict: OnTap(secret.withdraw, Right.MEMBER, secret.withdraw_again),
    Score: OnTap(tapping.score, Right.MEMBER, tapping.score_again),
    ShowProject: OnTap(tapping.show_project, Right.MEMBER),
    OnSelection: OnTap(tapping.on_selection, Right.MEMBER, tapping.selection_again),
    Papers: OnTap(tapping.send_papers, Right.MEMBER),
    Object: OnTap(casting.on_objection, Right.MEMBER, casting.object_again),
    HandOver: OnTap(deputies.choose, Right.MEMBER),
    TakeBack: OnTap(deputies.take_back, Right.MEMBER, deputies.take_back_again),
    OnVote: OnTap(running_vote.on_vote, Right.STAFF, running_vote.closed_again),
    Answer: OnTap(meetings.answered, Right.MEMBER, meetings.answered_again),
    AskDeputy: OnTap(meetings.deputy_chosen, Right.MEMBER, meetings.answered_again),
    DeputyAnswer: OnTap(meetings.deputy_answered, Right.MEMBER, meetings.deputy_answered_again),
    OnDeadline: OnTap(deadlines.on_deadline, Right.ANYONE, deadlines.deadline_again),
    DeadlineList: OnTap(deadlines.on_list, Right.ANYONE),
    Follow: OnTap(deadlines.on_follow, Right.ANYONE, deadlines.following_again),
    OnReminder: OnTap(deadlines.on_reminder, Right.ANYONE, deadlines.reminder_again),
    OnFiles: OnTap(on_files, Right.STAFF),
    OnList: OnTap(office_lists.on_list, Right.STAFF, office_lists.list_again),
    OnQuestion: OnTap(on_question, Right.ANYONE, answers.question_again),
    Near: OnTap(answers.near_tapped, Right.ANYONE, answers.near_again),
    Practise: OnTap(lists.practise, Right.MEMBER, lists.practise_again),
    FormTap: OnTap(flow.tapped, Right.MEMBER, flow.again),
    FormAct: OnTap(on_form, Right.MEMBER, flow.again),
    Arrive: OnTap(meetings.arrive_tapped, Right.MEMBER),
    OnMeeting: OnTap(meetings.on_meeting, Right.MEMBER, meetings.meeting_again),
    OnItem: OnTap(meetings.on_item, Right.STAFF, meetings.item_again),
    OnReport: OnTap(reports.on_report, Right.STAFF),
    OnLetter: OnTap(desk.on_letter, Right.STAFF),
    PeopleList: OnTap(people.show_list, Right.STAFF),
    OnPerson: OnTap(person.on_person, Right.STAFF, person.person_again),
    OnCodes: OnTap(person.on_codes, Right.STAFF, person.codes_again),
    OnPlanned: OnTap(planned.on_planned, Right.STAFF, planned.planned_again),
    OnBackup: OnTap(desk.on_backup, Right.STAFF, desk.backup_again),
    OnBroadcast: OnTap(rundruf.on_broadcast, Right.STAFF, rundruf.broadcast_again),
    Read: OnTap(rundruf.read, Right.ANYONE, rundruf.read_again),
    Claim: OnTap(start.answer_claim, Right.ANYONE, start.claim_again),
    Leave: OnTap(privacy.leave, Right.ANYONE, privacy.left_again),
    Language: OnTap(general.choose_language, Right.ANYONE),
    PreferTyping: OnTap(preference.prefer, Right.ANYONE, preference.preferred_again),
    Open: OnTap(open_place, Right.ANYONE),
}


def register(application: Application[Any, Context, Any, Any, Any, Any]) -> None:
    """Bind everything the bot hears, in order."""
    asking.register(*FORMS)
    performing.register(TAPS)
    offering.register(HANDLERS)
    private = filters.ChatType.PRIVATE
    new = filters.UpdateType.MESSAGE
    # Taps first: they are the most, and a vote must be quickest.
    application.add_handler(CallbackQueryHandler(taps(TAPS)))
    # Commands are heard in the private chat; in a group they only send people there.
    for one in COMMANDS:
        handler = HANDLERS[one.names[0]]
        application.add_handler(CommandHandler(one.names, command(handler), private & new))
    application.add_handler(MessageHandler(filters.COMMAND & private & new, command(general.unknown_command)))
    application.add_handler(MessageHandler(filters.COMMAND & filters.ChatType.GROUPS & new, plain(start.in_a_group)))
    # Text is an entry for a form, an answer of the office, or a question.
    application.add_handler(MessageHandler(filters.TEXT & private & new, plain(text.heard)))
    files = filters.Document.ALL | filters.PHOTO | filters.VIDEO | filters.AUDIO
    application.add_handler(MessageHandler(files & private & new, plain(text.file)))
    application.add_handler(
        MessageHandler(filters.ChatType.PRIVATE & new & ~filters.StatusUpdate.ALL, plain(general.unreadable))
    )
    # Staff may correct an answer by editing it.
    application.add_handler(
        MessageHandler(filters.TEXT & private & filters.UpdateType.EDITED_MESSAGE, plain(text.edited))
    )
    # Somebody blocked the bot, or came back.
    application.add_handler(ChatMemberHandler(reachable_changed, ChatMemberHandler.MY_CHAT_MEMBER))

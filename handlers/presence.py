"""Somebody blocks the bot or lets it in again."""

from telegram import ChatMember, Update
from telegram.constants import ChatType

from handlers.context import Context
from models.member import Account


async def reachable_changed(update: Update, context: Context) -> None:
    """Note whether letters can reach this account."""
    change = update.my_chat_member
    if change is None or change.chat.type != ChatType.PRIVATE:  # who removes the bot from a group is still reachable
        return
    async with context.begin() as session:
        account = await session.get(Account, change.from_user.id)
        if account is not None:
            account.reachable = change.new_chat_member.status not in {ChatMember.BANNED, ChatMember.LEFT}

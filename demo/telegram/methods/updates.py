"""How a bot gets its updates: by polling or by webhook, never both."""

import re
from typing import Any

from demo.telegram.bots import Webhook
from demo.telegram.call import Call
from demo.telegram.entities import Json
from demo.telegram.methods.registry import method
from demo.telegram.refusal import bad_request

MAX_TIMEOUT = 50
MAX_LIMIT = 100
_SECRET = re.compile(r"[A-Za-z0-9_-]{0,256}")


def _remember_allowed(call: Call) -> None:
    if "allowed_updates" in call.params:
        kinds = call.params.array("allowed_updates", "allowed updates")
        call.bot.allowed = frozenset(map(str, kinds)) if kinds else None


@method
async def get_updates(call: Call) -> list[Json]:
    """Long polling; see `Bot.poll`."""
    _remember_allowed(call)
    limit = call.params.integer("limit", MAX_LIMIT)
    timeout = min(max(call.params.integer("timeout"), 0), MAX_TIMEOUT)
    limit = limit if 0 < limit <= MAX_LIMIT else MAX_LIMIT
    return await call.bot.poll(call.params.integer("offset"), limit, timeout)


@method
def set_webhook(call: Call) -> bool:
    """Plain http is taken too, since the stand-in and the bot stand on one machine."""
    url, secret = call.params.text("url"), call.params.text("secret_token")
    if url and not re.match(r"https?://[^/\s]+", url):
        raise bad_request("bad webhook: An HTTPS URL must be provided for webhook")
    if not _SECRET.fullmatch(secret):
        raise bad_request("secret token contains unallowed characters")
    _remember_allowed(call)
    if call.params.flag("drop_pending_updates"):
        call.bot.confirm(call.bot.last_update_id + 1)
    call.bot.webhook = Webhook(url, secret, min(max(call.params.integer("max_connections", 40), 1), 100))
    call.bot.end_poll()
    call.world.emit("webhook", None, bot=call.bot)
    return True


@method
def delete_webhook(call: Call) -> bool:
    """Back to polling."""
    if call.params.flag("drop_pending_updates"):
        call.bot.confirm(call.bot.last_update_id + 1)
    call.bot.webhook = Webhook()
    call.world.emit("webhook", None, bot=call.bot)
    return True


@method
def get_webhook_info(call: Call) -> Json:
    """A ``WebhookInfo``."""
    hook = call.bot.webhook
    call.bot.drop_expired()
    info: dict[str, Any] = {
        "url": hook.url,
        "has_custom_certificate": False,
        "pending_update_count": len(call.bot.updates),
    }
    if hook.url:
        info["max_connections"] = hook.max_connections
    if hook.last_error_date:
        info |= {"last_error_date": hook.last_error_date, "last_error_message": hook.last_error_message}
    if call.bot.allowed is not None:
        info["allowed_updates"] = sorted(call.bot.allowed)
    return info


@method
def log_out(call: Call) -> bool:
    """Nothing to log out of; Telegram says yes too."""
    return call.bot is not None


@method
def close(call: Call) -> bool:
    """Ends a waiting poll."""
    call.bot.end_poll()
    return True

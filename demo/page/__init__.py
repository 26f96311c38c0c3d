"""The page with phones side by side. It speaks to the stand-in by one interface.

``GET /phones/events`` is a stream of server-sent events, each with a JSON object:

=========  ==========================================================================================================
event      data
=========  ==========================================================================================================
state      everything: ``bot`` {name, username, description}, ``phones`` [phone], ``clock``, ``hints``; first
message    ``user_id``, ``message``: one that is new or has changed, as it is now
deleted    ``user_id``, ``message_id``
answer     ``user_id``, ``message_id``, ``text``, ``alert``, ``url``: what a tap brought
action     ``user_id``, ``action``: „typing" and the like
phone      ``user_id``, ``commands``, ``keyboard``, ``pinned``: what belongs to a phone beside its messages, all of it
clock      ``now`` (ISO, UTC), ``zone``, ``lead_minutes``, ``moving``, ``progress`` (0 to 1)
=========  ==========================================================================================================

All pages get the same events in the same order. Of a message that changed several times before an event could go out
only the last state goes; a message may thus come after a newer one, and its place is that of its number. Each event has
an id: a page that was away names the last it got (``Last-Event-ID``) and gets what it missed; after a restart of the
server it gets ``state``.

A phone is ``user_id``, ``name``, ``role``, ``group``, ``shown``, ``messages`` and the fields of the event ``phone``;
those with ``shown`` are on the page at first, and each can be changed for any other. A message is the Bot
API's ``Message`` with ``mine`` (the phone's owner sent it), ``edited`` (its text changed) and ``silent``.

``POST /phones/act`` takes one JSON object and answers 204: ``{"user_id", "act": "send", "text", "reply_to"?}`` ·
``{"user_id", "act": "edit", "message_id", "text"}`` · ``{"user_id", "act": "tap", "message_id", "data"}`` ·
``{"user_id", "act": "start", "payload"?}``.
``POST /phones/upload?user_id=&name=`` takes a file as the body (type ``application/octet-stream``).
``POST /phones/clock`` takes ``{"hours": 1 | 24 | 168}``; 409 while it moves. ``GET /phones/file/FILE_ID`` gives a file,
with ``?download`` to be saved. Every POST needs a type no plain form of another site can send.
"""

from demo.page.routes import attach
from demo.page.view import Hint, Phone

__all__ = ["Hint", "Phone", "attach"]

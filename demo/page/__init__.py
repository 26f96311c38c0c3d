"""The page with phones side by side. It speaks to the stand-in by one interface.

``GET /phones/events`` is a stream of server-sent events, each with a JSON object:

=========  ==========================================================================================================
event      data
=========  ==========================================================================================================
state      everything: ``bot`` {name, username, description}, ``phones`` [phone], ``clock``, ``hints``; first, and
           again after each reconnection
message    ``user_id``, ``message``: a new one
edited     the same: one that changed
deleted    ``user_id``, ``message_id``
answer     ``user_id``, ``message_id``, ``text``, ``alert``, ``url``: what a tap brought
action     ``user_id``, ``action``: „typing" and the like
phone      ``user_id``, ``commands``, ``keyboard``, ``pinned``: what belongs to a phone beside its messages
clock      ``now`` (ISO, UTC), ``zone``, ``lead_minutes``, ``moving``, ``progress`` (0 to 1)
=========  ==========================================================================================================

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

"""Things bots rarely expect, with every field the Bot API promises."""

from demo.telegram.entities import Json
from demo.telegram.files import StoredFile


def sample(kind: str, stored: StoredFile) -> Json:
    """The content of a message of this kind: sticker, voice, contact, location, poll, dice."""
    square = {"width": 512, "height": 512}
    samples: dict[str, Json] = {
        "sticker": {**stored.as_json(), **square, "type": "regular", "is_animated": False, "is_video": False},
        "voice": {**stored.as_json(), "duration": 3, "mime_type": "audio/ogg"},
        "contact": {"phone_number": "+4939310000", "first_name": "Erika"},
        "location": {"latitude": 52.6, "longitude": 11.85},
        "dice": {"emoji": "🎲", "value": 4},
        "poll": {
            "id": "1",
            "question": "?",
            "options": [{"persistent_id": "1", "text": "A", "voter_count": 0}],
            "total_voter_count": 0,
            "is_closed": False,
            "is_anonymous": True,
            "type": "regular",
            "allows_multiple_answers": False,
            "allows_revoting": False,
            "members_only": False,
        },
    }
    return {kind: samples[kind]}

"""From markup to entities: ``parse_mode`` HTML and MarkdownV2, with Telegram's own complaints.

Both parsers read a string once, from left to right, and keep a stack of what is open. Complaints name the *byte*
offset in the UTF-8 text, as Telegram's do.
"""

from demo.telegram.entities import FormattedText
from demo.telegram.markup.html import Html
from demo.telegram.markup.markdown import Markdown
from demo.telegram.refusal import bad_request


def parse(text: str, mode: str) -> FormattedText:
    """The text that is shown and its entities.

    Raises:
        ApiError: 400 with Telegram's words if the markup is wrong or the mode unknown.
    """
    match mode.lower():
        case "":
            return FormattedText(text, [])
        case "html":
            return Html(text).parse()
        case "markdownv2":
            return Markdown(text).parse()
        case _:
            raise bad_request("unsupported parse_mode")

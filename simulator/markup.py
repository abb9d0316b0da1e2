"""The inline keyboard under a message, checked as Telegram checks it (Bot API: InlineKeyboardMarkup)."""

from urllib.parse import urlsplit

from simulator.refusals import JSON, bad_request

MOST_BUTTONS = 100
MOST_CALLBACK_BYTES = 64
LONGEST_COPY_TEXT = 256
_ACTIONS = {
    "url",
    "callback_data",
    "web_app",
    "login_url",
    "switch_inline_query",
    "switch_inline_query_current_chat",
    "switch_inline_query_chosen_chat",
    "copy_text",
    "callback_game",
    "pay",
}


def check(markup: JSON | None) -> None:
    """Refuse a keyboard that Telegram would refuse."""
    if not markup or "inline_keyboard" not in markup:
        return
    buttons = buttons_of(markup)
    if len(buttons) > MOST_BUTTONS:
        raise bad_request("REPLY_MARKUP_TOO_LONG")
    for button in buttons:
        _check_button(button)


def buttons_of(markup: JSON) -> list[JSON]:
    """All buttons of a keyboard, row by row."""
    return [button for row in markup.get("inline_keyboard", []) for button in row]


def _check_button(button: JSON) -> None:
    if not button["text"].strip():
        raise bad_request("can't parse inline keyboard button: text must be non-empty")
    if len(_ACTIONS & button.keys()) != 1:
        raise bad_request("can't parse inline keyboard button: text buttons are unallowed in the inline keyboard")
    if "callback_data" in button and not 1 <= len(button["callback_data"].encode()) <= MOST_CALLBACK_BYTES:
        raise bad_request("BUTTON_DATA_INVALID")
    if "copy_text" in button and not 1 <= len(button["copy_text"]["text"]) <= LONGEST_COPY_TEXT:
        raise bad_request("BUTTON_COPY_TEXT_INVALID")
    if "url" in button:
        _check_url(button["url"])


def _check_url(url: str) -> None:
    address = urlsplit(url)
    if address.scheme == "tg":
        return
    if address.scheme not in {"http", "https"}:
        raise bad_request(f"inline keyboard button URL '{url}' is invalid: Unsupported URL protocol")
    # The real server knows no host without a dot: http://localhost is refused, http://127.0.0.1 is not.
    if "." not in (address.hostname or ""):
        raise bad_request(f"inline keyboard button URL '{url}' is invalid: Wrong HTTP URL")

"""A chat beside the others.

The cursor is read first, once, before everything that is shown, since the stream goes on from there; then the
history, and the list last: it counts what is unread, and what is shown has been read by then.
"""

from dataclasses import dataclass
from secrets import token_hex
from typing import Any

from aiohttp import web

from models import Chat, Message, User
from services.chats import changes, dashboard, history
from services.people import blocking
from web.pages import chats
from web.pages.rendering import partial, render


@dataclass(frozen=True)
class History:
    """The messages of a chat that a page shows, oldest first, and from where its stream goes on."""

    cursor: int
    messages: list[Message]
    has_earlier: bool
    is_past: bool
    quotes: dict[str, Message]


async def show(
    request: web.Request,
    me: User,
    chat: Chat,
    shown: History,
    *,
    text: str = "",
    refusal: str | None = None,
    status: int = 200,
) -> web.Response:
    """Show a chat beside the others; after a refusal with the text that was refused."""
    context = {
        "me": me,
        "cursor": shown.cursor,
        "list": await chats.read(request, me),
        "chat": chat,
        "history": shown,
        "text": text,
        "refusal": refusal,
        "request_id": token_hex(16),
        "is_own_trial": chat.consumer.telegram_user_id is None,  # whoever writes to the bot has an account
        "is_blocked": await blocking.has_blocked(chat),
    }
    return render(request, "chat/show.html", context, status=status)


async def read(chat: Chat, before: Message | None = None) -> History:
    """Read the last messages of a chat, or the last before one of them."""
    cursor = await changes.cursor()
    found = await history.latest(chat, before, limit=history.HISTORY_PAGE + 1)
    shown = found[-history.HISTORY_PAGE :]
    return History(
        cursor=cursor,
        messages=shown,
        has_earlier=len(found) > len(shown),
        is_past=before is not None,
        quotes=await dashboard.quoted(chat, shown),
    )


async def message_partials(request: web.Request, chat: Chat, changed: list[Message]) -> list[dict[str, Any]]:
    """Read what messages quote, and render them."""
    return rendered(request, chat, changed, await dashboard.quoted(chat, changed))


def rendered(
    request: web.Request, chat: Chat, changed: list[Message], quotes: dict[str, Message]
) -> list[dict[str, Any]]:
    """Render messages as the page does, with what the script needs to put them in their places."""
    return [
        {
            "id": message.id,
            "position": str(message.position),  # beyond what JavaScript counts exactly
            "isOwn": message.sender_id == chat.influencer_id,
            "html": partial(request, "chat/_message.html", message=message, chat=chat, quotes=quotes),
        }
        for message in changed
    ]

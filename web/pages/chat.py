"""A chat beside the others.

The cursor is read first, once, before everything that is shown, since the stream goes on from there; then the
history, and the list last: it counts what is unread, and what is shown has been read by then.
"""

from dataclasses import dataclass
from secrets import token_hex
from typing import Any

from aiohttp import web

from models import Chat, Message, User
from services.chats import annotations, changes, history
from services.chats.annotations import Annotations
from services.errors import Refusal
from services.outgoing import edits, moving
from services.people import blocking
from web.errors import status_of
from web.pages import chats
from web.pages.rendering import partial, render


@dataclass(frozen=True)
class History:
    """The messages of a chat that a page shows, oldest first, and from where its stream goes on."""

    cursor: int
    messages: list[Message]
    has_earlier: bool
    is_past: bool
    annotations: Annotations

    @property
    def ids(self) -> set[str]:
        """What a link within the page can lead to."""
        return {message.id for message in self.messages}


async def show(
    request: web.Request,
    me: User,
    chat: Chat,
    shown: History,
    *,
    text: str = "",
    answered: Message | None = None,
    quote: str = "",
    edited: Message | None = None,
    moved: Message | None = None,
    refusal: str | None = None,
    status: int = 200,
) -> web.Response:
    """Show a chat beside the others, with what is being written; after a refusal that is what was refused."""
    context = {
        "me": me,
        "cursor": shown.cursor,
        "list": await chats.read(request, me),
        "chat": chat,
        "history": shown,
        "text": text,
        "answered": answered,
        "quote": quote,
        "edited": edited,
        "moved": moved,
        "targets": await moving.targets(chat),
        "refusal": refusal,
        "request_id": token_hex(16),
        "is_own_trial": chat.consumer.telegram_user_id is None,  # whoever writes to the bot has an account
        "is_blocked": await blocking.has_blocked(chat),
    }
    return render(request, "chat/show.html", context, status=status)


async def hand_back(
    request: web.Request,
    me: User,
    chat: Chat,
    refusal: Refusal,
    *,
    text: str,
    answered: Message | None = None,
    quote: str = "",
    edited: Message | None = None,
) -> web.Response:
    """Show a chat with words in its form, which is another one now, and why they were not sent."""
    return await show(
        request,
        me,
        chat,
        await read(chat),
        text=text,
        answered=answered,
        quote=quote,
        edited=edited,
        refusal=str(refusal),
        status=status_of(refusal),
    )


async def show_edited(request: web.Request, me: User, chat: Chat, shown: History, edited: Message) -> web.Response:
    """Show a chat whose form changes a message, if that can still be changed."""
    try:
        edits.check_changeable(chat, edited)
    except Refusal as refusal:
        return await show(request, me, chat, shown, refusal=str(refusal))
    return await show(request, me, chat, shown, text=edited.text, edited=edited)


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
        annotations=await annotations.of(chat, shown),
    )


async def read_around(chat: Chat, middle: Message) -> History:
    """Read a message of a chat with what was said just before it and just after it."""
    cursor = await changes.cursor()
    half = history.HISTORY_PAGE // 2
    earlier = await history.latest(chat, middle, limit=half + 1)
    later = await history.following(chat, middle, limit=half + 1)
    shown = earlier[-half:] + later[:half]
    return History(
        cursor=cursor,
        messages=shown,
        has_earlier=len(earlier) > half,
        is_past=len(later) > half,
        annotations=await annotations.of(chat, shown),
    )


async def message_partials(request: web.Request, chat: Chat, changed: list[Message]) -> list[dict[str, Any]]:
    """Read what belongs to messages, and render them."""
    return rendered(request, chat, changed, await annotations.of(chat, changed))


def rendered(
    request: web.Request, chat: Chat, changed: list[Message], annotations: Annotations
) -> list[dict[str, Any]]:
    """Render messages as the page does, with what the script needs to put them in their places."""
    return [
        {
            "id": message.id,
            "position": str(message.position),  # beyond what JavaScript counts exactly
            "isOwn": message.sender_id == chat.influencer_id,
            "html": message_partial(request, chat, message, annotations),
        }
        for message in changed
    ]


def message_partial(request: web.Request, chat: Chat, message: Message, annotations: Annotations) -> str:
    """Render a message; what else is on the page isn't known."""
    context = {"message": message, "chat": chat, "annotations": annotations, "shown_ids": ()}
    return partial(request, "chat/_message.html", **context)

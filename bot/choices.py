"""Buttons by which a consumer chooses one of their chats."""

from collections.abc import Sequence

from bot.context import Addressed, Buttons, Context, button
from services.chats import listing
from services.chats.listing import ConsumerChat

PAGE_SIZE = 8
FIND = "find"  # what a tap on *Find …* sends back, with the question that is to be answered, if it is about one


async def question_choices(context: Context | Addressed, about: int, page: int) -> Buttons:
    """Make the buttons of a question: its answers, and the way to those that are not on this page."""
    return await chat_page(context, f"file:{about}", f"which:{about}", page, find=f"{FIND}:{about}")


async def chat_page(
    context: Context | Addressed, choose: str, turn: str, page: int, but: str | None = None, find: str | None = None
) -> Buttons:
    """Make a page of buttons, a chat each, perhaps but one; ``choose`` and ``turn`` begin what a tap sends back."""
    user_id = context.peer.user_id or ""
    listed = await listing.of_consumer(user_id, limit=PAGE_SIZE + 1, offset=page * PAGE_SIZE, but=but)
    buttons = await chat_buttons(context, choose, listed[:PAGE_SIZE])
    texts, has_more = context.texts.my_chats, len(listed) > PAGE_SIZE
    newer = [button(texts.newer(), f"{turn}:{page - 1}")] if page else []
    more = [button(texts.more(), f"{turn}:{page + 1}")] if has_more else []
    newest = [button(texts.newest(), f"{turn}:0")] if page > 1 else []
    search = [button(context.texts.finding.button(), find)] if find and (page or has_more) else []
    return [*buttons, *filter(None, ([*newer, *more], newest, search))]


async def chat_buttons(context: Context | Addressed, choose: str, chats: Sequence[ConsumerChat]) -> Buttons:
    """Make a button for each of these chats, which looks like no other chat's of the same consumer."""
    texts = context.texts.my_chats
    labels = texts.labels(await listing.all_of_consumer(context.peer.user_id or ""))
    return [[button(texts.row(labels[chat.id], chat.unread_count), f"{choose}:{chat.id}")] for chat in chats]

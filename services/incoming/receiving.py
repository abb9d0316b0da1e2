"""Messages that consumers write, taken in: each into its chat, or held until they say which."""

from dataclasses import replace

from models import HeldMessage, Message, MessageKind, Peer
from services import telegram_messages
from services.incoming import edits, filing, finding, held, lookup, refiling, routing
from services.incoming.finding import Search
from services.incoming.placement import Incoming
from services.media.contents import Content


async def receive(peer: Peer, incoming: Incoming) -> Message | HeldMessage | Search | None:
    """Take in what a consumer wrote: into its chat, or, where that is not certain, held until they say.

    What replies to a prompt is a search, and no message; so is a reply to a question, if it is found in a title.

    Nothing comes back for a message that is already here: Telegram may tell of one twice.
    """
    found = await lookup.find(peer, incoming.as_of, incoming)
    if found.known:
        await _receive_again(peer, incoming)
    if found.known or found.held:
        return None
    if found.prompt:
        return await finding.by_reply_to_prompt(peer, incoming)
    if found.question and (search := await finding.by_reply_to_question(peer, incoming)):
        return search
    placement = routing.placement_of(incoming, found)
    if placement.chat is None:
        return await held.keep(peer, incoming, placement)
    return await filing.file(peer, incoming, placement)


async def keep_unreadable(peer: Peer, incoming: Incoming) -> None:
    """Show that there is a message which could not be read, where its chat is certain: it may be readable later."""
    found = await lookup.find(peer, incoming.as_of, incoming)
    placement = routing.placement_of(incoming, found)
    if placement.chat and not found.known and not found.prompt:
        await filing.file(peer, replace(incoming, content=Content(MessageKind.UNREADABLE)), placement)


async def _receive_again(peer: Peer, incoming: Incoming) -> None:
    """Put a message where its place was kept, and let it stand where it was when it was written."""
    known = await telegram_messages.find(peer, incoming.telegram_message_id)
    assert known is not None  # noqa: S101 - it was there a moment ago, and is kept for ever
    if known.message_id and await Message.exists(id=known.message_id, kind=MessageKind.UNREADABLE):
        await edits.change(known, incoming, is_read=False)  # nobody has read it yet
    await refiling.date_back(peer, known, incoming.as_of)

"""What a consumer changes of what they wrote, where it already is."""

from dataclasses import replace
from typing import Any

from database.transactions import transaction
from models import HeldMessage, Message, MessageKind, Peer, TelegramMessage
from services import live, telegram_messages
from services.chats import history, versions
from services.errors import NotFound
from services.incoming.placement import Incoming
from services.media import attachments
from services.media.contents import Content, content_of, quote_of, stored_details, stored_quote
from services.text import spans
from services.text.spans import Spans


async def edit(peer: Peer, incoming: Incoming) -> Message | HeldMessage | None:
    """Change what the consumer has changed, where it already is; nothing comes back for what was never seen.

    Raises:
        NotFound: it is in a chat that they began before they were invited, where nobody would read it.
    """
    known = await telegram_messages.find(peer, incoming.telegram_message_id)
    if known is None:
        return await _edit_held(peer, incoming)
    if known.message_id is None:
        return None
    if known.chat.consumer_id != peer.user_id:
        raise NotFound
    return await change(known, incoming)


async def change(known: TelegramMessage, incoming: Incoming, **more: Any) -> Message:
    """Change a message that stands in a chat, unless what came in is older; what it said before is kept."""
    async with transaction() as tell:
        await history.touch(known.chat_id)
        message = await Message.get(id=known.message_id).select_related("chat")
        await attachments.load([message])
        changed = edited(message, incoming) if message.sender_id == message.chat.consumer_id else {}
        if changed:
            if message.kind is not MessageKind.UNREADABLE and _said(message) != _said(incoming):
                await versions.keep(message)
            await Message.filter(id=message.id).update(**changed, **more)
            await attachments.change(message, incoming.content, known.bot_id)
        tell(live.influencer(message.chat.influencer_id))
    return message


async def _edit_held(peer: Peer, incoming: Incoming) -> HeldMessage | None:
    waiting = await HeldMessage.get_or_none(peer_id=peer.id, telegram_message_id=incoming.telegram_message_id)
    if waiting is None:
        return None
    await attachments.load([waiting])
    if changed := edited(waiting, incoming):
        await HeldMessage.filter(id=waiting.id).update(**changed)
        await attachments.change(waiting, incoming.content, peer.bot_id)
    return waiting


def edited(before: Message | HeldMessage, incoming: Incoming) -> dict[str, Any]:
    """Name what an edit changes of a message; nothing, if it is older than what is there.

    Telegram also tells of edits in which nobody has changed anything: a link has got its preview, somebody who
    shares where they are has moved. Those are no edits to whoever reads.
    """
    if _is_older(incoming, before):
        return {}
    incoming = _with_context(before, incoming)
    after = changes(incoming)
    if not _is_seen_to_differ(before, incoming):
        del after["edited_at"]
    return after


def _is_older(incoming: Incoming, before: Message | HeldMessage) -> bool:
    """Say whether an edit is older than what is there: Telegram dates it to the second, and counts its updates."""
    if before.edited_at and incoming.edited_at and before.edited_at != incoming.edited_at:
        return incoming.edited_at < before.edited_at
    return (incoming.edited_as_of or 0) < (before.edited_as_of or 0)


def changes(incoming: Incoming) -> dict[str, Any]:
    """Name what an edit can change, but for the files."""
    return {
        "text": incoming.text,
        "formatting": spans.to_json(incoming.formatting),
        "kind": incoming.kind,
        "details": stored_details(incoming.content),
        "forwarded_from": incoming.forwarded_from,
        "quote": stored_quote(incoming.quote),
        "album_id": incoming.album_id,
        "edited_at": incoming.edited_at,
        "edited_as_of": incoming.edited_as_of,
    }


def _with_context(before: Message | HeldMessage, incoming: Incoming) -> Incoming:
    """Keep what an edit does not tell again: what a message quotes, whose it was, and its album."""
    return replace(
        incoming,
        quote=incoming.quote or quote_of(before),
        forwarded_from=before.forwarded_from if incoming.forwarded_from is None else incoming.forwarded_from,
        album_id=incoming.album_id or before.album_id,
    )


def _is_seen_to_differ(before: Message | HeldMessage, after: Incoming) -> bool:
    if _said(before) != _said(after):
        return True
    if before.kind is MessageKind.LOCATION:
        return False
    context = (before.forwarded_from, quote_of(before)) != (after.forwarded_from, after.quote)
    return context or _seen(content_of(before)) != _seen(after.content)


def _said(message: Message | HeldMessage | Incoming) -> tuple[MessageKind, str, Spans]:
    formatting = message.formatting
    if not isinstance(message, Incoming):
        formatting = spans.of_stored(formatting, message.text)
    return message.kind, message.text, formatting


def _seen(content: Content) -> Content:
    """Leave out by which name Telegram has a file: it is another each time."""
    return replace(content, files=tuple(replace(file, telegram_file_id=None) for file in content.files))

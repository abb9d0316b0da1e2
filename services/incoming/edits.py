"""What a consumer changes of what they wrote, where it already is."""

from typing import Any

from database.transactions import transaction
from models import HeldMessage, Message, Peer
from services import live, telegram_messages
from services.chats import history
from services.errors import NotFound
from services.incoming.placement import Incoming
from services.media import contents


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
    return await change(known.chat_id, known.message_id, incoming)


async def change(chat_id: str, message_id: str, incoming: Incoming, **more: Any) -> Message:
    """Change a message that stands in a chat, unless what came in is older."""
    async with transaction() as tell:
        await history.touch(chat_id)
        message = await Message.get(id=message_id).select_related("chat")
        if changed := edited(message, incoming):
            await Message.filter(id=message_id).update(**changed, **more)
        tell(live.influencer(message.chat.influencer_id))
    return message


async def _edit_held(peer: Peer, incoming: Incoming) -> HeldMessage | None:
    waiting = await HeldMessage.get_or_none(peer_id=peer.id, telegram_message_id=incoming.telegram_message_id)
    if waiting is not None:
        await waiting.update_from_dict(edited(waiting, incoming)).save()
    return waiting


def edited(before: Message | HeldMessage, incoming: Incoming) -> dict[str, Any]:
    """Name what an edit changes of a message; nothing, if it is older than what is there.

    Telegram also tells of edits in which nobody has changed anything: a link has got its preview, somebody who
    shares where they are has moved. Those are no edits to whoever reads.
    """
    if before.edited_at and incoming.edited_at and before.edited_at > incoming.edited_at:
        return {}
    after = changes(incoming)
    after["attachment"] = {**_context(before), **(incoming.attachment or {})} or None
    if not _is_seen_to_differ(before, after):
        del after["edited_at"]
    return after


def changes(incoming: Incoming) -> dict[str, Any]:
    """Name what an edit can change."""
    return {
        "text": incoming.text,
        "kind": incoming.kind,
        "attachment": incoming.attachment,
        "edited_at": incoming.edited_at,
    }


def _context(before: Message | HeldMessage) -> dict[str, Any]:
    """Give what no edit changes: what a message quotes, whose it was, and its album."""
    kept = contents.told(before.attachment)
    return {name: kept[name] for name in ("mediaGroupId", "forwardedFrom", "quote") if name in kept}


def _is_seen_to_differ(before: Message | HeldMessage, after: dict[str, Any]) -> bool:
    if (before.kind, before.text) != (after["kind"], after["text"]):
        return True
    return before.kind != "location" and _seen(before.attachment) != _seen(after["attachment"])


def _seen(attachment: Any) -> dict[str, Any]:
    """Leave out by which name Telegram has the file: it is another each time."""
    return {name: value for name, value in contents.told(attachment).items() if name != "fileId"}

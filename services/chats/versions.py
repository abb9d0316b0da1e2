"""What messages have said before they were edited."""

from collections.abc import Sequence

from database import clock
from database.transactions import fetch
from models import Message, Version

MAX_VERSIONS = 20  # of a message: the latest


async def keep(message: Message) -> None:
    """Keep what a message says, which is about to be changed; whoever calls this holds its chat."""
    await fetch(
        """DELETE FROM "Versions" WHERE id IN (
               SELECT id FROM "Versions" WHERE "messageId" = $1 ORDER BY id DESC OFFSET $2)""",
        message.id,
        MAX_VERSIONS - 1,
    )
    await Version.create(
        message_id=message.id,
        text=message.text,
        formatting=message.formatting,
        kind=message.kind,
        replaced_at=clock.now(),
    )


async def forget(message: Message) -> None:
    """Forget what a message has said, which was taken back."""
    await Version.filter(message_id=message.id).delete()


async def of(messages: Sequence[Message]) -> dict[str, list[Version]]:
    """Get what messages have said before, by their ids, each message's oldest first."""
    found: dict[str, list[Version]] = {}
    edited = [message.id for message in messages if message.edited_at]
    if edited:
        for version in await Version.filter(message_id__in=edited).order_by("message_id", "id"):
            found.setdefault(version.message_id, []).append(version)
    return found

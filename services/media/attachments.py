"""The files of messages, as rows: kept, changed by an edit, passed on when a message is filed, and loaded."""

from collections.abc import Sequence
from typing import TypeVar

from database.ids import new_id
from models import Attachment, HeldMessage, Message
from services.media.contents import FILES, Content, File, file_of

Holder = TypeVar("Holder", Message, HeldMessage)


async def keep(owner: Message | HeldMessage, content: Content, bot_id: int) -> None:
    """Keep the files of a message that has come in."""
    rows = [_row(owner, content, position, bot_id) for position in range(len(content.files))]
    if rows:
        await Attachment.bulk_create(rows)


async def change(owner: Message | HeldMessage, content: Content, bot_id: int) -> None:
    """Let a message have these files: one that stays is the same row, one that is another is another."""
    before = await Attachment.filter(**_owned_by(owner)).order_by("position") if owner.kind in FILES else []
    for row in before[len(content.files) :]:
        await row.delete()
    for position, file in enumerate(content.files):
        old = before[position] if position < len(before) else None
        if old and _is_same(old, file):
            state = old.state if old.storage_key else file.state
            facts = {**file.facts, "kind": content.kind, "bot_id": bot_id, "state": state}
            await old.update_from_dict(facts).save()
            continue
        if old:
            await old.delete()
        await _row(owner, content, position, bot_id).save(force_create=True)


async def pass_on(held: HeldMessage, message: Message) -> None:
    """Let a message that has been filed have the files that it had while it was held."""
    if message.kind in FILES:
        await Attachment.filter(held_message_id=held.id).update(held_message_id=None, message_id=message.id)


async def load(messages: Sequence[Holder]) -> list[Holder]:
    """Load the files of messages, of all of them at once, if there are any; give the messages back."""
    with_files = [message for message in messages if message.kind in FILES]
    if with_files:
        await type(with_files[0]).fetch_for_list(with_files, "attachments")
    return list(messages)


async def of_messages(message_ids: Sequence[str]) -> dict[str, list[Attachment]]:
    """Get the files of messages, by their ids, each message's in their order."""
    found: dict[str, list[Attachment]] = {}
    if message_ids:
        for row in await Attachment.filter(message_id__in=message_ids).order_by("message_id", "position"):
            found.setdefault(row.message_id or "", []).append(row)
    return found


def _is_same(row: Attachment, file: File) -> bool:
    """Say whether a file is the one that is there: Telegram has one name for it that never changes."""
    if row.telegram_file_unique_id or file.telegram_file_unique_id:
        return row.telegram_file_unique_id == file.telegram_file_unique_id
    return file_of(row) == file


def _row(owner: Message | HeldMessage, content: Content, position: int, bot_id: int) -> Attachment:
    file = content.files[position]
    return Attachment(
        id=new_id(),
        position=position,
        kind=content.kind,
        state=file.state,
        bot_id=bot_id,
        **_owned_by(owner),
        **file.facts,
    )


def _owned_by(owner: Message | HeldMessage) -> dict[str, str]:
    return {"message_id" if isinstance(owner, Message) else "held_message_id": owner.id}

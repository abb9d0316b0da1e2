"""Messages that consumers write, taken in: each into its chat, or held until they say which."""

from dataclasses import replace

from database.transactions import transaction
from models import Chat, HeldMessage, Line, Message, TelegramMessage
from services import access, telegram_messages
from services.errors import NotFound
from services.incoming import edits, filing, held, opening, refiling, routing, topics
from services.incoming.placement import Incoming, Moment, Place

UNREADABLE = "unreadable"  # the kind of a message that stands for one in quarantine


async def receive(line: Line, incoming: Incoming) -> Message | HeldMessage | None:
    """Take in what a consumer wrote: into its chat, or, where that is not certain, held until they say.

    Nothing comes back for a message that is already here: Telegram may tell of one twice.
    """
    if known := await telegram_messages.known_as(line, incoming.telegram_message_id):
        await _fill(known, incoming)
        await refiling.date_back(line, known, incoming.moment)
        return None
    if await HeldMessage.exists(line_id=line.id, telegram_message_id=incoming.telegram_message_id):
        return None
    place = await routing.place_of(line, incoming)
    if place.chat_id is None:
        return await held.keep(line, incoming, place)
    return await filing.file(line, incoming, place)


async def file_held(line: Line, about: int, chat_id: str, moment: Moment) -> Chat:
    """Put what a question is about into the chat that the consumer has named; that is the active one now.

    Raises:
        NotFound: none of it is held any longer, or the chat isn't theirs.
    """
    async with transaction():
        chat = await access.chat_of_consumer(line.user_id, chat_id)
        waiting = await held.answered_by(line, about)
        if not waiting:
            raise NotFound
        for message in waiting:
            await topics.bind_topic(line, message.telegram_topic_id, chat)
            await filing.release(line, message, Place(chat.id))
        await opening.activate(line, chat, moment)
    return chat


async def keep_place(line: Line, incoming: Incoming) -> None:
    """Show that there is a message which could not be read, where its chat is certain: it may be readable later."""
    if await telegram_messages.known_as(line, incoming.telegram_message_id):
        return
    place = await routing.place_of(line, incoming)
    if place.chat_id:
        await filing.file(line, replace(incoming, kind=UNREADABLE), place)


async def _fill(known: TelegramMessage, incoming: Incoming) -> None:
    """Put a message where its place was kept."""
    if known.message_id and await Message.exists(id=known.message_id, kind=UNREADABLE):
        await edits.change(known.chat_id, known.message_id, incoming, is_read=False)  # nobody has read it yet

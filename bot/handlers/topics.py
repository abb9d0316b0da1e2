"""What is written in a topic that we don't know, or outside of the one where it is answered."""

from telegram import Message as TelegramMessage

from bot.context import Context
from bot.reading.messages import topic_name_in
from models import Chat, HeldMessage, Message
from services.chats import listing
from services.incoming import topics
from services.media import attachments


async def recognise_topic(message: TelegramMessage, context: Context) -> None:
    """Let an unknown topic be that of the chat whose name it bears, if that is one chat of its consumer's."""
    topic, name = context.telegram_topic_id, topic_name_in(message)
    if not context.has_topics or topic is None or name is None or await topics.is_known(context.peer, topic):
        return
    chats = await listing.all_of_consumer(context.peer.user_id or "")
    named = [chat for chat in chats if context.texts.chats.topic_name(chat) == name]
    if len(named) == 1:
        await topics.recognise(context.peer, topic, named[0])


async def show_in_topic(context: Context, chat: Chat, message: Message | HeldMessage) -> None:
    """Lead to a chat's topic, and say there what was put into the chat, unless they have done that in the topic."""
    if context.has_topics and not await context.is_in_topic_of(chat):
        await context.lead_to_topic(chat)
        await tell_in_topic(context, chat, message)


async def tell_in_topic(context: Context, chat: Chat, message: Message | HeldMessage) -> None:
    """Say in a chat's topic, if it has one, what was written elsewhere: an unread mark leads there."""
    if context.has_topics:
        if isinstance(message, Message):
            await attachments.load([message])
        await context.say(context.texts.chats.written(chat, message), about=chat, place="topic")

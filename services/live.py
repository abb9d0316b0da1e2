"""What is told when something has changed: a topic for each influencer, and for each bot."""

from database.pubsub import SUBJECT, Topic


def influencer(user_id: str) -> Topic:
    """Name the topic of one influencer: something in their chats has changed."""
    return f"influencer:{user_id}"


def typing(bot_id: int, chat_id: str = "") -> Topic:
    """Name the topic of one bot to which is told in which chats an influencer types."""
    return f"typing:{bot_id}{SUBJECT}{chat_id}" if chat_id else f"typing:{bot_id}"


def outbox(bot_id: int) -> Topic:
    """Name the topic of one bot: it has something to deliver."""
    return f"outbox:{bot_id}"

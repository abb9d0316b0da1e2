"""A consumer reacts to a message, or takes that back."""

from telegram import Chat as TelegramChat
from telegram import MessageReactionUpdated, ReactionTypeEmoji, Update
from telegram.ext import MessageReactionHandler

from bot.context import Context, Handlers
from bot.reading.values import clean, is_id
from services.incoming import reactions

# For what nobody but Telegram can show: a custom emoji, a paid reaction.
STAR = "⭐"


async def react(update: Update, context: Context) -> None:
    """The influencer sees it at the message; in groups, and by whoever stays anonymous, it is nobody's."""
    changed = update.message_reaction
    if changed is None or changed.chat.type != TelegramChat.PRIVATE or changed.user is None:
        return
    if is_id(changed.message_id):
        await reactions.react(
            context.peer, changed.message_id, emoji_in(changed), changed.date, context.as_of.update_id
        )


def emoji_in(changed: MessageReactionUpdated) -> str:
    """Read how somebody reacts from now on: one emoji, or several if they have paid for that; empty: not at all."""
    return "".join(
        clean(each.emoji) if isinstance(each, ReactionTypeEmoji) and isinstance(each.emoji, str) else STAR
        for each in changed.new_reaction or ()
    )


handlers: Handlers = [
    MessageReactionHandler(react, message_reaction_types=MessageReactionHandler.MESSAGE_REACTION_UPDATED)
]

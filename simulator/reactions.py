"""Reactions: which there are, and how a bot leaves one (Bot API: ReactionTypeEmoji, setMessageReaction)."""

from simulator.bots import Bot
from simulator.refusals import JSON, bad_request

_EMOJI = """
👍 👎 ❤ 🔥 🥰 👏 😁 🤔 🤯 😱 🤬 😢 🎉 🤩 🤮 💩 🙏 👌 🕊 🤡
🥱 🥴 😍 🐳 ❤‍🔥 🌚 🌭 💯 🤣 ⚡ 🍌 🏆 💔 🤨 😐 🍓 🍾 💋 🖕 😈
😴 😭 🤓 👻 👨‍💻 👀 🎃 🙈 😇 😨 🤝 ✍ 🤗 🫡 🎅 🎄 ☃ 💅 🤪 🗿
🆒 💘 🙉 🦄 😘 💊 🙊 😎 👾 🤷‍♂ 🤷 🤷‍♀ 😡
"""
EMOJI = frozenset(_EMOJI.split())
_VARIATION_SELECTOR = "\ufe0f"


def known(emoji: object) -> str | None:
    """A reaction's emoji as Telegram writes it; others are no reactions."""
    plain = str(emoji).replace(_VARIATION_SELECTOR, "")
    return plain if plain in EMOJI else None


def set_message_reaction(bot: Bot, asked: JSON) -> bool:
    """Bot API: setMessageReaction; a bot has one reaction per message."""
    chat = bot.chat(asked["chat_id"])
    if asked["message_id"] not in chat.records:
        raise bad_request("message to react not found")
    reactions = asked.get("reaction", [])
    if len(reactions) > 1:
        raise bad_request("REACTIONS_TOO_MANY")
    chat.react(asked["message_id"], "bot", _emoji(reactions[0]) if reactions else None)
    return True


def told(emoji: str | None) -> list[JSON]:
    """Somebody's reaction to a message, as updates carry it."""
    return [{"type": "emoji", "emoji": emoji}] if emoji else []


def _emoji(reaction: JSON) -> str:
    emoji = known(reaction.get("emoji")) if reaction["type"] == "emoji" else None
    if emoji is None:
        raise bad_request("REACTION_INVALID")
    return emoji

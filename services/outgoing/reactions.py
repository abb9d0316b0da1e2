"""How an influencer reacts to messages, and 👀 at those that they have seen."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from functools import cache

from database import clock, rows
from database.transactions import fetch, transaction
from models import Chat, Message, Peer, User
from services import live
from services.chats import history, reactions
from services.errors import NotFound, ReactionUnknown
from services.outgoing import deliveries

SEEN = "👀"
MOST_SEEN = 10  # of what is read at once only the newest says so: nobody looks at all the rest
LIFE = timedelta(days=1)

# Bot API: ReactionTypeEmoji, without the selectors that some keyboards add.
_ALLOWED = """
    👍 👎 ❤ 🔥 🥰 👏 😁 🤔 🤯 😱 🤬 😢 🎉 🤩 🤮 💩 🙏 👌 🕊 🤡 🥱 🥴 😍 🐳 ❤\u200d🔥 🌚 🌭
    💯 🤣 ⚡ 🍌 🏆 💔 🤨 😐 🍓 🍾 💋 🖕 😈 😴 😭 🤓 👻 👨\u200d💻 👀 🎃 🙈 😇 😨 🤝 ✍ 🤗 🫡
    🎅 🎄 ☃ 💅 🤪 🗿 🆒 💘 🙉 🦄 😘 💊 🙊 😎 👾 🤷\u200d♂ 🤷 🤷\u200d♀ 😡
"""
EMOJI = frozenset(_ALLOWED.split())
_SELECTOR = "\ufe0f"


async def react(chat: Chat, influencer: User, message: Message, emoji: str) -> None:
    """Let the influencer react to a message in place of how they have before; an empty emoji takes that back.

    Raises:
        ReactionUnknown: Telegram has no such reaction.
        NotFound: the message is there no more.
    """
    emoji = emoji.strip().replace(_SELECTOR, "")
    if emoji and emoji not in EMOJI:
        raise ReactionUnknown
    async with transaction() as tell:
        phones = await _kept_phones([message.id])
        await history.touch(chat.id)
        if not await reactions.keep(chat.id, message.id, influencer.id, emoji, clock.now()):
            raise NotFound
        await _queue(phones, [message.id])
        tell(live.influencer(chat.influencer_id))


async def mark_seen(chat: Chat, since: Message | None = None, through: Message | None = None) -> None:
    """Count what the consumer has said as read: all of it, or what the influencer was shown, from one to another.

    The newest of what has been unread gets 👀, unless the influencer has switched that off.
    """
    newest = await history.unread(chat, since, through, limit=MOST_SEEN)
    if not newest:
        return
    async with transaction():
        phones = [] if chat.influencer.seen_hidden_at else await _kept_phones(newest)
        read = await history.mark_read(chat, since, through)
        await _queue(phones, read)


async def show_seen(influencer: User, is_shown: bool) -> None:
    """Let 👀 tell consumers what an influencer has seen from now on, or nothing."""
    found = User.filter(id=influencer.id, seen_hidden_at__isnull=not is_shown)
    await found.update(seen_hidden_at=None if is_shown else clock.now())


@dataclass(frozen=True)
class Reacted:
    """How the bot is to react to a message on the phone; empty: not at all."""

    telegram_message_id: int
    emoji: str


async def current(peer: Peer, message_id: str) -> Reacted | None:
    """Find how the bot is to react to a message now, on its first part on this phone, if it is there.

    What the influencer has chosen goes before 👀.
    """
    found = await fetch(_CURRENT, message_id, peer.bot_id, peer.telegram_chat_id, SEEN)
    return Reacted(**found[0]) if found else None


_CURRENT = """
    SELECT t."telegramMessageId" AS telegram_message_id, COALESCE(NULLIF(r.emoji, ''), CASE
        WHEN m."isRead" AND m."senderId" <> c."influencerId" AND u."seenHiddenAt" IS NULL THEN $4
        ELSE '' END) AS emoji
    FROM "Messages" m JOIN "Chats" c ON c.id = m."chatId" JOIN "Users" u ON u.id = c."influencerId"
    JOIN "TelegramMessages" t ON t."messageId" = m.id AND t."botId" = $2 AND t."telegramChatId" = $3
    LEFT JOIN "Reactions" r ON r."messageId" = m.id AND r."senderId" = c."influencerId"
    WHERE m.id = $1 AND m."deletedAt" IS NULL
    ORDER BY t.part NULLS FIRST, t."telegramMessageId" LIMIT 1"""


@dataclass(frozen=True)
class _Phone:
    """Where a message stands; its peer is kept until the transaction ends."""

    peer: Peer
    message_id: str


async def _kept_phones(message_ids: list[str]) -> list[_Phone]:
    """Find where messages stand, but for those who have blocked the bot; peers are kept before their chats are."""
    found = await fetch(_keeping(), message_ids)
    return [_Phone(rows.made(Peer, row, "p"), row["message_id"]) for row in found]


@cache
def _keeping() -> str:
    return f"""
        SELECT {rows.columns(Peer, "p")}, t."messageId" AS message_id
        FROM "TelegramMessages" t
        JOIN "Peers" p ON p."botId" = t."botId" AND p."telegramChatId" = t."telegramChatId"
        WHERE t."messageId" = ANY($1) AND NOT p."isBlocked"
        ORDER BY p.id, t."messageId" FOR NO KEY UPDATE OF p"""  # noqa: S608 - names of columns


async def _queue(phones: Iterable[_Phone], message_ids: Iterable[str]) -> None:
    changed = set(message_ids)
    by_peer: dict[str, tuple[Peer, dict[str, None]]] = {}  # each message once, however many parts it has
    for phone in phones:
        if phone.message_id in changed:
            by_peer.setdefault(phone.peer.id, (phone.peer, {}))[1][phone.message_id] = None
    for peer, ids in by_peer.values():
        await deliveries.queue_reactions(peer, list(ids), LIFE)

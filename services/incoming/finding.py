"""A consumer finds a chat by typing a part of its coupon's title, in reply to what has asked them for that."""

from dataclasses import dataclass, replace
from datetime import timedelta

from database.transactions import fetch
from models import HeldMessage, Peer, Prompt
from services.chats import listing
from services.chats.listing import ConsumerChat
from services.incoming import questions
from services.incoming.placement import Incoming

PROMPTED_FOR = timedelta(days=30)  # a reply to a prompt is a search
MOST_SHOWN = 8


@dataclass(frozen=True)
class Search:
    """What a consumer has typed to find a chat, and what was found."""

    typed: str
    about: int | None  # the question that is answered by choosing one; none: it is opened
    chats: list[ConsumerChat]  # newest first
    is_all: bool  # not only the newest of them


async def by_title(peer: Peer, typed: str, about: int | None = None) -> Search:
    """Find the consumer's chats whose titles contain what was typed."""
    found = await listing.with_words(peer.user_id or "", typed, limit=MOST_SHOWN + 1)
    return Search(typed, about, found[:MOST_SHOWN], is_all=len(found) <= MOST_SHOWN)


async def by_reply_to_prompt(peer: Peer, incoming: Incoming) -> Search:
    """Find what a reply to a prompt asks for; a question that waits for no answer any more is not answered."""
    prompt = await Prompt.get(peer_id=peer.id, telegram_message_id=incoming.reply_to_telegram_message_id)
    search = await by_title(peer, incoming.text, prompt.about)
    if prompt.about and await questions.current(peer, prompt.about):
        return search
    return replace(search, about=None)


async def by_reply_to_question(peer: Peer, incoming: Incoming) -> Search | None:
    """Find what a reply to a question asks for; one that is in no title is no search."""
    asked = await HeldMessage.filter(
        peer_id=peer.id, telegram_question_id=incoming.reply_to_telegram_message_id
    ).first()
    search = await by_title(peer, incoming.text, asked.asked_with if asked else None)
    return search if search.chats else None


async def prompt_arrived(peer: Peer, telegram_message_id: int, about: int | None) -> None:
    """Keep where a prompt stands on the phone, and about which question it is."""
    await fetch(
        """INSERT INTO "Prompts" ("peerId", "telegramMessageId", about, "sentAt")
           VALUES ($1, $2, $3, clock_timestamp()) ON CONFLICT DO NOTHING""",
        peer.id,
        telegram_message_id,
        about,
    )


async def question_in_doubt(peer: Peer) -> int | None:
    """Give the question that was asked last, and waits for its answer."""
    last = await HeldMessage.filter(peer_id=peer.id, asked_with__not_isnull=True).order_by("-telegram_message_id")
    return last[0].asked_with if last else None

"""What a handler has at hand: the person it serves, and a way to answer."""

from collections.abc import Callable, Coroutine
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from telegram import Update
from telegram.ext import BaseHandler, CallbackContext, ExtBot

from bot.texts import FormattedText, Texts, texts_for
from models import Chat, Peer
from services.incoming.placement import AsOf
from services.outgoing import deliveries
from services.people.keyring import Keyring

TAP_LIFE = timedelta(seconds=15)  # after which Telegram takes no answer to a tap any more
MENU_LIFE = timedelta(days=1)

Buttons = list[list[dict[str, str]]]


@dataclass(frozen=True)
class Handling:
    """Whose update is being handled, and as of when."""

    peer: Peer
    as_of: AsOf
    telegram_topic_id: int | None = None


handling: ContextVar[Handling] = ContextVar("handling")


@dataclass(frozen=True)
class Addressed:
    """Whom something is said to, and how, when no update of theirs is being handled."""

    peer: Peer
    texts: Texts


@dataclass(frozen=True)
class Panel:
    """Where influencers answer, and what its links are made with."""

    url: str
    keyring: Keyring


class Context(CallbackContext[ExtBot[None], dict[Any, Any], dict[Any, Any], dict[Any, Any]]):
    """PTB's context, with our own things in it; whatever is said goes through the outbox."""

    @property
    def peer(self) -> Peer:
        return handling.get().peer

    @property
    def as_of(self) -> AsOf:
        return handling.get().as_of

    @property
    def telegram_topic_id(self) -> int | None:
        return handling.get().telegram_topic_id

    @property
    def texts(self) -> Texts:
        return texts_for(self.peer.user.language_code if self.peer.user else None)

    @property
    def panel(self) -> Panel:
        panel: Panel = self.application.panel  # type: ignore[attr-defined]
        return panel

    async def say(
        self,
        words: FormattedText,
        *,
        buttons: Buttons | None = None,
        about: Chat | None = None,
        reply_to: int | None = None,
        once: str | None = None,
    ) -> None:
        """Say something; what is said about a chat can be replied to as if it were said in it.

        What is to be said ``once``, by that name, is not said again right behind itself.
        """
        topic = in_topic(self.telegram_topic_id)
        payload: dict[str, Any] = {"chat_id": self.peer.telegram_chat_id, **topic, **words.payload()}
        if buttons:
            payload["reply_markup"] = {"inline_keyboard": buttons}
        if reply_to:
            payload["reply_parameters"] = {"message_id": reply_to, "allow_sending_without_reply": True}
        await deliveries.queue(self.peer, "sendMessage", payload, about, once)

    async def rewrite(
        self,
        telegram_message_id: int,
        words: FormattedText,
        *,
        buttons: Buttons | None = None,
        about: Chat | None = None,
    ) -> None:
        """Change something that the bot has said."""
        payload = {
            "chat_id": self.peer.telegram_chat_id,
            "message_id": telegram_message_id,
            **words.payload(),
            "reply_markup": {"inline_keyboard": buttons or []},
        }
        await deliveries.queue(self.peer, "editMessageText", payload, about)

    async def acknowledge(self, callback_query_id: str, text: str | None = None) -> None:
        """Let a tapped button rest, with a short notice if there is something to say."""
        payload = {"callback_query_id": callback_query_id, **({"text": text} if text else {})}
        await deliveries.queue_unordered(self.peer, "answerCallbackQuery", payload, TAP_LIFE)

    async def offer_commands(self, commands: list[dict[str, str]]) -> None:
        """Give this person a menu of their own."""
        scope = {"type": "chat", "chat_id": self.peer.telegram_chat_id}
        await deliveries.queue_unordered(
            self.peer, "setMyCommands", {"commands": commands, "scope": scope}, MENU_LIFE
        )


Action = Callable[[Update, Context], Coroutine[Any, Any, None]]
Handlers = list[BaseHandler[Any, Context, Any]]


def in_topic(telegram_topic_id: int | None) -> dict[str, int]:
    """Name the topic in which something is to be said; outside of all of them, there is nothing to name."""
    return {"message_thread_id": telegram_topic_id} if telegram_topic_id else {}


def button(text: str, data: str) -> dict[str, str]:
    """Make a button that comes back to us."""
    return {"text": text, "callback_data": data}


def link(text: str, url: str) -> dict[str, str]:
    """Make a button that opens a page."""
    return {"text": text, "url": url}

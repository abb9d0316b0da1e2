"""What a handler has at hand: the person it serves, and a way to answer."""

from collections.abc import Callable, Coroutine
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from telegram import Update
from telegram.ext import BaseHandler, CallbackContext, ExtBot

from bot.texts import FormattedText, Texts, texts_of
from models import Chat, Peer
from services.incoming import topics as topics_on_phone
from services.incoming.placement import AsOf
from services.outgoing import deliveries, topics
from services.outgoing.payloads import (
    Button,
    Command,
    CommandMenu,
    Notice,
    NoticeEdit,
    Place,
    TapAnswer,
    TopicChange,
)
from services.people.keyring import Keyring

TAP_LIFE = timedelta(seconds=15)  # after which Telegram takes no answer to a tap any more
MENU_LIFE = timedelta(days=1)

Buttons = list[list[Button]]


@dataclass(frozen=True)
class Handling:
    """Whose update is being handled, and as of when."""

    peer: Peer
    as_of: AsOf
    telegram_topic_id: int | None
    telegram_message_id: int | None
    is_alone: bool  # whether no other update shares its transaction


handling: ContextVar[Handling] = ContextVar("handling")


class NotAlone(Exception):
    """An update has to have a transaction of its own, and shares one: the worker handles each of them alone."""


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
        return texts_of(self.peer.user)

    @property
    def has_topics(self) -> bool:
        has_topics: bool = self.application.has_topics  # type: ignore[attr-defined]
        return has_topics

    @property
    def panel(self) -> Panel:
        panel: Panel = self.application.panel  # type: ignore[attr-defined]
        return panel

    def require_alone(self) -> None:
        """Go on only where nobody else's update is handled in the same transaction.

        Raises:
            NotAlone: somebody's is.
        """
        if not handling.get().is_alone:
            raise NotAlone

    async def say(
        self,
        words: FormattedText,
        *,
        buttons: Buttons | None = None,
        about: Chat | None = None,
        reply_to: int | None = None,
        once: str | None = None,
        place: Place = "chat",
    ) -> None:
        """Say something; what is said about a chat can be replied to as if it were said in it.

        What is to be said ``once``, by that name, is not said again right behind itself. What is said about no chat
        is said where it was asked.
        """
        notice = notice_of(words, buttons, self.telegram_topic_id, reply_to, place)
        await deliveries.queue(self.peer, notice, about, once)

    async def lead_to_topic(self, chat: Chat) -> None:
        """Let a chat that opens have its topic: that in which it is opened, if this is free, or one of its own."""
        await topics_on_phone.bind(self.peer, self.telegram_topic_id, chat)
        if self.has_topics and await topics.is_wanted(self.peer, chat):
            opened_with = handling.get().telegram_message_id or 0
            await deliveries.queue_change(self.peer, TopicChange(opened_with), chat)

    async def is_in_topic_of(self, chat: Chat) -> bool:
        """Say whether the consumer has just written, or tapped, in the topic of a chat."""
        return self.has_topics and await topics_on_phone.is_about(self.peer, self.telegram_topic_id, chat)

    async def rewrite(
        self,
        telegram_message_id: int,
        words: FormattedText,
        *,
        buttons: Buttons | None = None,
        about: Chat | None = None,
    ) -> None:
        """Change something that the bot has said."""
        await deliveries.queue(self.peer, notice_edit_of(telegram_message_id, words, buttons), about)

    async def acknowledge(self, callback_query_id: str, text: str | None = None) -> None:
        """Let a tapped button rest, with a short notice if there is something to say."""
        await deliveries.queue_unordered(self.peer, TapAnswer(callback_query_id, text), TAP_LIFE)

    async def offer_commands(self, commands: tuple[Command, ...]) -> None:
        """Give this person a menu of their own."""
        await deliveries.queue_unordered(self.peer, CommandMenu(commands), MENU_LIFE)


Action = Callable[[Update, Context], Coroutine[Any, Any, None]]
Handlers = list[BaseHandler[Any, Context, Any]]


def notice_of(
    words: FormattedText,
    buttons: Buttons | None = None,
    telegram_topic_id: int | None = None,
    reply_to: int | None = None,
    place: Place = "chat",
) -> Notice:
    """Write down what the bot is to say."""
    return Notice(words.text, tuple(words.formatting), _rows(buttons), telegram_topic_id, reply_to, place)


def notice_edit_of(telegram_message_id: int, words: FormattedText, buttons: Buttons | None = None) -> NoticeEdit:
    """Write down what something that the bot has said is to say from now on."""
    return NoticeEdit(telegram_message_id, words.text, tuple(words.formatting), _rows(buttons))


def button(label: str, data: str) -> Button:
    """Make a button that comes back to us."""
    return Button(label, data=data)


def link(label: str, url: str) -> Button:
    """Make a button that opens a page."""
    return Button(label, url=url)


def copying(label: str, text: str) -> Button:
    """Make a button that copies a text."""
    return Button(label, copy=text)


def _rows(buttons: Buttons | None) -> tuple[tuple[Button, ...], ...]:
    return tuple(tuple(row) for row in buttons or [])

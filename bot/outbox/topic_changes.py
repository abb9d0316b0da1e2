"""A chat's topic on a phone: created once, whatever happens meanwhile, and named as its chat is."""

import time
from collections.abc import Awaitable, Callable
from typing import Any, NamedTuple

import structlog
from telegram.error import BadRequest, EndPointNotFound, TelegramError, TimedOut

from bot.api import UNREADABLE
from bot.app import Bot
from bot.outbox.classify import Outcome, judge, says_topic_is_gone
from bot.reading.messages import GENERAL_TOPIC
from bot.reading.values import as_dict, is_id
from bot.texts import texts_of
from models import TelegramTopic, TopicState
from services.outgoing import topics
from services.outgoing.payloads import TopicChange
from services.outgoing.sending import Step

MAX_ATTEMPTS = 5  # after which what waits behind is not kept waiting any longer
SEARCH_TIMEOUT = 20.0  # seconds
LONGEST_PAUSE = 60.0  # seconds for which Telegram may want to be left alone

log = structlog.get_logger()


class Opened(NamedTuple):
    """A topic that is open under its title."""

    topic: TelegramTopic
    telegram_topic_id: int
    title: str


class TopicChanger:
    """Asks Telegram for a chat's topic, or for another name of it."""

    def __init__(self, bot: Bot, keep: Callable[..., Awaitable[Any]]) -> None:
        self._bot = bot
        self._keep = keep  # does something in the database, however long that is away

    async def change(self, step: Step, payload: TopicChange) -> Opened | None:
        """Do what is to be done for a chat's topic; nothing comes back where that is nothing, or is given up.

        Raises:
            TelegramError: it is to be tried again, or nothing reaches this peer any more.
        """
        if not self._bot.has_topics:
            return None
        wanted = await self._keep(topics.wanted, step.peer, step.about, payload.after, payload.is_renaming)
        if wanted is None:
            return None
        name = texts_of(step.about.consumer).chats.topic_name(step.about)
        try:
            if wanted.topic.state is TopicState.OPEN:
                return await self._rename(step, wanted.topic, name)
            return await self._create(step, wanted, name)
        except TelegramError as error:
            await self._note(step, wanted, error)
            return None

    async def _rename(self, step: Step, topic: TelegramTopic, name: str) -> Opened | None:
        try:
            await self._edit(step, topic.telegram_topic_id, name)
        except BadRequest as error:
            if not says_topic_is_gone(error):
                raise
            await self._keep(topics.lose, step.peer, topic.telegram_topic_id)
            return None
        return Opened(topic, topic.telegram_topic_id, step.about.coupon.title)

    async def _create(self, step: Step, wanted: topics.Wanted, name: str) -> Opened:
        """Create a topic, unless Telegram has done so before, when nobody heard of it."""
        topic, title = wanted.topic, step.about.coupon.title
        if wanted.may_exist:
            if found := await self._find(step, topic, name):
                return Opened(topic, found, title)
            await self._keep(topics.begin_anew, step.peer, topic)
        fields = {"chat_id": step.peer.telegram_chat_id, "name": name}
        created = as_dict(await self._bot.call("createForumTopic", fields)).get("message_thread_id")
        if not is_id(created) or created <= GENERAL_TOPIC:
            raise TelegramError(UNREADABLE)
        if wanted.may_exist:
            await self._remove_orphans(step, created, name)
        return Opened(topic, created, title)

    async def _remove_orphans(self, step: Step, created: int, name: str) -> None:
        """Delete what earlier attempts have created, where Telegram counts topics apart and so none was found.

        They are the topics just below that nobody has heard of, and that bear the same name already.
        """
        where = {"chat_id": step.peer.telegram_chat_id}
        first = max(created - step.attempt, GENERAL_TOPIC) + 1
        unknown = await self._keep(topics.unknown, step.peer, first, created - 1)
        for candidate in range(created - 1, first - 1, -1):
            if candidate not in unknown:
                return
            try:
                if await self._edit(step, candidate, name):
                    return  # it had another name
                await self._bot.call("deleteForumTopic", {**where, "message_thread_id": candidate})
            except TelegramError:
                return
            log.info("topic.orphan_removed")

    async def _find(self, step: Step, topic: TelegramTopic, name: str) -> int | None:
        """Look for a topic among the messages that may have begun it: each is given the name that it is to have.

        Raises:
            TelegramError: that is to be gone on with later.
        """
        ends_at = time.monotonic() + SEARCH_TIMEOUT
        candidates = await self._keep(topics.candidates, step.peer, topic)
        for candidate in candidates:
            if time.monotonic() > ends_at:
                raise TimedOut
            try:
                await self._edit(step, candidate, name)
            except BadRequest as error:
                if not _says_there_is_none(error):
                    return None
                await self._keep(topics.note_miss, topic, candidate)
            else:
                return int(candidate)
        if candidates and not await self._keep(topics.is_last, step.peer, candidates[-1]):
            raise TimedOut  # there is more to look at
        return None

    async def _edit(self, step: Step, telegram_topic_id: int | None, name: str) -> bool:
        """Give a topic a name, or see that it has it; say whether it had another one."""
        where = {"chat_id": step.peer.telegram_chat_id, "message_thread_id": telegram_topic_id}
        try:
            await self._bot.call("editForumTopic", {**where, "name": name})
        except BadRequest as error:
            if error.__cause__ or not _says_unchanged(error):
                raise
            return False
        return True

    async def _note(self, step: Step, wanted: topics.Wanted, error: TelegramError) -> None:
        """Note that a topic is not to be had, now or at all.

        Raises:
            TelegramError: it is to be tried again, or nothing reaches this peer any more.
        """
        verdict = judge(error)
        log.info("topic.refused", outcome=verdict.outcome.name, reason=verdict.reason)
        is_last = step.attempt >= MAX_ATTEMPTS or verdict.seconds > LONGEST_PAUSE
        is_refused = verdict.outcome is Outcome.NEVER and verdict.reason == "refused"
        if is_refused or isinstance(error, EndPointNotFound):
            await self._keep(topics.refused, wanted.topic)
            self._bot.doubt_topics()
        elif verdict.outcome is Outcome.UNKNOWN:
            if not is_last:
                raise error
        else:
            if not wanted.may_exist:
                await self._keep(topics.not_begun, wanted.topic)
            if verdict.outcome is Outcome.NEVER or not is_last:
                raise error


def _says_unchanged(error: BadRequest) -> bool:
    return "not_modified" in error.message.lower().replace(" ", "_")


def _says_there_is_none(error: BadRequest) -> bool:
    """Say whether there is no such topic."""
    said = error.message.lower()
    return not error.__cause__ and any(words in said for words in ("not found", "invalid", "deleted"))

"""Everybody at once, and then the kill: what is under way just then is not left to chance."""

import asyncio
import contextlib
import random
import time
from collections.abc import Callable, Coroutine, Sequence
from functools import partial
from typing import Any

from bench.fire.consumers import Consumer
from bench.fire.database import (
    a_change_is_begun,
    a_topic_is_begun,
    has_little_to_read,
    something_waits,
    until_database_is_back,
)
from bench.fire.influencers import Influencer
from simulator import Telegram

PATIENCE = 2.0  # seconds until something is under way
HASTE = 0.0, 0.05  # seconds from then until the kill
LATENCY = 0.0, 0.2  # seconds for which Telegram keeps back that it has done what is asked for

TAKING_IN, CREATING, CHANGING, MOVING = "taking updates in", "creating a topic", "changing a message", "moving"


class Rushes:
    """Lets many do the same, and waits until that is under way."""

    def __init__(
        self,
        telegram: Telegram,
        consumers: Sequence[Consumer],
        influencers: Sequence[Influencer],
        dice: random.Random,
    ) -> None:
        self._telegram = telegram
        self._consumers = consumers
        self._influencers = influencers
        self._dice = dice
        self._working: list[asyncio.Task[None]] = []

    async def rush(self) -> None:
        """Let some rush happen; the kill is to come right behind."""
        has_topics = self._telegram.bot.has_topics_enabled
        rushes = [self._take_in, self._change, self._move, *[self._create] * has_topics]
        await self._dice.choice(rushes)()
        await asyncio.sleep(self._dice.uniform(*HASTE))

    async def under_way(self) -> list[str]:
        """Say, after a kill, what it has interrupted."""
        is_moving = any(influencer.is_moving for influencer in self._influencers)
        return [
            *[TAKING_IN] * await until_database_is_back(something_waits),
            *[CREATING] * await until_database_is_back(a_topic_is_begun),
            *[CHANGING] * await until_database_is_back(a_change_is_begun),
            *[MOVING] * is_moving,
        ]

    def relax(self) -> None:
        """Let Telegram answer at once again."""
        self._telegram.latency = 0.0

    async def work(self, act: Coroutine[Any, Any, None]) -> None:
        """Let an influencer do something, and insist on it to the end, even if nobody waits for that."""
        await asyncio.shield(self._begin(act))

    async def end(self) -> list[BaseException | None]:
        """Wait until everybody has what they insist on, and give what has become of that."""
        return await asyncio.gather(*self._working, return_exceptions=True)

    async def _take_in(self) -> None:
        """Let everybody write at once, and wait until something is taken in that is not handled."""
        for consumer in await self._free(self._consumers):
            consumer.writes(self._dice)
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(PATIENCE):
                while not await until_database_is_back(something_waits):
                    pass

    async def _create(self) -> None:
        """Let some delete a topic, and open a chat that has none."""
        self._telegram.latency = self._dice.uniform(*LATENCY)
        began = time.monotonic()
        for consumer in await self._free(self._dice.sample(self._consumers, 4)):
            consumer.deletes_topic(self._dice)
            consumer.opens(None, self._dice)
        await self._until(lambda: self._has_called("createForumTopic", began))

    async def _change(self) -> None:
        """Let all influencers answer, and change their answers at once."""
        self._telegram.latency = self._dice.uniform(*LATENCY)
        began = time.monotonic()
        for influencer in self._influencers:
            self._begin(influencer.corrects(self._dice))
        await self._until(lambda: self._has_called("editMessageText", began))

    async def _move(self) -> None:
        """Let all influencers move something."""
        for influencer in self._influencers:
            self._begin(influencer.moves_something(self._dice))
        await self._until(lambda: any(influencer.is_moving for influencer in self._influencers))

    async def _free(self, consumers: Sequence[Consumer]) -> list[Consumer]:
        """Leave out to whom much is yet to be said."""
        has_little = [
            await until_database_is_back(partial(has_little_to_read, consumer.person.id)) for consumer in consumers
        ]
        return [consumer for consumer, is_free in zip(consumers, has_little, strict=True) if is_free]

    def _begin(self, act: Coroutine[Any, Any, None]) -> "asyncio.Task[None]":
        task = asyncio.create_task(act)
        self._working.append(task)
        return task

    async def _until(self, is_under_way: Callable[[], bool]) -> None:
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end and not is_under_way():
            await asyncio.sleep(0.001)

    def _has_called(self, method: str, began: float) -> bool:
        for called, _, at in reversed(self._telegram.calls):
            if at < began:
                return False
            if called == method:
                return True
        return False

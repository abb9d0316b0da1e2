"""The database in the fire: what it is asked, however often it falls, and what is done to it."""

import asyncio
import contextlib
import signal
import time
from collections.abc import Awaitable, Callable
from datetime import datetime
from pathlib import Path
from typing import TypeVar

import psutil

from database import errors, transactions
from models import Delivery
from services.outgoing.sending import PENDING

T = TypeVar("T")

MOST_UNREAD = 10  # of what the bot says: whoever leaves more questions unanswered is told that no more is kept


async def until_database_is_back(question: Callable[[], Awaitable[T]]) -> T:
    """Ask the database, however often it is killed meanwhile."""
    while True:
        try:
            return await question()
        except Exception as error:
            if not errors.is_passing(error):
                raise
        await asyncio.sleep(0.1)


async def has_little_to_read(telegram_chat_id: int) -> bool:
    """Say whether most that was said to somebody has arrived: nobody can keep all waiting."""
    unread = Delivery.filter(state__in=PENDING, peer__telegram_chat_id=telegram_chat_id)
    return await unread.count() < MOST_UNREAD


async def something_waits() -> bool:
    """Say whether an update is taken in that is not handled."""
    return bool(await transactions.fetch("""SELECT id FROM "Updates" WHERE state = 'received' LIMIT 1"""))


async def a_topic_is_begun() -> bool:
    """Say whether a topic is written down of which Telegram's answer is not known."""
    return bool(await transactions.fetch("""SELECT id FROM "TelegramTopics" WHERE state = 'creating' LIMIT 1"""))


async def a_change_is_begun() -> bool:
    """Say whether a part of a message is being changed on a phone, or the next part waits for that."""
    return bool(
        await transactions.fetch(
            """SELECT id FROM "Deliveries" WHERE kind = 'message_edit' AND state IN ('queued', 'sending') LIMIT 1"""
        )
    )


async def taken_over(killed_at: list[datetime]) -> int:
    """Count what was taken in before a kill, and handled after it by a commit that wasn't on its way already."""
    rows = await transactions.fetch(
        """SELECT count(DISTINCT id) AS count FROM "Updates" AS taken, unnest($1::timestamptz[]) AS killed_at
           WHERE taken."receivedAt" < killed_at
             AND pg_xact_commit_timestamp(taken.xmin) > killed_at + interval '0.1 s'""",
        killed_at,
    )
    return int(rows[0]["count"])


async def cut() -> bool:
    """Cut somebody's connection, whatever is going on there; say whether there was one."""
    cut = await transactions.fetch(
        """SELECT pg_terminate_backend(pid) FROM (
               SELECT pid FROM pg_stat_activity WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()
               ORDER BY random() LIMIT 1) AS somebody"""
    )
    return bool(cut)


def crash(data_dir: Path) -> None:
    """Let PostgreSQL fall without a goodbye, if it is not down already."""
    file = data_dir / "postgresql" / "postmaster.pid"
    with contextlib.suppress(psutil.Error, FileNotFoundError):
        server = psutil.Process(int(file.read_text().split()[0]))
        server.send_signal(signal.SIGQUIT)
        while server.is_running() and server.status() != psutil.STATUS_ZOMBIE:
            time.sleep(0.01)

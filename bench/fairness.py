"""How long people wait while somebody else is in trouble, or makes some, beside how long they do when all is quiet.

Each of some bystanders writes a message, and is answered in the panel: seconds from writing to the commit, and from
the answer's commit to the call that says it on their phone. Meanwhile one person writes very much, one person's row
is locked and others write behind them, or many tap buttons, each of which the bot answers with a message.

Run it with: .venv/bin/python -m bench.fairness
"""

import argparse
import asyncio
import contextlib
import statistics
import time
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass

import asyncpg

from bench import commit_times
from bench.stage import Stage, stage
from models import Chat
from services.outgoing import replies
from simulator import Person

BYSTANDERS = 10
INTERVAL = 0.25  # seconds between one bystander and the next
LOCKED = 15.0  # seconds at most: whoever waits for the lock waits no longer
PATIENCE = 300.0  # seconds


@dataclass(frozen=True)
class Size:
    """How much trouble there is."""

    messages: int = 2000  # of one person
    behind: int = 150  # of others, behind somebody whose row is locked: more than a poll fetches
    accounts: int = 40
    taps: int = 25  # of each


@dataclass(frozen=True)
class Waits:
    """How many seconds each bystander waited."""

    writing: list[float]
    answered: list[float]


Trouble = Callable[[Stage, Size], AbstractAsyncContextManager[None]]


@contextlib.asynccontextmanager
async def quiet(set_: Stage, size: Size) -> AsyncIterator[None]:
    """Nobody else does anything."""
    yield


@contextlib.asynccontextmanager
async def one_writes_much(set_: Stage, size: Size) -> AsyncIterator[None]:
    """One person has written thousands of messages at once."""
    [writer] = await set_.consumers(1)
    for number in range(size.messages):
        writer.says(f"one of many: {number}")
    yield


@contextlib.asynccontextmanager
async def one_is_locked(set_: Stage, size: Size) -> AsyncIterator[None]:
    """One person's row is locked by somebody else, they have written, and others after them."""
    stuck, *others = await set_.consumers(1 + size.accounts)
    connection = await asyncpg.connect(set_.database_url)
    try:
        await connection.execute("BEGIN")
        await connection.execute('SELECT FROM "Users" WHERE "telegramUserId" = $1 FOR UPDATE', stuck.id)
        release = asyncio.get_running_loop().call_later(LOCKED, connection.terminate)
        stuck.says("written by somebody whose row is locked")
        for number in range(size.behind):
            others[number % len(others)].says(f"behind somebody whose row is locked: {number}")
        yield
        release.cancel()
    finally:
        connection.terminate()


@contextlib.asynccontextmanager
async def many_tap(set_: Stage, size: Size) -> AsyncIterator[None]:
    """Many have tapped a button of *My chats* again and again, and each tap opens the chat with some words."""
    tapping = await set_.consumers(size.accounts)
    for person in tapping:
        person.says("/chats")
    lists = await asyncio.gather(*(person.hears("chats", PATIENCE) for person in tapping))
    for _ in range(size.taps):
        for person, list_ in zip(tapping, lists, strict=True):
            button = list_["reply_markup"]["inline_keyboard"][0][0]
            person.taps(list_["message_id"], button["callback_data"])
    yield


TROUBLES: dict[str, Trouble] = {
    "all is quiet": quiet,
    "one person has written very much": one_writes_much,
    "one person's row is locked": one_is_locked,
    "many tap buttons": many_tap,
}


async def measure(trouble: Trouble, updates: str, size: Size) -> Waits:
    """Let bystanders write and be answered, one after another, while something goes on."""
    async with stage(has_commit_times=True) as set_:
        bystanders = await set_.consumers(BYSTANDERS)
        async with set_.product(updates).running(set_.session), trouble(set_, size):
            waiting = []
            for person in bystanders:
                waiting.append(asyncio.create_task(_writes(person)))
                waiting.append(asyncio.create_task(_is_answered(person)))
                await asyncio.sleep(INTERVAL)
            seconds = await asyncio.gather(*waiting)
    return Waits(seconds[::2], seconds[1::2])


async def _writes(person: Person) -> float:
    text = f"{person.user.first_name} only wants to know one thing."
    said_at = time.time()
    person.says(text)
    return (await commit_times.of([text]))[text] - said_at


async def _is_answered(person: Person) -> float:
    chat = await Chat.get(consumer__telegram_user_id=person.id).select_related("influencer")
    text = f"An answer to {person.user.first_name}."
    await replies.reply(chat, chat.influencer, text)
    replied_at = time.time()
    await person.hears(text, PATIENCE)
    return time.time() - replied_at


async def _tell(updates: list[str], size: Size) -> None:
    print(
        f"{BYSTANDERS} bystanders each; one person's {size.messages} messages; {size.behind} behind a locked row; "
        f"{size.accounts} accounts with {size.taps} taps each"
    )
    print(f"{'seconds':50}{'from writing to commit':>24}{'from answer to call':>24}")
    print(f"{'':50}{'median':>14}{'worst':>10}{'median':>14}{'worst':>10}")
    for way in updates:
        for name, trouble in TROUBLES.items():
            waits = await measure(trouble, way, size)
            columns = "".join(
                f"{statistics.median(seconds):14.3f}{max(seconds):10.3f}"
                for seconds in (waits.writing, waits.answered)
            )
            print(f"{f'by {way}, {name}':50}{columns}", flush=True)


def main() -> None:
    """Measure."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--updates", choices=["webhook", "polling"], help="both, unless one is named")
    parser.add_argument("--messages", type=int, default=Size.messages, help="of one person")
    parser.add_argument("--behind", type=int, default=Size.behind, help="messages behind a locked row")
    parser.add_argument("--accounts", type=int, default=Size.accounts, help="that tap")
    parser.add_argument("--taps", type=int, default=Size.taps, help="of each of them")
    options = vars(parser.parse_args())
    way = options.pop("updates")
    asyncio.run(_tell([way] if way else ["webhook", "polling"], Size(**options)))


if __name__ == "__main__":
    main()

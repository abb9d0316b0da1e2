"""Things that go wrong on purpose, so that a bot can be seen to survive them."""

import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from fnmatch import fnmatch

from simulator.refusals import JSON

Perform = Callable[..., Awaitable[JSON]]  # takes what is to be another parameter than was asked for
Reply = tuple[int, bytes]


class Dropped(ConnectionError):
    """The connection ends without an answer."""


class Silent(TimeoutError):
    """The answer never comes."""


async def _timeout_after_sending(perform: Perform) -> Reply:
    await perform()
    raise Silent("the simulator did it and keeps silent about it")


async def _drop(perform: Perform) -> Reply:
    await perform()
    raise Dropped("the simulator did it and dropped the connection")


async def _drop_before(perform: Perform) -> Reply:
    raise Dropped("the simulator dropped the connection and did nothing")


async def _html(perform: Perform) -> Reply:
    return 502, b"<html><head><title>502 Bad Gateway</title></head><body>502 Bad Gateway</body></html>"


async def _firewall(perform: Perform) -> Reply:
    return 403, b"<html><head><title>403 Forbidden</title></head><body>403 Forbidden</body></html>"


async def _nonsense(perform: Perform) -> Reply:
    await perform()
    return 200, b'{"status": "fine"}'


async def _broken_json(perform: Perform) -> Reply:
    answer = await perform()
    return 200, json.dumps(answer).encode()[:-7]


NAMED: dict[str, Callable[[Perform], Awaitable[Reply]]] = {
    "timeout_after_sending": _timeout_after_sending,
    "drop": _drop,
    "drop_before": _drop_before,
    "html": _html,
    "firewall": _firewall,
    "nonsense": _nonsense,
    "broken_json": _broken_json,
}


# Succeeds, but not in the topic that was asked for.
LANDS_ELSEWHERE = "lands_elsewhere"


@dataclass
class Fault:
    """One thing that will go wrong, a number of times; ``method`` may be a pattern, such as ``send*``."""

    method: str
    answer: JSON | str
    times: int
    chat_id: int | None = None
    words: str = ""
    in_topic: bool = False
    elsewhere: int | None = None

    def strikes(self, method: str, chat_id: str, parameters: JSON) -> bool:
        """Whether it is this call's turn."""
        is_here = self.chat_id is None or str(self.chat_id) == chat_id
        is_meant = not self._needs_topic or parameters.get("message_thread_id") is not None
        is_said = self.words in str(parameters.get("text", ""))
        return is_here and is_meant and is_said and fnmatch(method.lower(), self.method.lower())

    @property
    def _needs_topic(self) -> bool:
        return self.in_topic or self.answer == LANDS_ELSEWHERE


class Faults:
    """The things that will go wrong, first come first served."""

    def __init__(self) -> None:
        self._waiting: list[Fault] = []

    def plan(self, fault: Fault) -> None:
        """Let something go wrong.

        Raises:
            ValueError: nothing goes wrong by this name.
        """
        known = [*NAMED, LANDS_ELSEWHERE]
        if isinstance(fault.answer, str) and fault.answer not in known:
            raise ValueError(f"no fault is called {fault.answer}; there are {', '.join(known)}")
        self._waiting.append(fault)

    @property
    def count(self) -> int:
        """How many things are yet to go wrong."""
        return len(self._waiting)

    def clear(self) -> None:
        """Let everything go well again."""
        self._waiting.clear()

    def next_for(self, method: str, chat_id: str, parameters: JSON) -> Fault | None:
        """What goes wrong with a call, if anything does; it is one less from then on."""
        fault = next((fault for fault in self._waiting if fault.strikes(method, chat_id, parameters)), None)
        if fault:
            fault.times -= 1
            self._waiting = [planned for planned in self._waiting if planned.times > 0]
        return fault


async def reply_with(fault: Fault | None, perform: Perform) -> Reply:
    """Answer a call as planned, or, if nothing is planned, as it should be answered."""
    if fault is None:
        return encoded(await perform())
    if fault.answer == LANDS_ELSEWHERE:
        return encoded(await perform(message_thread_id=fault.elsewhere))
    if isinstance(fault.answer, str):
        return await NAMED[fault.answer](perform)
    return encoded({"ok": False, **fault.answer})


def retry_after(reply: Reply) -> int:
    """The seconds that an answer asks for; mostly none."""
    status, body = reply
    answer: JSON = json.loads(body) if status == 429 else {}
    return int(answer.get("parameters", {}).get("retry_after", 0))


def encoded(answer: JSON) -> Reply:
    """An answer as HTTP status and body."""
    status = 200 if answer["ok"] else int(answer.get("error_code", 400))
    return status, json.dumps(answer, ensure_ascii=False, separators=(",", ":")).encode()

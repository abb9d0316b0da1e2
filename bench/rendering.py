"""How long a text keeps a process busy, by what stands in it: nobody's message may hold up everybody else's.

Run it with: .venv/bin/python -m bench.rendering
"""

import time
from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from types import SimpleNamespace

from aiohttp import web
from aiohttp.test_utils import make_mocked_request

from models import MessageKind
from services.chats.annotations import Annotations
from services.outgoing import splitting
from services.outgoing.deliveries import MAX_PART
from services.outgoing.replies import MAX_REPLY
from services.people.keyring import Keyring
from services.text import spans
from services.text.shortening import utf16_length
from services.text.spans import Span
from web.app import create
from web.pages import chat as chat_page

ROUNDS = 5
PLAIN = "Does it work on sale items? "
DOTS = "a" + "." * (MAX_REPLY - 3) + "x."
HOSTILE = (
    DOTS,
    ".",
    "a.",
    "/",
    "http://",
    "www.",
    "http://a.co/[",
    "a@",
    "a.com ",
    ")",
    '"',
    "🇩🇪",
    "e\u0301",
    "\n ",
)


def measure(name: str, work: Callable[[str], object]) -> None:
    """Print how much longer a hostile text takes than a plain one of its length, and than a quarter of it."""
    plain = _seconds(work, PLAIN, MAX_REPLY)
    print(f"{name}: {plain * 1000:.1f} ms for {MAX_REPLY} plain characters")
    for text in HOSTILE:
        whole, quarter = (_seconds(work, text, length) for length in (MAX_REPLY, MAX_REPLY // 4))
        print(f"  {text[:12]!r:16} {whole / plain:5.1f} times that, {whole / quarter:5.1f} times its own quarter")


def _seconds(work: Callable[[str], object], text: str, length: int) -> float:
    text = (text * length)[:length]
    best = float("inf")
    for _ in range(ROUNDS):
        began = time.perf_counter()
        work(text)
        best = min(best, time.perf_counter() - began)
    return best


def _render(request: web.Request, text: str, span_count: int = 0) -> str:
    now = datetime.now(UTC)
    facts = {"id": "m", "sender_id": "u", "position": 1, "timestamp": now, "edited_at": None, "is_read": True}
    facts |= {
        "kind": MessageKind.TEXT,
        "details": None,
        "forwarded_from": None,
        "quote": None,
        "text": text,
        "formatting": spans.to_json(_formatting(text, span_count)),
        "reply_to_id": None,
        "request_id": None,
        "deleted_at": None,
    }
    chat = SimpleNamespace(id="c", influencer_id="i", consumer=SimpleNamespace(name="Ada", username=None))
    return chat_page.message_partial(request, chat, SimpleNamespace(**facts), Annotations())


def _formatting(text: str, count: int) -> list[Span]:
    """Format a text all over: each span begins in one, ends in another, and is of the next style."""
    length = utf16_length(text) // (count + 2)
    styles = [spans.STYLES[at % len(spans.STYLES)] for at in range(count)]
    return [Span(style, at * length, 2 * length, url="https://a.example") for at, style in enumerate(styles)]


if __name__ == "__main__":
    panel = create(Keyring(b"-" * 32), "http://127.0.0.1")
    render = partial(_render, make_mocked_request("GET", "/", app=panel))
    measure("showing a message", render)
    measure("showing a message with 100 spans", partial(render, span_count=100))
    measure("cutting a reply", partial(splitting.parts, formatting=(), limit=MAX_PART))

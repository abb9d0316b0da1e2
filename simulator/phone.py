"""The phone in the browser: what it asks for and what it is told, as JSON and Server-Sent Events."""

import asyncio
import json
import secrets
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from aiohttp import web

from simulator import profile
from simulator.bot_api import TELEGRAM
from simulator.cards import Card
from simulator.chats import Chat, Record
from simulator.panels import PANELS
from simulator.people import Person
from simulator.refusals import JSON

SECONDS_BETWEEN_HEARTBEATS = 15.0
LONGEST_NAME = 64
ATTACHMENTS = ("photo", "voice", "sticker", "location")
NAMES = ("Lina Berg", "Omar Haddad", "Chloé Martin", "Noah Fischer", "Aiko Mori", "Zoe Novak", "Mateo Cruz")


@dataclass
class Shop:
    """What stands beside the phone."""

    cards: Sequence[Card]
    # Tells a browser that it talks to another world than before, in which nothing it remembers is true.
    world: str = field(default_factory=lambda: secrets.token_hex(4))
    is_open: bool = True


SHOP = web.AppKey("shop", Shop)


def routes() -> list[web.RouteDef]:
    """Everything under /phone."""
    me = "/phone/people/{person}"
    return [
        web.get("/phone/shop", _show_shop),
        web.post("/phone/people", _arrive),
        web.get(f"{me}/events", _watch),
        web.post(f"{me}/name", _rename),
        web.post(f"{me}/start", _start),
        web.post(f"{me}/messages", _say),
        web.post(f"{me}/messages/{{message}}/text", _edit),
        web.post(f"{me}/messages/{{message}}/taps", _tap),
        web.post(f"{me}/attachments", _attach),
        web.post(f"{me}/block", _block),
    ]


async def end_streams(app: web.Application) -> None:
    """Let every tab's stream come to its end."""
    app[SHOP].is_open = False
    for person in app[TELEGRAM].people.values():
        person.chat.changed.notify_all()


async def _show_shop(request: web.Request) -> web.Response:
    shop, bot = request.app[SHOP], request.app[TELEGRAM].bot
    return web.json_response(
        {
            "bot": {"name": bot.first_name, "username": bot.username},
            "cards": [asdict(card) for card in shop.cards],
            "panels": [{"name": each.influencer_name, "path": each.path} for each in request.app[PANELS]],
        }
    )


async def _arrive(request: web.Request) -> web.Response:
    """A tab opens: the person whom it remembers, or a new one."""
    telegram, asked = request.app[TELEGRAM], await _asked(request)
    known = asked.get("id")
    person = telegram.people.get(known) if isinstance(known, int) else None
    if person is None:
        name = _name(asked) or NAMES[len(telegram.people) % len(NAMES)]
        person = telegram.user(*_split(name))
    return web.json_response(_portrait(person))


async def _rename(request: web.Request) -> web.Response:
    person, name = _person(request), _name(await _asked(request))
    if not name:
        raise web.HTTPBadRequest(text="A person needs a name.")
    person.renames(*_split(name))
    return web.json_response(_portrait(person))


async def _start(request: web.Request) -> web.Response:
    person, asked = _person(request), await _asked(request)
    parameter = asked.get("parameter")
    return web.json_response(person.starts(str(parameter) if parameter else None))


async def _say(request: web.Request) -> web.Response:
    person, asked = _person(request), await _asked(request)
    reply_to = asked.get("reply_to")
    if reply_to is not None and reply_to not in person.chat.records:
        raise web.HTTPNotFound(text="The message to reply to is gone.")
    return web.json_response(_sent(person.says, str(asked.get("text", "")), reply_to))


async def _edit(request: web.Request) -> web.Response:
    person, asked = _person(request), await _asked(request)
    return web.json_response(_sent(person.edits, _message_id(request), str(asked.get("text", ""))))


async def _tap(request: web.Request) -> web.Response:
    person, asked = _person(request), await _asked(request)
    if _message_id(request) not in person.chat.records:
        raise web.HTTPNotFound(text="The message is gone.")
    return web.json_response({"id": _sent(person.taps, _message_id(request), str(asked.get("data")))})


async def _attach(request: web.Request) -> web.Response:
    person, kind = _person(request), (await _asked(request)).get("kind")
    if kind not in ATTACHMENTS:
        raise web.HTTPBadRequest(text="The phone has no such thing to send.")
    return web.json_response(_sent(person.sends, kind))


async def _block(request: web.Request) -> web.Response:
    person, asked = _person(request), await _asked(request)
    if asked.get("blocked"):
        person.blocks()
    else:
        person.unblocks()
    return web.json_response({})


async def _watch(request: web.Request) -> web.StreamResponse:
    """Everything that the tab hasn't seen, and then everything that happens: both are the same."""
    person, shop = _person(request), request.app[SHOP]
    response = web.StreamResponse(headers={"Content-Type": "text/event-stream"})
    await response.prepare(request)
    since = _seen(request.headers.get("Last-Event-ID", ""), shop.world)
    while shop.is_open:
        changes = _changes(person, since)
        since = changes["revision"]
        await response.write(f"id: {shop.world}-{since}\ndata: {json.dumps(changes)}\n\n".encode())
        while person.chat.revision == since and shop.is_open:
            await _next_change(person.chat, response)
    return response


async def _next_change(chat: Chat, response: web.StreamResponse) -> None:
    try:
        await asyncio.wait_for(chat.changed.wait(), SECONDS_BETWEEN_HEARTBEATS)
    except TimeoutError:
        await response.write(b": still here\n\n")


def _seen(event_id: str, world: str) -> int:
    known, _, revision = event_id.partition("-")
    return int(revision) if known == world and revision.isdigit() else 0


def _changes(person: Person, since: int) -> JSON:
    chat = person.chat
    return {
        "is_whole": since == 0,
        "revision": chat.revision,
        "messages": [_shown(chat, record) for record in chat.records.values() if record.revision > since],
        "deleted": [message_id for message_id, revision in chat.deleted.items() if revision > since],
        "notices": [asdict(notice) for notice in chat.notices if 0 < since < notice.revision],
        "busy": [{"message_id": tap.message_id, "data": tap.data} for tap in chat.taps.values()],
        "action": chat.action,
        "is_started": chat.is_started,
        "is_blocked": chat.is_blocked,
        "commands": profile.commands_for(person.bot, chat.id, person.user.language_code),
        "description": profile.words_for(person.bot.profile.descriptions, person.user.language_code),
        "person": _portrait(person),
    }


def _shown(chat: Chat, record: Record) -> JSON:
    topic = chat.topics.get(record.message.get("message_thread_id", 0), {})
    return {**record.shown(), "topic": topic.get("name")}


def _portrait(person: Person) -> JSON:
    user = person.user
    return {"id": user.id, "name": " ".join(filter(None, [user.first_name, user.last_name]))}


def _person(request: web.Request) -> Person:
    person_id = request.match_info["person"]
    person = request.app[TELEGRAM].people.get(int(person_id)) if person_id.isdecimal() else None
    if person is None:
        raise web.HTTPNotFound(text="Nobody here by that number.")
    return person


def _message_id(request: web.Request) -> int:
    message_id = request.match_info["message"]
    return int(message_id) if message_id.isdecimal() else 0


async def _asked(request: web.Request) -> JSON:
    try:
        asked = await request.json()
    except ValueError:
        asked = None
    if not isinstance(asked, dict):
        raise web.HTTPBadRequest(text="A JSON object, please.")
    return asked


def _sent(act: Any, *arguments: Any) -> Any:
    """Let a person do something, or say why the phone can't."""
    try:
        return act(*arguments)
    except ValueError as error:
        raise web.HTTPConflict(text=f"{error}") from None


def _name(asked: JSON) -> str:
    return " ".join(str(asked.get("name") or "").split())[:LONGEST_NAME]


def _split(name: str) -> tuple[str, str | None]:
    first, _, last = name.partition(" ")
    return first, last or None

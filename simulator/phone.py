"""The phone in the browser: the shop beside it, whose it is, and what it is told, as Server-Sent Events."""

import asyncio
import json
import secrets
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field

from aiohttp import web

from simulator import controls, deeds, profile
from simulator.bot_api import TELEGRAM
from simulator.cards import Card
from simulator.chats import Chat
from simulator.panels import PANELS
from simulator.people import Person
from simulator.refusals import JSON

SECONDS_BETWEEN_HEARTBEATS = 15.0
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
    return [
        web.get("/phone/shop", _show_shop),
        web.post("/phone/people", _arrive),
        web.get(f"{deeds.ME}/events", _watch),
        *deeds.routes(),
        *controls.routes(),
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
    telegram, asked = request.app[TELEGRAM], await deeds.asked(request)
    known = asked.get("id")
    person = telegram.people.get(known) if isinstance(known, int) else None
    if person is None:
        name = deeds.name_in(asked) or NAMES[len(telegram.people) % len(NAMES)]
        person = telegram.user(*deeds.split(name))
    return web.json_response(deeds.portrait(person))


async def _watch(request: web.Request) -> web.StreamResponse:
    """Everything that the tab hasn't seen, and then everything that happens: both are the same."""
    person, shop = deeds.person(request), request.app[SHOP]
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
        "messages": [record.shown() for record in chat.records.values() if record.revision > since],
        "deleted": [message_id for message_id, revision in chat.deleted.items() if revision > since],
        "notices": [asdict(notice) for notice in chat.notices if 0 < since < notice.revision],
        "busy": [{"message_id": tap.message_id, "data": tap.data} for tap in chat.taps.values()],
        "actions": [{"topic": topic, "action": action} for topic, action in chat.actions.items()],
        "has_topics": person.bot.has_topics_enabled,
        "topics": person.topics,
        "is_started": chat.is_started,
        "is_blocked": chat.is_blocked,
        "commands": profile.commands_for(person.bot, chat.id, person.user.language_code),
        "description": profile.words_for(person.bot.profile.descriptions, person.user.language_code),
        "person": deeds.portrait(person),
    }

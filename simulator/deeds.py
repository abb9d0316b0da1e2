"""What a person does with the phone in the browser, as JSON."""

from typing import Any

from aiohttp import web

from simulator import facts
from simulator.bot_api import TELEGRAM
from simulator.people import Person
from simulator.refusals import JSON, Refusal

ME = "/phone/people/{person}"
LONGEST_NAME = 64
ATTACHMENTS = ("photo", "voice", "sticker", "location")


def routes() -> list[web.RouteDef]:
    """Everything that one can do."""
    message, topic = f"{ME}/messages/{{message}}", f"{ME}/topics/{{topic}}"
    return [
        web.post(f"{ME}/name", _rename),
        web.post(f"{ME}/start", _start),
        web.post(f"{ME}/messages", _say),
        web.post(f"{message}/text", _edit),
        web.post(f"{message}/attachment", _turn),
        web.post(f"{message}/taps", _tap),
        web.post(f"{message}/reaction", _react),
        web.post(f"{message}/deletion", _delete),
        web.post(f"{ME}/attachments", _attach),
        web.post(f"{ME}/topics", _begin_topic),
        web.post(f"{topic}/name", _rename_topic),
        web.post(f"{topic}/deletion", _delete_topic),
        web.post(f"{ME}/block", _block),
    ]


def person(request: web.Request) -> Person:
    """Whose phone it is.

    Raises:
        HTTPNotFound: nobody's.
    """
    person_id = request.match_info["person"]
    found = request.app[TELEGRAM].people.get(int(person_id)) if person_id.isdecimal() else None
    if found is None:
        raise web.HTTPNotFound(text="Nobody here by that number.")
    return found


async def asked(request: web.Request) -> JSON:
    """What the page sends.

    Raises:
        HTTPBadRequest: it is no JSON object.
    """
    try:
        sent = await request.json()
    except ValueError:
        sent = None
    if not isinstance(sent, dict):
        raise web.HTTPBadRequest(text="A JSON object, please.")
    return sent


def portrait(somebody: Person) -> JSON:
    """What the page shows of a person."""
    user = somebody.user
    return {"id": user.id, "name": " ".join(filter(None, [user.first_name, user.last_name]))}


def name_in(sent: JSON) -> str:
    """The name that was sent, in one line."""
    return " ".join(str(sent.get("name") or "").split())[:LONGEST_NAME]


def split(name: str) -> tuple[str, str | None]:
    """A name as first and last name."""
    first, _, last = name.partition(" ")
    return first, last or None


async def _rename(request: web.Request) -> web.Response:
    me, name = person(request), name_in(await asked(request))
    if not name:
        raise web.HTTPBadRequest(text="A person needs a name.")
    me.renames(*split(name))
    return web.json_response(portrait(me))


async def _start(request: web.Request) -> web.Response:
    parameter = (await asked(request)).get("parameter")
    return web.json_response(person(request).starts(str(parameter) if parameter else None))


async def _say(request: web.Request) -> web.Response:
    me, sent = person(request), await asked(request)
    text, reply_to, quote = str(sent.get("text", "")), sent.get("reply_to"), sent.get("quote")
    where = {"topic": sent.get("topic"), "entities": _entities(sent)}
    if reply_to is not None and reply_to not in me.chat.records:
        raise web.HTTPNotFound(text="The message to reply to is gone.")
    if quote:
        said = _done(me.quotes, reply_to, str(quote["text"]), text, position=int(quote["position"]), **where)
    else:
        said = _done(me.says, text, reply_to, **where)
    return web.json_response(said)


async def _edit(request: web.Request) -> web.Response:
    me, sent = person(request), await asked(request)
    text = str(sent.get("text", ""))
    return web.json_response(_done(me.edits, _number(request, "message"), text, entities=_entities(sent)))


async def _turn(request: web.Request) -> web.Response:
    me, sent = person(request), await asked(request)
    message_id = _number(request, "message")
    words = me.chat.records[message_id].message.get("text") if message_id in me.chat.records else None
    return web.json_response(_done(me.turns_into, message_id, _kind(sent), words))


async def _tap(request: web.Request) -> web.Response:
    me, sent = person(request), await asked(request)
    return web.json_response({"id": _done(me.taps, _message(request, me), str(sent.get("data")))})


async def _react(request: web.Request) -> web.Response:
    me, sent = person(request), await asked(request)
    _done(me.reacts, _message(request, me), sent.get("emoji") or None)
    return web.json_response({})


async def _delete(request: web.Request) -> web.Response:
    me = person(request)
    me.deletes(_message(request, me))
    return web.json_response({})


async def _attach(request: web.Request) -> web.Response:
    me, sent = person(request), await asked(request)
    return web.json_response(_done(me.sends, _kind(sent), topic=sent.get("topic")))


async def _begin_topic(request: web.Request) -> web.Response:
    me, name = person(request), name_in(await asked(request))
    return web.json_response({"id": _done(me.begins_topic, name or "New topic")})


async def _rename_topic(request: web.Request) -> web.Response:
    me, name = person(request), name_in(await asked(request))
    topic = _topic(request, me)
    if name and name != me.chat.topics[topic]["name"]:
        me.renames_topic(topic, name)
    return web.json_response({})


async def _delete_topic(request: web.Request) -> web.Response:
    me = person(request)
    me.deletes_topic(_topic(request, me))
    return web.json_response({})


async def _block(request: web.Request) -> web.Response:
    me, sent = person(request), await asked(request)
    if sent.get("blocked"):
        me.blocks()
    else:
        me.unblocks()
    return web.json_response({})


def _number(request: web.Request, name: str) -> int:
    number = request.match_info[name]
    return int(number) if number.isdecimal() else 0


def _message(request: web.Request, me: Person) -> int:
    message_id = _number(request, "message")
    if message_id not in me.chat.records:
        raise web.HTTPNotFound(text="The message is gone.")
    return message_id


def _topic(request: web.Request, me: Person) -> int:
    topic = _number(request, "topic")
    if topic not in me.chat.topics:
        raise web.HTTPNotFound(text="The topic is gone.")
    return topic


def _kind(sent: JSON) -> str:
    kind = sent.get("kind")
    if kind not in ATTACHMENTS:
        raise web.HTTPBadRequest(text="The phone has no such thing to send.")
    return str(kind)


def _entities(sent: JSON) -> list[JSON]:
    entities: list[JSON] = sent.get("entities") or []
    if facts.problems_with(entities, "Array of MessageEntity", "entities"):
        raise web.HTTPBadRequest(text="Formatting as the Bot API has it, please.")
    return entities


def _done(act: Any, *arguments: Any, **options: Any) -> Any:
    """Let a person do something, or say why the phone can't."""
    try:
        return act(*arguments, **options)
    except (ValueError, Refusal) as error:
        raise web.HTTPConflict(text=f"{error}") from None

"""What a server leaves out, or says otherwise than our library expects, costs nothing but itself."""

import copy
import json
from collections.abc import Iterator
from typing import Any, get_args, get_origin, get_type_hints

import pytest
import telegram
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from telegram import Message, MessageOrigin, PaidMedia, TelegramObject, Update

from bot.reading.contents import KINDS
from bot.reading.mending import update_of
from bot.reading.messages import incoming_of
from models import Message as OurMessage
from models import MessageKind, Peer
from services.incoming import quarantine
from services.incoming.placement import AsOf
from services.media.contents import Content, content_of, stored_details, stored_quote
from services.media.details import Poll
from simulator import Telegram
from tests import cast
from tests.bot.conftest import create

POLL = {
    "id": "1",
    "question": "Which colour?",
    "options": [{"text": "Red", "voter_count": 0}, {"text": "Blue"}],
    "total_voter_count": 0,
    "is_closed": False,
    "is_anonymous": True,
    "type": "regular",
    "allows_multiple_answers": False,
}


async def test_an_older_servers_poll_is_read(phone, shoes):
    await phone.opens(shoes)
    await phone.tells(poll=POLL)
    message = await OurMessage.get()
    assert content_of(message) == Content(MessageKind.POLL, Poll("Which colour?", ("Red", "Blue")))


UNREADABLE = {
    "poll": ({"poll": "soon"}, "poll"),
    "poll of another age": ({"poll": {"question": "Which colour?", "options": 7}}, "poll"),
    "photo": ({"photo": [{}, 5]}, "photo"),
    "photos": ({"photo": 5}, "photo"),
    "story": ({"story": {}}, "story"),
    "place": ({"location": {"latitude": "here"}}, "location"),
    "formatting": ({"text": "Hello", "entities": [{"type": "bold"}, {"type": "text_link", "offset": 1}]}, "text"),
    "formatting of another age": ({"text": "Hello", "entities": {"bold": 1}}, "text"),
    "keyboard": ({"text": "Hello", "reply_markup": {"inline_keyboard": [[{}]]}}, "text"),
    "reply": ({"text": "Hello", "reply_to_message": {"text": "cut off"}}, "text"),
    "quote": ({"text": "Hello", "quote": 5, "external_reply": {"origin": 7}}, "text"),
    "forward": ({"text": "Hello", "forward_origin": "afar"}, "text"),
    "preview": ({"text": "Hello", "link_preview_options": 1}, "text"),
    "date": ({"text": "Hello", "forward_origin": {"type": "hidden_user", "date": 2**70}}, "text"),
}


@pytest.mark.parametrize(("content", "kind"), UNREADABLE.values(), ids=UNREADABLE)
async def test_what_cannot_be_read_of_a_message_costs_only_itself(door, phone, shoes, content, kind):
    await phone.opens(shoes)
    await phone.tells(caption="See here", **content)
    assert not await quarantine.updates()
    message = await OurMessage.get()
    assert (message.kind, message.text) == (kind, content.get("text", "See here"))


async def test_a_reply_leads_to_its_chat_though_what_it_replies_to_cannot_be_read(door, phone, shoes, hats):
    header = await phone.opens(shoes)
    await phone.opens(hats)
    await door.delivered()
    await phone.tells(text="These", reply_to_message={**header, "from": 5, "poll": POLL, "entities": "bold"})
    assert await door.said(shoes) == ["These"]


@pytest.mark.parametrize("missing", ["chat_instance", "message"])
async def test_a_tap_is_read_without_what_we_need_not_know(door, phone, shoes, missing):
    await phone.opens(shoes)
    query_id = phone.person.bot.asks(phone.person.chat, (await phone.last())["message_id"], "x")
    query = {"id": query_id, "from": phone.person.user.facts(), "message": await phone.last(), "chat_instance": "1"}
    del query[missing]
    await door.receives("callback_query", {**query, "data": "x"})
    assert not await quarantine.updates()


@pytest.mark.parametrize("odd", [{"message_id": "x"}, {"message_id": [5]}, {"message_id": 2**70}])
async def test_a_tap_under_a_message_without_a_number_asks_telegram_for_nothing_odd(door, phone, shoes, odd):
    await phone.opens(shoes)
    message = {**await phone.last(), **odd}
    query = {"id": "5", "from": phone.person.user.facts(), "message": message, "chat_instance": "1"}
    await door.receives("callback_query", {**query, "data": "chats:0"})
    await door.delivered()
    assert door.telegram.complaints == []


async def test_being_blocked_is_noticed_whatever_else_a_server_tells(door, phone, shoes):
    await phone.opens(shoes)
    chat, bot = phone.person.chat.facts, {"id": cast.BOT_ID, "is_bot": True}
    members = {"old_chat_member": {"status": "member"}, "new_chat_member": {"status": "kicked", "user": bot}}
    await door.receives("my_chat_member", {"chat": chat, "from": {"id": phone.person.id}, "date": 1, **members})
    assert (await Peer.get()).is_blocked


FACTS = {"message_id": 5, "date": 1, "chat": {"id": 7, "type": "private"}, "from": {"id": 7, "is_bot": False}}
IDENTITY = {"id", "date", "chat", "message_id", "from"}
SORTS = {MessageOrigin: ("user", "hidden_user", "chat", "channel"), PaidMedia: ("preview", "photo", "video")}


def _sample(kind: Any, sort: str | None = None, depth: int = 3) -> Any:
    """Make an example of one of Telegram's things, with all that our library knows of it."""
    made: dict[str, Any] = {"type": sort} if sort else {}
    for each in [kind, *kind.__subclasses__()] if sort else [kind]:
        for name, hint in get_type_hints(each.__init__, localns=vars(telegram)).items():
            value = _value(hint, depth) if name not in ("return", "api_kwargs", "type") else None
            if value is not None:
                made["from" if name == "from_user" else name] = value
    return made


def _value(hint: Any, depth: int) -> Any:
    if isinstance(hint, type) and issubclass(hint, TelegramObject):
        is_told = depth and not issubclass(hint, telegram.MaybeInaccessibleMessage)
        return _sample(hint, SORTS.get(hint, [None])[0], depth - 1) if is_told else None
    if get_origin(hint) is not None and "Sequence" in str(get_origin(hint)):
        value = _value(get_args(hint)[0], depth)
        return None if value is None else [value]
    if get_args(hint):
        return next((value for part in get_args(hint) if (value := _value(part, depth)) is not None), None)
    return {str: "text", int: 1, float: 1.5, bool: True}.get(hint, 1 if "date" in str(hint) else None)


def _contents() -> Iterator[tuple[str, Any]]:
    """Give every thing that can stand in a message, in each of its sorts."""
    for name, hint in get_type_hints(Message.__init__, localns=vars(telegram)).items():
        if name in ("return", "api_kwargs", "from_user", "chat", "reply_to_message", "pinned_message"):
            continue
        kinds = [
            part for part in (hint, *get_args(hint)) if isinstance(part, type) and issubclass(part, TelegramObject)
        ]
        for sort in SORTS.get(kinds[0], [None]) if kinds else []:
            yield name, _sample(kinds[0], sort)
    yield "photo", [_sample(telegram.PhotoSize)]
    yield "entities", [_sample(telegram.MessageEntity)]
    yield "paid_media", {"star_count": 1, "paid_media": [_sample(PaidMedia, sort) for sort in SORTS[PaidMedia]]}


def _with_one_left_out(content: Any) -> Iterator[tuple[str, Any]]:
    """Leave out each field in turn, however deep it is, but for what says which thing it is."""
    for way in _ways(content):
        cut = copy.deepcopy(content)
        inner = cut
        for step in way[:-1]:
            inner = inner[step]
        if way[-1] not in IDENTITY:
            del inner[way[-1]]
            yield ".".join(map(str, way)), cut


def _ways(content: Any) -> Iterator[tuple[Any, ...]]:
    for name, part in content.items() if isinstance(content, dict) else enumerate(content):
        if isinstance(content, dict):
            yield (name,)
        if isinstance(part, dict | list):
            yield from ((name, *way) for way in _ways(part))


CONTENTS = list(_contents())


@pytest.mark.parametrize(("name", "content"), CONTENTS, ids=[name for name, _ in CONTENTS])
async def test_whatever_field_is_left_out_the_rest_is_read(sleeping, name, content):
    whole = _read(sleeping.bot.bot, name, content)
    for left_out, cut in _with_one_left_out(content):
        read = _read(sleeping.bot.bot, name, cut)
        assert read.text == whole.text, left_out
        assert read.kind == whole.kind or name not in KINDS, left_out
        lost = _facts(whole) - _facts(read)
        assert len({name for name, _ in lost} - {"longitude"}) <= 1, left_out


FIELDS = [name for name in get_type_hints(Message.__init__, localns=vars(telegram)) if name not in FACTS]
WORDS = (
    "text",
    "type",
    "url",
    "offset",
    "length",
    "message_id",
    "chat",
    "id",
    "title",
    "location",
    "options",
    "quote",
)
oddities = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.sampled_from(WORDS), inner, max_size=4),
)


@pytest.fixture
def stand_in():
    return create(Telegram(cast.BOT_TOKEN)).bot


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.dictionaries(st.sampled_from([*FIELDS, "hologram", "forward_from"]), oddities, min_size=1, max_size=3))
@example({"from_user": None, "api_kwargs": None})
@example({"self": {}})
@example({"reply_to_message": {**FACTS, "api_kwargs": {}, "self": 1}})
def test_whatever_stands_in_a_message_it_is_read(stand_in, content):
    update = update_of({"update_id": 1, "message": {**FACTS, **content}}, stand_in)
    incoming = incoming_of(update.message, AsOf(1))
    assert incoming.text.encode() is not None
    assert json.dumps([stored_details(incoming.content), stored_quote(incoming.quote)], allow_nan=False)
    assert all(str(value).encode() is not None for file in incoming.content.files for value in file.facts.values())


def _read(bot, name, content):
    caption = {} if name == "entities" else {"caption": "See here"}
    text = {"text": "Hello"} if name == "entities" else {}
    raw = {"update_id": 1, "message": {**FACTS, **caption, **text, name: content}}
    update = update_of(raw, bot)
    assert isinstance(update, Update)
    return incoming_of(update.message, AsOf(1))


def _facts(incoming):
    """Give what is kept of what stands in a message itself, and not in a part of it."""
    kept = [stored_details(incoming.content) or {}, *(file.facts for file in incoming.content.files)]
    kept += [{"forwarded_from": incoming.forwarded_from}, stored_quote(incoming.quote) or {}]
    facts = {name: value for facts in kept for name, value in facts.items()}
    is_flat = all(not isinstance(value, dict | list) for value in facts.values())
    return set(facts.items()) if is_flat else set()


def test_the_sweep_leaves_nothing_out():
    names = {name for name, _ in CONTENTS}
    assert {
        "poll",
        "venue",
        "contact",
        "giveaway",
        "forward_origin",
        "external_reply",
        "quote",
        "checklist",
    } <= names
    assert len(CONTENTS) > 50
    assert len([each for _, content in CONTENTS for each in _with_one_left_out(content)]) > 300

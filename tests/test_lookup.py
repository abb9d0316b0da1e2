"""Rules: all that decides where a message belongs is found at once, and nothing that doesn't."""

import pytest

from database.transactions import transaction
from models import Chat
from services import telegram_messages
from services.incoming import lookup, topics
from services.outgoing import replies
from tests import cast

TOPIC, ALBUM, REPLIED, HELD, IN_ALBUM = 77, "an album", 501, 502, 503


@pytest.fixture
async def hats(maya, chat, peer) -> Chat:
    """Ada's second chat, in which she is; the first one's influencer has spoken since."""
    hats = await cast.chat(await cast.coupon(maya, "Hats"), peer)
    await replies.reply(await Chat.get(id=chat.id), maya, "Still interested?")
    return hats


async def test_of_a_plain_message_nothing_is_known_but_which_chat_is_open(chat, peer):
    assert await _facts(peer) == {"opened": chat.id}


async def test_a_chat_is_found_with_all_that_its_row_says(chat, peer):
    found = (await lookup.find(peer, cast.as_of())).opened.chat
    kept = await Chat.get(id=chat.id)
    names = Chat._meta.fields_db_projection
    assert [getattr(found, name) for name in names] == [getattr(kept, name) for name in names]


async def test_of_a_message_that_has_everything_all_is_found(chat, hats, peer):
    for number, changes in (
        (REPLIED, {"reply_to_telegram_message_id": await _number_of_something_said_in(chat, peer)}),
        (HELD, {}),
        (IN_ALBUM, {"reply_to_telegram_message_id": REPLIED, "album_id": ALBUM}),
    ):
        await cast.says(peer, "Hello", telegram_message_id=number, **changes)
    async with transaction():
        await topics.bind(peer, TOPIC, hats)
    always = {"opened": hats.id, "interruption": None}
    of_reply = {"replied": chat.id, "several_chats": None}
    everything = {"telegram_topic_id": TOPIC, "album_id": ALBUM, "reply_to_telegram_message_id": REPLIED}
    assert await _facts(peer, telegram_message_id=IN_ALBUM + 1, **everything) == always | of_reply | {
        "topic": hats.id,
        "album": chat.id,
    }
    assert await _facts(peer, reply_to_telegram_message_id=HELD) == always | {
        "held_replied": None,
        "several_chats": None,
    }
    assert await _facts(peer, telegram_message_id=HELD) == always | {"held": None}
    assert await _facts(peer, telegram_message_id=REPLIED) == always | {"known": chat.id}


async def test_what_is_somebody_elses_is_not_found(chat, peer):
    ben = await cast.peer(7002, "Ben")
    await cast.says(peer, "Hello", telegram_message_id=REPLIED)
    assert await _facts(ben, telegram_message_id=REPLIED, reply_to_telegram_message_id=REPLIED) == {}


async def _number_of_something_said_in(chat, peer) -> int:
    await telegram_messages.remember(peer, 400, chat.id, None)
    return 400


async def _facts(peer, **changes) -> dict[str, str | None]:
    """Name what is found of a message, with the ids of the chats."""
    incoming = cast.incoming("Hello", **changes)
    found = vars(await lookup.find(peer, incoming.as_of, incoming))
    return {name: fact.chat and fact.chat.id for name, fact in found.items() if fact}

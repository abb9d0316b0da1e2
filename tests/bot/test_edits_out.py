"""An influencer edits, deletes and quotes: what the consumer's phone shows in the end."""

from collections.abc import Sequence

import pytest

from models import Chat, Delivery, Message, Peer, TelegramMessage
from services import access
from services.outgoing import edits, moving
from services.text.spans import Span
from tests import cast
from tests.bot.conftest import delivering

SHORT = "In short: yes."
LONG = "".join(f"{number}. A long story, told in short sentences.\n" for number in range(150))  # two parts
LONGER = "".join(f"{number}. An even longer story, told in as short ones.\n" for number in range(200))  # three


async def changes(message: Message, text: str, formatting: Sequence[Span] = ()) -> None:
    await edits.edit(await _chat_of(message), message, text, formatting)


async def deletes(message: Message) -> None:
    await edits.delete(await _chat_of(message), message)


async def _chat_of(message: Message) -> Chat:
    return await access.chat_for(message.sender_id, (await Message.get(id=message.id)).chat_id)


async def shown(phone) -> list[str]:
    """List what the bot has said since the chat was opened, as it stands on the phone."""
    return (await phone.heard())[1:]


async def test_an_edited_reply_is_edited_on_the_phone(door, phone, shoes):
    await phone.opens(shoes)
    message = await door.answers(shoes, "In shrt: yes.")
    assert await shown(phone) == ["In shrt: yes."]
    await changes(message, SHORT, [Span("bold", 0, 2)])
    assert await shown(phone) == [SHORT]
    assert (await phone.last())["entities"] == [{"type": "bold", "offset": 0, "length": 2}]
    assert len(door.calls("sendMessage")) == 2


@pytest.mark.parametrize("texts", [(SHORT, LONG), (LONG, SHORT), (LONG, LONGER, SHORT, LONG), (LONGER, LONG)])
async def test_a_reply_of_several_parts_becomes_shorter_and_longer(door, phone, shoes, texts):
    await phone.opens(shoes)
    message = await door.answers(shoes, texts[0])
    await door.delivered()
    for text in texts[1:]:
        await changes(message, text)
        assert _joined(await shown(phone)) == _joined([text])
    assert (await Message.get(id=message.id)).edit_error is None


@pytest.mark.parametrize("text", [SHORT, LONGER])
async def test_a_reply_that_is_edited_before_it_is_sent_is_sent_as_it_is_then(sleeping, shoes, text):
    phone = sleeping.phone()
    await phone.starts(f"c_{shoes.id}")
    message = await sleeping.answers(shoes, LONG)
    await changes(message, text)
    async with delivering(sleeping.bot):
        assert _joined(await shown(phone)) == _joined([text])
    assert not sleeping.calls("editMessageText")
    assert (await Message.get(id=message.id)).delivery_state == "sent"


FAULTS = [
    "timeout_after_sending",
    "drop",
    "broken_json",
    {"error_code": 429, "description": "Too Many Requests: retry after 0", "parameters": {"retry_after": 0}},
    {"error_code": 502, "description": "Bad Gateway"},
]


@pytest.mark.parametrize("fault", FAULTS, ids=str)
@pytest.mark.parametrize("method", ["editMessageText", "deleteMessage"])
async def test_a_change_is_made_whatever_happens_on_its_way(door, phone, shoes, fault, method):
    await phone.opens(shoes)
    message = await door.answers(shoes, LONG)
    await door.delivered()
    door.telegram.fail_next(method, fault)
    await changes(message, SHORT)
    assert await shown(phone) == [SHORT]
    kept = await Message.get(id=message.id)
    assert (kept.edit_error, kept.may_be_doubled) == (None, False)


@pytest.mark.parametrize("fault", FAULTS, ids=str)
async def test_an_added_part_arrives_whatever_happens_on_its_way(door, phone, shoes, fault):
    await phone.opens(shoes)
    message = await door.answers(shoes, SHORT)
    await door.delivered()
    door.telegram.fail_next("sendMessage", fault)
    await changes(message, LONG)
    said = await shown(phone)
    assert _joined(dict.fromkeys(said)) == _joined([LONG])
    is_surely_unsent = isinstance(fault, dict) and fault["error_code"] == 429
    assert (await Message.get(id=message.id)).may_be_doubled is not is_surely_unsent


async def test_an_added_part_is_known_and_can_be_changed_and_replied_to(door, phone, shoes, hats):
    await phone.opens(shoes)
    message = await door.answers(shoes, SHORT)
    await door.delivered()
    await changes(message, LONG)
    added = await phone.last()
    await phone.opens(hats)
    await phone.says("That is about the shoes", reply_to=added["message_id"])
    assert await door.said(shoes) == [LONG.rstrip(), "That is about the shoes"]
    rows = await TelegramMessage.filter(message_id=message.id).order_by("part")
    assert [row.part for row in rows] == [1, 2]


REFUSED = [
    ("message to edit not found", "message_gone"),
    ("message can't be edited", "not_editable"),
    ("something new", "refused"),
]


@pytest.mark.parametrize(("description", "reason"), REFUSED)
async def test_what_is_refused_for_good_is_told_until_the_next_change(door, phone, shoes, description, reason):
    await phone.opens(shoes)
    message = await door.answers(shoes, "In shrt: yes.")
    await door.delivered()
    door.telegram.fail_next("editMessageText", {"error_code": 400, "description": f"Bad Request: {description}"})
    await changes(message, "In short: no.")
    await door.delivered()
    kept = await Message.get(id=message.id)
    assert (kept.edit_error, kept.delivery_state, kept.text) == (reason, "sent", "In short: no.")
    await changes(message, SHORT)
    assert await shown(phone) == [SHORT]
    assert (await Message.get(id=message.id)).edit_error is None


async def test_a_change_keeps_the_label_that_stands_there(door, phone, shoes, hats):
    await phone.opens(shoes)
    await phone.opens(hats)
    labelled = await door.answers(shoes, "In red")
    plain = await door.answers(shoes, "And blue")
    await door.delivered()
    await changes(labelled, "In green")
    await changes(plain, "And yellow")
    assert (await phone.heard())[2:] == ["Re: Shoes\nIn green", "And yellow"]


async def test_a_change_does_not_move_what_is_written_without_saying_where(door, phone, shoes):
    tea = await cast.coupon(await cast.outsider(), "Tea")
    await phone.opens(shoes)
    message = await door.answers(shoes, "In red")
    await phone.opens(tea)
    await door.delivered()
    spoken = (await Peer.get()).spoken_chat_id
    await changes(message, "In green")
    await door.delivered()
    assert (await Peer.get()).spoken_chat_id == spoken
    await phone.says("Is it black tea?")
    assert await door.said(tea) == ["Is it black tea?"]


@pytest.mark.parametrize("text", [SHORT, LONG])
async def test_what_is_deleted_is_gone_from_the_phone(door, phone, shoes, text):
    await phone.opens(shoes)
    message = await door.answers(shoes, text)
    await door.answers(shoes, "Something else")
    await door.delivered()
    await deletes(message)
    assert await shown(phone) == ["Something else"]
    assert (await Message.get(id=message.id)).edit_error is None


async def test_what_is_deleted_before_it_is_sent_never_arrives(sleeping, shoes):
    phone = sleeping.phone()
    await phone.starts(f"c_{shoes.id}")
    message = await sleeping.answers(shoes, LONG)
    await sleeping.answers(shoes, "Something else")
    await deletes(message)
    async with delivering(sleeping.bot):
        assert await shown(phone) == ["Something else"]


@pytest.mark.parametrize("description", ["message to delete not found", "message can't be deleted for everyone"])
async def test_what_the_consumer_has_deleted_is_deleted_and_what_can_t_be_says_so(door, phone, shoes, description):
    await phone.opens(shoes)
    message = await door.answers(shoes, SHORT)
    await door.delivered()
    door.telegram.fail_next("deleteMessage", {"error_code": 400, "description": f"Bad Request: {description}"})
    await deletes(message)
    await door.delivered()
    kept = await Message.get(id=message.id)
    assert kept.deleted_at
    assert kept.edit_error == (None if "not found" in description else "not_deletable")


async def test_a_change_of_what_was_moved_is_made_once_and_known_in_its_new_chat(door, phone, shoes, hats):
    await phone.opens(hats)
    await phone.opens(shoes)
    message = await door.answers(shoes, SHORT)
    await door.delivered()
    to = await Chat.get(coupon_id=hats.id).select_related("influencer")
    await moving.move(await _chat_of(message), message, to, to.influencer, all_since=False)
    await changes(message, LONG)
    await phone.heard()
    rows = await TelegramMessage.filter(message_id=message.id)
    assert [(row.chat_id, row.part) for row in rows] == [(to.id, 1), (to.id, 2)]
    assert not await Delivery.exists(state="failed")


def _joined(parts) -> str:
    """Put together what parts say: between them a line ends."""
    return "\n".join(part.strip("\n") for part in parts).rstrip()


NO_THREAD = {"error_code": 400, "description": "Bad Request: message thread not found"}


@pytest.fixture
async def in_topics(door, phone, shoes):
    """Ada's chat lives in a topic, whose id this is."""
    door.telegram.bot.has_topics_enabled = True
    await door.bot.look_for_topics()
    await phone.opens(shoes)
    await door.delivered()
    [topic] = phone.person.topics
    return topic["message_thread_id"]


async def test_a_part_is_added_in_the_topic_of_its_chat(door, phone, shoes, in_topics):
    message = await door.answers(shoes, SHORT)
    await door.delivered()
    await changes(message, LONG)
    await door.delivered()
    parts = [said for said in phone.person.messages if "long story" in said.get("text", "")]
    assert [part["message_thread_id"] for part in parts] == [in_topics, in_topics]
    assert _joined(part["text"] for part in parts) == LONG.rstrip()
    await deletes(message)
    await door.delivered()
    assert not [said for said in phone.person.messages if "long story" in said.get("text", "")]


async def test_a_part_that_is_added_to_a_topic_that_is_gone_is_said_outside_with_its_label(
    door, phone, shoes, in_topics
):
    message = await door.answers(shoes, SHORT)
    await door.delivered()
    door.telegram.fail_next(
        "sendMessage", {"error_code": 400, "description": "Bad Request: message thread not found"}
    )
    await changes(message, LONG)
    await door.delivered()
    first, added = [said for said in phone.person.messages if "long story" in said.get("text", "")]
    assert first["message_thread_id"] == in_topics
    assert "message_thread_id" not in added
    assert added["text"].startswith("Re: Shoes\n")
    await changes(message, LONGER)
    await door.delivered()
    texts = [said["text"] for said in phone.person.messages if "even longer story" in said.get("text", "")]
    assert [text.startswith("Re: Shoes\n") for text in texts] == [False, True, False]
    assert _joined(text.removeprefix("Re: Shoes\n") for text in texts) == LONGER.rstrip()

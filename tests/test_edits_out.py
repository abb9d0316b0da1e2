"""Rules: what an influencer changes of what they have said, and takes back."""

import asyncio
import contextvars
from datetime import timedelta

import pytest

from bot.outbox import results
from database import clock
from models import Chat, Delivery, DeliveryState, Message, Peer, TelegramMessage, Version
from services.errors import AlreadyDeleted, EmptyText, NotFailed, NotFound, NotOwn, TextTooLong, TooLate
from services.outgoing import due, edits, payloads, replies, sending
from services.outgoing.payloads import Part, PartEdit
from services.outgoing.sending import Arrival
from services.text.spans import Span
from tests import cast

SHORT = "In short: yes."
LONG = "A long story, told in short sentences. " * 150  # two parts
LONGER = "A longer story, told in as short sentences. " * 220  # three


@pytest.fixture
async def chat(chat, peer) -> Chat:
    """The chat, of which nothing is owed."""
    await Delivery.all().delete()
    await Peer.filter(id=peer.id).update(next_due_at=None)
    return await Chat.get(id=chat.id).select_related("coupon", "consumer", "influencer")


async def owed() -> list[tuple[str, int]]:
    """List what is to be said or changed, in its order, and which part that is."""
    waiting = await Delivery.filter(state__in=sending.PENDING).order_by("sequence")
    found = [payloads.read(each.kind, each.payload) for each in waiting]
    return [(type(each).__name__, each.number) for each in found if isinstance(each, Part | PartEdit)]


async def arrives(peer: Peer, *telegram_message_ids: int) -> None:
    """Let what is owed arrive, one after another."""
    for telegram_message_id in telegram_message_ids:
        await results.sent(await cast.next_step(peer), Arrival([telegram_message_id]))


async def fails(peer: Peer, reason: str = "refused") -> None:
    assert await results.failed(await cast.next_step(peer), reason)


async def test_what_has_arrived_is_changed_and_what_it_said_is_kept(maya, peer, chat):
    message = await replies.reply(chat, maya, "In shrt: yes.")
    await arrives(peer, 501)
    before = await Chat.get(id=chat.id)
    changed = await edits.edit(chat, message, SHORT, [Span("bold", 3, 5)])
    assert (changed.text, changed.formatting) == (SHORT, [{"style": "bold", "start": 3, "length": 5}])
    kept = await Message.get(id=message.id)
    assert kept.edited_at
    assert (kept.text, kept.delivery_state) == (SHORT, DeliveryState.SENT)
    assert [version.text for version in await Version.filter(message_id=message.id)] == ["In shrt: yes."]
    assert await owed() == [("PartEdit", 1)]
    after = await Chat.get(id=chat.id)
    assert (after.updated_at, after.last_message_id) == (before.updated_at, before.last_message_id)
    assert after.revision > before.revision


async def test_a_change_says_nothing_new_at_the_bottom(maya, peer, chat):
    message = await replies.reply(chat, maya, SHORT)
    await arrives(peer, 501)
    hats = await cast.chat(await cast.coupon(maya, "Hats"), peer)
    await replies.reply(await Chat.get(id=hats.id), maya, "Red ones")
    shown = (await Peer.get(id=peer.id)).shown_chat_id
    await edits.edit(chat, message, "In short: no.")
    assert (await Peer.get(id=peer.id)).shown_chat_id == shown == hats.id
    assert not await Delivery.exists(kind="message_edit", message_id__isnull=False)


async def test_the_same_text_changes_nothing(maya, peer, chat):
    message = await replies.reply(chat, maya, SHORT, formatting=[Span("bold", 0, 2)])
    await arrives(peer, 501)
    await edits.edit(chat, message, SHORT + "\r\n", [Span("bold", 0, 1), Span("bold", 1, 1)])
    assert await owed() == []
    assert not await Version.exists()
    assert (await Message.get(id=message.id)).edited_at is None


async def test_other_formatting_is_a_change(maya, peer, chat):
    message = await replies.reply(chat, maya, SHORT)
    await arrives(peer, 501)
    await edits.edit(chat, message, SHORT, [Span("bold", 0, 2)])
    assert await owed() == [("PartEdit", 1)]


async def test_a_text_that_becomes_longer_gets_more_parts_and_one_that_becomes_shorter_fewer(maya, peer, chat):
    message = await replies.reply(chat, maya, LONG)
    await arrives(peer, 501, 502)
    await edits.edit(chat, message, LONGER)
    assert await owed() == [("PartEdit", 1), ("PartEdit", 2), ("PartEdit", 3)]
    await arrives(peer, 501, 502, 503)
    assert [row.part for row in await TelegramMessage.filter(message_id=message.id).order_by("part")] == [1, 2, 3]
    await edits.edit(chat, message, SHORT)
    assert await owed() == [("PartEdit", 1), ("PartEdit", 2), ("PartEdit", 3)]


async def test_what_waits_says_the_new_text_by_itself(maya, peer, chat):
    message = await replies.reply(chat, maya, LONG)
    await edits.edit(chat, message, LONGER)
    assert await owed() == [("Part", 1), ("Part", 2), ("PartEdit", 3)]
    step = await cast.next_step(peer)
    assert step.message is not None
    assert (step.message.text, step.part_count) == (LONGER.rstrip(), 3)


async def test_what_is_being_sent_is_changed_behind_itself(maya, peer, chat):
    message = await replies.reply(chat, maya, LONG)
    step = await cast.next_step(peer)
    await edits.edit(chat, message, SHORT)
    assert await owed() == [("Part", 1), ("Part", 2), ("PartEdit", 1)]
    await results.sent(step, Arrival([501]))
    assert (await cast.next_step(peer)).payload == Part(2, 1)


async def test_a_change_that_waits_says_what_the_message_says_then(maya, peer, chat):
    message = await replies.reply(chat, maya, SHORT)
    await arrives(peer, 501)
    await edits.edit(chat, message, "In short: no.")
    await edits.edit(chat, message, "In short: perhaps.")
    assert await owed() == [("PartEdit", 1)]
    await cast.next_step(peer)
    await edits.edit(chat, message, "In short: ask me later.")
    assert await owed() == [("PartEdit", 1), ("PartEdit", 1)]
    assert await Version.all().count() == 3


async def test_what_is_about_to_begin_is_not_begun_as_it_was_before(maya, peer, chat, monkeypatch):
    """A look sees what was, and may find the peer free right behind a change of what waits there."""
    message = await replies.reply(chat, maya, SHORT)
    slow = _slowly(due._beginning())
    monkeypatch.setattr(due, "_beginning", lambda: slow)
    looking = asyncio.create_task(cast.next_step_if_due(peer), context=contextvars.copy_context())
    await asyncio.sleep(0.2)
    await edits.edit(chat, message, "In short: no.")
    assert await looking is None
    monkeypatch.undo()
    step = await cast.next_step(peer)
    assert step.message is not None
    assert step.message.text == "In short: no."


def _slowly(statement: str) -> str:
    """Let a statement see what is there now, and look for peers a while later."""
    slept = "WITH slept AS MATERIALIZED (SELECT pg_sleep(0.6) IS NULL AS is_awake), fresh AS ("
    found = """"nextDueAt" <= $2 AND id <> ALL($5)\n            ORDER BY"""
    assert statement.count(found) == 2
    awake = (
        """"nextDueAt" <= $2 AND (SELECT is_awake FROM slept) IS NOT NULL AND id <> ALL($5)\n            ORDER BY"""
    )
    return statement.replace("WITH fresh AS (", slept).replace(found, awake)


async def test_two_changes_at_once_are_both_kept_and_one_of_them_stands(maya, peer, chat):
    message = await replies.reply(chat, maya, SHORT)
    await arrives(peer, 501)
    texts = [f"In short: {number}" for number in range(8)]
    await asyncio.gather(*[
        asyncio.create_task(edits.edit(chat, message, text), context=contextvars.copy_context()) for text in texts
    ])  # fmt: skip
    versions = [version.text for version in await Version.all().order_by("id")]
    assert sorted([*versions[1:], (await Message.get(id=message.id)).text]) == texts
    assert versions[0] == SHORT
    assert await owed() == [("PartEdit", 1)]


async def test_what_has_failed_says_the_new_text_when_it_is_tried_again(maya, peer, chat):
    message = await replies.reply(chat, maya, LONG)
    await arrives(peer, 501)
    await fails(peer)
    await edits.edit(chat, message, LONGER)
    assert await owed() == [("PartEdit", 1)]
    assert (await Message.get(id=message.id)).delivery_state is DeliveryState.FAILED
    await replies.retry(chat, message)
    assert await owed() == [("PartEdit", 1), ("Part", 2), ("Part", 3)]


async def test_what_has_failed_and_is_not_said_any_more_has_not_failed(maya, peer, chat):
    message = await replies.reply(chat, maya, LONG)
    await arrives(peer, 501)
    await fails(peer)
    await edits.edit(chat, message, SHORT)
    kept = await Message.get(id=message.id)
    assert (kept.delivery_state, kept.delivery_error) == (DeliveryState.SENT, None)
    with pytest.raises(NotFailed):
        await replies.retry(chat, message)
    assert await owed() == [("PartEdit", 1)]


async def test_a_change_that_fails_says_why_until_the_next_one(maya, peer, chat):
    message = await replies.reply(chat, maya, SHORT)
    await arrives(peer, 501)
    await edits.edit(chat, message, "In short: no.")
    await fails(peer, "message_gone")
    kept = await Message.get(id=message.id)
    assert (kept.edit_error, kept.delivery_state) == ("message_gone", DeliveryState.SENT)
    await edits.edit(chat, message, "In short: no.")
    assert (await Message.get(id=message.id)).edit_error is None
    assert await owed() == [("PartEdit", 1)]
    assert await Version.all().count() == 1


async def test_a_change_that_fails_with_another_behind_it_leaves_no_trace(maya, peer, chat):
    message = await replies.reply(chat, maya, SHORT)
    await arrives(peer, 501)
    await edits.edit(chat, message, "In short: no.")
    step = await cast.next_step(peer)
    await edits.edit(chat, message, "In short: perhaps.")
    await results.failed(step, "refused")
    assert (await Message.get(id=message.id)).edit_error is None


async def test_only_an_added_part_may_be_there_twice(maya, peer, chat):
    message = await replies.reply(chat, maya, SHORT)
    await arrives(peer, 501)
    await edits.edit(chat, message, LONG)
    await sending.recovered(await _abandoned(peer))
    assert not (await Message.get(id=message.id)).may_be_doubled
    await arrives(peer, 501)
    await sending.recovered(await _abandoned(peer))
    assert (await Message.get(id=message.id)).may_be_doubled


async def _abandoned(peer: Peer) -> sending.Step:
    """Begin what is due, and die."""
    return await cast.next_step(peer)


@pytest.mark.parametrize(("text", "refusal"), [(" \n", EmptyText), ("x" * (replies.MAX_REPLY + 1), TextTooLong)])
async def test_nothing_and_too_much_are_not_said(maya, peer, chat, text, refusal):
    message = await replies.reply(chat, maya, SHORT)
    with pytest.raises(refusal):
        await edits.edit(chat, message, text)
    assert (await Message.get(id=message.id)).text == SHORT


@pytest.mark.parametrize("deed", ["edit", "delete"])
async def test_only_ones_own_is_changed_and_not_what_is_long_ago_or_elsewhere(maya, peer, chat, deed):
    async def do(message):
        await (edits.edit(chat, message, "Changed") if deed == "edit" else edits.delete(chat, message))

    theirs = await cast.says(peer, "Hello")
    with pytest.raises(NotOwn):
        await do(theirs)
    message = await replies.reply(chat, maya, SHORT)
    await Message.filter(id=message.id).update(timestamp=clock.now() - edits.CHANGEABLE_FOR - timedelta(minutes=1))
    with pytest.raises(TooLate, match="48 hours"):
        await do(message)
    hats = await cast.chat(await cast.coupon(maya, "Hats"), peer)
    await Message.filter(id=message.id).update(timestamp=clock.now(), chat_id=hats.id)
    with pytest.raises(NotFound):
        await do(message)
    await Message.filter(id=message.id).update(
        chat_id=chat.id, timestamp=clock.now() - edits.CHANGEABLE_FOR + timedelta(minutes=1)
    )
    await do(message)
    assert (await Message.get(id=theirs.id)).text == "Hello"
    assert (await Message.get(id=message.id)).text == ("Changed" if deed == "edit" else "")


async def test_what_is_deleted_is_gone_with_all_that_it_said_before(maya, peer, chat):
    said = await cast.says(peer, "Is it red?")
    message = await replies.reply(
        chat, maya, LONG, formatting=[Span("bold", 0, 6)], answered=said, quote="red"
    )  # fmt: skip
    await arrives(peer, 501, 502)
    await edits.edit(chat, message, SHORT, [Span("bold", 0, 2)])
    await arrives(peer, 501)
    await edits.delete(chat, message)
    kept = await Message.get(id=message.id)
    assert kept.deleted_at
    assert (kept.text, kept.formatting, kept.quote, kept.reply_to_id) == ("", None, None, said.id)
    assert not await Version.exists()
    assert await owed() == [("PartEdit", 2), ("PartEdit", 1)]
    for deed in (edits.delete(chat, message), edits.edit(chat, message, "Again")):
        with pytest.raises(AlreadyDeleted):
            await deed


async def test_what_is_not_sent_yet_is_deleted_by_not_being_sent(maya, peer, chat):
    message = await replies.reply(chat, maya, LONG)
    await replies.reply(chat, maya, "Something else")
    await edits.delete(chat, message)
    assert await owed() == [("Part", 1)]
    assert (await Message.get(id=message.id)).delivery_state is DeliveryState.SENT
    step = await cast.next_step(peer)
    assert step.message is not None
    assert step.message.text == "Something else"


async def test_what_is_being_sent_is_deleted_behind_itself(maya, peer, chat):
    message = await replies.reply(chat, maya, LONG)
    step = await cast.next_step(peer)
    await edits.delete(chat, message)
    assert await owed() == [("Part", 1), ("PartEdit", 1)]
    await results.sent(step, Arrival([501]))
    assert (await Message.get(id=message.id)).delivery_state is DeliveryState.SENT


async def test_what_has_failed_is_deleted_and_not_tried_again(maya, peer, chat):
    message = await replies.reply(chat, maya, SHORT)
    await fails(peer)
    await edits.delete(chat, message)
    with pytest.raises(NotFailed):
        await replies.retry(chat, message)
    assert await owed() == []

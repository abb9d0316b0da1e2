"""Rules: a reply goes out step by step, and says what became of it."""

import asyncio
import contextvars
from collections.abc import Sequence
from datetime import timedelta

import pytest

from bench.statements import counted
from bot.outbox import results
from database.transactions import transaction
from models import Delivery, DeliveryState, Message, Peer, TelegramMessage
from services.errors import NotFailed
from services.outgoing import deliveries, due, payloads, replies, sending
from services.outgoing.due import Busy, Look, Room
from services.outgoing.payloads import Notice, Part, Question, TapAnswer
from services.outgoing.sending import Arrival, Step
from tests import cast, databases
from tests.metering import meter

LONG = "A long story, told in short sentences. " * 250  # 9,750 code units


async def look(bot_id: int = cast.BOT_ID, busy: Busy = Busy()) -> Look:  # noqa: B008 - it never changes
    """Begin all that is due."""
    return await due.begin(bot_id, Room(10, 10, 10), busy, sending.lease())


async def state_of(message: Message) -> tuple[str | None, str | None]:
    kept = await Message.get(id=message.id)
    return kept.delivery_state, kept.delivery_error


async def test_a_long_reply_goes_out_in_parts_that_make_up_the_whole(maya, peer, chat):
    message = await replies.reply(chat, maya, LONG)
    steps = await Delivery.filter(message_id=message.id).order_by("sequence")
    parts = [payloads.read(step.kind, step.payload) for step in steps]
    assert parts == [Part(1, 3), Part(2, 3), Part(3, 3)]


async def test_it_is_sent_when_all_its_parts_are(maya, peer, chat):
    message = await replies.reply(chat, maya, LONG)
    for telegram_message_id in (501, 502):
        await sending.sent(await cast.next_step(peer), Arrival([telegram_message_id]))
    assert await state_of(message) == ("queued", None)
    await sending.sent(await cast.next_step(peer), Arrival([503]))
    assert await state_of(message) == ("sent", None)


async def test_a_failing_part_takes_those_behind_it_along_and_the_next_message_goes(maya, peer, chat):
    message = await replies.reply(chat, maya, LONG)
    await replies.reply(chat, maya, "In short: yes.")
    await sending.sent(await cast.next_step(peer), Arrival([501]))
    await sending.failed(await cast.next_step(peer), "refused")
    assert await state_of(message) == ("failed", "refused")
    step = await cast.next_step(peer)
    assert step.message is not None
    assert step.message.text == "In short: yes."


async def test_trying_again_sends_only_what_has_not_arrived(maya, peer, chat):
    message = await replies.reply(chat, maya, LONG)
    await sending.sent(await cast.next_step(peer), Arrival([501]))
    await sending.failed(await cast.next_step(peer), "refused")
    await replies.retry(chat, message)
    for number in (2, 3):
        step = await cast.next_step(peer)
        assert step.payload.number == number
        await sending.sent(step, Arrival([500 + number]))
    assert await cast.next_step_if_due(peer) is None
    assert await state_of(message) == ("sent", None)


async def test_trying_again_twice_sends_once(maya, peer, chat):
    message = await replies.reply(chat, maya, "Yes.")
    await sending.failed(await cast.next_step(peer), "blocked")
    await replies.retry(chat, message)
    with pytest.raises(NotFailed):
        await replies.retry(chat, message)
    assert await Delivery.filter(state=DeliveryState.QUEUED).count() == 1


async def test_what_is_tried_again_goes_behind_what_was_said_since(maya, peer, chat):
    first = await replies.reply(chat, maya, "first")
    await sending.failed(await cast.next_step(peer), "blocked")
    await replies.reply(chat, maya, "second")
    await replies.retry(chat, first)
    step = await cast.next_step(peer)
    assert step.message is not None
    assert step.message.text == "second"


async def test_a_message_that_waits_holds_back_those_behind_it_and_no_other_peer(maya, peer, chat):
    other = await cast.peer(7002, "Grace")
    other_chat = await cast.chat(chat.coupon, other)
    await replies.reply(chat, maya, "first")
    await replies.reply(chat, maya, "second")
    await replies.reply(other_chat, maya, "elsewhere")
    await sending.postponed(await cast.next_step(peer), 60, "unreachable")
    assert await cast.next_step_if_due(peer) is None
    assert [step.peer.id for step in (await look()).steps] == [other.id]


async def test_a_pause_is_kept_to_and_survives_us(maya, peer, chat):
    await replies.reply(chat, maya, "Yes.")
    await sending.pause(peer, 3 * 3600)
    found = await look()
    assert found.steps == []
    paused = (await Peer.get(id=peer.id)).paused_until
    assert found.next_due_at == paused
    assert paused is not None
    assert paused - cast.in_days(0) > timedelta(hours=2.9)


async def test_who_died_while_sending_leaves_a_mark(maya, peer, chat):
    message = await replies.reply(chat, maya, "Yes.")
    await cast.next_step(peer)
    assert await sending.recover(cast.BOT_ID) == 1
    assert (await Message.get(id=message.id)).may_be_doubled
    assert (await Delivery.get()).state is DeliveryState.UNCERTAIN
    assert (await cast.next_step(peer)).attempt == 2


async def test_what_has_not_begun_is_not_marked(maya, peer, chat):
    message = await replies.reply(chat, maya, "Yes.")
    assert await sending.recover(cast.BOT_ID) == 0
    assert not (await Message.get(id=message.id)).may_be_doubled


async def test_another_bots_deliveries_are_left_alone(maya, peer, chat):
    await replies.reply(chat, maya, "Yes.")
    assert (await look(cast.BOT_ID + 1)).steps == []
    assert await sending.recover(cast.BOT_ID + 1) == 0


async def test_of_two_long_replies_at_once_one_goes_out_whole_before_the_other(maya, peer, chat):
    said = await asyncio.gather(*(replies.reply(chat, maya, f"{name}: {LONG}") for name in ("one", "other")))
    steps = await Delivery.all().order_by("sequence")
    assert [step.sequence for step in steps] == list(range(1, 7))
    first, second = sorted(said, key=lambda message: message.id)
    assert [step.message_id for step in steps] == [first.id] * 3 + [second.id] * 3


async def test_a_peers_next_delivery_is_due_when_the_first_that_waits_is(maya, peer, chat):
    assert (await Peer.get(id=peer.id)).next_due_at is None
    await deliveries.queue_unordered(peer, TAP, SOON)
    assert (await Peer.get(id=peer.id)).next_due_at is None
    await replies.reply(chat, maya, LONG)
    first = (await Delivery.filter(message_id__not_isnull=True).order_by("sequence").first()).due_at
    assert (await Peer.get(id=peer.id)).next_due_at == first
    await deliveries.queue(peer, Notice("Hello"), chat)
    assert (await Peer.get(id=peer.id)).next_due_at == first


async def test_a_peer_that_is_paused_is_due_after_its_pause(maya, peer, chat):
    await sending.pause(peer, 3600)
    await replies.reply(chat, maya, "Yes.")
    kept = await Peer.get(id=peer.id)
    assert kept.next_due_at == kept.paused_until


async def test_what_is_said_of_a_chat_shows_it_and_of_none_leaves_it_shown(maya, peer, chat):
    await deliveries.queue(peer, Notice("Welcome"), chat)
    await deliveries.queue(peer, Notice("Hello"))
    await deliveries.queue_unordered(peer, TAP, SOON)
    assert peer.shown_chat_id == (await Peer.get(id=peer.id)).shown_chat_id == chat.id
    assert await Delivery.all().order_by("sequence").values_list("chat_id", flat=True) == [chat.id, None, None]


async def test_what_is_to_be_said_once_is_said_again_when_something_else_was_said(peer):
    for once in ("kept", "kept", None, "kept"):
        await deliveries.queue(peer, Notice(f"Hello, {once}"), once=once)
    texts = [payloads.read(each.kind, each.payload).text for each in await Delivery.all().order_by("sequence")]
    assert texts == ["Hello, kept", "Hello, None", "Hello, kept"]
    assert peer.last_said == (await Peer.get(id=peer.id)).last_said == "kept"


async def test_a_question_that_waits_is_not_asked_twice(peer):
    await deliveries.queue_question(peer, Question(5), "question:5")
    await deliveries.queue(peer, Notice("Hello"))
    await deliveries.queue_question(peer, Question(5), "question:5")
    assert await Delivery.filter(kind="question").count() == 1
    assert peer.last_said is (await Peer.get(id=peer.id)).last_said is None
    await deliveries.queue_question(peer, Question(6), "question:6")
    assert await Delivery.filter(kind="question").count() == 2
    assert peer.last_said == (await Peer.get(id=peer.id)).last_said == "question:6"


async def test_a_question_that_has_just_begun_to_be_asked_is_asked_again(peer):
    await deliveries.queue_question(peer, Question(5), None)
    outside = contextvars.copy_context()
    async with transaction():
        await cast.next_step(peer)
        asking = asyncio.create_task(deliveries.queue_question(peer, Question(5), None), context=outside)
        await databases.until_somebody_waits()
    await asking
    assert await Delivery.all().order_by("sequence").values_list("state", flat=True) == ["sending", "queued"]


async def test_a_question_that_is_not_asked_twice_can_not_be_begun_before_that_is_sure(peer):
    await deliveries.queue_question(peer, Question(5), None)
    outside = contextvars.copy_context()
    async with transaction():
        await deliveries.queue_question(peer, Question(5), None)
        beginning = asyncio.create_task(cast.next_step(peer), context=outside)
        await databases.until_somebody_waits()
        assert (await Delivery.get()).state is DeliveryState.QUEUED
    assert await beginning


@pytest.mark.parametrize(
    "queue",
    [
        lambda peer, chat: deliveries.queue(peer, Notice("Welcome"), chat, "welcome"),
        lambda peer, chat: deliveries.queue_question(peer, Question(5), "question:5"),
        lambda peer, chat: deliveries.queue_unordered(peer, TAP, SOON),
    ],
)
async def test_what_the_bot_says_is_queued_in_one_statement(peer, chat, queue):
    async with transaction():
        with counted() as statements:
            await queue(peer, chat)
    assert len(statements.asked) == 1, statements.asked
    assert await Delivery.all().count() == 1


TAP = TapAnswer("1")
SOON = timedelta(seconds=15)


async def unordered(bot_id: int = cast.BOT_ID, except_unordered: Sequence[str] = ()) -> list[Step]:
    """Begin what overtakes all else now."""
    return (await look(bot_id, Busy(unordered=except_unordered))).steps


async def test_what_is_worthless_late_overtakes_what_must_be_in_order(maya, peer, chat):
    await replies.reply(chat, maya, "first")
    await deliveries.queue_unordered(peer, TAP, SOON)
    await replies.reply(chat, maya, "second")
    await sending.postponed(await cast.next_step(peer), 60, "unreachable")
    await sending.pause(peer, 3600)
    assert [step.delivery.kind for step in (await look()).steps] == ["tap_answer"]


async def test_it_has_no_place_among_what_is_in_order(maya, peer, chat):
    await deliveries.queue_unordered(peer, TAP, SOON)
    assert await cast.next_step_if_due(peer) is None
    await replies.reply(chat, maya, "first")
    assert (await cast.next_step(peer)).message
    assert [step.delivery.kind for step in await unordered()] == ["tap_answer"]


async def test_another_bots_and_what_is_on_its_way_is_left_alone(peer):
    await deliveries.queue_unordered(peer, TAP, SOON)
    assert await unordered(cast.BOT_ID + 1) == []
    delivery = await Delivery.get()
    assert await unordered(except_unordered=[delivery.id]) == []
    [step] = await unordered()
    assert step.delivery.id == delivery.id
    assert await unordered() == []


async def test_what_is_to_be_tried_again_too_late_is_looked_at_once_it_is_worthless(peer):
    await deliveries.queue_unordered(peer, TAP, SOON)
    [step] = await unordered()
    await sending.postponed(step, 3600, "flood")
    expires_at = (await Delivery.get()).expires_at
    assert (await look()).next_due_at == expires_at
    assert not step.is_expired
    await Delivery.all().update(expires_at=cast.in_days(-1))
    [step] = await unordered()
    assert step.is_expired


async def test_what_has_become_worthless_ends_quietly(peer):
    await deliveries.queue_unordered(peer, TAP, SOON)
    meter_ = await meter()
    [step] = await unordered()
    assert await sending.failed(step, "expired") == 1
    assert not await Delivery.exists()
    assert await meter_.rise("couponchat_deliveries_ended_total") == {}


async def test_what_has_waited_for_a_day_is_not_said_any_more(maya, peer, chat):
    await replies.reply(chat, maya, "Yes.")
    await Delivery.all().update(queued_at=cast.in_days(-1.1))
    step = await cast.next_step(peer)
    assert step.is_expired
    assert not step.is_begun
    assert (await Delivery.get()).attempts == 0
    await Delivery.all().update(queued_at=cast.in_days(-0.9))
    step = await cast.next_step(peer)
    assert step.is_begun
    assert not step.is_expired


VERDICTS = {
    "sent at once": lambda step: sending.sent_at_once(step, Arrival([501])),
    "sent": lambda step: sending.sent(step, Arrival([501])),
    "failed": lambda step: sending.failed(step, "blocked"),
    "postponed": lambda step: sending.postponed(step, 60, "unreachable"),
    "uncertain": lambda step: sending.uncertain(step, 60, "no_answer"),
}


@pytest.fixture(params=VERDICTS.values(), ids=list(VERDICTS))
def verdict(request):
    """Anything that one can say of an attempt."""
    return request.param


async def kept(message: Message) -> tuple[object, ...]:
    """Read everything that a verdict could change."""
    steps = await Delivery.filter(message_id=message.id).order_by("sequence").values()
    found = await Message.get(id=message.id)
    return steps, found.delivery_state, found.delivery_error, found.may_be_doubled


async def test_of_two_outboxes_that_begin_at_once_one_sends(maya, peer, chat):
    await replies.reply(chat, maya, "Yes.")
    found = await asyncio.gather(look(), look())
    assert sorted(len(each.steps) for each in found) == [0, 1]


async def test_what_another_outbox_is_sending_is_left_to_it(maya, peer, chat):
    await replies.reply(chat, maya, "Yes.")
    await cast.next_step(peer)
    assert await cast.next_step_if_due(peer) is None


async def test_what_was_begun_and_forgotten_is_sent_again_and_marked_once_nobody_can_be_sending_it(
    maya, peer, chat
):
    message = await replies.reply(chat, maya, "Yes.")
    await cast.next_step(peer)
    await Delivery.all().update(due_at=cast.in_days(-1))
    await due.put_right(cast.BOT_ID)
    abandoned = await cast.next_step(peer)
    assert (abandoned.is_begun, abandoned.is_abandoned) == (False, True)
    await sending.recovered(abandoned)
    assert (await cast.next_step(peer)).attempt == 2
    assert (await Message.get(id=message.id)).may_be_doubled


async def test_a_verdict_on_an_attempt_that_was_followed_by_another_changes_nothing(maya, peer, chat, verdict):
    message = await replies.reply(chat, maya, "Yes.")
    first = await cast.next_step(peer)
    await sending.recover(cast.BOT_ID)
    await cast.next_step(peer)
    before = await kept(message)
    await verdict(first)
    assert await kept(message) == before


@pytest.mark.parametrize("end", ["sent", "failed"])
async def test_a_verdict_on_what_is_over_changes_nothing(maya, peer, chat, verdict, end):
    message = await replies.reply(chat, maya, "Yes.")
    first = await cast.next_step(peer)
    await sending.recover(cast.BOT_ID)
    await VERDICTS[end](await cast.next_step(peer))
    before = await kept(message)
    await verdict(first)
    assert await kept(message) == before


async def test_a_verdict_on_what_has_failed_says_nothing_of_it_once_it_is_tried_again(maya, peer, chat, verdict):
    message = await replies.reply(chat, maya, LONG)
    await sending.sent(await cast.next_step(peer), Arrival([501]))
    late = await cast.next_step(peer)
    await sending.recover(cast.BOT_ID)
    await sending.failed(await cast.next_step(peer), "blocked")
    await replies.retry(chat, message)
    before = await kept(message)
    await verdict(late)
    assert await kept(message) == before
    await cast.next_step(peer)
    before = await kept(message)
    await verdict(late)
    assert await kept(message) == before


async def test_who_only_seemed_to_be_dead_may_still_say_how_it_ended(maya, peer, chat):
    message = await replies.reply(chat, maya, "Yes.")
    first = await cast.next_step(peer)
    await sending.recover(cast.BOT_ID)
    assert (await sending.sent(first, Arrival([501]))).is_news
    assert await state_of(message) == ("sent", None)
    assert await cast.next_step_if_due(peer) is None


async def test_as_which_message_telegram_has_it_is_kept_however_late_it_is_heard(maya, peer, chat):
    message = await replies.reply(chat, maya, "Yes.")
    first = await cast.next_step(peer)
    await sending.recover(cast.BOT_ID)
    second = await cast.next_step(peer)
    await sending.sent(second, Arrival([502]))
    assert not (await sending.sent(first, Arrival([501]))).is_news
    known = await TelegramMessage.filter(message_id=message.id).order_by("telegram_message_id")
    assert [found.telegram_message_id for found in known] == [501, 502]


async def test_who_looks_for_the_broken_leaves_alone_what_was_sent_meanwhile(maya, peer, chat, monkeypatch):
    message = await replies.reply(chat, maya, "Yes.")
    first = await cast.next_step(peer)
    keep = sending.keep

    async def sent_before(step: Step) -> Peer:
        monkeypatch.setattr(sending, "keep", keep)
        return (await sending.sent(first, Arrival([501]))).peer

    monkeypatch.setattr(sending, "keep", sent_before)
    assert await sending.recover(cast.BOT_ID) == 0
    assert await state_of(message) == ("sent", None)
    assert not (await Message.get(id=message.id)).may_be_doubled


@pytest.mark.parametrize("has_changed", [True, False])
async def test_what_has_arrived_is_kept_at_once_unless_its_peer_has_changed_meanwhile(
    maya, peer, chat, has_changed
):
    await replies.reply(chat, maya, "Yes.")
    step = await cast.next_step(peer)
    outside = contextvars.copy_context()
    async with transaction():
        held = await Peer.select_for_update(no_key=True).get(id=peer.id)
        if has_changed:
            await deliveries.queue(held, Notice("Behind"))
        ending = asyncio.create_task(sending.sent_at_once(step, Arrival([501])), context=outside)
        await databases.until_somebody_waits()
    arrived = await ending
    assert (arrived is None) == has_changed
    assert await TelegramMessage.filter(telegram_message_id=501).count() == (0 if has_changed else 1)
    assert (await Delivery.get(id=step.delivery.id)).state == ("sending" if has_changed else "sent")
    if has_changed:
        behind = await Delivery.get(kind="notice")
        assert (await results.sent(step, Arrival([501]))).next_due_at == behind.due_at


async def test_what_has_arrived_is_not_kept_at_once_where_more_is_to_be_seen_to(maya, peer, chat):
    await replies.reply(chat, maya, LONG)
    assert await sending.sent_at_once(await cast.next_step(peer), Arrival([501])) is None
    assert not await Delivery.exists(state="sent")


async def test_of_two_parts_that_end_at_once_the_later_sees_what_became_of_the_other(maya, peer, chat):
    message = await replies.reply(chat, maya, LONG)
    parts = await Delivery.filter(message_id=message.id).order_by("sequence")
    steps = [Step(part, peer, chat, message, attempt=0) for part in parts]
    await asyncio.gather(*(sending.sent(step, Arrival([501 + step.payload.number])) for step in steps))
    assert await state_of(message) == ("sent", None)

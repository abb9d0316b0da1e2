"""What follows when a delivery is sent or has failed: for it, and for what waits on the consumer's side."""

from collections.abc import Sequence
from dataclasses import replace

import structlog

from bot.context import notice_edit_of
from bot.outbox.topic_changes import Opened
from bot.questions import queue_decision
from bot.texts import texts_of
from database.transactions import transaction
from models import Chat, HeldMessage, Peer
from services import telegram_messages
from services.incoming import finding, held, questions
from services.outgoing import deliveries, edits, parts, sending, topics
from services.outgoing.payloads import Deletion, Filed, FindPrompt, Notice, NoticeEdit, PartEdit, Payload, Question
from services.outgoing.sending import Arrival, Sent, Step

# Why something can't be changed, or taken back, where it stands.
UNCHANGEABLE = ("message_gone", "not_editable", "not_deletable")

log = structlog.get_logger()


async def sent(step: Step, arrival: Arrival) -> Sent:
    """Keep that Telegram has it, and as which messages.

    A reply may have been here sooner than that: it is filed in the same transaction.
    """
    if step.is_unordered:
        return await sending.sent(step, arrival)
    asks = isinstance(step.payload, Question | FindPrompt)
    is_plain = not asks and arrival.taken_back is None and arrival.missed_topic_id is None
    if is_plain and (arrived := await sending.sent_at_once(step, arrival)):
        return arrived
    async with transaction():
        if arrival.missed_topic_id:
            arrival = await _missed(step, arrival, arrival.missed_topic_id)
        arrived = await sending.sent(step, arrival)
        if arrival.taken_back:
            await parts.note_gone(arrived.peer, arrival.taken_back)
        if asks and arrival.telegram_message_ids:
            await _has_asked(arrived.peer, step.payload, arrival.telegram_message_ids[0])
        if step.chat and arrived.is_replied_to:
            known = await telegram_messages.find(arrived.peer, arrival.telegram_message_ids[0])
            chat = known.chat if known else step.chat  # it may have been moved meanwhile
            await _file_replies(arrived.peer, chat, arrival.telegram_message_ids)
    return arrived


async def topic_opened(step: Step, opened: Opened) -> Sent:
    """Keep that a chat has its topic, under its title."""
    async with transaction():
        arrived = await sending.sent(step, Arrival())
        await topics.opened(arrived.peer, *opened)
    return arrived


async def failed(step: Step, reason: str) -> int:
    """Give a delivery up for good, with the parts behind it of the same message; say how many that were.

    What a question was about is asked again, now or later; and a change of a message says there why it failed.
    """
    async with transaction():
        peer = await sending.keep(step)
        count = await sending.failed(step, reason)
        if count and step.is_question:
            for what in await questions.failed(peer, step.asked_about, reason):
                await queue_decision(peer, what)
        if count and isinstance(step.payload, PartEdit):
            await edits.change_failed(step.payload, step.delivery.id, reason)
        if count and reason in UNCHANGEABLE:
            await _say_instead(step, peer)
    return count


async def _say_instead(step: Step, peer: Peer) -> None:
    """Say anew what can't be rewritten about a chat; a question that can't be taken back says that it is closed."""
    match step.payload:
        case NoticeEdit(_, text, formatting, buttons) if step.chat:
            await deliveries.queue(peer, Notice(text, formatting, buttons), step.chat)
        case Deletion(telegram_message_id):
            words = texts_of(step.peer.user).which_chat.closed()
            await deliveries.queue(peer, notice_edit_of(telegram_message_id, words))


async def _missed(step: Step, arrival: Arrival, topic: int) -> Arrival:
    """Give up a topic, or put its number right, where something has landed in another, or in none.

    A part that doesn't say of which chat it is, and has to, there, is changed so that it does.
    """
    peer = await sending.keep(step)
    is_right = await topics.missed(peer, topic, arrival.telegram_topic_id)
    log.info("topic.missed", is_right=is_right)
    if is_right or arrival.has_label or not step.part_of or not step.part_number:
        return arrival
    if await sending.is_current(step):
        await deliveries.queue_change(peer, PartEdit(step.part_of, step.part_number), step.about)
    return replace(arrival, has_label=True)


async def _has_asked(peer: Peer, asked: Payload, telegram_message_id: int) -> None:
    """Keep where something stands that asks for an answer."""
    if isinstance(asked, FindPrompt):
        await finding.prompt_arrived(peer, telegram_message_id, asked.about)
    elif isinstance(asked, Question):
        is_anew = await deliveries.is_asked_anew(peer, asked.about)
        for what in await questions.arrived(peer, asked.about, telegram_message_id, is_asked_anew=is_anew):
            await queue_decision(peer, what)


async def _file_replies(peer: Peer, chat: Chat, telegram_message_ids: Sequence[int]) -> None:
    """File what replies to messages and was here before they were known; nothing is asked about that any more."""
    filed: list[HeldMessage] = []
    for telegram_message_id in telegram_message_ids:
        filed += await held.file_replies(peer, chat, telegram_message_id)
    if filed and peer.shown_chat_id != chat.id:
        await deliveries.queue(peer, Filed(filed[0].telegram_topic_id), chat)
    for what in await questions.to_put_right(peer, filed):
        await queue_decision(peer, what)

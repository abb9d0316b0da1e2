"""What follows when a delivery is sent or has failed: for it, and for what waits on the consumer's side."""

from collections.abc import Sequence

from bot.handlers.held import queue_question
from database.transactions import transaction
from services import telegram_messages
from services.incoming import held
from services.outgoing import deliveries, sending
from services.outgoing.payloads import Filed
from services.outgoing.sending import Sent, Step


async def sent(step: Step, telegram_message_ids: Sequence[int]) -> Sent:
    """Keep that Telegram has it, and as which messages.

    A reply may have been here sooner than that: it is filed in the same transaction.
    """
    if step.is_unordered:
        return await sending.sent(step, telegram_message_ids)
    if not step.is_question and (arrived := await sending.sent_at_once(step, telegram_message_ids)):
        return arrived
    async with transaction():
        arrived = await sending.sent(step, telegram_message_ids)
        if step.is_question and telegram_message_ids:
            await held.question_arrived(arrived.peer, step.asked_about, telegram_message_ids[0])
        if step.chat and arrived.is_replied_to:
            peer, known = arrived.peer, await telegram_messages.find(arrived.peer, telegram_message_ids[0])
            chat = known.chat if known else step.chat  # it may have been moved meanwhile
            is_to_be_told = [await held.file_replies(peer, chat, found) for found in telegram_message_ids]
            if any(is_to_be_told):
                await deliveries.queue(peer, Filed(), chat)
    return arrived


async def failed(step: Step, reason: str) -> int:
    """Give a delivery up for good, with the parts behind it of the same message; say how many that were.

    What a question was about is asked again, now or later.
    """
    if not step.is_question:
        return await sending.failed(step, reason)
    async with transaction():
        peer = await sending.keep(step)
        count = await sending.failed(step, reason)
        if count:
            for what in await held.question_failed(peer, step.asked_about, reason):
                await queue_question(peer, what)
    return count

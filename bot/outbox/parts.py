"""An influencer's message, part by part: said, changed, taken back."""

from dataclasses import replace

from bot.context import notice_edit_of, notice_of
from bot.outbox import methods
from bot.outbox.methods import REPLY, Call, Fields
from bot.texts import FormattedText, texts_of
from services.outgoing import deliveries, parts, quoting
from services.outgoing.payloads import PartEdit
from services.outgoing.sending import Step


async def said(step: Step, number: int) -> Call | None:
    """Say a part of a message as it is by now: it may have become shorter since it was queued.

    Outside of every topic it says of which chat it is, unless what has been said there last is of that one, too, as
    another part is; and always if it was meant for a topic. The first part quotes what it answers.
    """
    is_flat = step.telegram_topic_id is None
    has_label = is_flat and (step.is_displaced or step.peer.spoken_chat_id != step.about.id)
    words = _words(step, number, has_label)
    if words is None:
        return None
    call = methods.send_message(step, notice_of(words, None, step.telegram_topic_id))
    answered = await _answered(step) if number == 1 else {}
    return replace(call, has_label=has_label, fields={**call.fields, **answered})


async def changed(step: Step, change: PartEdit) -> Call | None:
    """Change a part on the phone to what its message says by now, or send it after all, or take it back.

    What is yet to be sent says so by itself, and what has failed is sent again only if the influencer wants that.
    """
    message = await parts.message_of(change)
    step = replace(step, message=message)
    there = await parts.on_phone(step.peer, message.id, change.number)
    if there is None:
        return None if await parts.is_owed(message.id, change.number) else await said(step, change.number)
    words = _words(step, change.number, bool(there.has_label))
    if words is None:
        return methods.delete_message(step, there.telegram_message_id)
    return methods.edit_message_text(step, notice_edit_of(there.telegram_message_id, words))


def without_refused_reply(call: Call) -> Call | None:
    """Write down a call without the quote that Telegram has refused, or else without what it answers."""
    reply = call.fields.get(REPLY)
    if reply is None:
        return None
    bare = {name: value for name, value in reply.items() if not name.startswith("quote")}
    return call.without(REPLY) if bare == reply else replace(call, fields={**call.fields, REPLY: bare})


def _words(step: Step, number: int, has_label: bool) -> FormattedText | None:
    found = deliveries.text_parts(step.said)
    if number > len(found):
        return None
    text, formatting = found[number - 1].without_outer_lines()
    texts = texts_of(step.about.consumer)
    return texts.chats.reply(step.about, text, formatting, has_label=has_label)


async def _answered(step: Step) -> Fields:
    """Name what a message answers, and quotes; outside of every topic also what its consumer has written before."""
    if step.said.reply_to_id is None:
        return _reply_to(step.unanswered) if step.telegram_topic_id is None else {}
    answered = await quoting.answered(step.peer, step.said)
    if answered is None:
        return {}
    quote: Fields = {"quote": answered.quote} if answered.quote else {}
    if answered.formatting:
        quote["quote_entities"] = [methods.entity(span) for span in answered.formatting]
    return _reply_to(answered.telegram_message_id, **quote)


def _reply_to(telegram_message_id: int | None, **quote: object) -> Fields:
    if telegram_message_id is None:
        return {}
    return {REPLY: {"message_id": telegram_message_id, "allow_sending_without_reply": True, **quote}}

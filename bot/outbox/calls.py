"""What Telegram is asked to do, written when it is sent: how each kind of delivery becomes a call."""

from dataclasses import replace
from typing import Any

from bot.choices import question_choices
from bot.context import Addressed, Panel, link, notice_edit_of, notice_of
from bot.outbox import methods, parts
from bot.outbox.methods import TOPIC, Call, Fields
from bot.reading.messages import topic_in
from bot.texts import texts_of
from models import Purpose
from services.incoming import questions
from services.outgoing import reactions
from services.outgoing.payloads import (
    CommandMenu,
    Deletion,
    Filed,
    FindPrompt,
    Moved,
    Notice,
    NoticeEdit,
    Part,
    PartEdit,
    Question,
    ReactionChange,
    TapAnswer,
    WayIn,
)
from services.outgoing.sending import Arrival, Step
from services.people import access_links


async def call_of(step: Step, panel: Panel) -> Call | None:
    """Write down the call that a delivery makes now; none where nothing is left to be said."""
    match step.payload:
        case Notice() as notice:
            return _notice(step, notice)
        case NoticeEdit() as edit:
            return methods.edit_message_text(step, edit)
        case TapAnswer() as answer:
            return methods.answer_callback_query(answer)
        case CommandMenu() as menu:
            return methods.set_my_commands(step, menu)
        case ReactionChange(message_id):
            reacted = await reactions.current(step.peer, message_id)
            return methods.set_message_reaction(step, reacted) if reacted else None
        case FindPrompt() as prompt:
            return await _find_prompt(step, prompt)
        case _:
            return await _worded_now(step, panel)


async def call_outside(step: Step, call: Call, panel: Panel) -> Call | None:
    """Write down the call that is made in place of one in a topic that takes nothing any more, if one is."""
    payload = step.payload
    if isinstance(payload, Part | PartEdit):
        return await call_of(replace(step, telegram_topic_id=None, is_displaced=True), panel)
    is_nothing_outside = isinstance(payload, Notice) and payload.place == "topic"
    return None if is_nothing_outside else call.without(TOPIC)


def is_header(step: Step) -> bool:
    """Say whether it is what the bot says in a chat that has been opened."""
    return step.chat is not None and isinstance(step.payload, Notice) and step.payload.place == "chat"


def arrival_of(call: Call, result: Any) -> Arrival:
    """Read from an answer as which messages on the phone Telegram has what was sent, none or several, and where.

    What was changed is what it was before, though the answer may not say so.
    """
    found = result if isinstance(result, list) else [result]
    said = [message for message in found if isinstance(message, dict) and message.get("message_id")]
    is_change = call.method.startswith("edit") and "message_id" in call.fields
    meant_for = call.fields.get(TOPIC) or call.refused_topic_id
    landed_in = _topic_of(said[0], call) if said else None
    return Arrival(
        [call.fields["message_id"]] if is_change else [message["message_id"] for message in said],
        landed_in,
        call.has_label,
        is_change,
        call.fields["message_id"] if call.method == "deleteMessage" else None,
        meant_for if said and landed_in != meant_for else None,
    )


def _topic_of(said: Fields, call: Call) -> int | None:
    """Tell in which topic something has landed: surely in the one that was asked for, if it names that."""
    meant_for = call.fields.get(TOPIC)
    return meant_for if meant_for and said.get(TOPIC) == meant_for else topic_in(said)


def _notice(step: Step, notice: Notice) -> Call | None:
    """Say something; what is about a chat is said in its topic, unless it is to be said where it was asked."""
    if step.chat is None or notice.place == "here":
        return methods.send_message(step, notice)
    if notice.place == "topic" and step.telegram_topic_id is None:
        return None
    return methods.send_message(step, replace(notice, telegram_topic_id=step.telegram_topic_id))


async def _worded_now(step: Step, panel: Panel) -> Call | None:
    match step.payload:
        case Part(number):
            return await parts.said(step, number)
        case PartEdit() as change:
            return await parts.changed(step, change)
        case Question(about):
            return await _question(step, about)
        case Deletion(telegram_message_id):
            return methods.delete_message(step, telegram_message_id)
        case Filed(topic):
            words = texts_of(step.peer.user).which_chat.filed(step.about)
            return methods.send_message(step, notice_of(words, None, topic))
        case Moved(count):
            words = texts_of(step.peer.user).moving.moved_by_influencer(step.about, count)
            return methods.send_message(step, notice_of(words, None, step.telegram_topic_id))
        case WayIn(topic):
            return methods.send_message(step, await _way_in(step, panel, topic))
        case other:
            raise TypeError(f"nobody says how {other.kind} is sent")


async def _question(step: Step, about: int) -> Call | None:
    """Ask which coupon is meant, or change the question that stands on the phone to what it is about by now."""
    question = await questions.current(step.peer, about)
    if question is None:
        return None
    buttons = await question_choices(Addressed(step.peer, texts_of(step.peer.user)), about, page=0)
    words = texts_of(step.peer.user).which_chat.which_coupon(question.count)
    if question.telegram_message_id:
        return methods.edit_message_text(step, notice_edit_of(question.telegram_message_id, words, buttons))
    return methods.send_message(
        step, notice_of(words, buttons, question.telegram_topic_id, reply_to=question.first)
    )


async def _find_prompt(step: Step, prompt: FindPrompt) -> Call | None:
    """Ask for a part of a title, unless the question that is to be answered by it waits no more."""
    if prompt.about and not await questions.current(step.peer, prompt.about):
        return None
    texts = texts_of(step.peer.user).finding
    words = texts.prompt(is_for_question=prompt.about is not None)
    return methods.send_prompt(step, notice_of(words, None, prompt.telegram_topic_id), texts.placeholder())


async def _way_in(step: Step, panel: Panel, telegram_topic_id: int | None) -> Notice:
    """Make the link only now: whoever reads the database, or a backup of it, finds none that can be used."""
    user, texts = step.peer.user, texts_of(step.peer.user)
    if user is None or not user.is_influencer:
        return notice_of(texts.refusals.panel_is_for_influencers(), None, telegram_topic_id)
    attempts = range(1, step.attempt + 1)
    *older, token = [panel.keyring.derived(f"attempt {number} at {step.delivery.id}") for number in attempts]
    await access_links.withdraw(panel.keyring, older)
    await access_links.make_link(panel.keyring, user, Purpose.SIGNIN, token)
    way = link(texts.influencers.panel_button(), f"{panel.url}/signin/{token}")
    return notice_of(texts.influencers.panel(), [[way]], telegram_topic_id)

"""What Telegram is asked to do, written when it is sent: how each kind of delivery becomes a call."""

from dataclasses import dataclass
from typing import Any

from bot.context import Addressed, Buttons, Panel, in_topic, link
from bot.handlers.my_chats import choices
from bot.texts import FormattedText, Texts, texts_for
from models import DeliveryKind, Purpose
from services.incoming import held, topics
from services.outgoing.deliveries import Step
from services.people import access_links


@dataclass(frozen=True)
class Call:
    """A method of the Bot API, and its fields."""

    method: str
    payload: dict[str, Any]


async def call_of(step: Step, panel: Panel) -> Call | None:
    """Write down the call that a delivery makes now; none where nothing is left to be said."""
    match step.delivery.kind:
        case DeliveryKind.MESSAGE:
            return await _message(step)
        case DeliveryKind.QUESTION:
            return await _question(step)
        case DeliveryKind.FILED:
            return _says(step, _texts(step).which_chat.filed(step.about), **await _topic_of(step))
        case DeliveryKind.WAY_IN:
            return await _way_in(step, panel)
        case _:
            return Call(step.delivery.method or "", step.delivery.payload)


async def _message(step: Step) -> Call:
    part, message = step.part, step.said
    text = message.text[part.start : part.end].strip("\n")
    texts = texts_for(step.about.consumer.language_code)
    words = texts.chats.reply(step.about, text, part.number, part.count)
    return _says(step, words, **await _topic_of(step))


async def _question(step: Step) -> Call | None:
    """Ask which coupon is meant, or change the question that stands on the phone to what it is about by now."""
    question = await held.question(step.peer, step.asked_about)
    if question is None:
        return None
    about = question.about
    buttons = await choices(Addressed(step.peer, _texts(step)), f"file:{about}", f"which:{about}", page=0)
    words = _texts(step).which_chat.which_coupon(question.count)
    if question.telegram_message_id:
        call = _says(step, words, buttons, message_id=question.telegram_message_id)
        return Call("editMessageText", call.payload)
    quoted = {"message_id": about, "allow_sending_without_reply": True}
    return _says(step, words, buttons, reply_parameters=quoted, **in_topic(question.telegram_topic_id))


async def _way_in(step: Step, panel: Panel) -> Call:
    """Make the link only now: whoever reads the database, or a backup of it, finds none that can be used."""
    user, texts, topic = step.peer.user, _texts(step), step.delivery.payload or {}
    if user is None or not user.is_influencer:
        return _says(step, texts.refusals.panel_is_for_influencers(), **topic)
    attempts = range(1, step.attempt + 1)
    *older, token = [panel.keyring.derived(f"attempt {number} at {step.delivery.id}") for number in attempts]
    await access_links.withdraw(panel.keyring, older)
    await access_links.make_link(panel.keyring, user, Purpose.SIGNIN, token)
    way = link(texts.influencers.panel_button(), f"{panel.url}/signin/{token}")
    return _says(step, texts.influencers.panel(), [[way]], **topic)


async def _topic_of(step: Step) -> dict[str, Any]:
    """Say what belongs to a chat in the topic in which its consumer writes about it."""
    return in_topic(await topics.topic_for(step.peer, step.about))


def _says(step: Step, words: FormattedText, buttons: Buttons | None = None, **more: Any) -> Call:
    keyboard = {"reply_markup": {"inline_keyboard": buttons}} if buttons else {}
    return Call("sendMessage", {"chat_id": step.peer.telegram_chat_id, **words.payload(), **keyboard, **more})


def _texts(step: Step) -> Texts:
    return texts_for(step.peer.user.language_code if step.peer.user else None)

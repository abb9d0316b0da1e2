"""What Telegram is asked to do, written when it is sent: how each kind of delivery becomes a call."""

from dataclasses import dataclass, replace
from typing import Any

from bot.context import Addressed, Panel, link, notice_edit_of, notice_of
from bot.handlers.my_chats import choices
from bot.reading.messages import topic_in
from bot.texts import Texts, texts_for
from models import Purpose
from services.incoming import questions
from services.outgoing import splitting
from services.outgoing.deliveries import MAX_PART
from services.outgoing.payloads import (
    Button,
    CommandMenu,
    Deletion,
    Filed,
    Moved,
    Notice,
    NoticeEdit,
    Part,
    Question,
    TapAnswer,
    WayIn,
)
from services.outgoing.sending import Arrival, Step
from services.people import access_links
from services.text import spans
from services.text.spans import Span

TOPIC = "message_thread_id"  # Bot API: of everything that is sent
KEYBOARD = "reply_markup"  # Bot API: of everything that is said

Fields = dict[str, Any]


@dataclass(frozen=True)
class Call:
    """A method of the Bot API, and its fields."""

    method: str
    fields: Fields
    has_label: bool = False  # it says *Re: <title>* above an influencer's text


async def call_of(step: Step, panel: Panel) -> Call | None:
    """Write down the call that a delivery makes now; none where nothing is left to be said."""
    match step.payload:
        case Notice() as notice:
            return _says(step, notice)
        case NoticeEdit() as edit:
            return _rewrites(step, edit)
        case TapAnswer() as answer:
            return _answers_tap(answer)
        case CommandMenu() as menu:
            return _offers_commands(step, menu)
        case _:
            return await _worded_now(step, panel)


async def call_outside(step: Step, call: Call, panel: Panel) -> Call:
    """Write down the call that is made in place of one in a topic that takes nothing any more."""
    if isinstance(step.payload, Part):
        call = await call_of(replace(step, telegram_topic_id=None), panel) or call
    return replace(call, fields={name: value for name, value in call.fields.items() if name != TOPIC})


def arrival_of(call: Call, result: Any) -> Arrival:
    """Read from an answer as which messages on the phone Telegram has what was sent, none or several, and where."""
    found = result if isinstance(result, list) else [result]
    said = [message for message in found if isinstance(message, dict) and message.get("message_id")]
    return Arrival(
        [message["message_id"] for message in said],
        topic_in(said[0]) if said else None,
        call.has_label,
        is_change=call.method.startswith("edit"),
    )


async def _worded_now(step: Step, panel: Panel) -> Call | None:
    match step.payload:
        case Part(number):
            return _part(step, number)
        case Question(about):
            return await _question(step, about)
        case Deletion(telegram_message_id):
            return _deletes(step, telegram_message_id)
        case Filed():
            return _says(step, notice_of(_texts(step).which_chat.filed(step.about), None, step.telegram_topic_id))
        case Moved(count):
            words = _texts(step).moving.moved_by_influencer(step.about, count)
            return _says(step, notice_of(words, None, step.telegram_topic_id))
        case WayIn(topic):
            return _says(step, await _way_in(step, panel, topic))
        case other:
            raise TypeError(f"nobody says how {other.kind} is sent")


def _part(step: Step, number: int) -> Call | None:
    """Say a part of a message as it is by now: it may have become shorter since it was queued.

    Outside of every topic it says of which chat it is, unless what has been said there last is of that one, too, as
    another part is; and the first part quotes what it answers.
    """
    said = step.said
    parts = splitting.parts(said.text, spans.of_stored(said.formatting, said.text), MAX_PART)
    if number > len(parts):
        return None
    is_flat = step.telegram_topic_id is None
    has_label = is_flat and step.peer.spoken_chat_id != step.about.id
    texts = texts_for(step.about.consumer.language_code)
    text, formatting = parts[number - 1].without_outer_lines()
    words = texts.chats.reply(step.about, text, formatting, has_label=has_label)
    quoted = step.unanswered if is_flat and number == 1 else None
    return replace(_says(step, notice_of(words, None, step.telegram_topic_id, quoted)), has_label=has_label)


async def _question(step: Step, about: int) -> Call | None:
    """Ask which coupon is meant, or change the question that stands on the phone to what it is about by now."""
    question = await questions.current(step.peer, about)
    if question is None:
        return None
    buttons = await choices(Addressed(step.peer, _texts(step)), f"file:{about}", f"which:{about}", page=0)
    words = _texts(step).which_chat.which_coupon(question.count)
    if question.telegram_message_id:
        return _rewrites(step, notice_edit_of(question.telegram_message_id, words, buttons))
    return _says(step, notice_of(words, buttons, question.telegram_topic_id, reply_to=question.first))


async def _way_in(step: Step, panel: Panel, telegram_topic_id: int | None) -> Notice:
    """Make the link only now: whoever reads the database, or a backup of it, finds none that can be used."""
    user, texts = step.peer.user, _texts(step)
    if user is None or not user.is_influencer:
        return notice_of(texts.refusals.panel_is_for_influencers(), None, telegram_topic_id)
    attempts = range(1, step.attempt + 1)
    *older, token = [panel.keyring.derived(f"attempt {number} at {step.delivery.id}") for number in attempts]
    await access_links.withdraw(panel.keyring, older)
    await access_links.make_link(panel.keyring, user, Purpose.SIGNIN, token)
    way = link(texts.influencers.panel_button(), f"{panel.url}/signin/{token}")
    return notice_of(texts.influencers.panel(), [[way]], telegram_topic_id)


def _texts(step: Step) -> Texts:
    return texts_for(step.peer.user.language_code if step.peer.user else None)


# Bot API: sendMessage, editMessageText, deleteMessage, answerCallbackQuery, setMyCommands


def _says(step: Step, notice: Notice) -> Call:
    fields: Fields = {"chat_id": step.peer.telegram_chat_id, **_text_of(notice)}
    if notice.telegram_topic_id:
        fields[TOPIC] = notice.telegram_topic_id
    if notice.buttons:
        fields[KEYBOARD] = _keyboard(notice)
    if notice.reply_to:
        fields["reply_parameters"] = {"message_id": notice.reply_to, "allow_sending_without_reply": True}
    return Call("sendMessage", fields)


def _rewrites(step: Step, edit: NoticeEdit) -> Call:
    where = {"chat_id": step.peer.telegram_chat_id, "message_id": edit.telegram_message_id}
    return Call("editMessageText", {**where, **_text_of(edit), KEYBOARD: _keyboard(edit)})


def _deletes(step: Step, telegram_message_id: int) -> Call:
    return Call("deleteMessage", {"chat_id": step.peer.telegram_chat_id, "message_id": telegram_message_id})


def _answers_tap(answer: TapAnswer) -> Call:
    text = {"text": answer.text} if answer.text else {}
    return Call("answerCallbackQuery", {"callback_query_id": answer.tap_id, **text})


def _offers_commands(step: Step, menu: CommandMenu) -> Call:
    commands = [{"command": entry.name, "description": entry.description} for entry in menu.commands]
    scope = {"type": "chat", "chat_id": step.peer.telegram_chat_id}
    return Call("setMyCommands", {"commands": commands, "scope": scope})


def _text_of(said: Notice | NoticeEdit) -> Fields:
    entities = [_entity(span) for span in said.formatting]
    return {"text": said.text, "entities": entities} if entities else {"text": said.text}


def _entity(span: Span) -> Fields:
    details = {"url": span.url, "language": span.language}
    told = {name: detail for name, detail in details.items() if detail}
    return {"type": span.style, "offset": span.start, "length": span.length, **told}


def _keyboard(said: Notice | NoticeEdit) -> Fields:
    return {"inline_keyboard": [[_button(button) for button in row] for row in said.buttons]}


def _button(button: Button) -> Fields:
    if button.copy:
        return {"text": button.label, "copy_text": {"text": button.copy}}
    action = {"url": button.url} if button.url else {"callback_data": button.data}
    return {"text": button.label, **action}

"""The methods of the Bot API that the outbox calls, each by its name there, and their fields."""

from dataclasses import dataclass, replace
from typing import Any

from services.outgoing.payloads import Button, CommandMenu, Notice, NoticeEdit, TapAnswer
from services.outgoing.reactions import Reacted
from services.outgoing.sending import Step
from services.text.spans import Span

TOPIC = "message_thread_id"  # of everything that is sent
KEYBOARD = "reply_markup"
REPLY = "reply_parameters"  # which message is answered, and perhaps quoted

Fields = dict[str, Any]


@dataclass(frozen=True)
class Call:
    """A method, and its fields."""

    method: str
    fields: Fields
    has_label: bool = False  # it says *Re: <title>* above an influencer's text
    refused_topic_id: int | None = None  # it was meant for a topic that has not taken it

    def without(self, name: str) -> "Call":
        """Write down the same call without one of its fields."""
        return replace(self, fields={other: value for other, value in self.fields.items() if other != name})

    def without_buttons(self, refusal: str) -> "Call":
        """Write down the same call without the kind of button for which it was refused, or else without any."""
        rows: list[list[Fields]] = self.fields[KEYBOARD].get("inline_keyboard", [])
        refused = [kind for kind in ("copy_text", "url") if kind in refusal.lower()]
        kept = [[button for button in row if not button.keys() & refused] for row in rows]
        if kept == rows or not any(kept):
            return self.without(KEYBOARD)
        keyboard = {"inline_keyboard": [row for row in kept if row]}
        return replace(self, fields={**self.fields, KEYBOARD: keyboard})


def send_message(step: Step, notice: Notice) -> Call:
    """Say something."""
    fields: Fields = {"chat_id": step.peer.telegram_chat_id, **_text_of(notice)}
    if notice.telegram_topic_id:
        fields[TOPIC] = notice.telegram_topic_id
    if notice.buttons:
        fields[KEYBOARD] = _keyboard(notice)
    if notice.reply_to:
        fields[REPLY] = {"message_id": notice.reply_to, "allow_sending_without_reply": True}
    return Call("sendMessage", fields)


def send_prompt(step: Step, notice: Notice, placeholder: str) -> Call:
    """Say something, and open the field for a reply to it (Bot API: ForceReply)."""
    call = send_message(step, notice)
    force_reply = {"force_reply": True, "input_field_placeholder": placeholder}
    return replace(call, fields={**call.fields, KEYBOARD: force_reply})


def edit_message_text(step: Step, edit: NoticeEdit) -> Call:
    """Change something that the bot has said."""
    where = {"chat_id": step.peer.telegram_chat_id, "message_id": edit.telegram_message_id}
    return Call("editMessageText", {**where, **_text_of(edit), KEYBOARD: _keyboard(edit)})


def delete_message(step: Step, telegram_message_id: int) -> Call:
    """Take back something that the bot has said."""
    return Call("deleteMessage", {"chat_id": step.peer.telegram_chat_id, "message_id": telegram_message_id})


def set_message_reaction(step: Step, reacted: Reacted) -> Call:
    """React to a message, or take that back."""
    where = {"chat_id": step.peer.telegram_chat_id, "message_id": reacted.telegram_message_id}
    reaction = [{"type": "emoji", "emoji": reacted.emoji}] if reacted.emoji else []
    return Call("setMessageReaction", {**where, "reaction": reaction})


def answer_callback_query(answer: TapAnswer) -> Call:
    """Let a tapped button rest."""
    text = {"text": answer.text} if answer.text else {}
    return Call("answerCallbackQuery", {"callback_query_id": answer.tap_id, **text})


def set_my_commands(step: Step, menu: CommandMenu) -> Call:
    """Give somebody a menu of their own."""
    commands = [{"command": entry.name, "description": entry.description} for entry in menu.commands]
    scope = {"type": "chat", "chat_id": step.peer.telegram_chat_id}
    return Call("setMyCommands", {"commands": commands, "scope": scope})


def _text_of(said: Notice | NoticeEdit) -> Fields:
    entities = [entity(span) for span in said.formatting]
    return {"text": said.text, "entities": entities} if entities else {"text": said.text}


def entity(span: Span) -> Fields:
    """Format some of a text."""
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

"""The other side of the bot: people with a phone."""

import asyncio
import time
from collections.abc import Sequence

from simulator import attachments, entities, markup, reactions, replies, topics
from simulator.bots import Bot, User
from simulator.chats import Chat, Notice
from simulator.refusals import JSON

OUTSIDE = 0  # of every topic


class Person:
    """A consumer with a phone, who talks to one bot."""

    def __init__(self, user: User, bot: Bot) -> None:
        self.user = user
        self.bot = bot

    @property
    def id(self) -> int:
        """The Telegram user id, which is the private chat's id too."""
        return self.user.id

    @property
    def chat(self) -> Chat:
        """The private chat with the bot."""
        return self.bot.private_chat(self.user)

    @property
    def messages(self) -> list[JSON]:
        """Everything on the phone, in order: the Bot API's messages with who, when and edited."""
        return [record.shown() for record in self.chat.records.values()]

    @property
    def topics(self) -> list[JSON]:
        """The topics of the chat: the Bot API's ForumTopic."""
        return list(self.chat.topics.values())

    @property
    def notices(self) -> list[Notice]:
        """What has popped up after a button was pressed."""
        return list(self.chat.notices)

    def renames(self, first_name: str, last_name: str | None = None) -> None:
        """Take another name; bots see it with the next update."""
        self.user.first_name, self.user.last_name = first_name, last_name
        self.chat.facts = self.user.chat_facts()
        self.chat.touch()

    def starts(self, parameter: str | None = None) -> JSON:
        """Open the bot, by a deep link or not, and press START (or RESTART, after blocking it)."""
        self.unblocks()
        return self.says(f"/start {parameter}" if parameter else "/start")

    def says(
        self, text: str, reply_to: int | None = None, *, topic: int | None = None, entities: Sequence[JSON] = ()
    ) -> JSON:
        """Write a message; a reply goes into the topic of what it answers, unless another or ``OUTSIDE`` is given.

        Raises:
            ValueError: nothing but blanks, which no phone sends; or the topic is gone.
        """
        return self._send(_worded(text, entities), reply_to, topic)

    def quotes(
        self,
        message_id: int,
        part: str,
        text: str,
        *,
        position: int = 0,
        topic: int | None = None,
        entities: Sequence[JSON] = (),
    ) -> JSON:
        """Reply to a part of a message: of several such parts to the one nearest to ``position``.

        Raises:
            ValueError: the message doesn't say so.
        """
        quote = replies.quote_of(self.chat.records[message_id].message, part, position)
        return self._send(_worded(text, entities) | quote, message_id, topic)

    def sends(
        self,
        kind: str,
        caption: str | None = None,
        reply_to: int | None = None,
        *,
        media_group_id: str | None = None,
        topic: int | None = None,
        **details: object,
    ) -> JSON:
        """Send something that isn't text.

        Kinds: photo, voice, document, sticker, location, contact, video, video_note, audio, animation, poll.
        ``details`` change what is in it; any other kind is sent exactly as its details say, for messages that
        nobody has thought of yet.
        """
        content = attachments.content(kind, details)
        if caption:
            content |= entities.worded("caption", caption)
        if media_group_id:
            content["media_group_id"] = media_group_id
        return self._send(content, reply_to, topic)

    def begins_topic(self, name: str) -> int:
        """Make a topic to write in, where the bot has topics switched on; returns its id."""
        if not self.bot.has_topics_enabled:
            raise ValueError("the bot has no topics")
        self.chat.is_started = True
        topic = {"name": name, "icon_color": topics.COLOURS[len(self.topics) % len(topics.COLOURS)]}
        message = topics.begin(self.chat, "person", self.user.facts(), topic)
        self.bot.updates.put("message", message)
        return int(message["message_thread_id"])

    def renames_topic(self, topic: int, name: str) -> JSON:
        """Give a topic another name."""
        message = topics.rename(self.chat, "person", self.user.facts(), topic, name)
        self.bot.updates.put("message", message)
        return message

    def deletes_topic(self, topic: int) -> None:
        """Take a topic off the phone; bots are not told."""
        topics.end(self.chat, topic)

    def edits(self, message_id: int, text: str, *, entities: Sequence[JSON] = ()) -> JSON:
        """Change an own message: its text, or the caption of an attachment.

        Raises:
            ValueError: it is not theirs to edit.
        """
        name = "text" if "text" in self._own(message_id) else "caption"
        cleared = {"entities" if name == "text" else "caption_entities": None}
        return self._edit(message_id, cleared | _worded(text, entities, name))

    def turns_into(self, message_id: int, kind: str, caption: str | None = None, **details: object) -> JSON:
        """Change an own message into an attachment, as ``sends`` makes it.

        Raises:
            ValueError: it is not theirs to edit.
        """
        kept = self._own(message_id)
        cleared = dict.fromkeys([*attachments.fields_of(kept), "text", "entities", "caption", "caption_entities"])
        words = _worded(caption, (), "caption") if caption else {}
        return self._edit(message_id, cleared | attachments.content(kind, details) | words)

    def deletes(self, message_id: int) -> None:
        """Take a message away on both sides; bots are not told."""
        self.chat.remove(message_id)

    def taps(self, message_id: int, button: str) -> str:
        """Press a button by its words or its callback data; returns the callback query's id.

        Raises:
            ValueError: there is no such button.
        """
        message = self.chat.records[message_id].message
        data = _callback_data(message, button)
        query_id = self.bot.asks(self.chat, message_id, data)
        query = {
            "id": query_id,
            "from": self.user.facts(),
            "message": message,
            "chat_instance": str(-self.id),
            "data": data,
        }
        self.bot.updates.put("callback_query", query)
        return query_id

    def reacts(self, message_id: int, emoji: str | None) -> None:
        """Leave one reaction on a message, or take it back; bots hear of it only if they ask for it.

        Raises:
            ValueError: Telegram has no such reaction.
        """
        if emoji and not reactions.known(emoji):
            raise ValueError(f"nobody can react with {emoji}")
        emoji = reactions.known(emoji) if emoji else None
        before = self.chat.records[message_id].reactions.get("person")
        self.chat.react(message_id, "person", emoji)
        reaction = {
            "chat": self.chat.facts,
            "message_id": message_id,
            "user": self.user.facts(),
            "date": int(time.time()),
            "old_reaction": reactions.told(before),
            "new_reaction": reactions.told(emoji),
        }
        self.bot.updates.put("message_reaction", reaction)

    def blocks(self) -> None:
        """Stop the bot."""
        self._set_blocked(True)

    def unblocks(self) -> None:
        """Let the bot write again."""
        self._set_blocked(False)

    def deactivates(self) -> None:
        """Delete the account; the bot is not told."""
        self.user.is_deactivated = True

    async def hears(self, substring: str, timeout: float = 5, after: int = 0) -> JSON:  # noqa: ASYNC109
        """Wait until the bot has said something with these words in it, and return the newest such message.

        ``after`` is a message id: what was said up to it doesn't count.

        Raises:
            TimeoutError: it wasn't said within so many seconds.
        """
        try:
            async with asyncio.timeout(timeout):
                while (message := self._heard(substring, after)) is None:
                    await self.chat.changed.wait()
        except TimeoutError:
            heard = [words(message) for message in self.messages if message["who"] == "bot"]
            raise TimeoutError(f"{self.user.first_name} didn't hear {substring!r} but {heard[-3:]}") from None
        return message

    def _heard(self, substring: str, after: int) -> JSON | None:
        for record in reversed(self.chat.records.values()):
            message = record.message
            if message["message_id"] > after and record.who == "bot" and substring in words(message):
                return record.shown()
        return None

    def _send(self, content: JSON, reply_to: int | None, topic: int | None) -> JSON:
        if self.chat.is_blocked:
            raise ValueError("the bot is blocked: unblock it first")
        self.chat.is_started = True
        place = self._place(reply_to, topic)
        message = self.chat.add("person", {"from": self.user.facts(), **content, **place}, answered_id=reply_to)
        self.bot.updates.put("message", message)
        return message

    def _place(self, reply_to: int | None, topic: int | None) -> JSON:
        """The fields of a message that tell where it was written, and what it answers."""
        if reply_to is None:
            return topics.written_in(self.bot, self.chat, topic)
        answered = self.chat.records[reply_to].message
        thread_id = answered.get("message_thread_id") if topic is None else topic or None
        place = topics.written_in(self.bot, self.chat, thread_id)
        place.pop("reply_to_message", None)
        return place | replies.fields(self.bot, self.chat, answered, thread_id)

    def _own(self, message_id: int) -> JSON:
        record = self.chat.records.get(message_id)
        if record is None or record.who != "person":
            raise ValueError("only one's own messages can be edited")
        return record.message

    def _edit(self, message_id: int, content: JSON) -> JSON:
        message = self.chat.change(message_id, {**content, "edit_date": int(time.time())})
        self.bot.updates.put("edited_message", message)
        return message

    def _set_blocked(self, is_blocked: bool) -> None:
        if self.chat.is_blocked == is_blocked:
            return
        self.chat.is_blocked = is_blocked
        self.chat.touch()
        states: list[JSON] = [{"status": "member"}, {"status": "kicked", "until_date": 0}]
        old, new = states if is_blocked else states[::-1]
        change = {
            "chat": self.chat.facts,
            "from": self.user.facts(),
            "date": int(time.time()),
            "old_chat_member": {"user": self.bot.facts(), **old},
            "new_chat_member": {"user": self.bot.facts(), **new},
        }
        self.bot.updates.put("my_chat_member", change)


def words(message: JSON) -> str:
    """What there is to read in a message."""
    return str(message.get("text", message.get("caption", "")))


def _worded(text: str, formatting: Sequence[JSON], name: str = "text") -> JSON:
    words, kept = entities.trimmed(text, formatting)
    if not words:
        raise ValueError("a message needs words")
    return entities.worded(name, words, kept)


def _callback_data(message: JSON, button: str) -> str:
    buttons = markup.buttons_of(message.get("reply_markup", {}))
    for known in buttons:
        if "callback_data" in known and button in (known["callback_data"], known["text"]):
            return str(known["callback_data"])
    raise ValueError(f"there is no button {button!r}, but {[known['text'] for known in buttons]}")

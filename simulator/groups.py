"""Places where a bot meets more than one person."""

from simulator import entities
from simulator.bots import Bot
from simulator.chats import Chat
from simulator.people import Person
from simulator.refusals import JSON


class Group:
    """A group that the bot is in; it sees everything that is said there."""

    def __init__(self, chat: Chat, bot: Bot) -> None:
        self.chat = chat
        self.bot = bot

    @property
    def id(self) -> int:
        """The group's id, a negative number."""
        return self.chat.id

    @property
    def messages(self) -> list[JSON]:
        """Everything that was said here, in order."""
        return [record.shown() for record in self.chat.records.values()]

    def says(self, person: Person, text: str) -> JSON:
        """Somebody writes here."""
        message = self.chat.add("person", {"from": person.user.facts(), **entities.worded("text", text)})
        self.bot.updates.put("message", message)
        return message


class Channel(Group):
    """A channel that the bot is in."""

    def posts(self, text: str) -> JSON:
        """A new post appears."""
        message = self.chat.add("person", {"sender_chat": self.chat.facts, **entities.worded("text", text)})
        self.bot.updates.put("channel_post", message)
        return message

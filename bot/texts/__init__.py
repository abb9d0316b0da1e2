"""Everything that the bot says, a module for each subject; ``script/texts`` collects it for translators."""

from bot.texts.chats import Chats
from bot.texts.failures import Failures
from bot.texts.finding import Finding
from bot.texts.formatted_text import TEXT_LIMIT, FormattedText
from bot.texts.help import Help
from bot.texts.influencers import Influencers
from bot.texts.language import Language, codes, spoken_by
from bot.texts.menu import Menu
from bot.texts.messages import Messages
from bot.texts.moving import Moving
from bot.texts.my_chats import MyChats
from bot.texts.refusals import Refusals
from bot.texts.which_chat import WhichChat
from models import User

__all__ = ["TEXT_LIMIT", "FormattedText", "Texts", "codes", "texts_for", "texts_of"]


def texts_for(language_code: str | None) -> "Texts":
    """Get what the bot says to somebody whose Telegram speaks this language."""
    return Texts(spoken_by(language_code))


def texts_of(user: User | None) -> "Texts":
    """Get what the bot says to a person, or, where nobody is known, in English."""
    return texts_for(user.language_code if user else None)


class Texts:
    """What the bot says, in one language."""

    def __init__(self, language: Language) -> None:
        self.chats = Chats(language)
        self.messages = Messages(language)
        self.which_chat = WhichChat(language)
        self.my_chats = MyChats(language)
        self.finding = Finding(language)
        self.moving = Moving(language)
        self.refusals = Refusals(language)
        self.failures = Failures(language)
        self.help = Help(language)
        self.menu = Menu(language)
        self.influencers = Influencers(language)

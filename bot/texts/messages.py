"""What a message holds."""

from bot.texts.phrases import NAME_LIMIT, Phrases
from models import HeldMessage, Message, MessageKind
from services.media.summaries import Summary, summary_of
from services.text.shortening import shortened


class Messages(Phrases):
    """What is said of one message."""

    def gist(self, message: Message | HeldMessage) -> str:
        """Say what a message holds: its text, behind the kind of anything that isn't text."""
        return " ".join(part for part in (self.label(summary_of(message)), message.text) if part)

    def label(self, summary: Summary) -> str:
        """Say what isn't text: ``[photo]``, ``[voice message 0:12]``, ``[forwarded from Zoe]``."""
        return summary.said(self._forwarded, self._kind)

    def _forwarded(self, source: str) -> str:
        name = shortened(source, NAME_LIMIT)
        return self._("forwarded from {name}").format(name=name) if name else self._("forwarded")

    def _kind(self, kind: MessageKind) -> str:
        return {
            MessageKind.PHOTO: self._("photo"),
            MessageKind.VIDEO: self._("video"),
            MessageKind.ANIMATION: self._("animation"),
            MessageKind.VOICE: self._("voice message"),
            MessageKind.VIDEO_NOTE: self._("video message"),
            MessageKind.AUDIO: self._("audio"),
            MessageKind.DOCUMENT: self._("document"),
            MessageKind.STICKER: self._("sticker"),
            MessageKind.LOCATION: self._("location"),
            MessageKind.VENUE: self._("location"),
            MessageKind.CONTACT: self._("contact"),
            MessageKind.POLL: self._("poll"),
            MessageKind.STORY: self._("story"),
            MessageKind.DICE: self._("dice"),
            MessageKind.GAME: self._("game"),
            MessageKind.CHECKLIST: self._("checklist"),
            MessageKind.GIVEAWAY: self._("giveaway"),
            MessageKind.GIVEAWAY_WINNERS: self._("giveaway"),
            MessageKind.INVOICE: self._("invoice"),
            MessageKind.PAID_MEDIA: self._("paid media"),
            MessageKind.LIVE_PHOTO: self._("photo"),
            MessageKind.RICH_MESSAGE: self._("formatted message"),
            MessageKind.UNREADABLE: self._("message that can’t be read yet"),
        }.get(kind, self._("unsupported message"))

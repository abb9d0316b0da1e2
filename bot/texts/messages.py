"""What a message holds."""

from bot.texts.phrases import NAME_LIMIT, Phrases
from models import Message
from services.media import contents
from services.text.shortening import shortened


class Messages(Phrases):
    """What is said of one message."""

    def gist(self, message: Message) -> str:
        """Say what a message holds: its text, behind the kind of anything that isn't text."""
        return " ".join(part for part in (self.label(message), message.text) if part)

    def label(self, message: Message) -> str:
        """Say what isn't text: ``[photo]``, ``[voice message 0:12]``, ``[forwarded from Zoe]``."""
        labels = []
        if (source := contents.told(message.attachment).get("forwardedFrom")) is not None:
            name = shortened(str(source), NAME_LIMIT)
            labels.append(self._("forwarded from {name}").format(name=name) if name else self._("forwarded"))
        if message.kind != "text":
            labels.append(self._kind(message.kind) + contents.particulars(message.kind, message.attachment))
        return " ".join(f"[{label}]" for label in labels)

    def _kind(self, kind: str) -> str:
        return {
            "photo": self._("photo"),
            "video": self._("video"),
            "animation": self._("animation"),
            "voice": self._("voice message"),
            "video_note": self._("video message"),
            "audio": self._("audio"),
            "document": self._("document"),
            "sticker": self._("sticker"),
            "location": self._("location"),
            "venue": self._("location"),
            "contact": self._("contact"),
            "poll": self._("poll"),
            "story": self._("story"),
            "dice": self._("dice"),
            "game": self._("game"),
            "checklist": self._("checklist"),
            "giveaway": self._("giveaway"),
            "giveaway_winners": self._("giveaway"),
            "invoice": self._("invoice"),
            "paid_media": self._("paid media"),
            "live_photo": self._("photo"),
            "rich_message": self._("formatted message"),
            "unreadable": self._("message that can’t be read yet"),
        }.get(kind, self._("unsupported message"))

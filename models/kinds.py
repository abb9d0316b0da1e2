"""The kinds of messages, and of the files in them."""

from enum import StrEnum


class MessageKind(StrEnum):
    """What a message is: a text, a file of some sort, something else that Telegram knows, or what we can't tell."""

    TEXT = "text"
    ANIMATION = "animation"
    AUDIO = "audio"
    DOCUMENT = "document"
    LIVE_PHOTO = "live_photo"
    PHOTO = "photo"
    STICKER = "sticker"
    VIDEO = "video"
    VIDEO_NOTE = "video_note"
    VOICE = "voice"
    CHECKLIST = "checklist"
    CONTACT = "contact"
    DICE = "dice"
    GAME = "game"
    GIVEAWAY = "giveaway"
    GIVEAWAY_WINNERS = "giveaway_winners"
    INVOICE = "invoice"
    LOCATION = "location"
    PAID_MEDIA = "paid_media"
    POLL = "poll"
    RICH_MESSAGE = "rich_message"
    STORY = "story"
    VENUE = "venue"
    UNKNOWN = "unknown"  # newer than we are: its own name stands in its details
    UNREADABLE = "unreadable"  # it stands for a message in quarantine

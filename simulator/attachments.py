"""What a person can send besides text: minimal, but in the shape that Telegram gives it."""

import base64
import secrets
from collections.abc import Callable
from typing import Any

from simulator.refusals import JSON

# Real file ids begin alike for each kind; nothing else about them means anything to a bot.
_PREFIXES = {
    "photo": "AgACAgQAAxkBAAI",
    "voice": "AwACAgQAAxkBAAI",
    "document": "BQACAgQAAxkBAAI",
    "sticker": "CAACAgQAAxkBAAI",
    "video": "BAACAgQAAxkBAAI",
    "video_note": "DQACAgQAAxkBAAI",
    "audio": "CQACAgQAAxkBAAI",
    "animation": "CgACAgQAAxkBAAI",
}


def content(kind: str, details: JSON) -> JSON:
    """The fields of a message that carry an attachment; an unknown kind is taken as it comes."""
    made = _MAKERS.get(kind, dict)()
    if kind == "photo":
        return {"photo": [{**size, **details} for size in made]}
    if kind == "animation":  # Bot API: Message, "for backward compatibility" the document comes along
        animation = {**made, **details}
        return {"animation": animation, "document": _without_size(animation)}
    return {kind: {**made, **details}}


def fields_of(message: JSON) -> list[str]:
    """The fields of a message that carry an attachment."""
    return [name for name in _MAKERS if name in message]


def _file(kind: str, **details: Any) -> JSON:
    name = base64.urlsafe_b64encode(secrets.token_bytes(42)).decode()
    return {
        "file_id": _PREFIXES[kind] + name,
        "file_unique_id": "AQAD" + name[:8],
        "file_size": 48_213,
        **details,
    }


def _photo() -> list[JSON]:
    sizes = [(90, 67, 1_542), (320, 240, 19_210), (1280, 960, 148_213)]
    return [_file("photo", width=width, height=height, file_size=size) for width, height, size in sizes]


def _voice() -> JSON:
    return _file("voice", duration=7, mime_type="audio/ogg")


def _document() -> JSON:
    return _file("document", file_name="receipt.pdf", mime_type="application/pdf")


def _sticker() -> JSON:
    return _file(
        "sticker",
        width=512,
        height=512,
        is_animated=False,
        is_video=False,
        type="regular",
        emoji="🛍",
        set_name="HappyShopping",
    )


def _video() -> JSON:
    return _file("video", width=1280, height=720, duration=12, mime_type="video/mp4")


def _video_note() -> JSON:
    return _file("video_note", length=240, duration=5)


def _audio() -> JSON:
    return _file("audio", duration=184, title="Summer", performer="The Coupons", mime_type="audio/mpeg")


def _animation() -> JSON:
    return _file("animation", width=480, height=270, duration=3, mime_type="video/mp4", file_name="wow.mp4")


def _location() -> JSON:
    return {"latitude": 52.520008, "longitude": 13.404954}


def _contact() -> JSON:
    return {"phone_number": "+4915112345678", "first_name": "Robin"}


def _poll() -> JSON:
    options = [
        {"persistent_id": f"option-{index}", "text": text, "voter_count": 0}
        for index, text in enumerate(["Red", "Blue"])
    ]
    return {
        "id": str(secrets.randbits(60)),
        "question": "Which colour?",
        "options": options,
        "total_voter_count": 0,
        "is_closed": False,
        "is_anonymous": True,
        "type": "regular",
        "allows_multiple_answers": False,
        "allows_revoting": True,
        "members_only": False,
    }


def _without_size(animation: JSON) -> JSON:
    return {name: value for name, value in animation.items() if name not in {"width", "height", "duration"}}


_MAKERS: dict[str, Callable[[], Any]] = {
    "photo": _photo,
    "voice": _voice,
    "document": _document,
    "sticker": _sticker,
    "video": _video,
    "video_note": _video_note,
    "audio": _audio,
    "animation": _animation,
    "location": _location,
    "contact": _contact,
    "poll": _poll,
}

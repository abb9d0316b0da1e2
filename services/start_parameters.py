"""Start parameters: what a deep link hands to the bot, and how ours are made and read."""

import re
from dataclasses import dataclass
from enum import StrEnum

from services.errors import LinkDamaged, LinkForeign

_FITS_A_LINK = re.compile(r"[A-Za-z0-9_-]{1,64}")  # Bot API: deep linking


class Kind(StrEnum):
    """What one of ours names; it begins with this and an underscore."""

    COUPON_ID = "c"
    COUPON_KEY = "k"  # of a coupon whose id fits no link
    INVITATION = "i"


_BEGINS_AS_OURS = re.compile(rf"[{''.join(Kind)}]_\S*")


@dataclass(frozen=True)
class StartParameter:
    """A start parameter of ours: ``c_<coupon id>``, ``k_<key>`` or ``i_<token>``."""

    kind: Kind
    name: str

    def __str__(self) -> str:
        return f"{self.kind}_{self.name}"

    @property
    def is_sound(self) -> bool:
        """Say whether a link can hold it, and it names something."""
        return bool(self.name) and fits_a_link(str(self))


def parse(text: str) -> StartParameter:
    """Read a start parameter.

    Raises:
        LinkForeign: it is none of ours.
        LinkDamaged: it begins as one that names a coupon, but no coupon can have such a name.
    """
    kind, underscore, name = text.partition("_")
    if not underscore or kind not in set(Kind):
        raise LinkForeign
    parameter = StartParameter(Kind(kind), name)
    if parameter.kind is not Kind.INVITATION and not parameter.is_sound:
        raise LinkDamaged
    return parameter


def looks_like_one(text: str) -> bool:
    """Say whether a text is a start parameter, be it anybody's, or one of ours that somebody has damaged."""
    return fits_a_link(text) or bool(_BEGINS_AS_OURS.fullmatch(text))


def fits_a_link(text: str) -> bool:
    """Say whether a link can hold this."""
    return bool(_FITS_A_LINK.fullmatch(text))


def deep_link(bot_name: str, parameter: StartParameter | str = "") -> str:
    """Make the link that opens the bot, and hands it a start parameter that fits a link."""
    return f"https://t.me/{bot_name}" + (f"?start={parameter}" if parameter else "")

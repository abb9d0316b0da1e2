"""Everything that somebody can do with the bot."""

from collections.abc import Sequence
from typing import Any

from telegram.ext import BaseHandler

from bot.handlers import (
    elsewhere,
    finding,
    held,
    leftover,
    membership,
    moving,
    my_chats,
    panel,
    reactions,
    reading,
    relay,
    start,
)
from bot.handlers import help as help_

# What somebody says is passed on, and where they tap they have read; then the first that fits is done of what they
# call for, or have tapped.
ALL: dict[int, Sequence[BaseHandler[Any, Any, Any]]] = {
    0: [*relay.handlers, *reading.handlers],
    1: [
        *start.handlers,
        *my_chats.handlers,
        *held.handlers,
        *finding.handlers,
        *moving.handlers,
        *help_.handlers,
        *panel.handlers,
        *elsewhere.handlers,
        *membership.handlers,
        *reactions.handlers,
        *leftover.handlers,
    ],
}

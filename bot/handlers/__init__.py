"""Everything that somebody can do with the bot; the first that fits is done."""

from bot.context import Handlers
from bot.handlers import elsewhere, held, leftover, membership, my_chats, panel, relay, start
from bot.handlers import help as help_

ALL: Handlers = [
    *start.handlers,
    *my_chats.handlers,
    *held.handlers,
    *help_.handlers,
    *panel.handlers,
    *relay.handlers,
    *elsewhere.handlers,
    *membership.handlers,
    *leftover.handlers,
]

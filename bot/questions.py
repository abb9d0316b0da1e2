"""What a consumer is asked about messages that wait, and what is taken back of that."""

from collections.abc import Iterable

from bot.context import Context
from models import Peer
from services.incoming.questions import Decided, ToAsk, ToKeep
from services.outgoing import deliveries
from services.outgoing.payloads import Deletion, Question


async def ask(context: Context, decided: Iterable[Decided | ToKeep]) -> None:
    """*Which coupon is this about?*, once for all that waits; or that it waits until there is a chat to choose."""
    for what in decided:
        if isinstance(what, ToKeep):
            words = context.texts.which_chat.keep_until_chosen(what.days)
            await context.say(words, reply_to=what.telegram_message_id, once="kept")
        else:
            await queue_decision(context.peer, what)


async def queue_decision(peer: Peer, what: Decided) -> None:
    """Queue what was decided to be asked, or taken back; the words of a question are found when it is sent."""
    if isinstance(what, ToAsk):
        await deliveries.queue_question(peer, Question(what.about, what.is_anew), what.once)
    else:
        await deliveries.queue(peer, Deletion(what.telegram_message_id))

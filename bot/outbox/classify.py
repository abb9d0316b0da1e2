"""What Telegram's errors mean: they become ours here, and nowhere else."""

from dataclasses import dataclass
from enum import Enum, auto

from telegram.error import BadRequest, ChatMigrated, Forbidden, NetworkError, RetryAfter, TelegramError

from bot.api import UNREADABLE, NotSent
from bot.app import retry_after


class Outcome(Enum):
    """What an answer of Telegram's means for a delivery."""

    DONE = auto()  # there was nothing left to do
    NEVER = auto()  # it won't ever work
    PAUSE = auto()  # not sent; Telegram says when it may be
    AGAIN = auto()  # surely not sent; try again
    UNKNOWN = auto()  # it may have been sent; try again, and say so


@dataclass(frozen=True)
class Verdict:
    """An outcome, with the reason that is kept, and the seconds that Telegram asks for."""

    outcome: Outcome
    reason: str
    seconds: float = 0.0


# What Telegram's descriptions say, for as long as it says it in these words.
_NEVER = {
    "bot was blocked": "blocked",
    "user is deactivated": "deactivated",
    "can't initiate conversation": "never_started",
    "chat not found": "not_found",
    "user not found": "not_found",
    "peer_id_invalid": "not_found",
    "message to edit not found": "message_gone",
    "message_id_invalid": "message_gone",
    "message can't be edited": "not_editable",
    "message can't be deleted": "not_deletable",
    "bot was kicked": "blocked",
}

# The same of topics, which may be deleted, closed, or switched off for the bot as a whole.
_TOPIC_GONE = ("thread", "topic", "forum")

# The same of what a message answers, and of what it quotes.
_REPLY_REFUSED = ("quote", "repl")


def judge(error: TelegramError) -> Verdict:
    """Translate an error of Telegram's, or on the way to it; mind that some are kinds of others."""
    said = error.message.lower()
    reason = next((ours for theirs, ours in _NEVER.items() if theirs in said), None)
    match error:
        case RetryAfter():
            return Verdict(Outcome.PAUSE, "flood", retry_after(error))
        case Forbidden() | BadRequest() if error.__cause__:  # a page, and not Telegram's
            return Verdict(Outcome.UNKNOWN, "unreadable")
        case BadRequest() if "message is not modified" in said or "message to delete not found" in said:
            return Verdict(Outcome.DONE, "not_modified")
        case Forbidden() | BadRequest():
            return Verdict(Outcome.NEVER, reason or "refused")
        case ChatMigrated():
            return Verdict(Outcome.NEVER, "not_found")
        case NetworkError():
            return _judge_network(error, said)
        case _ if error.message == UNREADABLE:
            return Verdict(Outcome.UNKNOWN, "unreadable")  # Telegram had answered: it was probably sent
        case _:
            return Verdict(Outcome.AGAIN, "token")


def _judge_network(error: NetworkError, said: str) -> Verdict:
    if isinstance(error, NotSent) or "too many requests" in said:
        return Verdict(Outcome.AGAIN, "unreachable")
    if "request entity too large" in said:
        return Verdict(Outcome.NEVER, "refused")
    return Verdict(Outcome.UNKNOWN, "no_answer")


def says_topic_is_gone(error: BadRequest) -> bool:
    """Say whether nothing can be said in a topic any more."""
    said = error.message.lower()
    return not error.__cause__ and any(words in said for words in _TOPIC_GONE)


def says_no_more(error: BadRequest) -> bool:
    """Say whether something is refused in words that we don't know: it may be for the topic it was meant for."""
    return judge(error).reason == "refused"


def says_button_is_refused(error: BadRequest) -> bool:
    """Say whether a text was refused for a button under it: an address that is none, a kind that is not known."""
    said = error.message.lower()
    return not error.__cause__ and any(words in said for words in ("button", "keyboard", "copy_text"))


def says_reply_is_refused(error: BadRequest) -> bool:
    """Say whether a message is refused for what it answers, or quotes."""
    said = error.message.lower()
    return not error.__cause__ and any(words in said for words in _REPLY_REFUSED)

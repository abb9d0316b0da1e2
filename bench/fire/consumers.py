"""People with a phone who write, change their minds, and tap what they are asked."""

import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from bench.fire.coupons import title_of
from simulator import Person
from simulator.markup import buttons_of
from simulator.people import words

POISONED = 0.05  # of all messages, which can't be handled as long as there is the poison
REACTIONS = ["👍", "❤", "🔥"]


@dataclass
class Said:
    """A message of a consumer's."""

    coupon: str  # for which it was meant
    text: str  # as it is by now
    moved_to: list[str] = field(default_factory=list)  # coupons, by whomever it was asked


class Consumer:
    """Opens chats, writes into them, and says where a message belongs when asked."""

    def __init__(self, person: Person, coupons: list[str]) -> None:
        self.person = person
        self._coupons = coupons
        self._tapped: set[tuple[int, str]] = set()
        self._count = 0
        self.said: dict[int, Said] = {}  # by Telegram's id
        self.regrets: set[str] = set()  # coupons to which the answer to a question was moved
        self.lost: list[dict[str, Any]] = []  # what the bot has said in topics that were deleted

    def acts(self, dice: random.Random) -> None:
        """Write most of the time; or else change what was written, react, look at the chats, or delete a topic."""
        act = dice.choices(
            [self.writes, self.edits, self.reacts, self.looks, self.deletes_topic], [75, 10, 5, 5, 5]
        )
        act[0](dice)

    def writes(self, dice: random.Random) -> None:
        """Open a chat by its link, or write in its topic, or as a reply; into the first of them plainly.

        One question is asked about all that was written plainly, so all of that is meant for one chat.
        """
        coupon = dice.choice(self._coupons)
        header = self._header_of(coupon)
        topic = next((topic for topic in self.person.topics if topic["name"] == f"Re: {title_of(coupon)}"), None)
        is_poisoned = dice.random() < POISONED
        if topic and dice.random() < 0.5:
            self._say(coupon, is_poisoned, topic=topic["message_thread_id"])
            return
        is_opened = header is None or dice.random() < 0.2
        if is_opened:
            self.opens(coupon)
        if is_opened and coupon == self._coupons[0]:
            self._say(coupon, is_poisoned)
        elif header is not None:
            self._say(coupon, is_poisoned, reply_to=header)

    def opens(self, coupon: str | None = None, dice: random.Random | None = None) -> None:
        """Open a chat by its link; where none is given, any."""
        self.person.starts(f"c_{coupon or (dice or random).choice(self._coupons)}")

    def edits(self, dice: random.Random) -> None:
        """Change what was written."""
        if own := [number for number in self.said if number in self.person.chat.records]:
            number = dice.choice(own[-5:])
            self._count += 1
            self.said[number].text = f"{self.said[number].text.partition(' with ')[0]} changed {self._count}"
            self.person.edits(number, self.said[number].text)

    def reacts(self, dice: random.Random) -> None:
        """Leave a reaction on what was heard."""
        if heard := [message["message_id"] for message in self.heard()]:
            self.person.reacts(dice.choice(heard), dice.choice([*REACTIONS, None]))

    def looks(self, dice: random.Random) -> None:
        """Ask for the list of chats, under which what was written last can be moved."""
        self.person.says("/chats")

    def deletes_topic(self, dice: random.Random) -> None:
        """Delete a topic, unless something is asked there."""
        if topics := [topic["message_thread_id"] for topic in self.person.topics]:
            topic = dice.choice(topics)
            there = [message for message in self.heard() if message.get("message_thread_id") == topic]
            if not any(data.startswith("file:") for message in there for data, _ in buttons_under(message)):
                self.lost += there
                self.person.deletes_topic(topic)

    def heard(self) -> list[dict[str, Any]]:
        """List what the bot has said, and is on the phone."""
        return [message for message in self.person.messages if message["who"] == "bot"]

    def taps(self, dice: random.Random) -> None:
        """Answer each question that is open, and say of some messages that they are in the wrong chat."""
        for message in self.heard():
            buttons = list(buttons_under(message))
            for what in dict.fromkeys(data.rpartition(":")[0] or data for data, _ in buttons):
                key = message["message_id"], what
                if key not in self._tapped and self._tap(message, what, buttons, dice):
                    self._tapped.add(key)

    def _tap(self, message: dict[str, Any], what: str, buttons: list[tuple[str, str]], dice: random.Random) -> bool:
        """Tap what is to be tapped of the buttons that begin alike; say whether that was decided."""
        deed, _, number = what.partition(":")
        choices = [(data, text) for data, text in buttons if data.startswith(what)]
        if deed == "file" and int(number) in self.said:
            title = title_of(self.said[int(number)].coupon)
            choices = [(data, text) for data, text in choices if title in text]
        elif deed in ("move", "move_one"):
            choices = [dice.choice(choices)]
            self._regret(deed, int(number), choices[0][1])
        elif deed != "wrong_last" and not (deed == "wrong" and dice.random() < 0.3):
            return deed == "wrong"
        if choices:
            self.person.taps(message["message_id"], choices[0][0])
        return bool(choices)

    def _regret(self, deed: str, number: int, text: str) -> None:
        coupon = next(coupon for coupon in self._coupons if title_of(coupon) in text)
        if deed == "move":
            self.regrets.add(coupon)
        else:
            self.said[number].moved_to.append(coupon)

    def _say(
        self, coupon: str, is_poisoned: bool, *, reply_to: int | None = None, topic: int | None = None
    ) -> None:
        self._count += 1
        text = f"{self.person.user.first_name} #{self._count} about {coupon}" + " with poison" * is_poisoned
        message = self.person.says(text, reply_to, topic=topic)
        self.said[message["message_id"]] = Said(coupon, text)

    def _header_of(self, coupon: str) -> int | None:
        for message in self.heard():
            if words(message).startswith(f"Re: {title_of(coupon)}\nwith"):
                return int(message["message_id"])
        return None


def buttons_under(message: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """List the callback data and the words of a message's buttons."""
    for button in buttons_of(message.get("reply_markup") or {}):
        if "callback_data" in button:
            yield button["callback_data"], button["text"]

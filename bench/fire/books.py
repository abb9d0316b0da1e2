"""The books of a fire: what was done, by those who did it, beside what is in the tables and on the phones."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from bench.fire.consumers import Consumer, Said
from bench.fire.coupons import title_of
from bench.fire.influencers import Influencer, Reply
from bench.fire.plan import Report
from models import Chat, Delivery, Message, TelegramTopic, TopicState, Update
from simulator.people import words

NO_MORE = "I can't keep more"  # is said to whom too much waits of: then what is missing was refused, not lost

_WORD = re.compile(r"(inf-\d+#\d+)v(\d+)w(\d+)\.")


@dataclass(frozen=True)
class Copy:
    """A part of a reply on a phone, or what was one until its topic was deleted."""

    telegram_message_id: int
    topic: int | None
    version: int
    numbers: tuple[int, ...]  # of its words
    is_lost: bool

    def __str__(self) -> str:
        return f"v{self.version} {self.numbers[0]}-{self.numbers[-1]}{' lost' * self.is_lost}"


class Books:
    """Compares both, and reports what is wrong."""

    def __init__(self, report: Report, consumers: Sequence[Consumer], influencers: Sequence[Influencer]) -> None:
        self._report = report
        self._consumers = consumers
        self._replies = {id_: reply for influencer in influencers for id_, reply in influencer.replies.items()}
        moves = [move for influencer in influencers for move in influencer.moves]
        self._moved = {(move.message_id, move.to) for move in moves}
        self._surely_moved = {move.message_id for move in moves if move.is_done}
        self._moved_since = {move.to for move in moves if move.all_since}

    async def compare(self) -> None:
        """Compare all, consumer by consumer."""
        self._report.wrong += [f"in quarantine: {kept.error}" for kept in await Update.filter(state="quarantined")]
        for consumer in self._consumers:
            if refused := sum(NO_MORE in words(message) for message in consumer.person.messages):
                self._wrong(consumer, f"was told {refused} times: {NO_MORE}")
            await self._compare_messages(consumer)
            await self._compare_replies(consumer)
            await self._compare_topics(consumer)

    def _wrong(self, consumer: Consumer, what: str) -> None:
        self._report.wrong.append(f"{consumer.person.user.first_name}: {what}")

    async def _compare_messages(self, consumer: Consumer) -> None:
        """Each message is in its chat, once, in order, and says what it says by now."""
        placed: dict[int, str] = {}
        for chat in await Chat.filter(consumer__telegram_user_id=consumer.person.id):
            kept = (
                await Message.filter(chat_id=chat.id, sender_id=chat.consumer_id)
                .order_by("position", "id")
                .prefetch_related("telegram_messages", "move")
            )
            numbers = [message.telegram_messages[0].telegram_message_id for message in kept]
            if numbers != sorted(numbers):
                self._wrong(consumer, f"{chat.coupon_id} is out of order: {numbers}")
            for number, message in zip(numbers, kept, strict=True):
                said = consumer.said.get(number)
                if said is None or number in placed:
                    self._wrong(consumer, f"{message.text!r} is in {chat.coupon_id} and {placed.get(number)}")
                    continue
                placed[number] = chat.coupon_id
                self._compare_message(consumer, said, message, chat)
        self._report.consumer_messages += len(placed)
        for number in consumer.said.keys() - placed.keys():
            self._wrong(consumer, f"{consumer.said[number]} is missing")

    def _compare_message(self, consumer: Consumer, said: Said, message: Message, chat: Chat) -> None:
        if message.text != said.text:
            self._wrong(consumer, f"{said} says {message.text!r}")
        is_moved = message.move is not None and message.move.from_chat_id is not None
        self._report.moved += is_moved
        meant = {*said.moved_to, *consumer.regrets} if is_moved else {said.coupon}
        by_influencer = is_moved and ((message.id, chat.id) in self._moved or chat.id in self._moved_since)
        if chat.coupon_id not in meant and not by_influencer:
            self._wrong(consumer, f"{said} is in {chat.coupon_id}{', to which it was moved' * is_moved}")
        elif not is_moved and (message.id in self._surely_moved or chat.coupon_id not in (said.moved_to or meant)):
            self._wrong(consumer, f"{said} is still in {chat.coupon_id}")

    async def _compare_replies(self, consumer: Consumer) -> None:
        """Each reply is on the phone as it is by now, in order; more than once only where it is marked."""
        said = await Message.filter(
            chat__consumer__telegram_user_id=consumer.person.id, delivery_state__isnull=False
        ).prefetch_related("chat", "telegram_messages")
        copies = self._copies(consumer)
        first: dict[str, int] = {}
        for message in said:
            self._report.replies += 1
            reply = self._replies[message.id]
            found = copies.get(reply.key, [])
            self._compare_reply(consumer, reply, message, found)
            if found:
                first[message.id] = min(copy.telegram_message_id for copy in found)
        deliveries = await Delivery.filter(message_id__in=list(first), state="sent").order_by("sequence")
        order = dict.fromkeys(
            delivery.message_id for delivery in deliveries if not self._replies[delivery.message_id].version
        )
        numbers = [first[message_id] for message_id in order]
        if numbers != sorted(numbers):
            self._wrong(consumer, f"replies are out of order: {numbers}")

    def _compare_reply(self, consumer: Consumer, reply: Reply, message: Message, copies: list[Copy]) -> None:
        self._report.changed += bool(reply.version or reply.is_deleted)
        self._report.marked += message.may_be_doubled
        self._report.moved += message.move_id is not None
        if message.id in self._surely_moved and message.move_id is None:
            self._wrong(consumer, f"{reply.key} was not moved")
        if message.text != ("" if reply.is_deleted else reply.text):
            self._wrong(consumer, f"{reply.key} says {message.text[:40]!r}")
        is_lost = any(copy.is_lost for copy in copies)
        if not reply.is_deleted and (message.delivery_state != "sent" or not copies):
            self._wrong(
                consumer,
                f"{reply.key} has {len(copies)} copies, {message.delivery_state}, {message.delivery_error}",
            )
        if message.edit_error and not is_lost:
            self._wrong(consumer, f"the change of {reply.key} has failed: {message.edit_error}")
        standing = [copy for copy in copies if not copy.is_lost]
        wanted = [] if reply.is_deleted else list(range(reply.length))
        right, rest = _parted(reply, standing, wanted)
        if not is_lost and [number for copy in right for number in copy.numbers] != wanted:
            self._wrong(
                consumer,
                f"{reply} stands there as {', '.join(map(str, standing))}",
            )
        self._compare_rest(consumer, reply, message, rest)
        self._compare_places(consumer, reply, message, standing)

    def _compare_rest(self, consumer: Consumer, reply: Reply, message: Message, rest: list[Copy]) -> None:
        """What stands there beside it is a second copy, and may be: nobody knew of it, or it is marked."""
        known = {each.telegram_message_id for each in message.telegram_messages}
        if not rest:
            return
        is_changed = reply.version > 0 or reply.is_deleted
        if is_changed and all(copy.telegram_message_id not in known for copy in rest):
            self._report.left_behind += len(rest)
        elif message.may_be_doubled:
            self._report.doubled += 1
        else:
            self._wrong(
                consumer,
                f"{reply} stands there again without a mark as {', '.join(map(str, rest))}",
            )

    def _compare_places(self, consumer: Consumer, reply: Reply, message: Message, standing: list[Copy]) -> None:
        if message.move_id is not None:
            return
        names = {topic["message_thread_id"]: topic["name"] for topic in consumer.person.topics}
        for copy in standing:
            if copy.topic is not None and names.get(copy.topic) != f"Re: {title_of(message.chat.coupon_id)}":
                self._wrong(consumer, f"{reply.key} stands in the topic {names.get(copy.topic)}")

    async def _compare_topics(self, consumer: Consumer) -> None:
        """A chat has one topic at most, in the tables; on the phone there is none beside it."""
        kept = await TelegramTopic.filter(peer__telegram_chat_id=consumer.person.id)
        ours = [topic for topic in kept if topic.title is not None]
        open_ = Counter(topic.chat_id for topic in ours if topic.state is not TopicState.GONE)
        for chat_id, count in open_.items():
            if count > 1:
                self._wrong(consumer, f"{count} topics for {chat_id}")
        states = {topic.telegram_topic_id: topic.state for topic in kept}
        for topic in consumer.person.topics:
            self._report.topics += 1
            state = states.get(topic["message_thread_id"])
            if state is not TopicState.OPEN:
                name = f"{consumer.person.user.first_name}: {topic['name']}"
                self._report.orphans.append(f"{name} is {state or 'not known'}")
        names = Counter(topic["name"] for topic in consumer.person.topics)
        for name, count in names.items():
            if count > 1:
                self._wrong(consumer, f"{count} topics {name}")

    def _copies(self, consumer: Consumer) -> dict[str, list[Copy]]:
        """Find all parts of replies that somebody has heard, by the key of each reply."""
        found: dict[str, list[Copy]] = {}
        lost = {message["message_id"] for message in consumer.lost}
        for message in [*consumer.heard(), *consumer.lost]:
            text = words(message)
            heard = _WORD.findall(text)
            if heard and "\nwith " not in text:  # which is a header, with what was said last
                numbers = tuple(int(number) for _, _, number in heard)
                copy = Copy(
                    message["message_id"],
                    message.get("message_thread_id"),
                    int(heard[0][1]),
                    numbers,
                    message["message_id"] in lost,
                )
                found.setdefault(heard[0][0], []).append(copy)
        return found


def _parted(reply: Reply, standing: list[Copy], wanted: list[int]) -> tuple[list[Copy], list[Copy]]:
    """Part the copies in those that together are what a reply says, and the rest."""
    right: list[Copy] = []
    rest: list[Copy] = []
    for copy in sorted(standing, key=lambda copy: copy.telegram_message_id, reverse=True):
        is_right = (
            copy.version == reply.version
            and bool(wanted)
            and not any(copy.numbers[0] in other.numbers for other in right)
        )
        (right if is_right else rest).append(copy)
    return sorted(right, key=lambda copy: copy.numbers), rest

"""Rules: whatever happens in whatever order, every message lands in the chat that the rules say, once."""

from dataclasses import dataclass, field
from itertools import count

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from database.transactions import transaction
from models import Chat, HeldMessage, Message
from services import access, telegram_messages
from services.incoming import edits, held, opening
from services.outgoing import replies
from tests import cast, stories
from tests.stories import TITLES, picked

titles = st.sampled_from(TITLES)
picks = st.integers(0, 99)
deeds = st.one_of(
    st.tuples(st.just("opens"), titles),
    st.tuples(st.just("switches"), picks),
    st.tuples(st.just("says"), st.none()),
    st.tuples(st.just("says"), st.none()),
    st.tuples(st.just("replies"), picks),
    st.tuples(st.just("replies_to_nothing"), st.none()),
    st.tuples(st.just("edits"), picks),
    st.tuples(st.just("is_answered"), picks),
    st.tuples(st.just("chooses"), st.tuples(picks, picks)),
    st.tuples(st.just("is_told_again"), picks),
)

_telegram_user_ids = count(50_000)


@dataclass
class Rules:
    """The five rules, and nothing else."""

    opened: list[str] = field(default_factory=list)
    active: str | None = None
    is_interrupted: bool = False
    known: dict[int, str] = field(default_factory=dict)  # message on the phone → chat
    said: dict[int, str] = field(default_factory=dict)  # the consumer's own → text
    held: set[int] = field(default_factory=set)

    def activate(self, title: str) -> None:
        if title not in self.opened:
            self.opened.append(title)
        self.active, self.is_interrupted = title, False

    def interrupt(self, title: str) -> None:
        self.is_interrupted |= title != self.active

    def receive(self, message_id: int, text: str, reply_to: int | None) -> None:
        self.said[message_id] = text
        chat = self._chat_for(reply_to)
        if chat is None:
            self.held.add(message_id)
        else:
            self.known[message_id] = chat

    def choose(self, message_id: int, title: str) -> None:
        self.held.remove(message_id)
        self.known[message_id] = title
        self.activate(title)

    def chat(self, title: str) -> list[str]:
        mine = [message_id for message_id in sorted(self.said) if self.known.get(message_id) == title]
        return [self.said[message_id] for message_id in mine]

    def _chat_for(self, reply_to: int | None) -> str | None:
        if reply_to in self.known:
            return self.known[reply_to]
        if reply_to is not None and len(self.opened) > 1:
            return None
        return None if self.is_interrupted else self.active


class Consumer:
    """A consumer to whom things happen, in the rules and in the database alike."""

    def __init__(self, peer, coupons):
        self.peer = peer
        self.rules = Rules()
        self._coupons = coupons
        self._message_ids = count(1)

    async def does(self, deed, choice):
        await getattr(self, deed)(choice)

    async def opens(self, title):
        chat = await cast.chat(self._coupons[title], self.peer)
        self.rules.activate(title)
        await self._sees(chat, title)

    async def switches(self, pick):
        if title := picked(self.rules.opened, pick):
            async with transaction():
                await opening.activate(self.peer, await self._chat(title), cast.as_of())
            self.rules.activate(title)

    async def says(self, _, reply_to=None):
        message_id = next(self._message_ids)
        text = f"Message {message_id}"
        await cast.says(self.peer, text, telegram_message_id=message_id, reply_to_telegram_message_id=reply_to)
        self.rules.receive(message_id, text, reply_to)

    async def replies(self, pick):
        if replied := picked(sorted({*self.rules.known, *self.rules.held}), pick):
            await self.says(None, replied)

    async def replies_to_nothing(self, _):
        await self.says(None, next(self._message_ids))

    async def edits(self, pick):
        if message_id := picked(list(self.rules.said), pick):
            text = self.rules.said[message_id] + "!"
            async with transaction():
                await edits.edit(self.peer, cast.incoming(text, telegram_message_id=message_id))
            self.rules.said[message_id] = text

    async def is_answered(self, pick):
        if title := picked(self.rules.opened, pick):
            chat = await self._chat(title)
            answer = await replies.reply(chat, chat.influencer, "Answer")
            self.rules.interrupt(title)
            await self._sees(chat, title, answer)

    async def chooses(self, picks):
        message_id, title = picked(sorted(self.rules.held), picks[0]), picked(self.rules.opened, picks[1])
        if message_id and title:
            async with transaction():
                chat = await self._chat(title)
                await held.file(self.peer, message_id, chat.id, cast.as_of())
            self.rules.choose(message_id, title)

    async def is_told_again(self, pick):
        """Telegram tells of a message twice."""
        if message_id := picked(list(self.rules.said), pick):
            await cast.says(self.peer, self.rules.said[message_id], telegram_message_id=message_id)

    async def is_as_the_rules_say(self):
        for title in self.rules.opened:
            chat = await self._chat(title)
            found = await Message.filter(chat_id=chat.id, sender_id=self.peer.user_id).order_by("position", "id")
            assert [message.text for message in found] == self.rules.chat(title)
        held = await HeldMessage.filter(peer_id=self.peer.id).order_by("telegram_message_id")
        assert {message.telegram_message_id for message in held} == self.rules.held
        assert [message.text for message in held] == [self.rules.said[known] for known in sorted(self.rules.held)]
        assert await Chat.filter(consumer_id=self.peer.user_id).count() == len(self.rules.opened)

    async def _chat(self, title):
        chat = await Chat.get(coupon_id=self._coupons[title].id, consumer_id=self.peer.user_id)
        return await access.chat_of_consumer(self.peer.user_id, chat.id)

    async def _sees(self, chat, title, message=None):
        message_id = next(self._message_ids)
        await telegram_messages.remember(self.peer, message_id, chat.id, message.id if message else None)
        self.rules.known[message_id] = title


@settings(
    max_examples=40,
    derandomize=True,
    database=None,
    phases=[Phase.explicit, Phase.generate],  # a story is short; making it shorter would take minutes
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(story=st.lists(deeds, min_size=8, max_size=30))
async def test_every_message_lands_where_the_rules_say_and_none_is_lost(db, story):
    consumer = Consumer(await cast.peer(next(_telegram_user_ids)), await stories.coupons(await cast.maya()))
    for deed, choice in story:
        await consumer.does(deed, choice)
    await consumer.is_as_the_rules_say()

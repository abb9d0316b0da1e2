"""Whatever is done in whatever order, with updates repeated and out of order: the tables are as the rules say."""

from itertools import count
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from models import Chat, HeldMessage, Message, Move, Reaction, Version
from services.outgoing import moving, replies
from tests import stories
from tests.bot.conftest import Door, Phone, delivering
from tests.bot.deeds import tap
from tests.bot.rules import Rules, Said
from tests.stories import TITLES, picked

titles = st.sampled_from(TITLES)
picks = st.integers(0, 99)
at_once = st.one_of(
    st.tuples(st.just("opens"), titles),
    st.tuples(st.just("switches_to"), titles),
    st.tuples(st.just("says"), st.none()),
    st.tuples(st.just("says"), st.none()),
    st.tuples(st.just("says_in_topic"), titles),
    st.tuples(st.just("replies"), picks),
    st.tuples(st.just("quotes"), picks),
    st.tuples(st.just("edits"), picks),
    st.tuples(st.just("reacts"), picks),
)
by_itself = st.one_of(
    st.tuples(st.just("is_answered"), titles),
    st.tuples(st.just("is_answered"), titles),
    st.tuples(st.just("chooses"), picks),
    st.tuples(st.just("is_moved"), picks),
    st.tuples(st.just("move_is_undone"), picks),
    st.tuples(st.just("deletes_topic"), titles),
    st.tuples(st.just("topics_are_switched"), st.none()),
)
bursts = st.one_of(st.lists(at_once, min_size=1, max_size=5), st.lists(by_itself, min_size=1, max_size=1))

_numbers = count(1)


class Story:
    """A consumer to whom things happen, in the rules and through both doors alike."""

    def __init__(self, door: Door, phone: Phone, coupons: dict[str, Any]) -> None:
        self.rules = Rules()
        self._door, self._phone, self._coupons = door, phone, coupons
        self._moves: list[tuple[int, Move, str]] = []

    async def begins(self) -> None:
        for title in TITLES[:2]:
            await self.opens(title)
        await self._goes_on([])

    async def happens(self, burst: list[tuple[str, Any]], repeats: list[int], dice: Any) -> None:
        for deed, choice in burst:
            await getattr(self, deed)(choice)
        raws = _overtaken(await self._door.pending_updates(), dice)
        await self._goes_on([*raws, *(raws[number % len(raws)] for number in repeats if raws)])

    async def opens(self, title: str) -> None:
        self._phone.person.starts(f"c_{self._coupons[title].id}")
        self.rules.opens(title)

    async def switches_to(self, title: str) -> None:
        if chat := await self._chat(title):
            tap(self._phone, f"open:{chat.id}")
            self.rules.opens(title)

    async def says(self, _: None) -> None:
        text = f"Message {next(_numbers)}"
        self.rules.says(self._phone.person.says(text)["message_id"], text)

    async def says_in_topic(self, title: str) -> None:
        if topic := self._topic(title):
            text = f"Message {next(_numbers)}"
            self.rules.says(self._phone.person.says(text, topic=topic)["message_id"], text, topic=title)

    async def replies(self, pick: int) -> None:
        if replied := picked(self._on_phone(), pick):
            text = f"Message {next(_numbers)}"
            message = self._phone.person.says(text, reply_to=replied)
            self.rules.says(message["message_id"], text, replied, topic=self._topic_of(message))

    async def quotes(self, pick: int) -> None:
        if replied := picked([number for number in self._on_phone() if number in self.rules.said], pick):
            text, part = f"Message {next(_numbers)}", self.rules.said[replied].text[2:7]
            message = self._phone.person.quotes(replied, part, text)
            self.rules.says(message["message_id"], text, replied, topic=self._topic_of(message), quote=part)

    async def edits(self, pick: int) -> None:
        own = [number for number in self._on_phone() if number in self.rules.said]
        if number := picked([number for number in own if self.rules.said[number].is_consumers], pick):
            text = self.rules.said[number].text + "!"
            self._phone.person.edits(number, text)
            self.rules.edits(number, text)

    async def reacts(self, pick: int) -> None:
        known = [n for n in self._on_phone() if n in self.rules.said and self.rules.said[n].chat is not None]
        if (number := picked(known, pick)) and not self._is_new(number):
            emoji = "👍❤🔥"[pick % 3]
            self._phone.person.reacts(number, emoji)
            self.rules.reacts(number, emoji)

    async def is_answered(self, title: str) -> None:
        if chat := await self._chat(title):
            text = f"Answer {next(_numbers)} by Maya"
            await replies.reply(chat, chat.influencer, text)
            await self._door.delivered()
            number = next(m["message_id"] for m in self._phone.person.messages if _says(m, text))
            self.rules.is_answered(title, number, text)

    async def chooses(self, pick: int) -> None:
        questions = [m for m in self._phone.person.messages if _data_of(m, "file:")]
        if question := picked(questions, pick):
            chosen = picked(_data_of(question, "file:"), pick)
            self._phone.person.taps(question["message_id"], chosen)
            _, about, chat_id = chosen.split(":")
            chat = await Chat.get(id=chat_id).select_related("coupon")
            self.rules.chooses(int(about), chat.coupon.title)

    async def is_moved(self, pick: int) -> None:
        stands = [number for number, said in self.rules.said.items() if said.chat]
        if number := picked(stands, pick):
            message = await self._message(self.rules.said[number])
            chat = await Chat.get(id=message.chat_id).select_related("coupon", "consumer", "influencer")
            if to := picked(await moving.targets(chat), pick):
                title, is_since = chat.coupon.title, bool(pick % 2)
                move = await moving.move(chat, message, to, chat.influencer, all_since=is_since)
                made = self.rules.moves(number, to.coupon.title, all_since=is_since)
                self._moves.append((made, move, title))

    async def move_is_undone(self, _: int) -> None:
        if self._moves:
            made, move, title = self._moves.pop()
            chat = await self._chat(title)
            await moving.undo(move, chat.influencer)
            self.rules.undoes(made, title)

    async def deletes_topic(self, title: str) -> None:
        if topic := self._topic(title):
            self._phone.person.deletes_topic(topic)

    async def topics_are_switched(self, _: None) -> None:
        bot = self._door.telegram.bot
        bot.has_topics_enabled = not bot.has_topics_enabled
        await self._door.bot.look_for_topics()

    async def is_as_the_rules_say(self) -> None:
        for title in self.rules.opened:
            found = await self._kept_in(title)
            assert [message.text for message in found] == [said.text for said in self.rules.chat(title)]
            for message, said in zip(found, self.rules.chat(title), strict=True):
                await self._is_as_said(message, said)
        waiting = self.rules.waiting()
        held = await HeldMessage.filter(peer__user__telegram_user_id=self._phone.person.id)
        assert {message.telegram_message_id: message.text for message in held} == {
            number: said.text for number, said in waiting.items()
        }
        assert self._asked_about() == {said.question for said in waiting.values()}

    async def _is_as_said(self, message: Message, said: Said) -> None:
        answered = self.rules.said.get(said.answers or 0)
        replied = await Message.get(id=message.reply_to_id) if message.reply_to_id else None
        assert (replied.text if replied else None) == (answered.text if answered else None)
        assert (message.quote or {}).get("text") == said.quote
        versions = await Version.filter(message_id=message.id).order_by("id")
        kept = [version.text for version in versions]
        assert (
            kept == said.texts[:-1][len(said.texts) - 1 - len(kept) :]
        )  # what was changed while it waited, nobody saw
        assert said.question or len(kept) == len(said.texts) - 1
        reaction = await Reaction.get_or_none(message_id=message.id, sender_id=self._user_id)
        assert (reaction.emoji if reaction else "") == said.reaction

    def _asked_about(self) -> set[int]:
        questions = [_data_of(message, "file:") for message in self._phone.person.messages]
        return {int(data[0].split(":")[1]) for data in questions if data}

    def _on_phone(self) -> list[int]:
        """List what can be replied to whose place is known: messages, and headers outside of every topic."""
        known = [*self.rules.said, *self.rules.headers]
        return [number for number in sorted(known) if number in self._phone.person.chat.records]

    def _is_new(self, number: int) -> bool:
        return number > self._handled_through

    def _topic(self, title: str) -> int | None:
        if not self._door.telegram.bot.has_topics_enabled:
            return None
        found = self._phone.person.chat.topics.values()
        return next((topic["message_thread_id"] for topic in found if topic["name"] == f"Re: {title}"), None)

    def _topic_of(self, message: Any) -> str | None:
        """Name the coupon of the topic in which something was written; replies stand beside what they answer."""
        topic = self._phone.person.chat.topics.get(message.get("message_thread_id", 0))
        return topic["name"].removeprefix("Re: ") if topic else None

    async def _goes_on(self, raws: list[Any]) -> None:
        """Take updates in, say what is owed, and read on the phone what that is about."""
        for raw in raws or await self._door.pending_updates():
            await self._door.take(raw)
        await self._door.delivered()
        for message in self._phone.person.messages:
            title = message.get("text", "").partition("\n")[0].removeprefix("Re: ")
            if message["who"] == "bot" and title in TITLES and "\nwith " in message["text"]:
                self.rules.headers[message["message_id"]] = title
        self._handled_through = max(self._phone.person.chat.records)

    async def _chat(self, title: str) -> Chat | None:
        found = Chat.filter(coupon_id=self._coupons[title].id, consumer__telegram_user_id=self._phone.person.id)
        return await found.select_related("coupon", "consumer", "influencer").first()

    async def _message(self, said: Said) -> Message:
        return await Message.get(text=said.text, chat__consumer__telegram_user_id=self._phone.person.id)

    async def _kept_in(self, title: str) -> list[Message]:
        chat = await self._chat(title)
        assert chat is not None
        self._user_id = chat.consumer_id
        return await Message.filter(chat_id=chat.id).order_by("position", "id")


@pytest.mark.timeout(400)
@settings(
    max_examples=30,
    derandomize=True,
    database=None,
    phases=[Phase.explicit, Phase.generate],  # a story is short; making it shorter would take minutes
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(
    story=st.lists(st.tuples(bursts, st.lists(st.integers(0, 9), max_size=3)), min_size=4, max_size=14),
    dice=st.randoms(),
)
async def test_any_interleaving_gives_the_tables_that_the_rules_give(sleeping, maya, story, dice):
    coupons = await stories.coupons(maya)
    async with delivering(sleeping.bot):
        told = Story(sleeping, sleeping.phone(), coupons)
        await told.begins()
        for burst, repeats in story:
            await told.happens(burst, repeats, dice)
        await told.is_as_the_rules_say()


def _overtaken(raws: list[Any], dice: Any) -> list[Any]:
    """Mix updates as Telegram does: messages and edits keep their order, taps and reactions travel on their own."""
    mixed = dice.sample(raws, len(raws))
    written = iter([raw for raw in raws if _is_written(raw)])
    return [next(written) if _is_written(raw) else raw for raw in mixed]


def _is_written(raw: Any) -> bool:
    return "message" in raw or "edited_message" in raw


def _says(message: Any, text: str) -> bool:
    return message["who"] == "bot" and message.get("text", "").endswith(text)


def _data_of(message: Any, beginning: str) -> list[str]:
    rows = (message.get("reply_markup") or {}).get("inline_keyboard") or []
    data = [button.get("callback_data", "") for row in rows for button in row]
    return [each for each in data if each.startswith(beginning)]

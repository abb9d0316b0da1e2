"""What is bold, a link, a quote comes in and goes out beside its text; what is typed is nothing but text."""

import json

import pytest

from models import HeldMessage, Message
from services.text import spans
from services.text.shortening import utf16_length
from services.text.spans import Span
from tests.bot.conftest import delivering

LINK = "https://shop.example/1?a=b"
SOMEBODY = {"id": 5, "is_bot": False, "first_name": "Ben"}
TYPED = "**Bold** and <b>bold</b> and [here](https://a.example) &amp; _so_ `on`"


def entity(type_, offset, length, **more):
    return {"type": type_, "offset": offset, "length": length, **more}


def formatting_of(message):
    return list(spans.of_stored(message.formatting, message.text))


IN = {
    "every style": (
        [entity(style, at, 1) for at, style in enumerate(spans.STYLES) if style != "text_link"],
        [Span(style, at, 1) for at, style in enumerate(spans.STYLES) if style != "text_link"],
    ),
    "a link": ([entity("text_link", 2, 3, url=LINK)], [Span("text_link", 2, 3, url=LINK)]),
    "code of a language": ([entity("pre", 2, 3, language="python")], [Span("pre", 2, 3, language="python")]),
    "nested and overlapping": (
        [entity("bold", 0, 9), entity("italic", 2, 3), entity("underline", 4, 9)],
        [Span("bold", 0, 9), Span("italic", 2, 3), Span("underline", 4, 9)],
    ),
    "what the text says itself": (
        [entity(each, 0, 3) for each in ("url", "email", "hashtag", "cashtag", "mention", "bot_command")],
        [],
    ),
    "somebody without a name": ([entity("text_mention", 0, 3, user=SOMEBODY)], []),
    "an emoji of their own": ([entity("custom_emoji", 0, 2, custom_emoji_id="5")], []),
    "what is yet to come": ([entity("sparkling", 0, 2)], []),
}  # fmt: skip


@pytest.mark.parametrize(("entities", "formatting"), IN.values(), ids=IN)
@pytest.mark.parametrize("kind", ["text", "caption"])
async def test_formatting_is_kept_with_the_text_as_typed(door, phone, shoes, entities, formatting, kind):
    await phone.opens(shoes)
    text = "Does it work on sale items?"
    if kind == "text":
        await phone.tells(text=text, entities=entities)
    else:
        await phone.tells(dice={"emoji": "🎲", "value": 6}, caption=text, caption_entities=entities)
    message = await Message.get()
    assert (message.text, formatting_of(message)) == (text, formatting)


HOSTILE = {
    "no list": {"bold": 1},
    "no entities": ["bold", None, 5, []],
    "behind the text": [entity("bold", 3, 9), entity("bold", 5, 1), entity("bold", 2**70, 2**70)],
    "before the text": [entity("bold", -2, 4)],
    "nothing of it": [entity("bold", 1, 0), entity("bold", 1, -1)],
    "half a character": [entity("bold", 0, 1), entity("bold", 1, 2)],
    "no numbers": [entity("bold", "0", 2), entity("bold", 0, None), entity("bold", 0.0, 2.0)],
    "no place": [{"type": "bold"}, {}],
    "no type": [entity(None, 0, 2), entity(["bold"], 0, 2), entity({"a": 1}, 0, 2)],
    "a link to nowhere": [entity("text_link", 0, 2), entity("text_link", 0, 2, url=7)],
}


@pytest.mark.parametrize("entities", HOSTILE.values(), ids=HOSTILE)
async def test_entities_that_make_no_sense_are_left_out(door, phone, shoes, entities):
    await phone.opens(shoes)
    await phone.tells(text="🙂 Hi", entities=entities)
    message = await Message.get()
    assert (message.text, formatting_of(message)) == ("🙂 Hi", [])


async def test_formatting_stands_where_it_belongs_once_what_nobody_can_read_is_left_out(door, phone, shoes):
    await phone.opens(shoes)
    await phone.tells(text="a\x00b\ud800 bold", entities=[entity("bold", 5, 4), entity("italic", 0, 3)])
    message = await Message.get()
    assert message.text == "ab? bold"
    assert formatting_of(message) == [Span("italic", 0, 2), Span("bold", 4, 4)]


async def test_formatting_stands_where_it_belongs_once_a_command_is_left_out(door, phone, shoes):
    await phone.opens(shoes)
    text = "/help  my 🙂 code is refused "
    entities = [entity("bot_command", 0, 5), entity("bold", 13, 4), entity("italic", 0, 9)]
    await phone.tells(text=text, entities=entities)
    message = await Message.get()
    assert message.text == "my 🙂 code is refused"
    assert formatting_of(message) == [Span("italic", 0, 2), Span("bold", 6, 4)]


async def test_what_is_held_keeps_its_formatting_until_it_is_filed(door, phone, shoes, hats):
    await phone.opens(shoes)
    await phone.opens(hats)
    await door.answers(shoes, "Yes")
    await phone.hears("Yes")
    await phone.tells(text="Thank you", entities=[entity("bold", 6, 3)])
    assert formatting_of(await HeldMessage.get()) == [Span("bold", 6, 3)]
    question = await phone.last()
    await phone.taps(question, "Hats")
    assert formatting_of(await Message.get(text="Thank you")) == [Span("bold", 6, 3)]


async def test_what_looks_like_markup_comes_in_as_it_was_typed(door, phone, shoes):
    await phone.opens(shoes)
    await phone.says(TYPED)
    message = await Message.get()
    assert (message.text, message.formatting) == (TYPED, None)


async def test_what_looks_like_markup_goes_out_as_it_was_typed(door, phone, shoes):
    await phone.opens(shoes)
    await door.answers(shoes, TYPED)
    assert (await phone.hears("Bold"))["text"].endswith(TYPED)
    call = door.calls("sendMessage")[-1]
    assert "parse_mode" not in call
    assert formatted_in(call, TYPED) == []


async def test_formatting_goes_out_beside_its_text(sleeping, shoes):
    phone = sleeping.phone()
    async with delivering(sleeping.bot):
        await phone.opens(shoes)
    text = "🙂 It does: see here.\nprint(1)"
    formatting = [
        Span("bold", 3, 2),
        Span("text_link", 16, 4, url=LINK),
        Span("spoiler", 18, 3),
        Span("pre", 22, 8, language="python"),
    ]
    answer = await sleeping.answers(shoes, text)
    await Message.filter(id=answer.id).update(formatting=spans.to_json(formatting))
    async with delivering(sleeping.bot):
        await phone.hears("It does")
    assert formatted_in(sleeping.calls("sendMessage")[-1], text) == [
        ("It", "bold", None, None),
        ("here", "text_link", LINK, None),
        ("re.", "spoiler", None, None),
        ("print(1)", "pre", None, "python"),
    ]


async def test_formatting_over_two_parts_goes_out_in_each(sleeping, shoes):
    phone = sleeping.phone()
    async with delivering(sleeping.bot):
        await phone.opens(shoes)
    first, second = "a " * 1800 + "\n", "b " * 1800
    answer = await sleeping.answers(shoes, first + "\n" + second)
    formatting = [Span("blockquote", 0, len(answer.text)), Span("bold", len(first) - 3, 8)]
    await Message.filter(id=answer.id).update(formatting=spans.to_json(formatting))
    async with delivering(sleeping.bot):
        await phone.hears("b b")
    one, other = sleeping.calls("sendMessage")[-2:]
    assert formatted_in(one, first.strip("\n")) == [
        (first.strip("\n"), "blockquote", None, None),
        ("a ", "bold", None, None),
    ]
    assert formatted_in(other, second.rstrip()) == [
        (second.rstrip(), "blockquote", None, None),
        ("b b ", "bold", None, None),
    ]


def formatted_in(call, text):
    """List what of a text is formatted in a call that ends with it, and how."""
    assert call["text"].endswith(text)
    units = call["text"].encode("utf-16-le")
    begin = len(units) // 2 - utf16_length(text)
    return [
        (words_of(units, each), each["type"], each.get("url"), each.get("language"))
        for each in json.loads(call.get("entities", "[]"))
        if each["offset"] + each["length"] > begin
    ]


def words_of(units, entity):
    start, end = entity["offset"], entity["offset"] + entity["length"]
    return units[2 * start : 2 * end].decode("utf-16-le")

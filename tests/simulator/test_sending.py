"""What a bot may say, and to whom."""

import pytest

from simulator.entities import utf16_length


async def test_a_message_arrives_and_both_sides_share_one_count(bot, lina):
    sent = await bot.gets("sendMessage", chat_id=lina.id, text="Welcome")
    said = lina.says("Thanks")
    assert (sent["message_id"], said["message_id"]) == (2, 3)
    assert [(m["who"], m["text"]) for m in lina.messages] == [
        ("person", "/start"),
        ("bot", "Welcome"),
        ("person", "Thanks"),
    ]


async def test_html_becomes_words_and_entities(bot, lina):
    sent = await bot.gets(
        "sendMessage",
        chat_id=lina.id,
        text='😀 <b>Fish &amp; <i>chips</i></b> <a href="https://example.com">here</a>',
        parse_mode="HTML",
    )
    assert sent["text"] == "😀 Fish & chips here"
    assert sent["entities"] == [
        {"offset": 3, "length": 12, "type": "bold"},
        {"offset": 10, "length": 5, "type": "italic"},
        {"offset": 16, "length": 4, "type": "text_link", "url": "https://example.com"},
    ]


@pytest.mark.parametrize(
    ("html", "words"),
    [
        ("<b>open", 'Can\'t find end tag corresponding to start tag "b"'),
        ("<b>x</i>", 'Unmatched end tag at byte offset 4, expected "</b>", found "</i>"'),
        ("x</b>", "Unexpected end tag at byte offset 1"),
        ("<blink>x</blink>", 'Unsupported start tag "blink" at byte offset 0'),
        ("1 < 2", "Unclosed start tag at byte offset 2"),
    ],
)
async def test_broken_html_is_refused(bot, lina, html, words):
    refusal = await bot.refusal("sendMessage", chat_id=lina.id, text=html, parse_mode="HTML")
    assert refusal == f"Bad Request: can't parse entities: {words}"


async def test_the_limit_counts_utf16_after_parsing(bot, lina):
    longest = "😀" * 2048
    assert utf16_length(longest) == 4096
    await bot.gets("sendMessage", chat_id=lina.id, text=f"<b>{longest}</b>", parse_mode="HTML")
    assert await bot.refusal("sendMessage", chat_id=lina.id, text=longest + "!") == (
        "Bad Request: message is too long"
    )


@pytest.mark.parametrize("nothing", ["", "  \n", "<b> </b>"])
async def test_nothing_to_say_is_refused(bot, lina, nothing):
    refusal = await bot.refusal("sendMessage", chat_id=lina.id, text=nothing, parse_mode="HTML")
    assert refusal == "Bad Request: message text is empty"


async def test_an_entity_outside_the_text_is_refused(bot, lina):
    bold = [{"type": "bold", "offset": 2, "length": 9}]
    refusal = await bot.refusal("sendMessage", chat_id=lina.id, text="Hello", entities=bold)
    assert refusal == (
        "Bad Request: entity beginning at UTF-16 offset 2 ends after the end of the text at UTF-16 offset 5"
    )


@pytest.mark.parametrize(
    ("button", "words"),
    [
        ({"callback_data": "ü" * 33}, "BUTTON_DATA_INVALID"),
        ({"callback_data": ""}, "BUTTON_DATA_INVALID"),
        ({"url": "ftp://example.com"}, "URL 'ftp://example.com' is invalid: Unsupported URL protocol"),
        ({"copy_text": {"text": ""}}, "BUTTON_COPY_TEXT_INVALID"),
        ({"copy_text": {"text": "x" * 257}}, "BUTTON_COPY_TEXT_INVALID"),
        ({"url": "http://localhost/x"}, "URL 'http://localhost/x' is invalid: Wrong HTTP URL"),
        ({}, "text buttons are unallowed in the inline keyboard"),
    ],
)
async def test_a_button_that_telegram_refuses_is_refused(bot, lina, button, words):
    keyboard = {"inline_keyboard": [[{"text": "Go", **button}]]}
    assert words in await bot.refusal("sendMessage", chat_id=lina.id, text="Hi", reply_markup=keyboard)


async def test_a_hundred_buttons_are_enough(bot, lina):
    rows = [[{"text": "Go", "callback_data": "x"}]] * 100
    await bot.gets("sendMessage", chat_id=lina.id, text="Hi", reply_markup={"inline_keyboard": rows})
    more = {"inline_keyboard": rows + rows[:1]}
    assert "TOO_LONG" in await bot.refusal("sendMessage", chat_id=lina.id, text="Hi", reply_markup=more)


async def test_a_stranger_cannot_be_written_to(telegram, bot):
    stranger = telegram.user("Stranger")
    assert await bot.refusal("sendMessage", chat_id=stranger.id, text="Hi") == (
        "Forbidden: bot can't initiate conversation with a user"
    )
    assert await bot.refusal("sendMessage", chat_id=1, text="Hi") == "Bad Request: chat not found"


async def test_who_blocks_the_bot_hears_nothing_until_they_start_it_again(bot, lina):
    lina.blocks()
    assert await bot.refusal("sendMessage", chat_id=lina.id, text="Hi") == (
        "Forbidden: bot was blocked by the user"
    )
    lina.starts()
    await bot.gets("sendMessage", chat_id=lina.id, text="Welcome back")
    updates = await bot.gets("getUpdates")
    states = [u["my_chat_member"]["new_chat_member"]["status"] for u in updates if "my_chat_member" in u]
    assert states == ["kicked", "member"]
    assert updates[-1]["message"]["text"] == "/start"


async def test_a_deleted_account_is_gone(bot, lina):
    lina.deactivates()
    refusal = await bot.refusal("sendMessage", chat_id=lina.id, text="Hi")
    assert refusal == "Forbidden: user is deactivated"


async def test_a_question_that_forces_a_reply_shows_on_the_phone_alone(bot, lina):
    forced = {"force_reply": True, "input_field_placeholder": "A part of the title"}
    sent = await bot.gets("sendMessage", chat_id=lina.id, text="Which?", reply_markup=forced)
    assert "reply_markup" not in sent
    assert lina.messages[-1]["force_reply"] == forced


async def test_an_action_that_telegram_does_not_know_is_refused(bot, lina):
    refusal = await bot.refusal("sendChatAction", chat_id=lina.id, action="thinking")
    assert refusal == "Bad Request: wrong parameter action in request"

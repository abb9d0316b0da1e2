"""What is changed and taken away afterwards, by both sides; and reactions."""

import time

import pytest
from telegram.constants import ReactionEmoji

from simulator import reactions
from simulator.attachments import content
from simulator.editing import SECONDS_TO_DELETE

BOLD = [{"type": "bold", "offset": 0, "length": 5}]


def at(lina, message):
    return {"chat_id": lina.id, "message_id": message["message_id"]}


async def test_a_message_can_be_edited_once_to_the_same_words(bot, lina):
    where = at(lina, await bot.gets("sendMessage", chat_id=lina.id, text="Helo"))
    edited = await bot.gets("editMessageText", **where, text="Hello")
    assert edited["edit_date"]
    assert lina.messages[-1]["edited"] is True
    assert "message is not modified" in await bot.refusal("editMessageText", **where, text="Hello")
    assert (await bot.gets("editMessageText", **where, text="Hello", entities=BOLD))["entities"] == BOLD


async def test_only_what_is_there_and_own_can_be_edited(bot, lina):
    where = at(lina, lina.says("Mine"))
    assert await bot.refusal("editMessageText", **where, text="Ours") == "Bad Request: message can't be edited"
    where["message_id"] = 99
    assert "message to edit not found" in await bot.refusal("editMessageText", **where, text="x")


async def test_a_caption_is_edited_where_there_is_one(bot, lina):
    where = at(lina, await bot.gets("sendMessage", chat_id=lina.id, text="Hello"))
    assert "there is no caption" in await bot.refusal("editMessageCaption", **where, caption="Hat")
    where = at(lina, lina.chat.add("bot", content("photo", {})))
    assert "there is no text" in await bot.refusal("editMessageText", **where, text="Hat")
    assert "too long" in await bot.refusal("editMessageCaption", **where, caption="x" * 1025)
    edited = await bot.gets("editMessageCaption", **where, caption="<b>Hello</b>", parse_mode="HTML")
    assert (edited["caption"], edited["caption_entities"]) == ("Hello", BOLD)
    assert "caption" not in await bot.gets("editMessageCaption", **where)


async def test_a_person_edits_words_formatting_and_captions(bot, lina):
    said, sent = lina.says("Hello"), lina.sends("photo", caption="Hat")
    lina.edits(said["message_id"], "Hello", entities=BOLD)
    lina.edits(sent["message_id"], "Hats!", entities=BOLD)
    *_, text, caption = [update.get("edited_message") for update in await bot.gets("getUpdates")]
    assert text["entities"] == caption["caption_entities"] == BOLD
    assert (caption["caption"], "text" in caption) == ("Hats!", False)


async def test_a_text_can_become_an_attachment(bot, lina):
    said = lina.says("See <here>", entities=BOLD)
    lina.turns_into(said["message_id"], "photo", "Here")
    lina.turns_into(said["message_id"], "document")
    *_, photo, document = [update.get("edited_message") for update in await bot.gets("getUpdates")]
    assert photo["caption"] == "Here"
    assert "photo" in photo
    assert not {"text", "entities"} & photo.keys()
    assert "document" in document
    assert not {"photo", "caption"} & document.keys()


async def test_a_deleted_message_leaves_the_phone(bot, lina):
    where = at(lina, await bot.gets("sendMessage", chat_id=lina.id, text="Oops"))
    await bot.gets("deleteMessage", **where)
    assert [message["text"] for message in lina.messages] == ["/start"]
    assert await bot.refusal("deleteMessage", **where) == "Bad Request: message to delete not found"


async def test_several_are_deleted_and_those_that_are_gone_passed_over(bot, lina):
    gone = [lina.says(words)["message_id"] for words in ("one", "two")]
    await bot.gets("deleteMessages", chat_id=lina.id, message_ids=[*gone, 99])
    assert [message["text"] for message in lina.messages] == ["/start"]
    assert not (await bot.asks("deleteMessages", chat_id=lina.id, message_ids=[]))["ok"]


async def test_after_two_days_and_where_a_topic_begins_nothing_is_deleted(telegram, bot, lina):
    old = lina.says("Old")
    lina.chat.records[old["message_id"]].when = time.time() - SECONDS_TO_DELETE - 1
    telegram.bot.has_topics_enabled = True
    began = lina.begins_topic("Shoes")
    for message_id in (old["message_id"], began):
        refusal = await bot.refusal("deleteMessage", chat_id=lina.id, message_id=message_id)
        assert refusal == "Bad Request: message can't be deleted for everyone"
    await bot.gets("deleteMessages", chat_id=lina.id, message_ids=[old["message_id"], began])
    assert {old["message_id"], began} <= lina.chat.records.keys()


async def test_what_a_person_deletes_is_gone_and_nobody_is_told(bot, lina):
    said = lina.says("Never mind")
    lina.deletes(said["message_id"])
    assert len(await bot.gets("getUpdates")) == 1
    reply = {"message_id": said["message_id"]}
    refusal = await bot.refusal("sendMessage", chat_id=lina.id, text="But", reply_parameters=reply)
    assert refusal == "Bad Request: message to be replied not found"


async def test_a_bot_has_one_reaction_of_those_that_there_are(bot, lina):
    where = at(lina, lina.says("Look"))

    def react(*emoji):
        return bot.asks(
            "setMessageReaction", **where, reaction=[{"type": "emoji", "emoji": each} for each in emoji]
        )

    assert (await react("👀"))["ok"]
    assert (await react("❤️"))["ok"]
    assert lina.messages[-1]["reactions"] == {"bot": "❤"}
    assert (await react("🛍"))["description"] == "Bad Request: REACTION_INVALID"
    assert (await react("👍", "👎"))["description"] == "Bad Request: REACTIONS_TOO_MANY"
    assert (await react())["ok"]
    assert lina.messages[-1]["reactions"] == {}


def test_the_reactions_are_those_that_the_library_knows():
    assert {reactions.known(emoji.value) for emoji in ReactionEmoji} == reactions.EMOJI


async def test_nobody_reacts_with_what_is_no_reaction(lina):
    with pytest.raises(ValueError, match="nobody can react"):
        lina.reacts(lina.says("Look")["message_id"], "🛍")

"""getUpdates, to the letter."""

import asyncio


def ids(updates):
    return [update["update_id"] for update in updates]


async def test_updates_stay_until_they_are_acknowledged(bot, lina):
    for words in ("one", "two", "three"):
        lina.says(words)
    first = await bot.gets("getUpdates")
    assert [update["message"]["text"] for update in first] == ["one", "two", "three"]
    assert ids(first) == list(range(ids(first)[0], ids(first)[0] + 3))
    assert await bot.gets("getUpdates") == first
    assert await bot.gets("getUpdates", offset=ids(first)[1]) == first[1:]
    assert await bot.gets("getUpdates", offset=ids(first)[0]) == first[1:]
    assert await bot.gets("getUpdates", offset=ids(first)[-1] + 1) == []


async def test_a_negative_offset_keeps_only_the_last(bot, lina):
    for words in ("one", "two", "three"):
        lina.says(words)
    last = await bot.gets("getUpdates", offset=-1)
    assert [update["message"]["text"] for update in last] == ["three"]
    assert await bot.gets("getUpdates") == last


async def test_the_limit_is_between_one_and_a_hundred(bot, lina):
    for number in range(120):
        lina.says(str(number))
    assert len(await bot.gets("getUpdates")) == 100
    assert len(await bot.gets("getUpdates", limit=1000)) == 100
    assert len(await bot.gets("getUpdates", limit=2)) == 2


async def test_a_long_poll_wakes_when_something_happens(bot, lina):
    poll = asyncio.create_task(bot.gets("getUpdates", timeout=50))
    await asyncio.sleep(0)
    lina.says("Anybody there?")
    updates = await asyncio.wait_for(poll, 1)
    assert updates[0]["message"]["text"] == "Anybody there?"


async def test_a_second_poll_cuts_off_the_first(bot, lina):
    first = asyncio.create_task(bot.asks("getUpdates", timeout=50))
    await asyncio.sleep(0)
    second = asyncio.create_task(bot.asks("getUpdates", timeout=50))
    answer = await asyncio.wait_for(first, 1)
    assert answer["error_code"] == 409
    assert answer["description"] == (
        "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running"
    )
    lina.says("Hello")
    assert len((await asyncio.wait_for(second, 1))["result"]) == 1


async def test_polling_and_a_webhook_exclude_each_other(bot):
    poll = asyncio.create_task(bot.asks("getUpdates", timeout=50))
    await asyncio.sleep(0)
    await bot.gets("setWebhook", url="http://127.0.0.1:9/hook")
    assert (await poll)["description"] == "Conflict: terminated by setWebhook request"
    assert await bot.refusal("getUpdates") == (
        "Conflict: can't use getUpdates method while webhook is active; "
        "use deleteWebhook to delete the webhook first"
    )
    await bot.gets("deleteWebhook")
    assert await bot.gets("getUpdates") == []


async def test_only_the_allowed_updates_come_until_that_is_changed(bot, lina):
    await bot.gets("getUpdates", allowed_updates='["callback_query"]')
    lina.says("Nobody hears this")
    assert await bot.gets("getUpdates") == []
    await bot.gets("getUpdates", allowed_updates=[])
    lina.says("But this")
    assert len(await bot.gets("getUpdates")) == 1


async def test_reactions_come_only_on_request(bot, lina):
    message = lina.says("Look")
    lina.reacts(message["message_id"], "👍")
    assert len(await bot.gets("getUpdates", allowed_updates=["message", "message_reaction"])) == 1
    lina.reacts(message["message_id"], None)
    newest = (await bot.gets("getUpdates", offset=-1))[0]["message_reaction"]
    assert (newest["old_reaction"][0]["emoji"], newest["new_reaction"]) == ("👍", [])


async def test_pending_updates_can_be_dropped(bot, lina):
    lina.says("Too late")
    assert (await bot.gets("getWebhookInfo"))["pending_update_count"] == 1
    await bot.gets("deleteWebhook", drop_pending_updates=True)
    assert await bot.gets("getUpdates") == []

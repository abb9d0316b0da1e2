"""What can be done with a message, by links and forms alone."""

from datetime import UTC, datetime

from models import Message, Reaction
from services.outgoing import replies
from tests.web.conftest import says


async def test_whoever_replies_to_a_message_sees_it_above_the_field(panel, chat, ada):
    asked = await says(ada, "Which size?\nAnd <b>which</b> colour?")
    page = await panel.opens(f"/chats/{chat.id}")
    address = page.link(r'href="([^"]+)#reply" data-reply')
    page = await panel.opens(address)
    assert '<b class="composing-title">Reply to Ada Lovelace</b>' in page.text
    assert "And &lt;b&gt;which&lt;/b&gt; colour?</span>" in page.text
    assert f'name="reply_to" value="{asked.id}"' in page.text


async def test_where_nothing_is_answered_nothing_stands_above_the_field(panel, chat, ada):
    await says(ada, "Which size?")
    page = await panel.opens(f"/chats/{chat.id}")
    assert '<div class="composing" id="composing" hidden>' in page.text


async def test_a_reaction_is_shown_with_whose_it_is(panel, chat, ada, maya):
    asked = await says(ada, "Which size?")
    said = await replies.reply(chat, maya, "44")
    at = datetime.now(UTC)
    await Reaction.create(message_id=said.id, sender_id=chat.consumer_id, emoji="🎉", at=at)
    await Reaction.create(message_id=asked.id, sender_id=maya.id, emoji="", at=at)
    page = await panel.opens(f"/chats/{chat.id}")
    assert '<span class="unseen"><bdi>Ada Lovelace</bdi>:</span> 🎉</li>' in page.text
    assert page.text.count('<ul class="reactions"') == 1


async def test_what_was_taken_back_is_said_in_words(panel, chat, ada, maya):
    said = await replies.reply(chat, maya, "44")
    await Message.filter(id=said.id).update(text="", deleted_at=datetime.now(UTC))
    await Message.filter(id=(await says(ada, "Which one?")).id).update(reply_to_id=said.id)
    page = await panel.opens(f"/chats/{chat.id}")
    assert "You deleted this message" in page.text
    assert '<b><bdi>You</bdi></b> <span dir="auto">deleted message</span>' in page.text
    assert f'popovertarget="menu-{said.id}"' not in page.text


async def test_a_chat_s_row_says_in_words_that_its_last_message_was_taken_back(panel, chat, maya):
    said = await replies.reply(chat, maya, "44")
    await Message.filter(id=said.id).update(text="", deleted_at=datetime.now(UTC))
    assert "You: deleted message" in (await panel.opens("/chats")).row(chat)


async def test_a_reply_is_read_once_its_consumer_has_shown_that(panel, chat, ada, maya):
    said = await replies.reply(chat, maya, "44")
    await Message.filter(id=said.id).update(delivery_state="sent")
    assert "Read</span>" not in (await panel.opens(f"/chats/{chat.id}")).text
    await says(ada, "Thanks")
    assert '<span class="delivery-word">Read</span>' in (await panel.opens(f"/chats/{chat.id}")).text

"""What can be done with a message, by links and forms alone."""

from datetime import UTC, datetime, timedelta

from models import Message, Reaction
from services.incoming import moving
from services.outgoing import edits, reactions, replies
from tests import cast
from tests.web.conftest import says
from web import formatting


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


async def test_an_own_message_is_changed_by_the_form_to_which_its_menu_leads(panel, chat, maya):
    said = await replies.reply(chat, maya, "It dose!")
    page = await panel.opens(f"/chats/{chat.id}")
    page = await panel.opens(page.link(r'href="([^"]+)#reply" data-edit'))
    assert '<b class="composing-title">Editing</b>' in page.text
    assert page.link(r"(?s)<textarea[^>]*>(.*?)</textarea>").strip() == "It dose!"
    await panel.posts(page.link(r'action="([^"]+)" id="composer"'), text="It does!")
    assert (await Message.get(id=said.id)).text == "It does!"


async def test_what_a_message_said_before_is_shown_with_when_that_was(panel, chat, maya):
    said = await replies.reply(chat, maya, "It <b>dose</b>!")
    await edits.edit(chat, said, "It does!")
    page = await panel.opens(f"/chats/{chat.id}")
    assert f'popovertarget="versions-{said.id}">edited</button>' in page.text
    assert '<div class="text" dir="auto">It &lt;b&gt;dose&lt;/b&gt;!</div>' in page.text


async def test_what_is_too_old_to_be_changed_says_why(panel, chat, maya):
    said = await replies.reply(chat, maya, "44")
    await Message.filter(id=said.id).update(timestamp=datetime.now(UTC) - timedelta(hours=49))
    page = await panel.opens(f"/chats/{chat.id}")
    assert "Telegram lets no message be changed after 48 hours." in page.text
    assert "data-edit" not in page.text
    page = await panel.opens(f"/chats/{chat.id}?edit={said.id}")
    assert "older than 48 hours" in page.text
    assert "Editing" not in page.text


async def test_a_consumer_s_message_can_be_neither_changed_nor_taken_back(panel, chat, ada):
    asked = await says(ada, "Which size?")
    page = await panel.opens(f"/chats/{chat.id}")
    assert "data-edit" not in page.text
    assert "/deletion" not in page.text
    assert "Editing" not in (await panel.opens(f"/chats/{chat.id}?edit={asked.id}")).text


async def test_that_a_change_did_not_arrive_is_said_with_the_reason(panel, chat, maya):
    said = await replies.reply(chat, maya, "44")
    await Message.filter(id=said.id).update(edit_error="blocked")
    page = await panel.opens(f"/chats/{chat.id}")
    assert "The change did not reach them: They have blocked the bot." in page.text


async def test_what_was_moved_says_whence_and_can_go_back(panel, chat, ada, maya):
    hats = await cast.chat(await cast.coupon(maya, "Hats"), ada)
    asked = await says(ada, "Which size?")
    page = await panel.opens(f"/chats/{hats.id}?move={asked.id}")
    assert f'name="to" value="{chat.id}"' in page.text
    assert f'name="message_id" value="{asked.id}"' in page.text
    await panel.posts(page.link(r'action="([^"]+/moves)"'), to=chat.id, message_id=asked.id)
    page = await panel.opens(f"/chats/{chat.id}")
    assert "<p>Moved here from <bdi>Re: Hats</bdi></p>" in page.text
    await panel.posts(page.link(r'action="([^"]+/undoing)"'))
    assert asked.id in (await panel.opens(f"/chats/{hats.id}")).said
    assert "Moved here" not in (await panel.opens(f"/chats/{hats.id}")).text


async def test_of_another_influencer_s_chat_not_even_the_title_is_told(panel, ada, maya, ivan, chat):
    own = await cast.chat(await cast.coupon(ivan, "Ivan's own"), ada)
    asked = await says(ada, "Which size?")
    await moving.move(ada, [await Message.get(id=asked.id)], chat.id)
    assert asked.chat_id == own.id
    page = await panel.opens(f"/chats/{chat.id}")
    assert "Moved here from another chat" in page.text
    assert "Ivan" not in page.text
    assert "/undoing" not in page.text


async def test_where_there_is_no_other_chat_nothing_can_be_moved(panel, chat, other_chat, ada):
    await says(ada, "Which size?")
    page = await panel.opens(f"/chats/{chat.id}")
    assert "is-movable" not in page.text
    assert 'id="moving"' not in page.text


async def test_a_reaction_is_given_and_taken_back_by_a_form_and_shown_in_every_tab(panel, chat, ada):
    asked = await says(ada, "Which size?")
    page = await panel.opens(f"/chats/{chat.id}")
    address = page.link(r'class="reacting" method="post" action="([^"]+)"')
    async with panel.listens(f"chat={chat.id}") as tab:
        await tab.is_there()
        await panel.posts(address, emoji="🎉")
        [told] = (await tab.is_told())["messages"]
    assert told["id"] == asked.id
    assert '<li class="is-mine"><span class="unseen">You:</span> 🎉</li>' in told["html"]
    assert 'name="emoji" value="" aria-label="Celebrate" aria-pressed="true"' in told["html"]
    await panel.posts(address, emoji="")
    assert '<ul class="reactions"' not in (await panel.opens(f"/chats/{chat.id}")).text


async def test_to_what_one_has_said_oneself_one_does_not_react(panel, chat, maya):
    await replies.reply(chat, maya, "44")
    assert 'class="reacting"' not in (await panel.opens(f"/chats/{chat.id}")).text


async def test_all_reactions_of_the_menu_are_telegram_s():
    assert set(formatting.REACTIONS) <= reactions.EMOJI


async def test_whether_consumers_see_what_was_read_is_switched_in_the_menu(panel, chat):
    page = await panel.opens("/chats")
    assert 'role="switch" aria-checked="true"' in page.text
    await panel.posts(page.link(r'action="(/seen)"'), shown=page.link(r'name="shown" value="(\d)"'))
    page = await panel.opens("/chats")
    assert 'role="switch" aria-checked="false"' in page.text
    await panel.posts("/seen", shown=page.link(r'name="shown" value="(\d)"'))
    assert 'role="switch" aria-checked="true"' in (await panel.opens("/chats")).text


async def test_a_refused_reply_comes_back_with_what_it_answers(panel, chat, ada):
    asked = await says(ada, "Which size?")
    fields = {"text": " ", "reply_to": asked.id, "quote": "size"}
    page = await panel.posts(f"/chats/{chat.id}/messages", **fields)
    assert page.status == 422
    assert f'name="reply_to" value="{asked.id}"' in page.text
    assert 'name="quote" value="size"' in page.text


async def test_a_refused_change_comes_back_with_its_words(panel, chat, maya):
    said = await replies.reply(chat, maya, "44")
    page = await panel.posts(f"/chats/{chat.id}/messages/{said.id}/edits", text="x" * (replies.MAX_REPLY + 1))
    assert page.status == 422
    assert "This message is too long." in page.text
    assert f'data-edited="{said.id}"' in page.text
    assert "x" * (replies.MAX_REPLY + 1) in page.text

"""A phone with a topic for each coupon, and what one does with messages on it."""

import pytest
from playwright.async_api import expect

pytestmark = pytest.mark.xdist_group("browser")

SUMMER = "50% Off Summer Collection"
SNEAKERS = "20% Off the Cloudstep Sneaker Drop"


@pytest.fixture
def has_topics() -> bool:
    return True


async def test_each_coupon_has_its_tab_and_what_is_said_in_one_stays_there(lina, maya):
    await lina.contacts(SUMMER)
    await lina.says("Does it work on sale items?")
    await lina.contacts(SNEAKERS)
    await lina.says("And in size 44?")
    await expect(lina.tab(SNEAKERS)).to_have_attribute("aria-selected", "true")
    question = lina.log.get_by_text("sale items")
    await expect(question).to_be_hidden()
    await maya.opens(SUMMER)
    await expect(maya.messages).to_contain_text(["Does it work on sale items?"])
    await maya.replies("It does!")
    await expect(lina.tab(SUMMER).get_by_label("1 unread")).to_be_visible()
    await lina.tab(SUMMER).click()
    answer = await lina.hears("It does!")
    await expect(answer.locator(".words")).to_have_text("It does!")
    await expect(question).to_be_visible()
    await lina.tab("All").click()
    await expect(lina.log.get_by_text("And in size 44?")).to_be_visible()


async def test_without_topics_or_without_this_one_the_answer_comes_all_the_same(lina, maya):
    await lina.contacts(SUMMER)
    await lina.says("Does it work on sale items?")
    await lina.chooses("More", "Delete topic")
    await expect(lina.tab(SUMMER)).to_have_count(0)
    await maya.opens(SUMMER)
    await maya.replies("It does!")
    await lina.hears(f"Re: {SUMMER}\nIt does!")
    await lina.page.get_by_text("Telegram itself").click()
    await lina.page.get_by_role("switch", name="The bot has topics").uncheck()
    await expect(lina.page.get_by_role("tablist", name="Topics")).to_be_hidden()
    await maya.replies("Even on Sundays.")
    await lina.hears("Even on Sundays.")


async def test_a_message_is_quoted_reacted_to_and_deleted_from_its_menu(lina, maya):
    await lina.contacts(SUMMER)
    await lina.says("Does it work on sale items?")
    mine = lina.log.get_by_role("article", name="You").last
    await mine.locator(".words").evaluate(MARK, [5, 12])
    await mine.click(button="right")
    await lina.page.get_by_role("menuitem", name="Quote").click()
    await lina.says("This, I mean.")
    await expect(lina.log.get_by_role("article", name="You").last.locator(".quote")).to_contain_text("it work")
    await mine.click(button="right")
    await lina.page.get_by_role("menuitemcheckbox", name="🔥").click()
    await expect(mine.get_by_role("button", name="🔥, take back")).to_be_visible()
    await lina.log.get_by_role("article", name="You").last.click(button="right")
    await lina.page.get_by_role("menuitem", name="Delete").click()
    await expect(lina.log).not_to_contain_text("This, I mean.")


async def test_the_last_message_stays_in_view_when_it_grows(lina, maya):
    await lina.contacts(SUMMER)
    for number in range(8):
        await lina.says(f"Does it work on sale items, number {number}?")
    await maya.opens(SUMMER)
    seen = lina.log.get_by_role("article", name="You").last.locator(".reaction")
    await expect(seen).to_be_in_viewport(ratio=1)


async def test_marked_words_are_sent_as_they_look(lina):
    await lina.contacts(SUMMER)
    await lina.field.fill("Half price & <b>more</b>")
    await lina.field.evaluate(MARK, [0, 4])
    await lina.page.get_by_role("toolbar", name="Format").get_by_role("button", name="Bold").click()
    await lina.field.evaluate(MARK, [5, 10])
    await lina.page.get_by_role("toolbar", name="Format").get_by_role("button", name="Spoiler").click()
    await lina.field.press("Enter")
    sent = lina.log.get_by_role("article", name="You").last
    await expect(sent).to_contain_text("Half price & <b>more</b>")
    await expect(sent.locator("strong")).to_have_text("Half")
    spoiler = sent.get_by_role("button", name="Reveal")
    await spoiler.click()
    await expect(sent.locator(".revealed")).to_have_text("price")


# Marks the letters of an element from one place to another, as a finger or a mouse does.
MARK = """(element, [from, to]) => {
  const walker = document.createTreeWalker(element, NodeFilter.SHOW_TEXT);
  const range = document.createRange();
  for (let at = 0, node; (node = walker.nextNode()); at += node.length) {
    if (from >= at && from < at + node.length) range.setStart(node, from - at);
    if (to > at && to <= at + node.length) range.setEnd(node, to - at);
  }
  getSelection().removeAllRanges();
  getSelection().addRange(range);
}"""

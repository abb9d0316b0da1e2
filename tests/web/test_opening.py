"""A chat that is on its way has the same field as one that is there."""

import re

from web import assets


async def test_the_field_of_a_chat_on_its_way_is_the_page_s(panel, chat):
    page = await panel.opens(f"/chats/{chat.id}")
    stand_in = (assets.ROOT / "opening.html").read_text()
    assert _field(stand_in) == _field(page.text)


def _field(html: str) -> str:
    """Cut out the form's inside, without its white space."""
    [field] = re.findall(r'<div class="composer-box">.*?</template>', html, re.S)
    return re.sub(r"\s", "", field)

"""The bot's menu is one tap away, where Telegram lets it be."""

import json

import pytest

from tests.bot.conftest import opened

NO_SUCH_METHOD = {"ok": False, "error_code": 404, "description": "Not Found"}
NOT_IMPLEMENTED = {"ok": False, "error_code": 501, "description": "Not Implemented"}


async def test_the_menu_button_opens_the_commands(door):
    [asked] = door.calls("setChatMenuButton")
    assert json.loads(asked["menu_button"]) == {"type": "commands"}
    assert "chat_id" not in asked


@pytest.mark.parametrize("answer", [NO_SUCH_METHOD, NOT_IMPLEMENTED, "html", "nonsense", "drop_before"], ids=str)
async def test_a_server_without_menu_buttons_is_no_failure(db, telegram, answer):
    telegram.fail_next("setChatMenuButton", answer)
    async with opened(telegram) as door:
        assert door.bot.is_identified
        assert door.bot.retry_delay is None

"""A corner of the page in which one plays Telegram itself: topics on and off, and days on which things go wrong."""

from aiohttp import web

from simulator import deeds
from simulator.bot_api import TELEGRAM
from simulator.refusals import JSON
from simulator.telegram import Telegram

ADDRESS = "/phone/telegram"
ALL_DAY = 1_000_000  # calls
_NO_THREAD = {"error_code": 400, "description": "Bad Request: message thread not found"}
_REFUSED = {"error_code": 400, "description": "Bad Request: the simulator was told to refuse this"}


def routes() -> list[web.RouteDef]:
    """What there is to see, and to change."""
    return [web.get(ADDRESS, _show), web.post(ADDRESS, _change)]


async def _show(request: web.Request) -> web.Response:
    return web.json_response(_state(request.app[TELEGRAM]))


async def _change(request: web.Request) -> web.Response:
    telegram, asked = request.app[TELEGRAM], await deeds.asked(request)
    if "has_topics" in asked:
        telegram.bot.has_topics_enabled = bool(asked["has_topics"])
    if "fault" in asked:
        _plan(telegram, str(asked["fault"]))
    return web.json_response(_state(telegram))


def _plan(telegram: Telegram, fault: str) -> None:
    if fault == "none":
        telegram.faults.clear()
    elif fault == "refused":
        telegram.fail_next("sendMessage", _REFUSED)
    elif fault == "refused_in_topics":
        telegram.fail_next("send*", _NO_THREAD, times=ALL_DAY, in_topic=True)
    elif fault == "lands_elsewhere":
        telegram.fail_next("sendMessage", "lands_elsewhere")
    elif fault == "lost_topic":
        telegram.fail_next("createForumTopic", "drop")
    else:
        raise web.HTTPBadRequest(text="Nothing goes wrong by this name.")


def _state(telegram: Telegram) -> JSON:
    return {"has_topics": telegram.bot.has_topics_enabled, "faults": telegram.faults.count}

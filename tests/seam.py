"""Telegram without a network: the simulator behind python-telegram-bot's only seam to the outside."""

from telegram.error import NetworkError, TimedOut
from telegram.request import BaseRequest, RequestData

from simulator import Telegram
from simulator.faults import Dropped, Silent


class SimulatedRequest(BaseRequest):
    """What PTB would send over HTTP goes to the simulator; its faults come back as AiohttpRequest's would."""

    def __init__(self, telegram: Telegram) -> None:
        self._telegram = telegram

    @property
    def read_timeout(self) -> float | None:
        return 5.0

    async def initialize(self) -> None:
        pass

    async def shutdown(self) -> None:
        pass

    async def do_request(
        self, url: str, method: str, request_data: RequestData | None = None, *_: object, **__: object
    ) -> tuple[int, bytes]:
        token, _slash, name = url.rpartition("/bot")[2].partition("/")
        try:
            reply = await self._telegram.reply(token, name, request_data.json_parameters if request_data else {})
        except Dropped as error:
            raise NetworkError("dropped") from error
        except Silent as error:
            raise TimedOut from error
        return reply

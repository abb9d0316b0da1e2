"""Telegram behind HTTP: the Bot API for a bot, the shop and the phone for a browser."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import aiohttp
from aiohttp import web

from simulator import bot_api, courier, guard, panels, phone
from simulator.cards import Card
from simulator.panels import Panel
from simulator.telegram import Telegram

PAGE = Path(__file__).with_name("page")
LARGEST_BODY = 50 * 1024 * 1024


@dataclass(frozen=True)
class Server:
    """A simulator that listens."""

    url: str

    @property
    def api_url(self) -> str:
        """What a bot takes instead of https://api.telegram.org."""
        return self.url


def create(
    telegram: Telegram,
    cards: Sequence[Card],
    *,
    influencers: Sequence[Panel] = (),
    webhook_delays: Sequence[float] = courier.DELAYS,
) -> web.Application:
    """Put a Telegram and a shop behind HTTP.

    ``influencers`` are those whose panels the shop leads to; ``webhook_delays`` are the seconds between attempts at
    a webhook.
    """
    app = web.Application(middlewares=[guard.loopback_only, guard.same_site_only], client_max_size=LARGEST_BODY)
    app[bot_api.TELEGRAM] = telegram
    app[phone.SHOP] = phone.Shop(cards)
    app[panels.PANELS] = influencers
    app.add_routes([web.get("/", _page), *bot_api.routes(), *phone.routes(), *panels.routes()])
    app.router.add_static("/page", PAGE)
    app.cleanup_ctx.append(_couriers(telegram, webhook_delays))
    app.on_response_prepare.append(guard.add_headers)
    app.on_shutdown.extend([_end_polls, phone.end_streams])
    return app


@asynccontextmanager
async def running(
    telegram: Telegram, cards: Sequence[Card], port: int = 0, **options: Any
) -> AsyncIterator[Server]:
    """Serve on 127.0.0.1 while the context is open; port 0 takes a free one, ``options`` go to ``create``."""
    runner = web.AppRunner(
        create(telegram, cards, **options),
        access_log=None,
        handler_cancellation=True,
        shutdown_timeout=0.1,
    )
    await runner.setup()
    try:
        await web.TCPSite(runner, "127.0.0.1", port).start()
        yield Server(f"http://127.0.0.1:{runner.addresses[0][1]}")
    finally:
        await runner.cleanup()


async def _page(request: web.Request) -> web.FileResponse:
    return web.FileResponse(PAGE / "index.html")


def _couriers(telegram: Telegram, delays: Sequence[float]) -> Any:
    async def deliver(app: web.Application) -> AsyncIterator[None]:
        async with aiohttp.ClientSession() as session:
            tasks = [
                asyncio.create_task(courier.Courier(bot, session, delays).run()) for bot in telegram.bots.values()
            ]
            yield
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    return deliver


async def _end_polls(app: web.Application) -> None:
    for bot in app[bot_api.TELEGRAM].bots.values():
        bot.updates.wake()

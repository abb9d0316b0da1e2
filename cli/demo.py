"""The demo: everything in one process, with a simulated Telegram and coupons that ship with it."""

import contextlib
import csv
import logging
import tempfile
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Annotated

import typer
from babel.dates import format_date

import simulator
from cli import databases, logs, process, serving
from cli.process import run
from cli.terminal import say
from database.errors import StartupError
from models import Coupon, Purpose, User
from services import start_parameters
from services.coupons import coupons, importing, start_links
from services.people import access_links
from services.people.keyring import Keyring
from settings import Settings
from simulator import Card, Panel, Telegram

COUPONS = Path(simulator.__file__).with_name("coupons.csv")
NAMELESS = "An influencer"


@dataclass(frozen=True)
class Links:
    """Where to play the two sides; a panel's link makes a new way in whenever it is followed."""

    shop: str
    panel: str
    panels: dict[str, str]  # by the influencer's name


def settings(folder: Path, port: int) -> Settings:
    """Set everything for the demo, whatever the environment says."""
    return Settings.model_validate(
        {
            "telegram_bot_token": simulator.TOKEN,
            "telegram_updates": "polling",
            "host": "127.0.0.1",
            "port": port,
            "data_dir": folder,
        }
    )


@contextlib.asynccontextmanager
async def running(
    folder: Path, database_url: str, port: int, shop_port: int, *, has_topics: bool = True
) -> AsyncIterator[Links]:
    """Play everything on this machine while the block runs; port 0 takes any that is free.

    Raises:
        StartupError: a port is taken, or the folder can't be used.
    """
    listener = process.listen("127.0.0.1", port)
    made = settings(folder, listener.getsockname()[1])
    async with contextlib.AsyncExitStack() as stack:
        await stack.enter_async_context(databases.opened(made, database_url, is_serving=True))
        with COUPONS.open("rb") as file:
            await importing.run(file)
        telegram = Telegram()
        telegram.bot.has_topics_enabled = has_topics
        shown = await _shown()
        cards = [await _card(coupon, telegram.bot.username) for coupon in shown]
        panels = _panels(made, shown)
        simulated = simulator.running(telegram, cards, shop_port, influencers=panels)
        try:
            server = await stack.enter_async_context(simulated)
        except OSError as error:
            raise StartupError(f"Port {shop_port} can't be used: {error.strerror}; choose another.") from error
        made.telegram_api_url = server.api_url
        service = serving.Service(made, database_url, has_panel=True, has_bot=True)
        await stack.enter_async_context(service.running(listener))
        yield Links(
            shop=server.url,
            panel=made.public_url,
            panels={panel.influencer_name: server.url + panel.path for panel in panels},
        )


async def _shown() -> list[Coupon]:
    """Give the coupons in the order of the file: what comes first in it is what is seen first."""
    with COUPONS.open(encoding="utf-8", newline="") as file:
        ids = [row["coupon_id"] for row in csv.DictReader(file)]
    found = {coupon.id: coupon for coupon in await Coupon.filter(id__in=ids).select_related("influencer")}
    return [found[coupon_id] for coupon_id in ids]


async def _card(coupon: Coupon, bot_username: str) -> Card:
    last = coupons.last_day(coupon)
    return Card(
        coupon_id=coupon.id,
        title=coupon.title,
        description=coupon.description,
        influencer_name=coupon.influencer.name or NAMELESS,
        valid_until=format_date(last.moment, format="long", locale="en") if last else None,
        link=start_parameters.deep_link(bot_username, await start_links.start_parameter(coupon.id)),
    )


def _panels(made: Settings, shown: list[Coupon]) -> list[Panel]:
    """Give a panel to each influencer who has a coupon in the shop."""
    influencers = {coupon.influencer_id: coupon.influencer for coupon in shown}
    return [
        Panel(influencer.id, influencer.name or NAMELESS, partial(_way_in, made, influencer))
        for influencer in influencers.values()
    ]


async def _way_in(made: Settings, influencer: User) -> str:
    token = await access_links.make_link(Keyring(made.secret()), influencer, Purpose.SIGNIN)
    return f"{made.public_url}/signin/{token}"


def demo(
    folder: Annotated[Path | None, typer.Argument(help="Keep the database here, beyond the demo.")] = None,
    port: Annotated[int, typer.Option(help="The panel's port; 0 for any.")] = 0,
    shop_port: Annotated[int, typer.Option(help="The shop's port; 0 for any.")] = 0,
    flat: Annotated[bool, typer.Option("--flat", help="Without topics: all coupons in one conversation.")] = False,
) -> None:
    """Play both sides on this machine: a shop and a phone, and the influencers' panels."""

    logs.set_up(logging.WARNING)  # beside the links, there is enough to look at

    async def play(home: Path, url: str) -> None:
        async with running(home, url, port, shop_port, has_topics=not flat) as links:
            stopped = process.stop_requested()
            say("")
            sides = {"The shop and a consumer's phone": links.shop}
            sides |= {f"The influencer's panel, as {name}": link for name, link in links.panels.items()}
            width = max(map(len, sides))
            for side, link in sides.items():
                say(f"{side}:{' ' * (width - len(side))}  {link}")
            say("")
            say("Ctrl-C ends the demo.")
            await process.until_stopped(stopped)

    with _kept_in(folder) as home, databases.running(settings(home, port)) as url:
        run(play(home, url))


@contextlib.contextmanager
def _kept_in(folder: Path | None) -> Iterator[Path]:
    if folder:
        yield folder.expanduser().absolute()
        return
    with tempfile.TemporaryDirectory(prefix="couponchat-demo-", ignore_cleanup_errors=True) as temporary:
        yield Path(temporary)

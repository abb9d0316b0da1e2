"""Updates that could not be handled."""

import json
from typing import Annotated

import typer

from bot.intake.handling import Handler
from cli.bots import known_bot
from cli.databases import with_database
from cli.terminal import say, tell
from models import Update
from services.incoming import quarantine
from settings import Settings

OfBot = Annotated[
    int | None, typer.Option("--bot", metavar="BOT_ID", help="The bot it came to, where several have that number.")
]


def list_updates(context: typer.Context) -> None:
    """Updates that could not be handled: list them, show one, handle them again."""
    if context.invoked_subcommand is None:
        kept = with_database(lambda _: quarantine.updates())
        are_several_bots = len({update.bot_id for update in kept}) > 1
        for update in kept:
            to_whom = f"bot {update.bot_id}  " if are_several_bots else ""
            say(f"{update.update_id}  {update.received_at:%Y-%m-%d %H:%M:%S}  {to_whom}{update.error}")


def show(update_id: int, bot_id: OfBot = None) -> None:
    """Print an update from quarantine as Telegram sent it; it may hold what a person wrote."""
    payload = with_database(lambda settings: quarantine.get(update_id, bot_id, settings.bot_id)).payload
    say(_ascii(payload) if payload else "")


def retry(
    update_id: Annotated[int | None, typer.Argument(help="All of them without one.")] = None, bot_id: OfBot = None
) -> None:
    """Handle updates again, and let out of quarantine what works now."""

    async def work(settings: Settings) -> list[bool]:
        if update_id is None:
            kept = await quarantine.updates(bot_id)
        else:
            kept = [await quarantine.get(update_id, bot_id, settings.bot_id)]
        async with known_bot(settings) as bot_:
            return [await _retried(Handler(bot_), update) for update in kept]

    handled = with_database(work)
    say(f"{sum(handled)} update(s) handled.")
    if not all(handled):
        raise typer.Exit(1)


def drop(update_id: int, bot_id: OfBot = None) -> None:
    """Give an update in quarantine up."""

    async def work(settings: Settings) -> None:
        await quarantine.drop(await quarantine.get(update_id, bot_id, settings.bot_id))

    with_database(work)
    say(f"Update {update_id} is dropped.")


async def _retried(handler: Handler, update: Update) -> bool:
    try:
        await handler.retry(update)
    except Exception as error:  # whatever it is, it stays in quarantine, and the next is tried
        tell(f"{update.update_id}: {type(error).__name__}: {error}")
        return False
    return True


def _ascii(payload: str) -> str:
    """Write JSON with nothing in it but what every terminal shows."""
    return json.dumps(json.loads(payload)).replace("\x7f", "\\u007f")

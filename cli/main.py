"""All commands on one page."""

import sys

import structlog
import typer

from cli import access, coupons, databases, demo, doctor, logs, serving, updates
from database import errors
from database.errors import StartupError
from services.errors import Refusal
from services.text.characters import escaped

log = structlog.get_logger()

app = typer.Typer(
    add_completion=False,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    help="A Telegram bot that keeps one chat per coupon, and a panel in which influencers answer.",
)
app.command()(serving.serve)
app.command()(serving.web)
app.command()(serving.bot)
app.command()(databases.migrate)
app.command()(coupons.link)
app.command()(access.invite)
app.command(name="signin")(access.sign_in)
app.command(name="signout")(access.sign_out)
app.command(name="import")(coupons.import_)
app.command()(doctor.doctor)
app.command()(demo.demo)

quarantine = typer.Typer(invoke_without_command=True)
quarantine.callback()(updates.list_updates)
quarantine.command()(updates.show)
quarantine.command()(updates.retry)
quarantine.command()(updates.drop)
app.add_typer(quarantine, name="updates")


def run() -> None:
    """Run a command; what can't be done is said in one line."""
    logs.set_up()
    logs.catch_all()
    try:
        app()
    except (StartupError, Refusal) as error:
        sys.exit(escaped(f"couponchat: {error}"))
    except Exception as error:
        if errors.is_passing(error):
            sys.exit(f"couponchat: The database went away: {errors.reason_of(error)}")
        log.critical("couponchat.broke", exc_info=True)
        sys.exit(1)

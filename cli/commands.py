"""What ``couponchat`` can do."""

import asyncio
import contextlib
import json
import logging
import os
import socket
import sys
import tempfile
from collections.abc import Awaitable, Callable, Coroutine, Iterator
from contextlib import AbstractAsyncContextManager
from functools import partial
from pathlib import Path
from typing import Annotated, Any, BinaryIO, TypeVar

import structlog
import typer
from rich.console import Console
from rich.progress import Progress

import demo as playground
import doctor as checkup
import logs
import sentry
import settings as environment
import wiring
from bot import app as bots
from bot.context import Panel
from bot.intake.updates import Intake
from database import errors, pool, schema
from database.errors import StartupError
from models import Purpose, Update
from services import coupon_import, coupons, people, signin, updates
from services.characters import escaped
from services.errors import Refusal
from services.records import BadRow
from services.signin import Keyring, SignedOut
from settings import Settings

T = TypeVar("T")

log = structlog.get_logger()

app = typer.Typer(
    add_completion=False,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    help="A Telegram bot that keeps one chat per coupon, and a panel in which influencers answer.",
)
quarantine = typer.Typer(invoke_without_command=True)
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


@app.command()
def serve() -> None:
    """Run the panel and the bot in one process."""
    _serve(has_panel=True, has_bot=True)


@app.command()
def web() -> None:
    """Run the panel alone, as many times as wanted; with webhooks it takes Telegram's updates in."""
    _serve(has_panel=True, has_bot=False)


@app.command()
def bot() -> None:
    """Run the bot alone, as many times as wanted: one polls and delivers, the others stand by."""
    _serve(has_panel=False, has_bot=True)


@app.command()
def migrate() -> None:
    """Bring the database up to date."""

    async def work(url: str) -> list[str]:
        async with pool.connected(url):
            return await schema.upgrade(url)

    with wiring.database_running(environment.read()) as url:
        done = _run(work(url))
    _say(f"{len(done)} migration(s) run." if done else "The database is up to date.")


@app.command()
def link(
    coupon_id: str,
    qr: Annotated[Path | None, typer.Option(help="Also draw it into this .png or .svg file.")] = None,
) -> None:
    """Print the deep link behind Contact Influencer."""
    if qr and qr.suffix.lower() not in (".png", ".svg"):
        raise Refusal(f"{qr}: a QR code can be drawn as .png or .svg.")
    url = _with_database(lambda settings: _deep_link(settings, coupons.start_parameter(coupon_id)))
    if qr:
        _draw(url, qr)
    _say(url)


@app.command()
def invite(influencer_id: str) -> None:
    """Print a single-use link that ties an influencer's Telegram account, good for seven days."""

    async def parameter(settings: Settings) -> str:
        return await _deep_link(settings, _token(settings, influencer_id, Purpose.INVITATION, "i_"))

    _say(_with_database(parameter))


@app.command(name="signin")
def sign_in(influencer_id: str) -> None:
    """Print a single-use sign-in link to the panel, good for ten minutes, and nothing else."""

    async def way_in(settings: Settings) -> str:
        if settings.public_url.endswith(":0"):
            raise Refusal("With PORT=0 nobody knows where the panel is: set PUBLIC_URL.")
        token = await _token(settings, influencer_id, Purpose.SIGNIN)
        return f"{settings.public_url}/signin/{token}"

    _say(_with_database(way_in))


@app.command(name="signout")
def sign_out(influencer_id: str) -> None:
    """End all of an influencer's sessions in the panel, and the links that nobody has used yet."""

    async def work(_: Settings) -> SignedOut:
        return await signin.sign_out((await people.influencer(influencer_id)).id)

    ended = _with_database(work)
    _say(f"{ended.session_count} session(s) and {ended.link_count} link(s) ended.")


@app.command(name="import")
def import_(
    file: Annotated[str, typer.Argument(help="CSV with a header, or JSON; - for standard input.")],
    skip_bad: Annotated[bool, typer.Option(help="Write the good rows although there are bad ones.")] = False,
    complete: Annotated[bool, typer.Option(help="The file is everything: withdraw what it lacks.")] = False,
    yes: Annotated[bool, typer.Option(help="Withdraw without asking.")] = False,
) -> None:
    """Create and update coupons and their influencers; a file that is imported twice changes nothing."""
    take_in = partial(_imported, file, skip_bad=skip_bad, is_complete=complete)
    try:
        report = take_in(may_withdraw=None if yes else 0)
    except coupon_import.WouldWithdraw as error:
        _ask_to_withdraw(file, error)
        report = take_in(may_withdraw=error.missing_count)
    _tell_bad_rows(report.bad, report.bad_count)
    withdrawn = f", {report.withdrawn_count} withdrawn" if complete else ""
    _say(
        f"{report.coupon_count} coupons of {report.influencer_count} influencers: "
        f"{report.created_count} new, {report.updated_count} changed{withdrawn}."
    )
    if not complete and (count := report.missing.missing_of_these_count):
        _say(f"{count} active coupons of these influencers are not in the file, and stay as they are.")


@app.command()
def doctor() -> None:
    """Check the database, the migrations, the token and the webhook."""
    settings = environment.read()

    async def examined(url: str) -> bool:
        is_right = True
        async for finding in checkup.examine(settings, url):
            _say(f"{_mark(finding.is_right)} {finding.sentence}")
            is_right &= finding.is_right
        return is_right

    with wiring.database_running(settings) as url:
        if not _run(examined(url)):
            raise typer.Exit(1)


@app.command()
def demo(
    folder: Annotated[Path | None, typer.Argument(help="Keep the database here, beyond the demo.")] = None,
    port: Annotated[int, typer.Option(help="The panel's port; 0 for any.")] = 0,
    shop_port: Annotated[int, typer.Option(help="The shop's port; 0 for any.")] = 0,
) -> None:
    """Play both sides on this machine: a shop and a phone, and the influencers' panels."""

    logs.set_up(logging.WARNING)  # beside the links, there is enough to look at

    async def play(home: Path, url: str) -> None:
        async with playground.running(home, url, port, shop_port) as links:
            stopped = wiring.stop_requested()
            _say("")
            sides = {"The shop and a consumer's phone": links.shop}
            sides |= {f"The influencer's panel, as {name}": link for name, link in links.panels.items()}
            width = max(map(len, sides))
            for side, link in sides.items():
                _say(f"{side}:{' ' * (width - len(side))}  {link}")
            _say("")
            _say("Ctrl-C ends the demo.")
            await wiring.until_stopped(stopped)

    with _kept_in(folder) as home, wiring.database_running(playground.settings(home, port)) as url:
        _run(play(home, url))


@quarantine.callback()
def list_updates(context: typer.Context) -> None:
    """Updates that could not be handled: list them, show one, handle them again."""
    if context.invoked_subcommand is None:
        for update in _with_database(lambda _: updates.quarantined()):
            _say(f"{update.update_id}  {update.received_at:%Y-%m-%d %H:%M:%S}  {update.error}")


@quarantine.command()
def show(update_id: int) -> None:
    """Print an update from quarantine as Telegram sent it; it may hold what a person wrote."""
    payload = _with_database(lambda _: updates.get(update_id)).payload
    _say(_ascii(payload) if payload else "")


@quarantine.command()
def retry(update_id: Annotated[int | None, typer.Argument(help="All of them without one.")] = None) -> None:
    """Handle updates again, and let out of quarantine what works now."""

    async def work(settings: Settings) -> list[bool]:
        kept = [await updates.get(update_id)] if update_id is not None else await updates.quarantined()
        async with _bot(settings) as bot_:
            return [await _retried(Intake(bot_), update) for update in kept]

    handled = _with_database(work)
    _say(f"{sum(handled)} update(s) handled.")
    if not all(handled):
        raise typer.Exit(1)


@quarantine.command()
def drop(update_id: int) -> None:
    """Give an update in quarantine up."""

    async def work(_: Settings) -> None:
        await updates.drop(await updates.get(update_id))

    _with_database(work)
    _say(f"Update {update_id} is dropped.")


def _mark(is_right: bool) -> str:
    """Mark what the doctor found, in words where the output has no such signs."""
    try:
        "✓✗".encode(sys.stdout.encoding)
    except UnicodeEncodeError:
        return "right:" if is_right else "wrong:"
    return "✓" if is_right else "✗"


def _serve(*, has_panel: bool, has_bot: bool) -> None:
    settings = environment.read()
    if has_bot and not settings.bot_token:
        raise StartupError("TELEGRAM_BOT_TOKEN is not set: @BotFather gives one; couponchat demo needs none.")
    listener, told = _listener(settings, has_panel=has_panel)

    async def work(url: str) -> None:
        async with wiring.database_kept_running(settings), wiring.database_open(settings, url, is_serving=True):
            service = wiring.Service(settings, url, has_panel=has_panel, has_bot=has_bot)
            async with service.running(listener) as broken:
                stopped = wiring.stop_requested()
                if told:
                    _tell(told)
                await wiring.until_stopped(stopped, broken)

    dsn = settings.sentry_dsn.get_secret_value() if settings.sentry_dsn else None
    with sentry.reporting(dsn), wiring.database_running(settings) as url:
        _run(work(url))


def _listener(settings: Settings, *, has_panel: bool) -> tuple[socket.socket | None, str]:
    """Take the panel's port, or the one of a bot alone if it is to have one; say where that is."""
    if has_panel:
        listener = wiring.listen(settings.host, settings.port)
        settings.at_port(listener.getsockname()[1])
        return listener, f"The panel is at {settings.public_url}"
    if settings.metrics_port is None:
        return None, ""
    listener = wiring.listen(settings.host, settings.metrics_port, "METRICS_PORT")
    return listener, f"The metrics are at {settings.address(listener.getsockname()[1])}/metrics"


def _imported(file: str, **options: Any) -> coupon_import.Report:
    try:
        with _opened(file) as (source, size), _progress_bar(size) as advance:
            return _with_database(lambda _: coupon_import.run(source, progress=advance, **options))
    except coupon_import.BadFile as error:
        _tell_bad_rows(error.bad, error.bad_count)
        raise Refusal("Nothing was imported.") from error


def _ask_to_withdraw(file: str, error: coupon_import.WouldWithdraw) -> None:
    """Ask on a terminal, if the file can be read once more; without one nothing is withdrawn unasked."""
    is_terminal = sys.stdin is not None and not sys.stdin.closed and sys.stdin.isatty()
    if not (is_terminal and Path(file).is_file()):
        raise Refusal(f"Nothing was imported. {error} With --yes they are.")
    if not typer.confirm(f"{error} Go on?", err=True):
        raise Refusal("Nothing was imported.")


def _tell_bad_rows(bad: list[BadRow], bad_count: int) -> None:
    for row in bad:
        _tell(f"line {row.line}: {row.reason}")
    if bad_count > len(bad):
        _tell(f"... and {bad_count - len(bad)} more bad rows")


async def _retried(intake: Intake, update: Update) -> bool:
    try:
        await intake.retry(update)
    except Exception as error:  # whatever it is, it stays in quarantine, and the next is tried
        _tell(f"{update.update_id}: {type(error).__name__}: {error}")
        return False
    return True


def _ascii(payload: str) -> str:
    """Write JSON with nothing in it but what every terminal shows."""
    return json.dumps(json.loads(payload)).replace("\x7f", "\\u007f")


async def _token(settings: Settings, influencer_id: str, purpose: Purpose, prefix: str = "") -> str:
    influencer = await people.influencer(influencer_id)
    return prefix + await signin.make_link(Keyring(settings.secret()), influencer, purpose)


async def _deep_link(settings: Settings, parameter: Awaitable[str]) -> str:
    name = await parameter
    async with _bot(settings) as bot_:
        return f"https://t.me/{bot_.bot.username}?start={name}"


def _bot(settings: Settings) -> AbstractAsyncContextManager[bots.Bot]:
    if not settings.bot_token:
        raise StartupError("TELEGRAM_BOT_TOKEN is not set: @BotFather gives one.")
    panel = Panel(settings.public_url, Keyring(settings.secret()))
    return bots.known(bots.create(settings.bot_token, settings.telegram_api_url, panel))


def _draw(url: str, file: Path) -> None:
    import segno

    try:
        segno.make(url).save(str(file), scale=8)
    except OSError as error:
        raise Refusal(f"{file} can't be written: {error.strerror}") from error


@contextlib.contextmanager
def _opened(name: str) -> Iterator[tuple[BinaryIO, int | None]]:
    """Open a file, or standard input, whose size nobody knows."""
    if name == "-":
        yield sys.stdin.buffer, None
        return
    with contextlib.ExitStack() as stack:
        try:
            file = stack.enter_context(Path(name).open("rb"))
        except OSError as error:
            raise Refusal(f"{name} can't be read: {error.strerror}") from error
        yield file, os.fstat(file.fileno()).st_size


@contextlib.contextmanager
def _progress_bar(size: int | None) -> Iterator[Callable[[int], None]]:
    """Show how much has been read, on a terminal."""
    with Progress(console=Console(stderr=True), transient=True, disable=not sys.stderr.isatty()) as progress:
        task = progress.add_task("Importing", total=size)
        yield lambda done: progress.update(task, completed=done)


@contextlib.contextmanager
def _kept_in(folder: Path | None) -> Iterator[Path]:
    if folder:
        yield folder.expanduser().absolute()
        return
    with tempfile.TemporaryDirectory(prefix="couponchat-demo-", ignore_cleanup_errors=True) as temporary:
        yield Path(temporary)


def _with_database(work: Callable[[Settings], Coroutine[Any, Any, T]]) -> T:
    """Do something in the open database."""
    settings = environment.read()

    async def opened(url: str) -> T:
        async with wiring.database_open(settings, url):
            return await work(settings)

    with wiring.database_running(settings) as url:
        return _run(opened(url))


def _run(work: Coroutine[Any, Any, T]) -> T:
    """Run to the end, on uvloop where it exists."""
    loop_factory = None
    with contextlib.suppress(ImportError):
        import uvloop

        loop_factory = uvloop.new_event_loop
    with asyncio.Runner(loop_factory=loop_factory) as runner:
        runner.get_loop().set_exception_handler(logs.unawaited)
        return runner.run(work)


def _say(text: str) -> None:
    """Answer in a line that no quotation can break, or make more of."""
    print(escaped(text), flush=True)  # noqa: T201 - a command's answer


def _tell(text: str) -> None:
    print(escaped(text), file=sys.stderr, flush=True)  # noqa: T201 - beside a command's answer
